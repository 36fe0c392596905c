"""Single cuts, worked by hand on the small package (tests/small.py) and against the independent dense model.

With one piece a unit of money adds S1 = 0.99 / ln 100 of supply at first; observed are 0.5 for parts, 2 for robots and
0.5 for systems. So

    cut JPN: 6 + 0.5 S1 parts make 15 + 1.25 S1 robots, with 10 from Germany 50 + 2.5 S1 systems: 0.50 - 0.025 S1
    cut DEU: 18 + 0.5 S1 parts are more than enough for 40 + 2 S1 robots, 80 + 4 S1 systems:      0.20 - 0.040 S1

The least-risk allocation gives all 3 to parts (tests/optimize/questions/test_explanation.py): 0.50 - 0.15 S1 and 0.20.
"""

from collections.abc import Sequence
from math import log
from pathlib import Path

import pytest

import data
from chains import Chain, InputError, load
from optimize import choke_points, cut_loss
from optimize.questions.choke_points import ChokePoints
from tests.independent import Study, read, rows_of, same
from tests.small import FILES, Small

S1 = 0.99 / log(100)
JPN, DEU = 0.50 - 0.025 * S1, 0.20 - 0.04 * S1
SOLVED = {"rel": 1e-9, "abs": 1e-11}

ALL_AT_HOME = {"part": 20, "robot": 50, "system": 100}
"""Supply that needs no imports: 50 robots for 100 systems, 20 parts for 50 robots."""

Key = tuple[str, str, str, str]
"""Kind, country, owner, segment."""


def _losses(found: ChokePoints, column: str = "loss_observed") -> dict[Key, float]:
    return {(r.kind, r.country, r.owner, r.segment): getattr(r, column) for r in found.single.itertuples()}


def dense_losses(folders: Sequence[Path], copies: Path, cuts: Sequence[Sequence[Key]]) -> list[float]:
    """Loss of each set of cuts at the observed allocation, by the independent model.

    A cut is a disruption: copies of the packages get a scenario for each set, which takes all that it matches.
    """
    names = [f"cut_{n}" for n in range(len(cuts))]
    written = []
    for folder in folders:
        copy = copies / folder.name
        copy.mkdir(parents=True)
        for file in folder.iterdir():
            (copy / file.name).write_bytes(file.read_bytes())
        written.append(copy)
        if not rows_of(folder, "segments"):
            continue
        own = f"{folder.name}/" if len(folders) > 1 else ""
        rows = [
            f"{name},{segment.removeprefix(own)},{country},{owner},1"
            for name, members in zip(names, cuts, strict=True)
            for _, country, owner, segment in members
            if segment.startswith(own) or not segment
        ]
        header = "scenario,segment,location,owner,value"
        (copy / "disruptions.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        odds = [f"{name},{0.5 / len(names)}" for name in names]
        (copy / "probabilities.csv").write_text("\n".join(["scenario,value", *odds, ""]), encoding="utf-8")
    study = Study(read(*written))
    loss = study.evaluate(study.model.observed).loss
    return [loss[name] for name in names]


# --- by hand ------------------------------------------------------------------------------------------------------


def test_the_single_cuts_of_the_small_package(small: Small) -> None:
    found = choke_points(small.load(), pieces=1)
    ranked = [(r.kind, r.country, r.owner, r.segment) for r in found.single.itertuples()]
    assert ranked == [
        ("country", "JPN", "", ""),
        ("link", "JPN", "", "part"),
        ("owner", "", "JPN", ""),
        ("country", "DEU", "", ""),
        ("link", "DEU", "", "robot"),
        ("owner", "", "DEU", ""),
    ]
    assert found.single["loss_observed"].tolist() == pytest.approx([JPN] * 3 + [DEU] * 3, **SOLVED)
    # The tie of 1e-9 of risk leaves the least-risk allocation 1e-6 of money.
    best = [0.50 - 0.15 * S1] * 3 + [0.20] * 3
    assert found.single["loss_least_risk"].tolist() == pytest.approx(best, abs=1e-6)
    assert list(found.single.index) == [1, 2, 3, 4, 5, 6]
    assert found.certificate.worst <= 1e-7


def test_foreign_supply_that_is_not_cut_expands_by_its_surge_and_what_is_cut_does_not(small: Small) -> None:
    chain = small.append("surge.csv", "robot,DEU,0.1,,,reported,book,", "part,,0.5,,,reported,book,").load()
    # Without Japan 11 German robots: 15 + 1.25 S1 + 11 robots. Without Germany no German robots, surge or not.
    assert cut_loss(chain, country="JPN", pieces=1).loss == pytest.approx(0.48 - 0.025 * S1, **SOLVED)
    assert cut_loss(chain, country="DEU", pieces=1).loss == pytest.approx(DEU, **SOLVED)


def test_an_owner_takes_its_plants_at_home_too_and_a_country_does_not(small: Small) -> None:
    small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,30,").append(
        "supply.csv", "robot,CHN,DEU,10,,,reported,book,"
    )
    losses = _losses(choke_points(small.load(), pieces=1))
    # German firms make 10 at home and 10 in Germany: 30 + 2 S1 robots are left, 60 + 4 S1 systems.
    assert losses["owner", "", "DEU", ""] == pytest.approx(0.40 - 0.04 * S1, **SOLVED)
    assert losses["country", "DEU", "", ""] == pytest.approx(DEU, **SOLVED)


