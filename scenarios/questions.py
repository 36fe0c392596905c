"""The registry of questions: each once. The command line, studies, the store and the report read it.

A question is one entry here, the function that answers it (`optimize/questions/`, `chains/`, or `asking/` where one
call does not do) and a file of the same name in each of `documents/`, `terminal/` and `report/parts/` that tells its
answer, and its page. Orders here are orders there: commands of the help, tables of a workbook, parts of a report's
section.
"""

from pathlib import Path

from scenarios.question import Argument, InStudy, Question

__all__ = ["QUESTIONS", "SECTIONS", "TABLES"]

SECTIONS = ("money", "losses", "sure", "more")
"""Sections of a report on one case, in order; `chain` comes before, once for all cases of a chain."""

_ALPHA = Argument(
    "alpha",
    float,
    "Confidence level of CVaR: 0.9 looks at the worst tenth of outcomes.",
    0.90,
    unit="0..1",
    example="0.95",
    shared=True,
)
_BETA = Argument(
    "beta",
    float,
    "Weight of CVaR in risk; the rest is expected loss.",
    0.5,
    unit="0..1",
    example="1",
    shared=True,
)
_PIECES = Argument(
    "pieces",
    int,
    "Chords that stand for a response curve: more follow it more closely.",
    10,
    unit="1..99",
    example="20",
    shared=True,
)
_LEVERS = Argument(
    "levers",
    tuple[str, ...],
    "What the money may buy: capacity, stocks, suppliers, procurement.",
    ("capacity",),
    unit="NAME,NAME",
    example="capacity,stocks",
    shared=True,
)
_MONEY = "in the package's money (tierwise validate says which)"
_BUDGET = Argument(
    "budget",
    float,
    f"Budget, 0 or more, {_MONEY}.",
    None,
    unit="MONEY",
    otherwise="as observed",
    example="2.5",
    shared=True,
)
_MOVE = Argument(
    "move",
    float,
    "Largest share of the budget that moves away from where it is observed.",
    None,
    unit="0..1",
    otherwise="no limit",
    example="0.2",
    shared=True,
)
_MINIMUM = Argument(
    "minimum",
    dict[str, float],
    "Least money for a segment or tier, 0 or more; LEVER:SEG through one lever; again for more.",
    {},
    unit="SEG=MONEY",
    flag="--min",
    otherwise="no limit",
    example="midstream=0.5",
    shared=True,
)
_MAXIMUM = Argument(
    "maximum",
    dict[str, float],
    "Most money for a segment or tier, 0 or more; LEVER:SEG through one lever; again for more.",
    {},
    unit="SEG=MONEY",
    flag="--max",
    otherwise="no limit",
    example="servos=1.5",
    shared=True,
)
_AMBIGUITY = Argument(
    "ambiguity",
    float,
    "Probability that may fall elsewhere: the robust answer beside the nominal one.",
    0.0,
    unit="0..1",
    example="0.1",
    shared=True,
)
_SLOPE_BUDGET = Argument(
    "slope_budget",
    int,
    "Segments, 0 or more, whose response may be as weak as `low`: likewise.",
    0,
    unit="SEGMENTS",
    example="2",
    shared=True,
)
_EXACT = Argument("exact", bool, "Prove the risk in exact fractions too (small chains).", False)
_MEASURED = (_ALPHA, _BETA, _PIECES)
_BUDGETED = (*_MEASURED, _LEVERS)
_CHOSEN = (_BUDGET, *_MEASURED, _MOVE, _MINIMUM, _MAXIMUM, _LEVERS)

_TIERS = "upstream, midstream or downstream"
_FROM = Argument("giving", str, f"Tier that gives: {_TIERS}.", unit="TIER", key="from", example="midstream")
_TO = Argument("receiving", str, f"Tier that receives: {_TIERS}.", unit="TIER", key="to", example="upstream")
_BETWEEN = InStudy(table="gain", required=("giving", "receiving"))

