"""The declaration of every table of a chain package.

This one declaration drives reading and checking (`chains.tables.checking`), the descriptor `datapackage.json`
(`chains.tables.descriptor`) and the documentation of the format. The meaning of each table is fixed in the model
description (docs/model.md, section 1).
"""

from chains.tables.declaring import STATUSES, Column, Kind, Parameter, Table, evidence, parameter

__all__ = [
    "CHOICES",
    "EVIDENCE",
    "FACTORS",
    "LINK_TABLES",
    "STATUSES",
    "TABLES",
    "TIERS",
    "Column",
    "Kind",
    "Parameter",
    "Table",
]

TIERS = ("upstream", "midstream", "downstream")
FACTORS = ("raised", "additional", "survival")
"""Parameters of an instrument whose product is its effectiveness where that is not given itself."""

EVIDENCE = tuple(column.name for column in evidence(""))
"""Names of the evidence columns."""

_SEGMENT = Column("segment", Kind.KEY, "segment of the chain")
_ANY_SEGMENT = Column("segment", Kind.KEY, "segment of the chain; blank for any", blank=True)
_LOCATION = Column("location", Kind.COUNTRY, "country where the supply is made")
_ANY_LOCATION = Column("location", Kind.COUNTRY, "country where the supply is made; blank for any", blank=True)
_TIER = Column("tier", Kind.KEY, "technological tier", choices=TIERS)
_CHAIN = Column("chain", Kind.KEY, "supply chain")
_SCENARIO = Column("scenario", Kind.KEY, "disruption scenario; `calm` is implicit")
_INSTRUMENT = Column("instrument", Kind.KEY, "policy instrument, such as grants")

_RESPONSE = (
    Parameter("slope", "r_k, supply added per unit of effective funds at the first unit", required=True),
    Parameter("ceiling", "G_k, the most that can be added, money per year", required=True, money=True),
    Parameter("lag", "whole years until funds add supply, in a plan over years", default="0", whole=True),
    Parameter("life", "years that added supply lasts, in a plan over years", default="for ever", above=True),
)
_INSTRUMENTS = (
    Parameter("effectiveness", "effective funds per unit of budget", default=" x ".join(FACTORS)),
    Parameter("raised", "share of the planned money that came", maximum=1.0, default="1"),
    Parameter("additional", "1 less what the money crowds out", maximum=1.0, default="1"),
    Parameter("survival", "1 less failure and waste", maximum=1.0, default="1"),
    Parameter("lag", "whole years added to the segment's, in a plan over years", default="0", whole=True),
)
_DURATIONS = (
    Parameter("outage", "months that the cuts last", maximum=12.0, default="12", above=True),
    Parameter("recovery", "months over which supply then comes back linearly", default="0"),
)
_CRITICALITY = (
    Parameter("dispensable", "share of the input that can be done without in a disruption", maximum=1.0, default="0"),
    Parameter("penalty", "loss per unit of input done without", default="0"),
)
_STOCKS = (
    Parameter("held", "stock in the base year, money at base-year prices", default="0", money=True),
    Parameter("limit", "the most that can be held, money at base-year prices", default="held", money=True),
    Parameter("price", "money per unit bought", default="1"),
    Parameter("holding", "yearly cost per unit held beyond `held`", default="0"),
)
_SUPPLIERS = (
    Parameter("limit", "the most that can be contracted, money per year", required=True, money=True),
    Parameter("cost", "money per year and unit contracted", required=True),
)
_PROCUREMENT = (
    Parameter("limit", "purchases that preference can turn to home supply, money per year", required=True, money=True),
    Parameter("premium", "cost per unit turned", required=True),
    Parameter("response", "home capacity added per unit turned", required=True),
)