def test_hybrid_firms_are_an_owner_like_another(small: Small) -> None:
    small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,30,").append(
        "supply.csv", "robot,CHN,HYB,10,,,reported,book,"
    )
    # 30 + 2 S1 at home and 10 from Germany.
    assert cut_loss(small.load(), owner="HYB", pieces=1).loss == pytest.approx(DEU, **SOLVED)


def test_home_is_never_cut_and_what_home_firms_own_abroad_is_cut_with_its_country_only(small: Small) -> None:
    small.edit("supply.csv", "part,JPN,JPN,12,", "part,JPN,CHN,12,")
    losses = _losses(choke_points(small.load(), pieces=1))
    assert {key[1] for key in losses} == {"JPN", "DEU", ""}
    assert {key[2] for key in losses} == {"DEU", ""}
    assert losses["country", "JPN", "", ""] == pytest.approx(JPN, **SOLVED)


def test_a_link_takes_one_segment_of_a_country(small: Small) -> None:
    small.append("supply.csv", "robot,JPN,JPN,1,,,reported,book,")
    chain = small.load()
    # Parts from Japan cut: 15 + 1.25 S1 + 10 + 1 robots. Robots from Japan cut: 40 + 2 S1 + 10, enough for 100.
    assert cut_loss(chain, country="JPN", segment="part", pieces=1).loss == pytest.approx(0.48 - 0.025 * S1, **SOLVED)
    assert cut_loss(chain, country="JPN", segment="robot", pieces=1).loss == 0.0
    assert cut_loss(chain, country="JPN", pieces=1).loss == pytest.approx(JPN, **SOLVED)


def test_a_chain_without_foreign_supply_has_no_choke_points(small: Small) -> None:
    at_home = "\n".join(f"{segment},CHN,CHN,{value},,,reported,book," for segment, value in ALL_AT_HOME.items())
    small.replace("supply.csv", FILES["supply.csv"].partition("\n")[0] + f"\n{at_home}\n")
    found = choke_points(small.load())
    assert found.single.empty
    keys, losses = ["kind", "country", "owner", "segment"], ["loss_observed", "loss_least_risk"]
    assert list(found.single.columns) == [*keys, *losses, "survives_observed", "survives_least_risk", "recovers"]


# --- against the independent dense model --------------------------------------------------------------------------


def _same_as_dense(chain: Chain, folders: Sequence[Path], copies: Path, keys: Sequence[Key]) -> None:
    losses = _losses(choke_points(chain))
    expected = dense_losses(folders, copies, [[key] for key in keys])
    for key, loss in zip(keys, expected, strict=True):
        assert same(losses[key], loss, relative=1e-7, absolute=1e-10), key


