"""What a brief shows of a report: its own sentences, and stored numbers of every case, today's beside the advised."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from optimize.tolerances import ACCURATE
from scenarios.documents.values import CAPACITY
from scenarios.report.advice import LITTLE
from scenarios.report.content import Report
from scenarios.report.facts import WORSE, hardest_hit, more_lost
from scenarios.report.figures import amount, share
from scenarios.report.naming import money_unit, scenario_label, segment_label
from scenarios.report.spending import Spending
from scenarios.storing import StoredCase, StoredStudy
from scenarios.studies import shipped_studies

__all__ = ["Brief", "Decision", "Good", "Measure", "Worse", "brief_of", "decision_of"]


@dataclass(frozen=True)
class Good:
    """Money for one segment, in the unit of its decision: today, and advised by lever."""

    label: str
    tier: str
    today: float
    advised: dict[str, float]

    @property
    def total(self) -> float:
        """Money advised, of every lever."""
        return sum(self.advised.values())


@dataclass(frozen=True)
class Measure:
    """A measure of loss, as a share of final demand, today and advised."""

    name: str
    today: float
    advised: float


@dataclass(frozen=True)
class Worse:
    """A scenario in which the advised allocation loses more than today's, as shares of final demand.

    `probability` is of the scenario in a year; `who` the segment whose users lose most more.
    """

    case: str
    scenario: str
    probability: float
    today: float
    advised: float
    who: str


@dataclass(frozen=True)
class Decision:
    """Today's allocation of a case beside the advised one. `goods` are those with any money, in the chain's order."""

    case: StoredCase
    unit: str
    budget: float
    goods: tuple[Good, ...]
    measures: tuple[Measure, ...]
    worse: tuple[Worse, ...]

    @property
    def title(self) -> str:
        """The case for people."""
        return self.case.title

    def told(self, money: float) -> str:
        """Money for people; next to nothing of all may be what the search for the nearest answer leaves."""
        return amount(money) if money > LITTLE * self.scale or not money else "≈ 0"

    @property
    def scale(self) -> float:
        """Money spent, today or as advised: whichever is more."""
        return max(sum(good.today for good in self.goods), sum(good.total for good in self.goods))

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers that get money, capacity first."""
        found = dict.fromkeys(lever for good in self.goods for lever, money in good.advised.items() if money > 0)
        return tuple(sorted(found, key=lambda lever: lever != CAPACITY))


@dataclass(frozen=True)
class Brief:
    """A report as a brief shows it.

    `decisions` are of all solved cases, in the study's order; `in_order` begins with those that are drawn first:
    those that lead the report, then of each combination of packages the one nearest to the packages as they are.
    """

    report: Report
    decisions: tuple[Decision, ...]
    in_order: tuple[Decision, ...]

    @property
    def answer(self) -> list[str]:
        """What the report's first page says first: its beginning, the advice of the leading cases, and the rest."""
        report = self.report
        leads = [lead.answer for lead in report.leads if not report.begins_with(lead)]
        return list(dict.fromkeys([*report.first, *leads, *report.further]))

    @property
    def means(self) -> str:
        """What the measures of loss are."""
        options = [decision.case.optimize["provenance"]["options"] for decision in self.decisions]
        betas, alphas = ({str(one[name]) for one in options} for name in ("beta", "alpha"))
        if not options or len(betas) > 1 or len(alphas) > 1:
            weighed = "in proportions that differ between the cases"
        else:
            weighed = f"{share(1 - options[0]['beta'], 0)} to {share(options[0]['beta'], 0)}"
        return (
            "Loss is the final demand of a year that cannot be met. Risk weighs the expected loss "
            f"and the mean of the worst outcomes, {weighed}."
        )

    @property
    def measure_names(self) -> list[str]:
        """Names of the measures of loss; of a tail that is not the same in all cases without its share."""
        names = {tuple(measure.name for measure in decision.measures) for decision in self.decisions}
        if len(names) == 1:
            return list(names.pop())
        return ["Risk", "Expected loss", "Mean of the worst outcomes"] if names else []

    @cached_property
    def worse(self) -> tuple[Worse, ...]:
        """Where somebody is worse off, over all cases, from the largest loss that is added."""
        rows = [row for decision in self.decisions for row in decision.worse]
        return tuple(sorted(rows, key=lambda row: row.today - row.advised))

    @property
    def worse_in_words(self) -> str:
        """In how many cases and scenarios somebody is worse off."""
        if not self.decisions:
            return "No case has a solution, so nobody can be said to be better or worse off."
        cases = sum(bool(decision.worse) for decision in self.decisions)
        if not cases:
            return "In no scenario of any case does the advised allocation lose more than today's."
        count = len(self.decisions)
        of = "The" if count == 1 else f"In {'all' if cases == count else f'{cases} of'} {count} cases the"
        worst = self.worse[0]
        which = "" if len(self.decisions) == 1 else f" ({worst.case})"
        return (
            f"{of} advised allocation loses more than today's in some scenario; the most is added in "
            f"{worst.scenario}{which}: {share(worst.advised, 2)} of final demand instead of {share(worst.today, 2)}."
        )

    @property
    def holds(self) -> list[str]:
        """What the answer rests on, and the facts beside the advice of the first page, but for who is worse off."""
        told = [
            f"{lead.case.title}, {fact.heading[0].lower()}{fact.heading[1:]}: {fact.words}"
            for lead in self.report.leads
            for fact in lead.facts
            if fact.heading != WORSE
        ]
        return [self.report.rests_on, *told]

    @property
    def known(self) -> list[str]:
        """How good the numbers are: what the draws add, and how many numbers are evidence."""
        return [*self.report.headlines, *(package.words for package in self.report.evidence)]

    @property
    def certificate(self) -> str:
        """How far the answers are proved."""
        if self.report.worst is None:
            return "Nothing was solved, so there is nothing to prove."
        return (
            "Every solution was checked against the optimality conditions from the matrix itself: the largest "
            f"violation is {self.report.worst:.0e} (an answer above {ACCURATE:.0e} is refused)."
        )

    @cached_property
    def sources(self) -> list[str]:
        """The sources of all packages, each once, with how many numbers rest on it; those with most first."""
        found: dict[str, int] = {}
        for package in self.report.evidence:
            for key, citation in zip(package.sources["source"], package.sources["citation"], strict=True):
                found[str(citation)] = found.get(str(citation), 0) + package.used.get(str(key), 0)
        return [f"{citation} ({found[citation]})" for citation in sorted(found, key=lambda own: -found[own])]

    @property
    def commands(self) -> list[str]:
        """What to type to get the same again, and to check it."""
        name = self.report.study.study.name
        study = name if name in shipped_studies() else f"{name}.toml"
        return [f"tierwise study {study}", f"tierwise verify results/{name}"]

    @property
    def versions(self) -> str:
        """Versions and the hashes of the packages."""
        manifest = self.report.study.manifest
        versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
        hashes = ", ".join(f"{name} {value[:16]}" for name, value in manifest["packages"].items())
        return f"Versions: {versions}. Packages (SHA-256, first 16 digits): {hashes}."


