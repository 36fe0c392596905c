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

_ALPHA = Argument("alpha", float, "Confidence level of CVaR.", 0.90, unit="0..1", shared=True)
_BETA = Argument("beta", float, "Weight of CVaR in risk; the rest is expected loss.", 0.5, unit="0..1", shared=True)
_PIECES = Argument("pieces", int, "Chords of a response curve.", 10, unit="1..99", shared=True)
_LEVERS = Argument(
    "levers",
    tuple[str, ...],
    "What the money may buy: capacity, stocks, suppliers, procurement.",
    ("capacity",),
    unit="NAME,NAME",
    shared=True,
)
_BUDGET = Argument("budget", float, "Budget (default: as observed).", None, unit="MONEY", shared=True)
_MOVE = Argument("move", float, "Largest share of the budget that moves.", None, unit="0..1", shared=True)
_MINIMUM = Argument(
    "minimum",
    dict[str, float],
    "Least for a segment or tier; LEVER:SEG through one lever.",
    {},
    unit="SEG=X",
    flag="--min",
    shared=True,
)
_MAXIMUM = Argument(
    "maximum",
    dict[str, float],
    "Most for a segment or tier; LEVER:SEG through one lever.",
    {},
    unit="SEG=X",
    flag="--max",
    shared=True,
)
_AMBIGUITY = Argument(
    "ambiguity",
    float,
    "Probability that may fall elsewhere: the robust answer beside the nominal one.",
    0.0,
    unit="0..1",
    shared=True,
)
_SLOPE_BUDGET = Argument(
    "slope_budget", int, "Segments whose response may be as weak as `low`: likewise.", 0, unit="SEGMENTS", shared=True
)
_EXACT = Argument("exact", bool, "Prove the risk in exact fractions too (small chains).", False)
_MEASURED = (_ALPHA, _BETA, _PIECES)
_BUDGETED = (*_MEASURED, _LEVERS)
_CHOSEN = (_BUDGET, *_MEASURED, _MOVE, _MINIMUM, _MAXIMUM, _LEVERS)

