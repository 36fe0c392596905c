"""What a data set says about a chain, before it is a package: the same few values whatever its files look like."""

from dataclasses import dataclass

__all__ = ["Accounts", "Amount", "Bought", "Dependency", "Link", "Observations", "Segment", "Share", "Source"]


@dataclass(frozen=True)
class Segment:
    """A segment: its key, its tier, its name for people, its chain."""

    key: str
    tier: str
    name: str
    chain: str = "chain"


@dataclass(frozen=True)
class Share:
    """What part of the supply of a segment comes from a country, 0 to 1, and where that stands.

    `known`: the set has a number; else it names the country alone, and `least` to `most` is what that can mean.
    """

    segment: str
    country: str
    part: float
    least: float
    most: float
    known: bool
    said: str


@dataclass(frozen=True)
class Bought:
    """What the home country imports of a segment from a country, in money of the package, and where that stands."""

    segment: str
    country: str
    amount: float
    status: str
    said: str


@dataclass(frozen=True)
class Link:
    """That one segment goes into another.

    `coefficient` is the value of input per unit of output where the set gives it; else `weight` is the size of the
    market of the input, if that is known, by which inputs of one `kind` share what the user buys.
    """

    input: str
    user: str
    kind: str
    coefficient: float | None
    weight: float | None
    said: str


@dataclass(frozen=True)
class Amount:
    """A number of a table of accounts: the segment that it is of, for what or from where, and how it was summed."""

    segment: str
    of: str
    value: float
    said: str


@dataclass(frozen=True)
class Accounts:
    """A year's accounts in money of the package, in which what is there of each segment is what is taken of it.

    `of` is the use in `demand`, the user in `inputs` (not yet over its output), the country in `supply`, the indicator
    in `indicators`. `exports`: the use that buyers abroad are.
    """

    demand: tuple[Amount, ...]
    inputs: tuple[Amount, ...]
    supply: tuple[Amount, ...]
    indicators: tuple[Amount, ...]
    exports: str


@dataclass(frozen=True)
class Dependency:
    """Indicators of a good, or of all goods of a segment (`good` empty), for an area: a country, or the European Union.

    `imports` from outside the area and `exports` (of the Union, those to members too) are in billions of the money of
    the set. `largest` is the country that most of the imports come from (empty if none), with its share of them; `hhi`
    is that of the imports by country; `outside_share`, the part from outside the Union in all imports (for a
    member country: in its own); `to_exports`, imports over exports; `world_hhi`, of the world's exports by country.
    None where the set does not say or the division is by zero. `dependent`: all that are asked of the area are over
    their thresholds, where without any exports `to_exports` is; None where one is not known.
    """

    segment: str
    good: str
    area: str
    imports: float
    exports: float
    largest: str
    largest_share: float | None
    hhi: float | None
    outside_share: float | None
    to_exports: float | None
    world_hhi: float | None
    dependent: bool | None


@dataclass(frozen=True)
class Source:
    """A row of `sources`."""

    key: str
    citation: str
    locator: str
    url: str


@dataclass(frozen=True)
class Observations:
    """All that was found.

    `finals` are the segments that final users buy; `said` is what the user should know of how the files were read,
    `lacks` what the set does not give beside what rows of the template show by themselves; `indicators` are those of
    trade dependence, which no table of a package holds.
    """

    home: str
    currency: str
    year: int
    source: Source
    segments: tuple[Segment, ...]
    shares: tuple[Share, ...] = ()
    bought: tuple[Bought, ...] = ()
    links: tuple[Link, ...] = ()
    finals: tuple[str, ...] = ()
    accounts: Accounts | None = None
    said: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    indicators: tuple[Dependency, ...] = ()
