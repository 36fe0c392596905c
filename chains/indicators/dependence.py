"""Indicators of import dependence, segment by segment, under each definition of domestic. No optimisation.

Which segment looks most dependent turns on what counts as domestic; `ranking_by_definition` shows how much.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from chains.chain import Chain
from chains.indicators.domestic import domestic_share, places
from chains.indicators.look_through import (
    Leontief,
    distortion_centrality,
    hypothetical_extraction,
    import_content,
    primary_share,
    ratio,
    upstreamness,
)
from chains.numbers import Array
from chains.tables.definitions import DEFINITIONS, check_definition, is_domestic
from chains.tables.problems import InputError, nearest
from chains.tables.schema import TIERS

__all__ = [
    "DEFAULT_WEDGE",
    "INDICATORS",
    "Indicator",
    "indicators",
    "indicators_by_definition",
    "ranking_by_definition",
    "ranking_of",
    "ranking_table",
    "technology_dependency",
]

CONCENTRATED, IMPORTANT = 0.4, 0.5
"""Thresholds of the European Commission's first two core dependency indicators (SWD(2021) 352)."""

DEFAULT_WEDGE = 0.1
"""Wedge of distortion centrality where none is given: an assumption, since no package measures one."""


@dataclass(frozen=True)
class Indicator:
    """What a column of `indicators` is: meaning, unit and source, for people."""

    meaning: str
    unit: str
    source: str


_CDI = "adapted from European Commission, SWD(2021) 352"
_OECD = "OECD, import content of exports; Hummels, Ishii and Yi 2001"

_RELIANCE = "after Baldwin, Freeman, Theodorakopoulos 2023"

_SWD, _GEODEP = "European Commission, SWD(2021) 352", "CEPII, GeoDep"

_GIVEN = {
    "foreign_input_reliance_direct": Indicator(
        "inputs made abroad over all inputs, at face value, from an inter-country table", "share", _RELIANCE
    ),
    "foreign_input_reliance": Indicator(
        "the same with inputs of inputs, looked through the whole world", "share", _RELIANCE
    ),
    "trade_hhi": Indicator("sum of squared shares of countries in imports", "0 to 1", _GEODEP),
    "trade_imports_to_exports": Indicator("imports over exports", "ratio", _GEODEP),
    "trade_world_hhi": Indicator("sum of squared shares of countries in the world's exports", "0 to 1", _GEODEP),
    "trade_outside_eu": Indicator("of a member country, imports from outside the EU over all", "share", _SWD),
    "eu_cdi_1": Indicator("sum of squared shares of countries in imports of the EU from outside", "0 to 1", _SWD),
    "eu_cdi_2": Indicator("imports of the EU from outside over all imports of its members", "share", _SWD),
    "eu_cdi_3": Indicator("imports of the EU from outside over all exports of its members", "ratio", _SWD),
}
"""Indicators that a package brings along: a chain of one country has neither exports nor what others make."""

INDICATORS = {
    "import_share": Indicator("not domestic over total supply; CDI 2", "share", _CDI),
    "herfindahl": Indicator("sum of squared shares of places in supply that is not domestic; CDI 1", "0 to 1", _CDI),
    "import_to_domestic": Indicator("not domestic over domestic supply; stands in for CDI 3", "ratio", _CDI),
    "core_dependency": Indicator("1 where CDI 1 > 0.4, CDI 2 > 0.5 and CDI 3 > 1, as adapted; else 0", "0 or 1", _CDI),
    "import_content_direct": Indicator("inputs not domestic per unit of home output", "share of output", _OECD),
    "import_content": Indicator("the same, looked through domestic inputs", "share of output", _OECD),
    "import_content_supply": Indicator("the same per unit supplied, bought abroad or not", "share of supply", _OECD),
    "extraction": Indicator("domestic output lost without the segment", "share of output", "Miller and Blair 2009"),
    "upstreamness": Indicator("mean stages to final use", "stages, from 1", "Antras, Chor, Fally, Hillberry 2012"),
    "distortion_centrality": Indicator("influence over Domar weight, under a wedge", "ratio, mean 1", "Liu 2019"),
    "technology_dependency": Indicator(
        "technology imports over R&D plus technology imports, by tier", "share", "Zhang et al., World Bank 2009; Ding"
    ),
    **_GIVEN,
}
"""Every column of `indicators`, in order."""