_FROM = Argument("giving", str, "Tier that gives.", unit="TIER", key="from")
_TO = Argument("receiving", str, "Tier that receives.", unit="TIER", key="to")
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
        (Argument("allocation", Path, "CSV file: segment,instrument,value.", unit="FILE"), *_MEASURED, _EXACT),
        example="tierwise evaluate robots --allocation mine.csv",
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
            Argument("parameter", str, "What is multiplied: slope, ceiling or probability.", "slope"),
            Argument("on", str, "Tier or segment whose parameter it is (default: --to).", None, unit="SEG-or-TIER"),
            *_MEASURED,
        ),
        example="tierwise break-even robots --from midstream --to upstream",
        in_study=_BETWEEN,
        report=("more",),
        page="docs/questions/break-even.md",
    ),
    Question(
        "definitions",
        "Tell the shares of tiers at least risk under each definition of domestic.",
        "optimize.questions.by_definition:least_risk_by_definition",
        _CHOSEN,
        in_study=InStudy(),
        report=("more",),
        file="by_definition",
        page="docs/questions/indicators.md",
    ),
    Question(
        "frontier",
        "Tell least risk against the budget, every breakpoint exact.",
        "optimize:frontier",
        (
            Argument("max_budget", float, "Where to stop (default: where money buys nothing).", None, unit="MONEY"),
            Argument("gap", float, "Largest error in risk allowed (default: exact).", None, unit="0..1"),
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
            Argument("years", int, "Years after the base year.", 10, unit="YEARS", least=1, most=100),
            Argument("growth", float, "By which demand and supply grow every year.", 0.0, unit="SHARE"),
            Argument("rate", float, "At which later risk counts less, by the year.", 0.03, unit="SHARE"),
            Argument("budget", float, "Budget of every year (default: as observed).", None, unit="MONEY", shared=True),
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
                "periods", tuple[str, ...], "Periods for firms.csv, such as 2010-2014,2015-2017,2018-2022.", (), "YEARS"
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
            Argument("worst", int, "Find the worst set of at most this many cuts.", None, unit="CUTS"),
            Argument("over", str, "What --worst cuts: countries or links.", "countries"),
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
                "Number to turn; again for more (default: all): dispensable, outage, held, spare, probability, "
                "probability:SCENARIO, slope:TIER.",
                (),
                unit="NUMBER",
            ),
            Argument("map", tuple[str, ...], "Two numbers to turn together, as a map.", (), unit="A,B"),
            Argument("steps", int, "Steps of each range.", 20, least=1),
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
            Argument("n", int, "Cuts that the attacker may make.", unit="CUTS", key="cuts", least=0),
            Argument("over", str, "What is cut: countries or links.", "countries"),
            Argument("gap", float, "Largest gap of the worst loss, relative to it.", 1e-6, unit="0..1"),
            *_CHOSEN,
        ),
        example="tierwise against robots --cuts 2 --over links",
        in_study=InStudy(table="against", required=("n",), optional=("over", "gap")),
        report=("more",),
        page="docs/questions/against.md",
    ),
    Question(
        "what-if",
        "Tell what one disruption would cost today, at least, and what to buy for that.",
        "optimize:what_if",
        (
            Argument("cuts", list[str], "What is cut off; again for more.", unit="COUNTRY[:SEG,SEG]", flag="--cut"),
            Argument("months", float, "How long it lasts.", 12.0, unit="0..12", above=0.0, most=12.0),
            Argument(
                "stock", dict[str, float], "Stock held, in months of its use in calm.", {}, unit="SEG=MONTHS", least=0.0
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
        report=("more",),
        page="docs/questions/priorities.md",
    ),
    Question(
        "self-sufficiency",
        "Tell what a self-sufficiency target would cost, and what that does to risk.",
        "scenarios.asking.self_sufficiency:ask",
        (
            Argument(
                "target", float, "Share of use that is to be made at home, 0 to 1.", 0.7, "0..1", least=0.0, most=1.0
            ),
            Argument("segments", list[str], "Where (default: upstream).", (), unit="SEG-or-TIER", flag="--in"),
            Argument("definition", str, "What counts as made at home: location, ownership or broad.", "location"),
            Argument("curve", bool, "Tell the cost of every target that can be reached.", False),
            *_BUDGETED,
        ),
        example="tierwise self-sufficiency robots --target 0.6 --in upstream",
        in_study=InStudy(table="self_sufficiency", required=("target",), optional=("segments",), fixed={"both": True}),
        report=("more",),
        page="docs/questions/self-sufficiency.md",
    ),
    Question(
        "indicators",
        "Tell import dependence segment by segment, and how it turns on what counts as domestic.",
        "scenarios.asking.indicators:ask",
        (
            Argument(
                "definition", str, "What counts as domestic in the table: location, ownership or broad.", "location"
            ),
            Argument("ranking", str, "Indicator whose ranking is compared.", "import_share"),
        ),
        example="tierwise indicators chips --definition ownership",
        in_study=InStudy(),
        page="docs/questions/indicators.md",
    ),
    Question(
        "ranges",
        "Tell the least and the most that each segment gets in any least-risk allocation.",
        "optimize:ranges",
        _CHOSEN,
        in_study=InStudy(),
        page="docs/questions/ranges.md",
    ),
    Question(
        "robust",
        "Find the allocation whose worst case is least, beside the nominal one.",
        "optimize:robust",
        (*_CHOSEN, _AMBIGUITY, _SLOPE_BUDGET),
        in_study=InStudy(where=lambda options: bool(options.ambiguity or options.slope_budget)),
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
            Argument("outcome", str, "What is moved, such as regret, risk_least, share_upstream.", "regret"),
            Argument(
                "trajectories", int, "Of the Morris screen; 0: one number at a time (default: 4).", None, unit="COUNT"
            ),
            Argument("seed", int, "Of the screen.", 1),
            *_CHOSEN,
        ),
        example="tierwise quality robots",
        in_study=InStudy(),
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
            Argument("gap", float, "Relative gap between the bounds at which to stop.", 1e-4, unit="0..1"),
            Argument("rounds", int, "Rounds of cuts after which to stop.", 200, unit="ROUNDS"),
            Argument("seconds", float, "Seconds after which to stop (default: never).", None, unit="SECONDS"),
            Argument("bundle", int, "Scenarios solved together, about.", 100, unit="SCENARIOS"),
            *_CHOSEN,
        ),
        example="mpiexec -n 3 tierwise optimize-mpi robots --gap 1e-3",
        file="bounds",
        page="docs/questions/bounds.md",
        processes=True,
    ),
)

QUESTIONS: dict[str, Question] = {question.name: question for question in _ALL}
"""Every question by its name."""

TABLES: dict[str, Question] = {table: question for question in _ALL for table in question.tables}
"""The tables of a results folder, beside `cases`, by name: whose answer they hold."""