_DECLARED = (
    Table(
        "segments",
        "the segments of the chain and their tiers",
        (_SEGMENT, _CHAIN, _TIER, Column("name", Kind.TEXT, "name for people")),
        key=("segment",),
        evidence=False,
    ),
    Table(
        "demand",
        "final demand d_k, summed over uses; 0 where not listed",
        (
            _SEGMENT,
            Column("use", Kind.KEY, "industry that buys", blank=True),
            *evidence("final demand, money per year", money=True),
        ),
        key=("segment", "use"),
        guide=(
            "Exports are a use like any other; a low weight for that use in `loss_weights.csv` lets them be given "
            "up first."
        ),
        example=(
            "servos,robots,6.2,,,reported,book,",
            "servos,exports,1.5,1,2,assumed,talk,Share of output shipped abroad",
        ),
    ),
    Table(
        "inputs",
        "input coefficients a_ku",
        (
            Column("input", Kind.KEY, "segment that supplies"),
            Column("user", Kind.KEY, "segment that uses"),
            Column(
                "replaces",
                Kind.KEY,
                "in a link package: the use of final demand that the row makes explicit",
                blank=True,
                absent=True,
            ),
            *evidence("value of input per unit value of home output of the user"),
        ),
        key=("input", "user", "replaces"),
    ),
    Table(
        "supply",
        "supply available in the base year, by location and owner",
        (
            _SEGMENT,
            _LOCATION,
            Column("owner", Kind.OWNER, "country of the firms that own the supply; HYB for hybrids"),
            *evidence("supply available, money per year", money=True),
        ),
        key=("segment", "location", "owner"),
    ),
    Table(
        "trade",
        "imports as trade statistics have them, to be compared with supply; the program does not use them",
        (
            _SEGMENT,
            Column("location", Kind.COUNTRY, "country that the imports come from"),
            *evidence("imports, money per year", money=True),
        ),
        key=("segment", "location"),
        optional=True,
        feeds=False,
        guide=(
            "A warning tells where the share of a country in a segment's imports and its share in foreign supply are "
            "far apart: a figure of another year, other goods, or goods that only pass through."
        ),
        example=("servos,JPN,2.1,,,reported,book,HS 850152", "servos,DEU,0.7,,,reported,book,HS 850152"),
    ),
    Table(
        "surge",
        "how far uncut supply can expand in a disruption; the largest matching value counts; a blank location means "
        "any foreign one, a row that names the home country lets home supply expand",
        (_ANY_SEGMENT, _ANY_LOCATION, *evidence("fraction of the supply")),
        key=("segment", "location"),
        optional=True,
        guide=(
            "The first row lets any foreign supply that is not cut expand by a tenth; the second lets plants at "
            "home that are not cut make a fifth more controllers (home is CHN here)."
        ),
        example=(
            ",,0.1,0,0.2,assumed,talk,Spare shifts abroad",
            "controllers,CHN,0.2,0.1,0.3,assumed,talk,Plants run at 80% of capacity",
        ),
    ),
    Table(
        "response",
        "response of home supply to effective funds",
        (
            _SEGMENT,
            parameter(*_RESPONSE),
            *evidence("the parameter"),
        ),
        key=("segment", "parameter"),
        parameters=_RESPONSE,
        guide=("`lag` and `life` say when funds add supply and for how long it lasts; only plans over years use them."),
        example=(
            "servos,slope,1.2,0.6,1.8,assumed,talk,Supply added per unit of funds",
            "servos,ceiling,3,2,5,assumed,talk,Sites and skilled people",
            "servos,lag,2,1,3,assumed,talk,Two years from ground to first output",
        ),
    ),
    Table(
        "subsidies",
        "the observed allocation; the greatest period in string order is the latest",
        (
            _SEGMENT,
            _INSTRUMENT,
            Column("period", Kind.KEY, "period in which the money was given"),
            *evidence("money given", money=True),
        ),
        key=("segment", "instrument", "period"),
    ),
    Table(
        "instruments",
        "how well instruments work, for one tier or all; the row that names the tier counts",
        (
            _INSTRUMENT,
            Column("tier", Kind.KEY, "technological tier; blank for any", blank=True, absent=True, choices=TIERS),
            parameter(*_INSTRUMENTS),
            *evidence("the parameter"),
        ),
        key=("instrument", "tier", "parameter"),
        optional=True,
        parameters=_INSTRUMENTS,
        guide=(
            "Give `effectiveness` itself, or the factors that make it up. Here grants come to 0.8 of what was planned; "
            "a third of them replaces private money, so 0.67 is additional; upstream 0.6 of the projects survive. "
            "Grants are worth 0.8 x 0.67 = 0.536 of what was planned, and upstream 0.8 x 0.67 x 0.6 = 0.3216."
        ),
        example=(
            "grants,,raised,0.8,0.7,1,assumed,talk,Part of the plans is never paid out",
            "grants,,additional,0.67,0.5,0.9,assumed,talk,Some firms would have paid themselves",
            "grants,upstream,survival,0.6,0.4,0.8,assumed,talk,Projects on new materials often fail",
        ),
    ),
    Table(
        "disruptions",
        "cuts of supply by scenario; the largest matching value counts",
        (
            _SCENARIO,
            _ANY_SEGMENT,
            _ANY_LOCATION,
            Column("owner", Kind.OWNER, "owner of the supply; blank for any", blank=True),
            *evidence("fraction of matching supply that is cut", maximum=1.0),
        ),
        key=("scenario", "segment", "location", "owner"),
    ),
    Table(
        "probabilities",
        "probability of each disruption scenario; what is missing to 1 is calm",
        (_SCENARIO, *evidence("probability in a year", maximum=1.0)),
        key=("scenario",),
    ),
    Table(
        "loss_weights",
        "loss w_kn per unit of unmet final demand; 1 where not listed; a row that names the use counts before one that "
        "does not",
        (
            _SEGMENT,
            Column("use", Kind.KEY, "industry that buys; blank for any", blank=True, absent=True),
            *evidence("loss per unit of unmet final demand"),
        ),
        key=("segment", "use"),
        optional=True,
        choice=True,
        guide=(
            "A unit of exports that is not delivered counts a tenth of one at home. That is for you to say, as the "
            "budget is: shares of evidence leave these rows out."
        ),
        example=(
            "servos,,1,,,derived,book,Value added at stake",
            "servos,exports,0.1,0,0.3,assumed,talk,Buyers abroad turn elsewhere",
        ),
    ),
    Table(
        "durations",
        "how long a disruption lasts; the rest of the year is as calm",
        (_SCENARIO, parameter(*_DURATIONS), *evidence("months")),
        key=("scenario", "parameter"),
        optional=True,
        parameters=_DURATIONS,
        guide=(
            "A scenario without rows lasts the whole year. Here the cuts of `quake` last 3 months in full; then "
            "supply comes back over 4 months: three quarters of the cuts in the first half of these, a quarter in "
            "the second. What goes beyond the end of the year is cut off."
        ),
        example=(
            "quake,outage,3,2,6,assumed,talk,Plants reopen within a quarter",
            "quake,recovery,4,2,8,assumed,talk,Full output returns step by step",
        ),
    ),
    Table(
        "criticality",
        "inputs that can partly be done without in a disruption; the row with most keys counts, then the one that "
        "names the input",
        (
            Column("input", Kind.KEY, "segment that supplies; blank for any", blank=True),
            Column("user", Kind.KEY, "segment that uses; blank for any", blank=True),
            parameter(*_CRITICALITY),
            *evidence("the parameter"),
        ),
        key=("input", "user", "parameter"),
        optional=True,
        parameters=_CRITICALITY,
        guide=(
            "Of the bearings that reducers take, 20% can be done without in a disruption, at a loss of 0.5 per "
            "unit; of whatever `lithography` supplies to anyone, 90%: a tool in place goes on working. In calm "
            "nothing is done without."
        ),
        example=(
            "bearings,reducers,dispensable,0.2,0.1,0.3,assumed,talk,Lower grades serve for some models",
            "bearings,reducers,penalty,0.5,0,1,assumed,talk,Lower grades wear out sooner",
            "lithography,,dispensable,0.9,0.8,0.95,assumed,talk,Capital goods; the rest is upkeep",
        ),
    ),
    Table(
        "stocks",
        "segments that can be stored: what is held, what more can be and at which cost",
        (_SEGMENT, parameter(*_STOCKS), *evidence("the parameter")),
        key=("segment", "parameter"),
        optional=True,
        parameters=_STOCKS,
        guide=(
            "Stock is drawn in disruptions, never in calm. Here 0.4 is held and 2 can be held, so money may buy "
            "1.6 more, at 1 per unit and 0.05 a year for keeping it. A segment without a row cannot be stored."
        ),
        example=(
            "magnets,held,0.4,0.2,0.6,assumed,talk,Six weeks of use",
            "magnets,limit,2,1,3,assumed,talk,Warehouses with inert gas",
            "magnets,holding,0.05,0.02,0.1,assumed,talk,Storage and interest",
        ),
    ),
    Table(
        "suppliers",
        "further foreign supply that can be contracted, never in the home country",
        (_SEGMENT, _LOCATION, parameter(*_SUPPLIERS), *evidence("the parameter")),
        key=("segment", "location", "parameter"),
        optional=True,
        parameters=_SUPPLIERS,
        guide=(
            "Up to 0.8 a year of magnets from Australia can be contracted; each unit contracted costs 0.3 a year, "
            "whether it is used or not. Disruptions cut it as they cut other supply in Australia, owned there."
        ),
        example=(
            "magnets,AUS,limit,0.8,0.4,1.2,assumed,talk,Mines that could deliver",
            "magnets,AUS,cost,0.3,0.2,0.5,assumed,talk,Premium for a call on output",
        ),
    ),
    Table(
        "procurement",
        "public purchases that preference can turn to home supply",
        (_SEGMENT, parameter(*_PROCUREMENT), *evidence("the parameter")),
        key=("segment", "parameter"),
        optional=True,
        parameters=_PROCUREMENT,
        guide=(
            "Public buyers take controllers for 5 a year that could be turned to home supply; each unit turned "
            "costs 0.15 more, and makes firms at home build capacity of 0.3."
        ),
        example=(
            "controllers,limit,5,3,7,assumed,talk,Purchases of public hospitals and railways",
            "controllers,premium,0.15,0.1,0.25,assumed,talk,Price difference",
            "controllers,response,0.3,0.1,0.5,assumed,talk,Capacity that a safe buyer calls forth",
        ),
    ),
    Table(
        "tiers",
        "published tier indicators",
        (
            _CHAIN,
            _TIER,
            Column("period", Kind.KEY, "period of the indicator"),
            Column("indicator", Kind.KEY, "name of the indicator"),
            *evidence("the indicator; ratios to sales as fractions", minimum=None),
        ),
        key=("chain", "tier", "period", "indicator"),
        optional=True,
        feeds=False,
    ),
    Table(
        "segment_indicators",
        "published indicators of segments, such as those that an inter-country table gives",
        (
            _SEGMENT,
            Column("period", Kind.KEY, "period of the indicator"),
            Column("indicator", Kind.KEY, "name of the indicator"),
            *evidence("the indicator; shares as fractions", minimum=None),
        ),
        key=("segment", "period", "indicator"),
        optional=True,
        feeds=False,
        guide=(
            "Of the inputs of servos, 42% are made abroad if inputs of inputs are looked through, as an inter-country "
            "input-output table says; `tierwise indicators` shows it beside its own."
        ),
        example=("servos,2020,foreign_input_reliance,0.42,,,derived,book,From the Leontief inverse of the table",),
    ),
    Table(
        "firms",
        "a user's own firm panel",
        (
            Column("firm", Kind.KEY, "firm"),
            Column("year", Kind.KEY, "year of the accounts"),
            _CHAIN,
            _TIER,
            Column("sales", Kind.NUMBER, "sales, money per year", minimum=0.0, money=True),
            Column("rd", Kind.NUMBER, "R&D expenditure, money per year", blank=True, minimum=0.0, money=True),
            Column("subsidies", Kind.NUMBER, "subsidies received, money per year", blank=True, minimum=0.0, money=True),
            Column("profit", Kind.NUMBER, "profit, money per year", blank=True, money=True),
        ),
        key=("firm", "year"),
        optional=True,
        evidence=False,
        guide=(
            "Serves the test of the finding's shape and intensities (`tierwise indicators`); with `firm_segments.csv`, "
            "the observed allocation, too. It is read on this machine alone, but a results folder holds copies of the "
            "packages it is about: leave those out before you pass it on."
        ),
    ),
    Table(
        "firm_segments",
        "the segments that firms work in: with it, firms fill the observed allocation",
        (
            Column("firm", Kind.KEY, "firm of `firms.csv`"),
            _SEGMENT,
            Column("instrument", Kind.KEY, "policy instrument through which the firm's subsidies for it came"),
            *evidence("share of the firm's sales, R&D and subsidies that is of the segment", maximum=1.0),
        ),
        key=("firm", "segment"),
        optional=True,
        feeds=False,
        applied="subsidies",
        guide=(
            "A firm may have several segments; what is missing to 1 is other business. The period is the latest of "
            "`subsidies.csv`, or, if that has no rows or is left out, the latest year in which a firm has subsidies. "
            "A segment's money through an instrument that `subsidies.csv` states counts as stated: firms may account "
            "for less of it, which a warning tells; if they account for more (beyond 1%, for rounding, or its `high`) "
            "that is an error. What it does not state is the sum over firms, with a warning. Money that no segment "
            "gets is told, too. Of the 12 that `Nord` got in 2022, servos get 7.2 and controllers 3.6."
        ),
        example=(
            "Nord,servos,grants,0.6,0.5,0.7,assumed,talk,Segment report gives sales alone",
            "Nord,controllers,grants,0.3,0.2,0.4,assumed,talk,The same",
        ),
    ),
    Table(
        "conversions",
        "rates at which packages in different money compose",
        (
            Column("money", Kind.KEY, "money that is converted: currency and scale, such as `JPY billion`"),
            Column("into", Kind.KEY, "money that it becomes, such as `CNY billion`"),
            Column("year", Kind.KEY, "year of the rate"),
            *evidence("what one of the one is in the other"),
        ),
        key=("money", "into", "year"),
        optional=True,
        feeds=False,
        applied="the amounts of money in the tables themselves",
        guide=(
            "Needed only where packages compose whose money differs, in a link package of its own or in one of them. A "
            "row holds for every scale of its two currencies, and both ways. The rate of the year of the package that "
            "is converted counts, else the only one, with a warning. Between scales of one currency the rate is what "
            "they are: a thousand is 0.001 million. Published indicators (`tiers.csv`) stay in the units they are "
            "published in. The range of a rate is not drawn."
        ),
        example=(
            "JPY billion,CNY billion,2022,0.05,,,reported,book,Yearly average (made up here)",
            "CNY thousand,CNY million,2022,0.001,,,derived,book,A million is a thousand thousands",
        ),
    ),
    Table(
        "sources",
        "the documents that the numbers come from",
        (
            Column("source", Kind.KEY, "key that the other tables use"),
            Column("citation", Kind.TEXT, "author, title, publisher, year"),
            Column("locator", Kind.TEXT, "page, table or section", blank=True),
            Column("url", Kind.TEXT, "address", blank=True),
        ),
        key=("source",),
        evidence=False,
    ),
)

TABLES = {table.name: table for table in _DECLARED}
"""Every table of a package by name, in the order in which people read them."""

CHOICES = tuple(table.name for table in _DECLARED if table.choice)
"""Tables whose values are their author's choice, and no evidence."""

LINK_TABLES = frozenset({"inputs", "conversions", "sources"})
"""The tables of a link package; a folder with any other table is a full package."""