def indicators(
    chain: Chain, definition: str = "location", wedge: float | Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Every indicator of every segment; index `segment`, columns `indicator` (INDICATORS says what each is).

    `definition` is location, ownership or broad. `wedge` is what market imperfections add to the cost of a unit of
    input in distortion centrality: one number, or one for each tier that buys (default DEFAULT_WEDGE, assumed). A
    division by zero gives NaN, never 0; docs/questions/indicators.md lists where. InputError for an unknown
    definition, a bad wedge, and inputs that are not productive.
    """
    check_definition(definition)
    return _indicators(chain, definition, wedge, _undefined(chain))


def indicators_by_definition(chain: Chain, wedge: float | Mapping[str, float] | None = None) -> pd.DataFrame:
    """`indicators` under all three definitions; columns (definition, indicator)."""
    undefined = _undefined(chain)
    found = {definition: _indicators(chain, definition, wedge, undefined) for definition in DEFINITIONS}
    return pd.concat(found, axis=1, names=["definition"])


def ranking_by_definition(chain: Chain, indicator: str = "import_share") -> pd.DataFrame:
    """Ranks of segments by one indicator under each definition; index `segment`.

    Columns location, ownership, broad: rank 1 has the largest value, NaN where the indicator is NaN. Values that are
    equal to four significant digits share the better rank, so that rounding in a package ranks nothing. `moves`: the
    largest rank less the smallest, NaN where one is missing.
    """
    return ranking_of(indicators_by_definition(chain), indicator)


def ranking_of(found: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """`ranking_by_definition` of indicators that are at hand (`indicators_by_definition`)."""
    values = _values(found, indicator).map(lambda value: float(f"{value:.4g}"))
    ranks = values.rank(ascending=False, method="min")
    return ranks.assign(moves=ranks.max(axis=1, skipna=False) - ranks.min(axis=1, skipna=False))


def ranking_table(chain: Chain, indicator: str = "import_share") -> str:
    """`ranking_by_definition` as a Markdown table: value and rank under each definition, and how far ranks move."""
    found = indicators_by_definition(chain)
    values, ranks = _values(found, indicator), ranking_of(found, indicator)
    lines = [f"| segment | {' | '.join(DEFINITIONS)} | moves |", "|---|" + "--:|" * (len(DEFINITIONS) + 1)]
    for segment in ranks.sort_values([*DEFINITIONS], kind="stable").index:
        pairs = [(values.loc[segment, name], ranks.loc[segment, name]) for name in DEFINITIONS]
        cells = [f"{value:.2f} ({rank:.0f})" if rank > 0 else "none" for value, rank in pairs]
        moved = ranks.loc[segment, "moves"]
        lines.append(f"| {segment} | {' | '.join(cells)} | {f'{moved:.0f}' if moved >= 0 else 'none'} |")
    return "\n".join(lines)


def _values(found: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """One indicator under each definition; index `segment`, columns definitions."""
    if indicator not in INDICATORS:
        wrong = "is not an indicator"
        raise InputError.single(f"indicator '{indicator}'", wrong, nearest(indicator, tuple(INDICATORS)))
    return pd.DataFrame({definition: found[definition, indicator] for definition in DEFINITIONS})


def _indicators(
    chain: Chain, definition: str, wedge: float | Mapping[str, float] | None, undefined: Mapping[str, Array]
) -> pd.DataFrame:
    """`indicators`, those that turn on no definition being at hand."""
    columns = {**_supply(chain, definition), **_network(chain, definition, wedge), **undefined}
    index = pd.Index(chain.numbers.segments, name="segment")
    return pd.DataFrame(columns, index=index).loc[:, list(INDICATORS)].rename_axis(columns="indicator")


def _undefined(chain: Chain) -> dict[str, Array]:
    """Indicators that are the same whatever counts as domestic."""
    return {"technology_dependency": _technology(chain).to_numpy(), **_given(chain)}


def _supply(chain: Chain, definition: str) -> dict[str, Array]:
    """Indicators of supply alone, in the order of the chain's segments.

    Core dependency: CDI 3 > 1 holds wherever CDI 2 > 0.5 does, because both are of the same two amounts here.
    """
    share = domestic_share(chain, definition).to_numpy(dtype=np.float64)
    concentration = _herfindahl(chain, definition)
    dependent = (concentration > CONCENTRATED) & (1.0 - share > IMPORTANT)
    return {
        "import_share": 1.0 - share,
        "herfindahl": concentration,
        "import_to_domestic": ratio(1.0 - share, share),
        "core_dependency": np.where(np.isnan(share), np.nan, dependent.astype(np.float64)),
    }


def _herfindahl(chain: Chain, definition: str) -> Array:
    """sum_c (v_kc / sum_c v_kc)^2 over the places c that supply which is not domestic comes from; NaN without any."""
    supply = chain.table("supply")
    away = supply[~is_domestic(supply, chain.home, definition)]
    by_place = away["value"].groupby([away["segment"], places(away, chain.home)]).sum()
    total = by_place.groupby("segment").sum()
    squares = (by_place**2).groupby("segment").sum()
    return (squares / total.where(total > 0) ** 2).reindex(list(chain.numbers.segments)).to_numpy(dtype=np.float64)


def _network(chain: Chain, definition: str, wedge: float | Mapping[str, float] | None) -> dict[str, Array]:
    """Indicators of the input-output network, in the order of the chain's segments.

    Every use of a segment, input or final, is taken from domestic supply in the same proportion s_k (a segment
    without supply counts as imported): A_d = diag(s) A, A_m = A - A_d. Total use Z = d + A diag(h) Z, with h the
    share made at home; domestic output x = s Z. What domestic plants deliver to final demand and to plants at home
    that are not domestic is the final demand of the domestic system, f = x - A_d x.
    """
    numbers = chain.numbers
    A = numbers.inputs
    made_at_home = domestic_share(chain, "location").fillna(0.0).to_numpy()
    share = domestic_share(chain, definition)
    domestic = share.fillna(0.0).to_numpy()
    A_d = sparse.csr_array(A.multiply(domestic[:, None]))
    use = Leontief(A.multiply(made_at_home[None, :])).output(numbers.demand)
    output = domestic * use
    final = domestic * (numbers.demand + A @ (use * (made_at_home - domestic)))
    content = import_content(A_d, A - A_d)
    return {
        "import_content_direct": (A - A_d).sum(axis=0),
        "import_content": content,
        "import_content_supply": np.where(share.isna(), np.nan, 1.0 - domestic + domestic * content),
        "extraction": hypothetical_extraction(A_d, final),
        "upstreamness": upstreamness(A, output, use),
        "distortion_centrality": distortion_centrality(A_d, final, _wedges(chain, A_d, output, wedge)),
    }


def _wedges(chain: Chain, A_d: sparse.csr_array, output: Array, wedge: float | Mapping[str, float] | None) -> Array:
    """The wedge of every user; InputError where a wedge that was given is none, or costs more than the output."""
    tiers = chain.numbers.tiers
    if wedge is None:
        return np.full(len(tiers), DEFAULT_WEDGE)
    by_tier = wedge if isinstance(wedge, Mapping) else dict.fromkeys(TIERS, wedge)
    for tier in by_tier:
        if tier not in TIERS:
            raise InputError.single(f"wedge of '{tier}'", "is not a tier", nearest(tier, TIERS))
    for tier in sorted(set(tiers) - set(by_tier)):
        raise InputError.single(f"wedge of '{tier}'", "is not given", "give one number, or one for each tier")
    for tier, value in by_tier.items():
        if not (np.isfinite(value) and value >= 0):
            raise InputError.single(f"wedge of '{tier}'", f"is {value:g}", "give 0 or more, such as 0.1 for 10%")
    wedges = np.array([by_tier[tier] for tier in tiers])
    left = np.where(output > 0, primary_share(A_d, wedges), 1.0)
    worst = int(left.argmin())
    if left[worst] < 0:
        wrong = f"of {wedges[worst]:g} makes the domestic inputs of '{chain.numbers.segments[worst]}' cost more than it"
        right = f"(1 + wedge) x {A_d[:, worst].sum():.3g} must be at most 1"
        raise InputError.single(f"wedge of '{tiers[worst]}'", wrong, right)
    return wedges


def _given(chain: Chain) -> dict[str, Array]:
    """Indicators of `segment_indicators.csv`, each of the latest period (in string order); NaN where there is none."""
    rows = chain.table("segment_indicators").sort_values("period", kind="stable")
    latest = rows.groupby(["indicator", "segment"])["value"].last().unstack("indicator")
    wide = latest.reindex(index=list(chain.numbers.segments), columns=list(_GIVEN)).to_numpy(dtype=np.float64)
    return dict(zip(_GIVEN, wide.T, strict=True))


def technology_dependency(technology_imports: pd.Series, rd_expenditure: pd.Series) -> pd.Series:
    """Technology dependency ratio: technology imports / (R&D expenditure + technology imports), 0 to 1.

    Both in the same money and period; index as given. Source: Zhang, Zeng, Mako and Seward, *Promoting
    Enterprise-Led Innovation in China*, World Bank 2009, as cited by Ding (docs/sources.md). NaN where either is
    missing or negative, or both are 0.
    """
    known = (technology_imports >= 0) & (rd_expenditure >= 0) & (technology_imports + rd_expenditure > 0)
    return (technology_imports / (rd_expenditure + technology_imports).where(known)).rename("technology_dependency")


def _technology(chain: Chain) -> pd.Series:
    """The ratio of each segment's tier, from `technology_imports` and `rd_expenditure` of tiers.csv.

    The latest period (in string order) that has both counts; NaN where none has.
    """
    tiers = chain.table("tiers")
    tier = ["package", "chain", "tier"]
    both = tiers[tiers["indicator"].isin(["technology_imports", "rd_expenditure"])]
    wide = both.pivot(index=[*tier, "period"], columns="indicator", values="value")
    wide = wide.reindex(columns=["technology_imports", "rd_expenditure"]).dropna().sort_index()
    latest = wide.groupby(tier).last()
    ratios = technology_dependency(latest["technology_imports"], latest["rd_expenditure"])
    return chain.table("segments").join(ratios, on=tier)["technology_dependency"]
