"""The weights of expected loss and CVaR where probabilities may be wrong, by hand (optimize/program/ambiguity.py)."""

import pytest

from optimize.program.ambiguity import measure


def test_without_ambiguity_the_weights_are_those_of_the_measure() -> None:
    # 0.5 of the expected loss; 0.5 of eta, and 0.5 / 0.1 of what lies above it
    assert measure(0.9, 0.5).stage == {"eta": 0.5}
    assert measure(0.9, 0.5).scenario == pytest.approx({"loss": 0.5, "tail": 5.0})


def test_what_may_be_moved_goes_from_the_quantile_to_the_worst_case() -> None:
    # 0.04 of all probability: of the tail of 0.1 it leaves 5 * 0.06 on eta, and puts 5 * 0.04 on the worst case
    moved = measure(0.9, 0.5, 0.04)
    assert moved.stage == pytest.approx({"eta": 0.3, "threshold": 0.48, "worst": 0.22})
    assert moved.scenario == pytest.approx({"beyond": 0.5, "tail": 5.0})


def test_where_more_may_be_moved_than_the_tail_holds_all_of_it_is_the_worst_case() -> None:
    stage = measure(0.9, 0.5, 0.2).stage
    assert stage == pytest.approx({"eta": 0.0, "threshold": 0.4, "worst": 0.6}, abs=1e-15)