_ALL = (
    Question(
        "optimize",
        "Find the least-risk allocation of the budget.",
        "scenarios.asking.least_risk:ask",
        (
            *_CHOSEN,
            _AMBIGUITY,
            _SLOPE_BUDGET,
            Argument("ranges", bool, "Tell the least and the most each segment gets.", False),
            _EXACT,
        ),
        example="tierwise optimize robots --budget 5 --move 0.2",
        in_study=InStudy(fixed={"ambiguity": 0.0, "slope_budget": 0}, where=lambda options: True),
        tables=("allocations", "levers", "parts", "losses", "next_unit", "transfers"),
        report=("money", "losses"),
        file="least_risk",
        page="docs/model.md",
    ),
    Question(
        "evaluate",
        "Tell the risk of a given allocation.",
        "scenarios.asking.evaluation:ask",
        (
            Argument(
                "allocation",
                Path,
                f"CSV file with columns segment, instrument, value {_MONEY}.",
                unit="FILE",
                example="mine.csv",
            ),
            *_MEASURED,
            _EXACT,
        ),
        example="tierwise evaluate robots --allocation mine.csv",
        tables=("evaluation",),
        file="evaluation",
        page="docs/model.md",
    ),
    Question(
        "gain",
        "Draw the reallocation curve between two tiers, with its exact peak.",
        "optimize:gain_curve",
        (_FROM, _TO, *_MEASURED),
        example="tierwise gain robots --from midstream --to upstream",
        in_study=_BETWEEN,
        tables=("gain",),
        report=("money",),
        page="docs/model.md",
    ),
    Question(
        "break-even",
        "Tell what would have to be true for moving money between tiers to stop lowering risk.",
        "optimize:break_even",
        (
            _FROM,
            _TO,
            Argument(
                "parameter",
                str,
                "What is multiplied: slope, ceiling or probability.",
                "slope",
                unit="NAME",
                example="ceiling",
            ),
            Argument(
                "on",
                str,
                "Tier or segment whose parameter it is.",
                None,
                unit="SEG-or-TIER",
                otherwise="that of --to",
                example="reducers",
            ),
            *_MEASURED,
        ),
        example="tierwise break-even robots --from midstream --to upstream",
        in_study=_BETWEEN,
        tables=("break_even",),
        report=("more",),
        page="docs/questions/break-even.md",
    ),
    Question(
        "definitions",
        "Tell the shares of tiers at least risk under each definition of domestic.",
        "optimize.questions.by_definition:least_risk_by_definition",
        _CHOSEN,
        in_study=InStudy(),
        tables=("definitions",),
        report=("more",),
        file="by_definition",
        page="docs/questions/indicators.md",
    ),
    Question(
        "frontier",
        "Tell least risk against the budget, every breakpoint exact.",
        "optimize:frontier",
        (
            Argument(
                "max_budget",
                float,
                f"Budget at which to stop, 0 or more, {_MONEY}.",
                None,
                unit="MONEY",
                otherwise="where money buys nothing",
                example="20",
            ),
            Argument(
                "gap",
                float,
                "Largest error in risk allowed, a share of final demand above 0.",
                None,
                unit="0..1",
                otherwise="exact",
                example="0.001",
            ),
            *_BUDGETED,
        ),
        example="tierwise frontier robots --max-budget 20",
        in_study=InStudy(),
        tables=("frontier",),
        report=("more",),
        page="docs/questions/frontier.md",
    ),
    Question(
        "plan",
        "Plan the budget over years: when to spend it, and on whom.",
        "optimize:plan",
        (
            Argument(
                "years", int, "Years after the base year, 1 to 100.", 10, unit="YEARS", example="5", least=1, most=100
            ),
            Argument(
                "growth",
                float,
                "By which demand and supply grow every year; 0.02: 2%.",
                0.0,
                unit="SHARE",
                example="0.02",
            ),
            Argument(
                "rate",
                float,
                "At which later risk counts less, by the year; 0.03: 3%.",
                0.03,
                unit="SHARE",
                example="0.05",
            ),
            Argument(
                "budget",
                float,
                f"Budget of every year, 0 or more, {_MONEY}.",
                None,
                unit="MONEY",
                otherwise="as observed",
                example="2.5",
                shared=True,
            ),
            *_BUDGETED,
        ),
        example="tierwise plan robots --years 10 --growth 0.02",
        in_study=InStudy(table="plan", optional=("years", "growth", "rate")),
        tables=("plan", "plan_risk"),
        report=("more",),
        page="docs/questions/plan.md",
    ),
    Question(
        "finding",
        "Reproduce the published finding: its shape, what explains it, what reallocating brings, claim by claim.",
        "scenarios.asking.finding:ask",
        (
            Argument(
                "periods",
                tuple[str, ...],
                "Periods, years or spans of years, over which firms.csv is averaged.",
                (),
                unit="YEARS,YEARS",
                otherwise="those of tiers.csv",
                example="2010-2014,2015-2017,2018-2022",
            ),
            *_MEASURED,
        ),
        example="tierwise finding robots",
        in_study=InStudy(fixed={"reallocation": False}),
        tables=("mixtures", "claims"),
        report=("chain",),
        page="docs/sources.md",
    ),
    Question(
        "choke-points",
        "Rank the loss when a country, an owner or a link is cut off completely.",
        "scenarios.asking.choke_points:ask",
        (
            Argument(
                "worst",
                int,
                "Find the worst set of at most so many cuts, 1 or more.",
                None,
                unit="CUTS",
                otherwise="no set, single cuts alone",
                example="2",
            ),
            Argument("over", str, "What --worst cuts: countries or links.", "countries", unit="NAME", example="links"),
            *_BUDGETED,
        ),
        example="tierwise choke-points chips --worst 2",
        in_study=InStudy(fixed={"worst": 2}),
        tables=("choke_points",),
        report=("more",),
        page="docs/questions/choke-points.md",
    ),
    Question(
        "turning-points",
        "Tell at which values of structural numbers another tier gets the most money.",
        "optimize:turning_points",
        (
            Argument(
                "of",
                list[str],
                "Number to turn; again for more: dispensable, outage, held, spare, probability, probability:SCENARIO, "
                "slope:TIER.",
                (),
                unit="NUMBER",
                otherwise="all of them",
                example="held",
            ),
            Argument(
                "map",
                tuple[str, ...],
                "Two numbers to turn together, as a map.",
                (),
                unit="A,B",
                otherwise="no map",
                example="dispensable,outage",
            ),
            Argument("steps", int, "Steps of each range, 1 or more.", 20, unit="STEPS", example="40", least=1),
            *_CHOSEN,
        ),
        example="tierwise turning-points robots --of dispensable --of held",
        in_study=InStudy(table="turning_points", optional=("of", "map", "steps")),
        tables=("turning_points", "leads"),
        report=("more",),
        page="docs/questions/turning-points.md",
    ),
    Question(
        "against",
        "Find the allocation that is best against the worst cuts, and what that insurance costs.",
        "optimize:against",
        (
            Argument(
                "n", int, "Cuts that the attacker may make, 0 or more.", unit="CUTS", key="cuts", example="2", least=0
            ),
            Argument("over", str, "What is cut: countries or links.", "countries", unit="NAME", example="links"),
            Argument(
                "gap", float, "Largest gap of the worst loss, relative to it.", 1e-6, unit="0..1", example="0.001"
            ),
            *_CHOSEN,
        ),
        example="tierwise against robots --cuts 2 --over links",
        in_study=InStudy(table="against", required=("n",), optional=("over", "gap")),
        tables=("against", "cut_sets"),
        report=("more",),
        page="docs/questions/against.md",
    ),
    Question(
        "what-if",
        "Tell what one disruption would cost today, at least, and what to buy for that.",
        "optimize:what_if",
        (
            Argument(
                "cuts",
                list[str],
                "Country that is cut off, for some segments or for all; again for more.",
                unit="COUNTRY[:SEG,SEG]",
                flag="--cut",
                example="JPN:reducers",
            ),
            Argument(
                "months", float, "Months that it lasts, above 0.", 12.0, unit="0..12", example="6", above=0.0, most=12.0
            ),
            Argument(
                "stock",
                dict[str, float],
                "Stock held of a segment, in months of its use in calm, 0 or more; again for more.",
                {},
                unit="SEG=MONTHS",
                otherwise="as in stocks.csv",
                example="reducers=2",
                least=0.0,
            ),
            *_CHOSEN,
        ),
        example="tierwise what-if robots --cut JPN:reducers,servos --months 6 --budget 2 --stock reducers=2",
        in_study=InStudy(table="what_if", required=("cuts",), optional=("months", "stock")),
        tables=("what_if_losses", "what_if_money"),
        report=("more",),
        file="what_if",
        page="docs/questions/what-if.md",
    ),
    Question(
        "priorities",
        "Tell which weights of goals the observed allocation is consistent with.",
        "optimize:priorities",
        _MEASURED,
        example="tierwise priorities robots",
        in_study=InStudy(fixed={"draws": 100}),
        tables=("priorities",),
        report=("more",),
        page="docs/questions/priorities.md",
    ),
    Question(
        "self-sufficiency",
        "Tell what a self-sufficiency target would cost, and what that does to risk.",
        "scenarios.asking.self_sufficiency:ask",
        (
            Argument(
                "target",
                float,
                "Share of use that is to be made at home.",
                0.7,
                "0..1",
                example="0.3",
                least=0.0,
                most=1.0,
            ),
            Argument(
                "segments",
                list[str],
                "Segment or tier in which it is to be reached; again for more.",
                (),
                unit="SEG-or-TIER",
                flag="--in",
                otherwise="upstream",
                example="reducers",
            ),
            Argument(
                "definition",
                str,
                "What counts as made at home: location, ownership or broad.",
                "location",
                unit="NAME",
                example="ownership",
            ),
            Argument("curve", bool, "Tell the cost of every target that can be reached.", False),
            *_BUDGETED,
        ),
        example="tierwise self-sufficiency robots --target 0.3 --in upstream",
        in_study=InStudy(table="self_sufficiency", required=("target",), optional=("segments",), fixed={"both": True}),
        tables=("self_sufficiency", "self_sufficiency_costs"),
        report=("more",),
        page="docs/questions/self-sufficiency.md",
    ),
    Question(
        "indicators",
        "Tell import dependence segment by segment, and how it turns on what counts as domestic.",
        "scenarios.asking.indicators:ask",
        (
            Argument(
                "definition",
                str,
                "What counts as domestic in the table: location, ownership or broad.",
                "location",
                unit="NAME",
                example="ownership",
            ),
            Argument(
                "ranking",
                str,
                "Indicator whose ranking is compared, as docs/questions/indicators.md names it.",
                "import_share",
                unit="NAME",
                example="import_content",
            ),
        ),
        example="tierwise indicators chips --definition ownership",
        in_study=InStudy(),
        tables=("indicators",),
        page="docs/questions/indicators.md",
    ),
    Question(
        "ranges",
        "Tell the least and the most that each segment gets in any least-risk allocation.",
        "optimize:ranges",
        _CHOSEN,
        in_study=InStudy(),
        tables=("ranges",),
        page="docs/questions/ranges.md",
    ),
    Question(
        "robust",
        "Find the allocation whose worst case is least, beside the nominal one.",
        "optimize:robust",
        (*_CHOSEN, _AMBIGUITY, _SLOPE_BUDGET),
        in_study=InStudy(where=lambda options: bool(options.ambiguity or options.slope_budget)),
        tables=("robust", "robust_risks"),
        report=("sure",),
        page="docs/questions/robust.md",
    ),
    Question(
        "uncertainty",
        "Tell what the answer becomes when every number is drawn from its range.",
        "",  # a study asks it block by block: `draws` and `tornado`, put together in running/sampling.py
        tables=("draws", "sensitivity"),
        report=("sure",),
        page="docs/questions/uncertainty.md",
    ),
    Question(
        "quality",
        "Tell how good the numbers are: reported, derived, assumed, weighted by how much each moves the answer.",
        "optimize.sampling.quality:quality",
        (
            Argument(
                "outcome",
                str,
                "What is moved: regret, risk_least, risk_observed, risk_none, reduction, share_TIER.",
                "regret",
                unit="NAME",
                example="share_upstream",
            ),
            Argument(
                "trajectories",
                int,
                "Trajectories of the Morris screen, 0 or more; 0: one number at a time.",
                None,
                unit="COUNT",
                otherwise="4, or 0 where that would take too many draws",
                example="10",
            ),
            Argument("seed", int, "Seed of the screen, any whole number of 0 or more.", 1, unit="COUNT", example="7"),
            *_CHOSEN,
        ),
        example="tierwise quality robots",
        in_study=InStudy(),
        tables=("quality",),
        report=("sure",),
        page="docs/questions/quality.md",
    ),
    Question("draws", "Outcomes of a block of draws.", "scenarios.asking.draws:ask"),
    Question("tornado", "The outcome at both ends of each of some numbers.", "scenarios.asking.tornado:ask"),
    Question(
        "optimize-mpi",
        "Find least risk between bounds, for more scenarios than one machine holds: start it by mpiexec.",
        "optimize.cylinders:least_risk_bounds",
        (
            Argument(
                "gap", float, "Relative gap between the bounds at which to stop.", 1e-4, unit="0..1", example="0.001"
            ),
            Argument(
                "rounds", int, "Rounds of cuts, 1 or more, after which to stop.", 200, unit="ROUNDS", example="50"
            ),
            Argument(
                "seconds",
                float,
                "Seconds, above 0, after which to stop.",
                None,
                unit="SECONDS",
                otherwise="never",
                example="600",
            ),
            Argument(
                "bundle", int, "Scenarios solved together, about; 1 or more.", 100, unit="SCENARIOS", example="50"
            ),
            *_CHOSEN,
        ),
        example="mpiexec -n 3 tierwise optimize-mpi robots --gap 1e-3",
        tables=("bounds",),
        file="bounds",
        page="docs/questions/bounds.md",
        processes=True,
    ),
)

QUESTIONS: dict[str, Question] = {question.name: question for question in _ALL}
"""Every question by its name."""

TABLES: dict[str, Question] = {
    table: question for question in _ALL if question.in_study or question.report for table in question.tables
}
"""The tables of a results folder, beside `cases`, by name: whose answer they hold.

Not those of questions that a study does not ask."""
