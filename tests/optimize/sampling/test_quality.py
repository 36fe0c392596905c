"""How good the numbers are: weights by hand, and words that could be false."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta

from chains import Chain, InputError
from optimize.sampling.quality import ALL, quality
from scenarios.cli import main
from scenarios.documents.quality import document, in_words
from tests.small import FILES, Small

Q = 0.05 + 0.1 * beta(3, 3).ppf([0.05, 0.95])
"""5% and 95% quantiles of PERT(0.05, 0.1, 0.15) = 0.05 + 0.1 Beta(3, 3)."""
SCREENED = 1.5 * (0.05 + 0.1 * beta(3, 3).ppf(0.65) - Q[0])
"""A step of the screen goes two thirds of the way from 5% to 95%: 5% to 65% or, as far by symmetry, 35% to 95%."""


@pytest.fixture
def plain(tmp_path: Path) -> Small:
    """10 needed, 4 from home and 6 from Japan, cut with probability 0.1 (0.05 to 0.15): risk 0.6 p at beta = 0."""
    small = Small(tmp_path / "plain")
    header = {file: FILES[file].partition("\n")[0] + "\n" for file in FILES if file.endswith(".csv")}
    small.replace("segments.csv", "segment,chain,tier,name\npart,small,upstream,Parts\n")
    small.replace("demand.csv", header["demand.csv"] + "part,cars,10,,,reported,book,\n")
    small.replace("inputs.csv", header["inputs.csv"])
    small.replace(
        "supply.csv", header["supply.csv"] + "part,CHN,CHN,4,,,reported,book,\npart,JPN,JPN,6,,,derived,book,x\n"
    )
    small.replace("response.csv", header["response.csv"])
    small.replace("subsidies.csv", header["subsidies.csv"] + "part,grants,2022,1,,,reported,book,\n")
    small.replace("disruptions.csv", header["disruptions.csv"] + "quake,,JPN,,1,,,reported,book,\n")
    small.replace("probabilities.csv", header["probabilities.csv"] + "quake,0.1,0.05,0.15,assumed,talk,a guess\n")
    return small.append("loss_weights.csv", "part,2,1,3,derived,book,x")


@pytest.mark.slow
@pytest.mark.parametrize("trajectories", [0, 4])
def test_the_weight_of_a_number_is_how_far_it_moves_the_answer(plain: Small, trajectories: int) -> None:
    found = quality(plain.load(), "risk_observed", trajectories, beta=0.0)
    assert found.method == ("morris" if trajectories else "one at a time")
    assert found.counts.loc[ALL].to_dict() == {"reported": 4, "derived": 1, "assumed": 1}
    assert (found.certain, found.choices) == (5, 1)
    moved = SCREENED if trajectories else Q[1] - Q[0]
    assert found.numbers.loc["probabilities: quake", "effect"] == pytest.approx(0.6 * moved, abs=1e-9)
    assert list(found.moving.index) == ["probabilities: quake"]
    for row in ("plain", ALL):
        assert found.weighted.loc[row].to_dict() == pytest.approx({"reported": 0, "derived": 0, "assumed": 1}, abs=1e-6)
    assert found.certificate <= 1e-7


@pytest.mark.slow
def test_two_numbers_share_the_weight_as_they_move_the_answer(plain: Small) -> None:
    """A cut of 0.5 to 1, at its mode 1: 6 p c of 10. One at a time, p moves 0.6 dp and c 0.06 dc."""
    plain.edit("disruptions.csv", "quake,,JPN,,1,,,reported,book,", "quake,,JPN,,1,0.5,1,derived,book,x")
    found = quality(plain.load(), "risk_observed", 0, beta=0.0)
    # PERT(0.5, 1, 1) = 0.5 + 0.5 Beta(5, 1), whose quantile u is u^(1/5)
    cut = 0.06 * 0.5 * (0.95**0.2 - 0.05**0.2)
    odds = 0.6 * (Q[1] - Q[0])
    assert found.weighted.loc[ALL, "derived"] == pytest.approx(cut / (cut + odds), abs=1e-6)
    assert found.weighted.loc[ALL].sum() == pytest.approx(1.0)
    assert list(found.moving.index) == ["probabilities: quake", "disruptions: quake location JPN"]


# --- words --------------------------------------------------------------------------------------------------------


def _said(chain: Chain, outcome: str, trajectories: int = 0, **options: object) -> str:
    return in_words(document(chain, quality(chain, outcome, trajectories, **options)))


@pytest.mark.slow
def test_the_sentence_tells_counts_weights_and_the_numbers_that_matter(plain: Small) -> None:
    said = _said(plain.load(), "risk_observed", beta=0.0)
    assert said == (
        "6 numbers: 4 reported, 1 derived, 1 assumed (83% reported or derived). Not among them, and left as they are: "
        "1 chosen (loss_weights). Weighted by how much each moves the risk as it is over its range, 0% are "
        "reported or derived; the 5 taken as certain weigh nothing. By moving one at a time one number alone matters, "
        "probabilities: quake (100%, assumed, 'talk')."
    )


@pytest.mark.slow
def test_an_answer_that_nothing_moves_has_no_weights(plain: Small) -> None:
    """Nothing responds to money, so reallocation brings nothing, whatever the numbers."""
    chain = plain.load()
    for trajectories in (0, 2):
        found = quality(chain, "regret", trajectories)
        assert found.moving.empty
        assert np.isnan(found.weighted.to_numpy(dtype=float)).all()
        said = in_words(document(chain, found))
        assert said.endswith(
            "No number with a range moves the fall in risk by reallocation, so weighted there is nothing to share."
        )


@pytest.mark.slow
def test_a_package_without_ranges_is_told_so(plain: Small) -> None:
    plain.edit("probabilities.csv", "quake,0.1,0.05,0.15,assumed,talk,a guess", "quake,0.1,,,reported,book,")
    found = quality(plain.load(), "risk_observed")
    assert found.numbers.empty
    assert found.certain == 6
    assert "weighted there is nothing to share" in in_words(document(plain.load(), found))


@pytest.mark.slow
def test_how_many_of_the_first_are_assumed_is_counted(small: Small) -> None:
    chain = small.load()
    found = quality(chain, trajectories=3, pieces=2)
    told = document(chain, found)
    assert 1 < len(told["first"]) <= 5
    assert [record["factor"] for record in told["numbers"]][: len(told["first"])] == told["first"]
    said = in_words(told)
    assert f"these {len(told['first'])} matter most" in said
    assert said.endswith("Assumed are all of them.")
    for record in told["numbers"][:2]:
        record["status"] = "derived"
    assert f"Assumed are {len(told['first']) - 2} of them." in in_words(told)


# --- commands and bad questions -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_prints_the_document_and_validate_the_shares(
    plain: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("quality", str(plain.folder), "--outcome", "risk_observed", "--trajectories", "0", "--json")
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["first"] == ["probabilities: quake"]
    assert told["weighted"][ALL]["assumed"] == pytest.approx(1.0)
    assert told["shares"][ALL] == pytest.approx({"reported": 4 / 6, "derived": 1 / 6, "assumed": 1 / 6})
    assert told["numbers"][0]["citation"] == "Expert, interview, 2022"
    with pytest.raises(SystemExit):
        main(("validate", str(plain.folder), "--json"))
    shares = json.loads(capsys.readouterr().out)["shares"]
    assert shares["plain"] == pytest.approx({"reported": 4 / 6, "derived": 1 / 6, "assumed": 1 / 6})


@pytest.mark.parametrize("trajectories", [-1, 1])
def test_a_screen_of_one_trajectory_has_no_mean(plain: Small, trajectories: int) -> None:
    with pytest.raises(InputError, match="give 2 or more, or 0"):
        quality(plain.load(), trajectories=trajectories)


def test_an_outcome_that_is_not_computed_is_refused(plain: Small) -> None:
    with pytest.raises(InputError, match="did you mean 'regret'"):
        quality(plain.load(), "regrets")
