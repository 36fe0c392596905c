"""What is said of the structural figures that decide: on cases that could make it false."""

import pytest

from scenarios.documents.uncertainty import decides_in_words
from scenarios.report.parts.uncertainty import outside_in_words

Shares = dict[str, tuple[float | None, float | None]]


def _said(**shares: tuple[float | None, float | None]) -> str:
    return decides_in_words(
        [{"factor": name.replace("_", " "), "ST": total, "ST_conf": half} for name, (total, half) in shares.items()]
    )


def test_the_group_that_decides_is_named_beside_all_other_figures() -> None:
    assert _said(all_others=(0.5, 0.1), outages=(0.45, 0.1), stocks_held=(0.05, 0.02)) == (
        "Of the variance of the fall in risk 45% (± 10%) hangs on outages, alone and with others: the most of all "
        "structure. All figures that are not structure: 50%."
    )


def test_groups_that_the_draws_cannot_tell_apart_are_not_ranked() -> None:
    said = _said(all_others=(0.5, 0.1), outages=(0.30, 0.1), stocks_held=(0.25, 0.1))
    assert "; these draws cannot tell that from stocks held." in said
    assert "the most of all" not in said


def test_a_share_that_cannot_be_told_from_nothing_decides_nothing() -> None:
    said = _said(all_others=(0.98, 0.1), outages=(0.02, 0.05), stocks_held=(0.0, 0.0))
    assert said == "No part of it moves the fall in risk by more than the draws can tell from nothing."


def test_one_group_alone_is_the_most_of_nothing() -> None:
    said = _said(outages=(0.4, 0.1), all_others=(0.6, 0.1))
    assert "hangs on outages, alone and with others. All figures that are not structure: 60%." in said


def test_where_only_structure_is_drawn_no_other_figure_is_spoken_of() -> None:
    assert "not structure" not in _said(outages=(1.0, 0.1))


def test_an_outcome_that_does_not_vary_is_told_so() -> None:
    assert _said(all_others=(None, None), outages=(None, None)) == (
        "The fall in risk does not vary, so none of it decides."
    )


@pytest.mark.parametrize(
    ("outside", "said"),
    [
        ({"supply": {"drawn": 3, "mean": 0.0, "share": 0.0}}, "No figure left its range"),
        (
            {"supply": {"drawn": 53, "mean": 8.25, "share": 1.0}},
            "8.2 of 53 numbers of supply on average (some in 100% of draws)",
        ),
    ],
)
def test_figures_that_left_their_range_are_counted(outside: dict, said: str) -> None:
    assert said in outside_in_words(outside)


def test_a_share_told_as_nothing_decides_nothing_and_more_than_all_is_all() -> None:
    tiny = _said(stocks_held=(0.004, 0.0))
    assert tiny == "No part of it moves the fall in risk by more than the draws can tell from nothing."
    rough = _said(stocks_held=(0.14, 0.12), all_others=(1.28, 0.6))
    assert rough.endswith("All figures that are not structure: all of it, as far as these draws can tell.")
