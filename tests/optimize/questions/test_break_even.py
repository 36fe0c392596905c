"""Break-even factors against ends worked by hand and against the independent formulation.

By hand, on the small chain with one chord of slope S1 (tests/optimize/test_worked_example.py): 1% of 3 is 0.03, which
moves from robots (2) to parts (0.5). A unit of parts or robots added lowers risk by

    l_q >= l_e:  0.0275 and 0.0005        l_e >= l_q:  0.015 and 0.0055
"""

from dataclasses import replace
from functools import cache
from math import log

import numpy as np
import pytest

import data
from chains import Chain, InputError, load
from optimize import Result, optimize
from optimize.questions.break_even import SCANNED, BreakEven, break_even
from tests.independent import Study, read
from tests.small import Small

SHIPPED = [("robots",), ("chips",), ("robots", "chips", "coupled")]
EXACT = {"rel": 1e-9}
FULL = 2 * log(100)  # funds at which parts reach their ceiling of 2


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Small(tmp_path_factory.mktemp("even") / "small").load()


@cache
def _least_risk(packages: tuple[str, ...]) -> Result:
    return optimize(load(*packages))


def _advice(chain: Chain, **question: object) -> BreakEven:
    return break_even(chain, "midstream", "upstream", **{"pieces": 1, **question})


@pytest.mark.slow
def test_both_ends_of_the_factor_on_slopes_by_hand(chain: Chain) -> None:
    """Low: 0.0275 f = 0.0005. High: with f slopes, parts are full at funds FULL / f; between 0.5 and 0.53 that is
    0.015 (FULL - 0.5 f) = 0.0055 x 0.03, for by then the quake costs less than the embargo.
    """
    found = _advice(chain)
    assert found.at_one == pytest.approx(0.027 * 0.99 / log(100), rel=1e-8)
    assert found.interval == pytest.approx((1 / 55, 2 * FULL - 0.022), **EXACT)
    assert found.words == (
        "this advice holds as long as upstream money works at least 0.0182 and at most 18.4 times as well as assumed"
    )
    assert (found.on, found.moved) == ("upstream", pytest.approx(0.03))
    assert found.certificate.worst <= 1e-9


@pytest.mark.slow
def test_where_the_giving_tier_is_worthless_the_advice_ends_where_no_more_can_be_added(small: Small) -> None:
    """Only the quake: robots add nothing, so the fall stays at 0 from where 0.5 already fills parts: f = FULL / 0.5."""
    small.edit("disruptions.csv", "embargo,,DEU,,1,,,reported,book,\n", "")
    small.edit("probabilities.csv", "embargo,0.05,0.01,0.1,assumed,talk,a guess\n", "")
    found = _advice(small.load())
    assert found.interval == (None, pytest.approx(2 * FULL, **EXACT))


def test_the_factor_on_ceilings_by_hand(chain: Chain) -> None:
    """Parts with ceilings times f are full at funds f FULL: 0.0275 (f FULL - 0.5) = 0.0005 x 0.03. No upper end."""
    found = _advice(chain, parameter="ceiling")
    assert found.interval == (pytest.approx((0.5 + 0.03 / 55) / FULL, **EXACT), None)
    assert found.words.endswith("upstream ceilings are at least 0.0543 times as high as assumed")


def test_the_factor_on_probabilities_by_hand(small: Small) -> None:
    """With p(quake) = 0.01, p(embargo) = 0.05 and l_q > l_e, a factor f between 5/3 and 10 leaves in the worst tenth
    the quake (0.01 f) and the embargo (0.1 - 0.01 f). Twice the fall per unit: parts 0.0005 f + 0.005 f, robots
    0.001 f + 0.02 - 0.002 f; equal at f = 0.02 / 0.0065. Above, up to f = 1 / 0.06, the move helps.
    """
    found = _advice(
        small.cell("probabilities.csv", 2, "value", "0.01").cell("probabilities.csv", 2, "low", "0.01").load(),
        parameter="probability",
    )
    assert found.at_one < 0
    assert found.interval == (pytest.approx(40 / 13, **EXACT), None)
    assert found.curve.index[-1] == pytest.approx(1 / 0.06)
    assert found.words == (
        "moving money from midstream to upstream does not lower risk as assumed; it would if disruptions were "
        "at least 3.08 times as likely"
    )


def test_probabilities_that_leave_no_room_for_calm_can_only_fall(small: Small) -> None:
    small.replace(
        "probabilities.csv",
        small.text("probabilities.csv")
        .replace("0.1,0.05,0.2", "0.9,0.05,0.95")
        .replace("0.05,0.01,0.1", "0.1,0.01,0.1"),
    )
    found = _advice(small.load(), parameter="probability")
    assert found.curve.index[-1] == 1.0
    assert found.interval == (None, None)


def test_a_move_that_never_helps_has_no_interval(chain: Chain) -> None:
    """From parts to robots: robots would have to add 55 times as much, but reach their ceiling at 9.2 times."""
    found = break_even(chain, "upstream", "midstream", pieces=1)
    assert found.at_one < 0
    assert found.interval is None
    assert found.words == (
        "moving money from upstream to midstream does not lower risk, whether midstream money works 0.0001 or 10000 "
        "times as well as assumed, or anything between"
    )


