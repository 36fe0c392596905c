"""Levels of demand, inputs and supply that agree with what was observed, so that the chain is in balance in calm.

A set that gives *shares* of world markets says nothing of levels: final demand is the template's, the need of a segment
follows from it, n_k = d_k + sum_u a_ku n_u, as if all of it were made from what the set names, and a country supplies
its share of that. A set that gives *imports* in money fixes levels: home supply h_k is the template's part of the
whole, n_k = imports_k + h_k, inputs go from a tier to the next, and what users do not take is final demand. A set of
*accounts* has all levels; they are rounded so that supply still covers every use.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_UP, Context
from graphlib import TopologicalSorter
from itertools import pairwise

from chains.importing.observations import Accounts, Link, Observations, Share
from chains.tables.schema import TIERS
from chains.writing.guide import HOW_TO
from chains.writing.template import AT_HOME, BOUGHT, DEMAND, EXPORTED, SPARE, TEMPLATE, Rows, guess

__all__ = ["Levels", "from_accounts", "from_bought", "from_shares"]

_ROUNDING = 1.001
"""What was imported was used: supply is over need by no more than the cells of a package round."""

_DIGITS, _EXACT = 6, 13
"""Digits of a number of accounts, and those of it that are no rounding of the computer."""


@dataclass
class Levels:
    """What is needed of each segment and made of it at home, money per year, and the rows of tables that follow.

    `more` has rows of optional tables.
    """

    need: dict[str, float]
    made: dict[str, float]
    demand: Rows = field(default_factory=list)
    inputs: Rows = field(default_factory=list)
    supply: Rows = field(default_factory=list)
    more: dict[str, Rows] = field(default_factory=dict)


def from_shares(found: Observations) -> Levels:
    """Levels of a set that gives shares by country."""
    coefficients = _coefficients(found)
    demand = {segment: DEMAND / len(found.finals) for segment in found.finals}
    need = _need(found, demand, coefficients)
    levels = Levels(need, {segment.key: AT_HOME[segment.tier] * need[segment.key] for segment in found.segments})
    levels.demand = [(segment, "", *guess("demand", value)) for segment, value in demand.items()]
    levels.inputs = [_input_row(found, link, coefficients[link.input, link.user]) for link in found.links]
    levels.supply = [_share_row(found, share, SPARE * levels.need[share.segment]) for share in found.shares]
    return levels


def _coefficients(found: Observations) -> dict[tuple[str, str], float]:
    """Value of input per unit of output, by input and user.

    Those not given share, each kind in equal parts, BOUGHT of what those given leave of the user's output.
    """
    coefficients: dict[tuple[str, str], float] = {}
    groups: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in found.links:
        if link.coefficient is not None:
            coefficients[link.input, link.user] = link.coefficient
        else:
            groups[link.user][link.kind].append(link)
    given = {user: sum(value for (_, by), value in coefficients.items() if by == user) for user in groups}
    for user, kinds in groups.items():
        each = BOUGHT * max(1 - given[user], 0.0) / len(kinds)
        for links in kinds.values():
            coefficients |= {(link.input, user): each * part for link, part in zip(links, _parts(links), strict=True)}
    return coefficients


def _parts(links: list[Link]) -> list[float]:
    """Parts of what is bought of one kind, by size of the market; one of unknown size is as large as their mean."""
    known = [link.weight for link in links if link.weight is not None]
    usual = sum(known) / len(known) if known else 1.0
    weights = [usual if link.weight is None else link.weight for link in links]
    return [weight / sum(weights) for weight in weights]


def _need(
    found: Observations, demand: dict[str, float], coefficients: dict[tuple[str, str], float]
) -> dict[str, float]:
    users: dict[str, set[str]] = {segment.key: set() for segment in found.segments}
    for link in found.links:
        users[link.input].add(link.user)
    need: dict[str, float] = {}
    for segment in TopologicalSorter(users).static_order():
        taken = sum(coefficients[segment, user] * need[user] for user in sorted(users[segment]))
        need[segment] = demand.get(segment, 0.0) + taken
    return need


def _input_row(found: Observations, link: Link, value: float) -> tuple[object, ...]:
    if link.coefficient is not None:
        return (link.input, link.user, f"{value:.4g}", "", "", "derived", found.source.key, link.said)
    return (link.input, link.user, *guess("inputs", value, said=link.said))


def _share_row(found: Observations, share: Share, level: float) -> tuple[object, ...]:
    """A country's supply: its share of the need and the spare; assumed, since the need is."""
    least, most = HOW_TO["supply"].range(level)
    value = (f"{share.part * level:.4g}", f"{share.least * least:.4g}", f"{share.most * most:.4g}")
    home = share.country == found.home
    note = f"{share.said}; of {level:.4g}, what `demand` and `inputs` (of the template) need and a tenth to spare"
    if not share.known:
        note = f"{note}. {HOW_TO['supply' if home else 'imports'].advice}"
    source = found.source.key if share.known else TEMPLATE
    return (share.segment, share.country, share.country, *value, "assumed", source, note)