def _keys(folder: Path, home: str, prefix: str = "") -> set[Key]:
    """Every cut of a package, from its rows."""
    rows = rows_of(folder, "supply")
    abroad = [row for row in rows if row["location"] != home]
    return (
        {("country", row["location"], "", "") for row in abroad}
        | {("owner", "", row["owner"], "") for row in rows if row["owner"] != home}
        | {("link", row["location"], "", prefix + row["segment"]) for row in abroad}
    )


@pytest.mark.slow
def test_every_single_cut_of_robots_loses_what_the_dense_model_loses(tmp_path: Path) -> None:
    folder, chain = data.folder("robots"), load("robots")
    keys = sorted(_keys(folder, "CHN"))
    assert sorted(_losses(choke_points(chain))) == keys
    _same_as_dense(chain, [folder], tmp_path, keys)


@pytest.mark.slow
def test_cuts_of_the_coupled_chains_reach_through_both(tmp_path: Path) -> None:
    names = ("robots", "chips", "coupled")
    keys = [
        ("country", "JPN", "", ""),
        ("owner", "", "USA", ""),
        ("link", "TWN", "", "chips/packaging"),
        ("link", "JPN", "", "robots/reducers"),
    ]
    _same_as_dense(load(*names), [data.folder(name) for name in names], tmp_path, keys)


def test_losses_at_the_least_risk_allocation_are_those_after_giving_it(small: Small) -> None:
    """The least-risk allocation written into the package as the observed one."""
    found = choke_points(small.load(), pieces=1)
    small.cell("subsidies.csv", 2, "value", "3").cell("subsidies.csv", 3, "value", "0")
    given = choke_points(small.cell("subsidies.csv", 4, "value", "0").load(), pieces=1)
    assert _losses(found, "loss_least_risk") == pytest.approx(_losses(given), abs=1e-6)


# --- laws ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_losses_are_ranked_and_lie_between_none_and_all() -> None:
    single = choke_points(load("chips")).single
    assert single["loss_observed"].is_monotonic_decreasing
    for column in ("loss_observed", "loss_least_risk"):
        assert single[column].between(0.0, 1.0).all()


@pytest.mark.slow
def test_a_country_costs_at_least_what_its_worst_link_costs() -> None:
    losses = _losses(choke_points(load("robots")))
    for (kind, country, _, _), loss in losses.items():
        if kind == "link":
            assert losses["country", country, "", ""] >= loss - 1e-10


@pytest.mark.slow
def test_one_cut_asked_for_is_the_same_as_in_the_ranking() -> None:
    chain = load("robots")
    losses = _losses(choke_points(chain))
    asked = cut_loss(chain, country="JPN", segment="reducers")
    assert asked.loss == pytest.approx(losses["link", "JPN", "", "reducers"], abs=1e-11)
    assert str(asked.cut) == "link JPN to reducers"
    assert asked.certificate.worst <= 1e-7


# --- bad questions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"country": "FRA"}, ["FRA", "supplies nothing", "DEU, JPN"]),
        ({"country": "CHN"}, ["CHN", "home country"]),
        ({"owner": "CHN"}, ["CHN", "home country"]),
        ({"owner": "KOR"}, ["KOR", "supplies nothing", "DEU, JPN"]),
        ({"country": "JPN", "segment": "robot"}, ["JPN to robot", "supplies nothing", "did you mean 'JPN to part'"]),
        ({"country": "JPN", "owner": "JPN"}, ["is not a cut"]),
        ({"segment": "part"}, ["is not a cut"]),
        ({}, ["is not a cut"]),
        ({"country": "JPN", "alpha": 2.0}, ["alpha"]),
    ],
    ids=str,
)
def test_a_question_that_has_no_answer_is_answered_in_words(
    small: Small, question: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        cut_loss(small.load(), **question)
    for word in words:
        assert word in str(caught.value)


def test_a_chain_that_does_not_balance_is_refused(small: Small) -> None:
    chain = small.edit("supply.csv", "robot,CHN,CHN,40,", "robot,CHN,CHN,30,").load()
    for ask in (choke_points, lambda given: cut_loss(given, country="JPN")):
        with pytest.raises(InputError, match="calm does not balance"):
            ask(chain)


def test_unknown_options_are_refused(small: Small) -> None:
    with pytest.raises(InputError, match="budget"):
        choke_points(small.load(), budget=1.0)