@pytest.mark.slow
def test_the_interval_nearest_to_one_is_taken_where_the_advice_does_not_hold(chain: Chain) -> None:
    """Parts a hundredth as good: the interval of the small chain begins at 100/55 and has not moved otherwise."""
    worse = chain.scaled("response", 0.01, segment="part", parameter="slope")
    found = _advice(worse)
    assert found.at_one < 0
    assert found.interval == pytest.approx((100 / 55, 100 * (2 * FULL - 0.022)), **EXACT)
    assert found.words.startswith("moving money from midstream to upstream does not lower risk as assumed; it would if")


@pytest.mark.slow
@pytest.mark.parametrize("package", ["robots", "chips"])
def test_slopes_twice_as_high_halve_the_factors(package: str) -> None:
    chain = load(package)
    tiers = chain.segments["tier"]
    better = chain
    for segment in tiers.index[tiers == "upstream"]:
        better = better.scaled("response", 2.0, segment=segment, parameter="slope")
    once, twice = break_even(chain, "midstream", "upstream"), break_even(better, "midstream", "upstream")
    if once.interval is None:  # no factor within those scanned makes it lower risk
        assert twice.interval is None
        return
    assert twice.interval is not None
    for end, half in zip(once.interval, twice.interval, strict=True):
        if end is None:  # beyond the factors scanned, so half of it may be seen
            assert half is None or half >= SCANNED[1] / 2
        else:
            assert half == pytest.approx(end / 2, **EXACT)


@pytest.mark.slow
@pytest.mark.parametrize("packages", SHIPPED)
@pytest.mark.parametrize("tiers", [("midstream", "upstream"), ("downstream", "midstream")])
def test_at_one_is_the_transfer(packages: tuple[str, ...], tiers: tuple[str, str]) -> None:
    best = _least_risk(packages)
    for parameter in ("slope", "ceiling", "probability"):
        found = break_even(best.chain, *tiers, parameter=parameter)
        assert found.at_one == pytest.approx(best.transfer.loc[tiers], rel=1e-7, abs=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize("package", ["robots", "chips"])
@pytest.mark.parametrize("parameter", ["slope", "ceiling"])
def test_signs_agree_with_the_independent_formulation(package: str, parameter: str) -> None:
    """Just within and without each end, and at factors between 0.001 and 1000."""
    found = break_even(load(package), "midstream", "upstream", parameter=parameter)
    ends = found.interval or (1.0, 1.0)  # None: no factor within those scanned makes it lower risk
    low, high = (end or beyond for end, beyond in zip(ends, SCANNED, strict=True))
    factors = [0.001, 0.03, 0.3, 1.0, 3.0, 30.0, 1000.0]
    factors += [end * near for end in ends if end for near in (1 - 1e-4, 1 + 1e-4)]
    model = read(data.folder(package))
    for factor in factors:
        scaled = {
            k: value * (factor if model.tier[k] == "upstream" else 1.0)
            for k, value in getattr(model, parameter).items()
        }
        study = Study(replace(model, **{parameter: scaled}))
        shifted = study.shifted("midstream", "upstream", found.moved / study.funds("midstream"))
        fall = study.evaluate(model.observed).risk - study.evaluate(shifted).risk
        assert (fall > 1e-11) == (low < factor < high), f"{factor}: {fall}"


@pytest.mark.slow
def test_any_tier_or_segment_may_be_asked_about(chain: Chain) -> None:
    """Robots full at factor 9.2 cost less and less: the advice holds whatever robots do. Parts are all of upstream."""
    assert _advice(chain, on="midstream").interval == (None, None)
    assert _advice(chain, on="midstream").words == (
        "this advice holds whether midstream money works 0.0001 or 10000 times as well as assumed, or anything between"
    )
    assert _advice(chain, on="part").interval == pytest.approx(_advice(chain).interval, **EXACT)


def test_the_curve_has_the_shape_of_the_interval(chain: Chain) -> None:
    found = _advice(chain)
    assert found.interval is not None
    low, high = found.interval
    factors = found.curve.index.to_numpy()
    assert (np.diff(factors) > 0).all()
    assert ((found.curve > 0) == ((factors > low) & (factors < high))).all()


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ({"parameter": "price"}, "'price'"),
        ({"on": "glue"}, "'glue'"),
        ({"on": "part", "parameter": "probability"}, "'part'"),
        ({"budget": 3.0}, "budget"),
    ],
)
def test_bad_questions_get_an_answer_in_words(chain: Chain, question: dict[str, object], word: str) -> None:
    with pytest.raises(InputError) as caught:
        _advice(chain, **question)
    assert word in str(caught.value)


@pytest.mark.parametrize("tiers", [("middle", "upstream"), ("midstream", "midstream")])
def test_tiers_that_cannot_trade_are_refused(chain: Chain, tiers: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=tiers[0]):
        break_even(chain, *tiers)


def test_a_tier_without_funds_is_refused(small: Small) -> None:
    small.edit("subsidies.csv", "system,grants,2022,0.5", "system,grants,2022,0")
    with pytest.raises(InputError, match=r"'downstream'.*no funds to give"):
        break_even(small.load(), "downstream", "upstream")