def from_bought(found: Observations) -> Levels:
    """Levels of a set that gives imports in money."""
    tier = {segment.key: segment.tier for segment in found.segments}
    imports = dict.fromkeys(tier, 0.0)
    for row in found.bought:
        imports[row.segment] += row.amount
    home = {key: imports[key] * AT_HOME[tier[key]] / (1 - AT_HOME[tier[key]]) for key in tier}
    levels = Levels({key: imports[key] + home[key] for key in tier}, home)
    coefficients: dict[tuple[str, str], float] = {}
    for chain in dict.fromkeys(segment.chain for segment in found.segments):
        own = {segment.key: segment.tier for segment in found.segments if segment.chain == chain}
        coefficients |= _by_tier(own, levels.need, home)
    taken: dict[str, float] = defaultdict(float)
    for (used, user), value in coefficients.items():
        taken[used] += value * home[user]
    said = "What is imported and made at home, less what the segments named here take at home"
    for key in tier:
        rest = levels.need[key] / _ROUNDING - taken[key]
        if rest > 1e-9 * levels.need[key]:
            levels.demand.append((key, "", *guess("demand", rest, said=said)))
    levels.inputs = [(*pair, *guess("inputs", value)) for pair, value in coefficients.items()]
    levels.supply = [(key, found.home, found.home, *guess("supply", home[key])) for key in tier]
    levels.supply += [
        (row.segment, row.country, row.country, f"{row.amount:.6g}", "", "", row.status, found.source.key, row.said)
        for row in found.bought
    ]
    return levels


def _by_tier(tier: dict[str, str], need: dict[str, float], home: dict[str, float]) -> dict[tuple[str, str], float]:
    """Coefficients from each tier of a chain to the next that has segments: users take of an input in equal proportion.

    Together they take all that is there of it, but for rounding, unless inputs would then be worth more than BOUGHT.
    """
    present = [[key for key in tier if tier[key] == name] for name in TIERS]
    coefficients: dict[tuple[str, str], float] = {}
    for inputs, users in pairwise(keys for keys in present if keys):
        output = sum(home[user] for user in users)
        each = {key: need[key] / _ROUNDING / output for key in inputs} if output else {}
        lower = min(1.0, BOUGHT / sum(each.values())) if sum(each.values()) else 1.0
        coefficients |= {(key, user): lower * value for key, value in each.items() for user in users}
    return coefficients


def from_accounts(found: Observations, accounts: Accounts) -> Levels:
    """Levels of a set of accounts, to six digits: supply rounded up, demand and inputs down, so that calm balances."""
    made = {row.segment: float(_rounded(row.value, ROUND_UP)) for row in accounts.supply if row.of == found.home}
    there: dict[str, float] = defaultdict(float)
    for row in accounts.supply:
        there[row.segment] += row.value
    levels = Levels(dict(there), made)
    derived = ("", "", "derived", found.source.key)
    levels.demand = [
        (row.segment, row.of, _rounded(row.value, ROUND_DOWN), *derived, row.said) for row in accounts.demand
    ]
    levels.inputs = [
        (row.segment, row.of, _rounded(row.value / made[row.of], ROUND_DOWN), *derived, row.said)
        for row in accounts.inputs
    ]
    levels.supply = [
        (row.segment, row.of, row.of, _rounded(row.value, ROUND_UP), *derived, row.said) for row in accounts.supply
    ]
    exports = [row.segment for row in accounts.demand if row.of == accounts.exports]
    if exports:
        levels.more["loss_weights"] = [(key, accounts.exports, *guess("loss_weights", EXPORTED)) for key in exports]
    levels.more["segment_indicators"] = [
        (row.segment, str(found.year), row.of, f"{row.value:.12g}", *derived, row.said) for row in accounts.indicators
    ]
    return levels


def _rounded(value: float, direction: str) -> str:
    """A number to six digits, up or down, but for what binary fractions add to it."""
    exact = Context(prec=_EXACT).create_decimal_from_float(value)
    return f"{Context(prec=_DIGITS, rounding=direction).create_decimal(exact):.{_DIGITS}g}"