def brief_of(report: Report) -> Brief:
    """The brief of a report. Nothing is computed that is not stored, but for sums of money by segment."""
    decisions = tuple(decision_of(case) for case in report.study.cases if case.solved)
    leads = [lead.case.name for lead in report.leads]
    first = [*leads, *(decision.case.name for decision in _foremost(report.study, decisions))]
    order = {name: place for place, name in reversed(list(enumerate(first)))}
    return Brief(report, decisions, tuple(sorted(decisions, key=lambda one: order.get(one.case.name, len(first)))))


def _foremost(study: StoredStudy, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Of each combination of packages the case with the fewest changes and options of its own; ties: the first."""
    common = study.study.options

    def apart(decision: Decision) -> int:
        own, all_of = decision.case.options.model_dump(), common.model_dump()
        return len(decision.case.chain.changes) + len([name for name in own if own[name] != all_of[name]])

    nearest: dict[tuple[str, ...], Decision] = {}
    for decision in decisions:
        packages = tuple(origin.name for origin in decision.case.chain.origins)
        if packages not in nearest or apart(decision) < apart(nearest[packages]):
            nearest[packages] = decision
    return tuple(nearest.values())


def decision_of(case: StoredCase) -> Decision:
    """Today's allocation of a solved case beside the advised one."""
    best = case.optimize
    budget = float(sum(best["budget"].values()))
    spending = Spending.of(case, best, "optimal", budget, "advised")
    goods: dict[str, Good] = {}
    for row in spending.rows:
        known = goods.get(row.segment, Good(row.label, row.tier, 0.0, {}))
        advised = {**known.advised, row.lever: known.advised.get(row.lever, 0.0) + row.after}
        goods[row.segment] = Good(row.label, row.tier, known.today + row.before, advised)
    tail = share(1 - best["provenance"]["options"]["alpha"], 0)
    names = {"risk": "Risk", "expected_loss": "Expected loss", "cvar": f"Mean of the worst {tail}"}
    measures = tuple(Measure(said, best[key]["observed"], best[key]["optimal"]) for key, said in names.items())
    return Decision(case, money_unit(case), budget, tuple(goods.values()), measures, _worse(case))


def _worse(case: StoredCase) -> tuple[Worse, ...]:
    """The scenarios that may happen and in which more is lost than today, by more than rounding."""
    loss, numbers = case.optimize["loss"], case.chain.numbers
    likely = dict(zip(numbers.scenarios, numbers.probability, strict=True))
    return tuple(
        Worse(
            case.title,
            scenario_label(scenario),
            float(likely[scenario]),
            loss["observed"][scenario],
            loss["optimal"][scenario],
            segment_label(case, hardest_hit(case, scenario)[0]),
        )
        for scenario in more_lost(case)
        if likely[scenario] > 0.0
    )
