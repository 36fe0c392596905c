"""What the words mean, each once: for `tierwise glossary`, for the end of a report and for docs/glossary.md.

python -m scenarios.glossary > docs/glossary.md
"""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill

__all__ = ["TERMS", "Term", "matching", "page"]


@dataclass(frozen=True)
class Term:
    """A word: its meaning, plain words first; what else it is called; the page of docs/ that says more."""

    name: str
    meaning: str
    called: str = ""
    more: str = ""

    @property
    def words(self) -> str:
        """The meaning, and the other names."""
        return f"{self.meaning} Also called: {self.called}." if self.called else self.meaning


TERMS = (
    Term(
        "allocation",
        "Who gets how much of the money. Observed: as the subsidies of the latest period were given. Least risk: "
        "as the program would give the same money.",
        called="observed allocation: baseline",
    ),
    Term(
        "assumed",
        "A number that is somebody's judgement: it has a range and a reason.",
        more="sources.md",
    ),
    Term(
        "break-even",
        "How many times stronger or weaker an assumption would have to be before moving money between two tiers "
        "stopped lowering risk.",
        more="questions/break-even.md",
    ),
    Term(
        "breakpoint",
        "A budget at which the next yuan begins to buy less than the one before; between two of them least risk "
        "falls in a straight line.",
        more="questions/frontier.md",
    ),
    Term(
        "calm",
        "The scenario in which nothing is cut off. Every package balances in it: all demand is met.",
    ),
    Term(
        "certificate",
        "How well a solution satisfies the conditions that only the best one can satisfy, recomputed from the "
        "program's own matrix. Near 0 is proof that there is no better one.",
        called="optimality (Karush-Kuhn-Tucker) conditions",
        more="model.md",
    ),
    Term(
        "choke point",
        "A country, an owner, or what one country sends into one segment, whose loss stops much of the final product.",
        called="single point of failure",
        more="questions/choke-points.md",
    ),
    Term(
        "core dependency",
        "1 where a segment's imports are large, larger than home supply and from few places, by thresholds "
        "adapted from the European Commission's.",
        more="questions/indicators.md",
    ),
    Term(
        "CVaR",
        "The mean loss in the worst outcomes: with the usual level of 90%, in the worst tenth of all probability.",
        called="conditional value at risk, expected shortfall",
        more="model.md",
    ),
    Term(
        "dispensable",
        "The share of an input that its user can do without for a while and still deliver, at a cost.",
        more="structure.md",
    ),
    Term(
        "distortion centrality",
        "How much more a segment matters to what all others make than its sales say, if buyers pay too much for "
        "inputs.",
        more="questions/indicators.md",
    ),
    Term(
        "domestic",
        "What counts as one's own. By location: made at home, whoever owns the plant. By ownership: made at home "
        "by home-owned firms. Broad: by ownership, and what hybrid firms make at home.",
        more="questions/indicators.md",
    ),
    Term(
        "draw",
        "One set of values for all uncertain numbers, each from its range.",
        more="questions/uncertainty.md",
    ),
    Term(
        "expected loss",
        "The mean loss over all scenarios, each counted by its probability.",
        more="model.md",
    ),
    Term(
        "extraction",
        "The share of domestic output that would be lost if a segment's domestic part did not exist.",
        called="hypothetical extraction",
        more="questions/indicators.md",
    ),
    Term(
        "final demand",
        "What is bought to be used outside the chain: finished systems, not parts of them.",
    ),
    Term(
        "frontier",
        "The least risk that every budget could reach.",
        called="value function of the budget",
        more="questions/frontier.md",
    ),
    Term(
        "gain",
        "How far risk falls as money moves from one tier to another, pro rata within each.",
        more="model.md",
    ),
    Term(
        "Herfindahl index",
        "How concentrated imports are: the sum of squared shares of the places they come from. 1: all from one "
        "place; 0.25: from four alike.",
        more="questions/indicators.md",
    ),
    Term(
        "import content",
        "How much of what is made at home was bought abroad, in itself and, looked through, in its inputs' inputs.",
        more="questions/indicators.md",
    ),
    Term(
        "import share",
        "The share of a segment's supply that is not domestic.",
        more="questions/indicators.md",
    ),
    Term(
        "input coefficient",
        "How much of an input one unit of what is made takes: 0.5 robots a system.",
        called="technical coefficient",
        more="packages.md",
    ),
    Term(
        "insured allocation",
        "The allocation that loses least to the worst cuts that an attacker could make, whatever their probability.",
        more="questions/against.md",
    ),
    Term(
        "lever",
        "A thing that the money may buy: capacity at home, stocks, another supplier's contract, procurement of "
        "home products.",
        called="policy instrument",
        more="structure.md",
    ),
    Term(
        "loss",
        "Final demand that cannot be met in a scenario, as a share of all final demand of a year, weighted where "
        "uses count differently.",
        more="model.md",
    ),
    Term(
        "Morris screen",
        "A cheap way to rank uncertain numbers: each is moved over its range from several starts, and the mean "
        "size of what that does is told (mu*).",
        more="questions/uncertainty.md",
    ),
    Term(
        "next unit",
        "How far risk falls per unit of money as the next 1% of the budget goes to one segment, starting at the "
        "observed allocation. Zero: that segment alone is not what limits delivery.",
        called="marginal value, as a finite difference",
        more="model.md",
    ),
    Term(
        "outage",
        "How long something that is cut stays cut, phase by phase, until it recovers.",
        more="structure.md",
    ),
    Term(
        "points",
        "Percentage points of final demand: from 8.9% to 7.8% risk falls by 1.1 points.",
    ),
    Term(
        "priorities",
        "Weights of goals (risk, output, capacity) with which the observed allocation would be nearest to the "
        "best one. They fit it; they do not prove a motive.",
        called="implied weights, inverse optimisation",
        more="questions/priorities.md",
    ),
    Term(
        "recourse",
        "What is done after a disruption with what is left: the goods that remain go where the least final demand"
        " is lost.",
        called="second stage of a stochastic program",
        more="model.md",
    ),
    Term(
        "relative gap",
        "By what share of the best something falls short of it.",
        more="questions/priorities.md",
    ),
    Term(
        "response",
        "How much yearly supply money adds in a segment: the slope says how much the first yuan adds, the ceiling"
        " how much all the money in the world could.",
        more="model.md",
    ),
    Term(
        "risk",
        "The share of final demand that is at stake: a mean of the expected loss and of CVaR, half each unless "
        "beta says otherwise.",
        more="model.md",
    ),
    Term(
        "robust allocation",
        "The allocation whose risk is least in the worst case, where probabilities or responses turn out worse "
        "than they are in the package by as much as one allows.",
        more="questions/robust.md",
    ),
    Term(
        "scenario",
        "One disruption, or calm: what is cut off, how much of it, and how probable that is in a year.",
    ),
    Term(
        "segment",
        "One kind of product in the chain, such as reducers or etching tools. It belongs to one tier.",
    ),
    Term(
        "self-sufficiency",
        "The share of what a segment's users take that is made at home in a calm year.",
        more="questions/self-sufficiency.md",
    ),
    Term(
        "Sobol' index",
        "The share of the spread of the answer that one uncertain number causes, alone (S1) or with all its "
        "interactions (ST).",
        more="questions/uncertainty.md",
    ),
    Term(
        "spare capacity",
        "Supply at home that could be made and is not needed in calm.",
        more="structure.md",
    ),
    Term(
        "stock",
        "A segment's product kept aside, in months of its use, that is used up in a disruption.",
        more="structure.md",
    ),
    Term(
        "study",
        "A file that asks several cases at once and ends in a report; a case is a chain with options.",
    ),
    Term(
        "tier",
        "Where along the chain a segment stands: upstream (parts, tools), midstream (bodies, chips) or downstream.",
    ),
    Term(
        "transfer",
        "How far risk falls per unit of money that moves from one tier to another, starting at the observed "
        "allocation.",
        more="model.md",
    ),
    Term(
        "turning point",
        "The value of a number, such as how long outages last, at which another tier begins to get the most money.",
        more="questions/turning-points.md",
    ),
    Term(
        "upstreamness",
        "How many stages of making, on average, a segment's output still passes through before it is used for "
        "good. 1: it is used at once.",
        more="questions/indicators.md",
    ),
)
"""In alphabetical order."""


def matching(words: str) -> list[Term]:
    """The terms whose name has these words in it; else those that are called so."""
    asked = words.strip().lower()
    named = [term for term in TERMS if asked in term.name.lower()]
    return named or [term for term in TERMS if asked in term.called.lower()]


def page(terms: Iterable[Term] = TERMS) -> str:
    """The page docs/glossary.md."""
    entries = [f"**{term.name}.** {term.words}{_link(term)}" for term in terms]
    start = (
        "# What the words mean",
        "Written by `python -m scenarios.glossary`. On a terminal: `tierwise glossary`, `tierwise glossary CVaR`. "
        "A report has the same list at its end.",
    )
    paragraphs = (fill(text, 120, break_long_words=False, break_on_hyphens=False) for text in (*start, *entries))
    return "\n\n".join(paragraphs) + "\n"


def _link(term: Term) -> str:
    return f" [{term.more}]({term.more})" if term.more else ""


if __name__ == "__main__":
    print(page(), end="")
