"""What can be moved: names, labels with units, and how what a reader types becomes `Moves`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from chains import Chain, InputError, Problem
from chains.tables.schema import TIERS
from optimize.program.levers import LEVERS
from scenarios.report.naming import country_name, scenario_label
from scenarios.studio.moves import Moves
from scenarios.terminal.figures import amount

__all__ = ["Control", "controls_of", "countries_of", "moves_of", "typed"]

PERCENT = 100.0
_MONTHS = 12.0


@dataclass(frozen=True)
class Control:
    """A number that can be moved: its name, its label with its unit, what it is by itself, and how far it goes.

    `scale` is what one of the program's units is in the reader's. `above`: it must be more than 0.
    """

    name: str
    label: str
    usual: str
    most: float
    step: float
    scale: float = 1.0
    above: bool = False
    limit: float = float("inf")
    now: float = 0.0


def controls_of(chain: Chain) -> list[Control]:
    """What can be moved in a chain, in the order in which it is shown."""
    money, observed = chain.money_unit, float(chain.numbers.observed.sum())
    top = _round_up(2.0 * observed or 1.0)
    fine = top / 200
    durations = chain.table("durations")
    outages = durations.loc[durations["parameter"] == "outage", "value"]
    listed = durations.loc[durations["parameter"] == "outage", "scenario"].nunique()
    if listed < len(chain.numbers.scenarios) - 1:
        outages = pd.concat([outages, pd.Series([_MONTHS])])
    criticality = chain.table("criticality")
    dispensable = PERCENT * criticality.loc[criticality["parameter"] == "dispensable", "value"]
    found = [
        Control("budget", f"Budget ({money})", f"{amount(observed)} observed", top, fine, now=observed),
        Control(
            "outage",
            "Outage of every disruption (months)",
            _span(outages),
            _MONTHS,
            0.5,
            above=True,
            limit=_MONTHS,
            now=float(outages.mean()),
        ),
        Control(
            "dispensable",
            "Share of every input that can be done without (%)",
            _span(dispensable) if len(dispensable) else "0",
            PERCENT,
            1.0,
            PERCENT,
            limit=PERCENT,
            now=float(dispensable.mean()) if len(dispensable) else 0.0,
        ),
    ]
    found += [
        Control(f"floor:{tier}", f"At least for {tier} ({money})", "0, no floor", top / 2, fine) for tier in TIERS
    ]
    chances = chain.table("probabilities").drop_duplicates("scenario")
    for name, value in zip(chances["scenario"], chances["value"], strict=True):
        share = PERCENT * float(value)
        most = _round_up(max(4.0 * share, 5.0))
        label = f"{scenario_label(name)} (% a year)"
        usual = f"{share:g}"
        found.append(
            Control(
                f"probability:{name}",
                label,
                usual,
                min(most, PERCENT),
                min(most, PERCENT) / 200,
                PERCENT,
                limit=PERCENT,
                now=share,
            )
        )
    return found


def countries_of(chain: Chain) -> dict[str, str]:
    """Countries abroad that supply something, by code, with their names; in order of names."""
    codes = set(chain.table("supply")["location"]) - {chain.home, "ROW"}
    return dict(sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1]))


def typed(control: Control, moves: Moves) -> str:
    """What stands in the field of a control; nothing where the package's value counts."""
    kind, _, of = control.name.partition(":")
    if kind == "floor":
        value = dict(moves.floors).get(of)
    elif kind == "probability":
        value = dict(moves.probability).get(of)
    else:
        value = getattr(moves, kind)
    return "" if value is None else f"{value * control.scale:.12g}"


def moves_of(chain: Chain, fields: Mapping[str, Any]) -> Moves:
    """What is moved, from the fields of the page; InputError naming every field that is wrong, by its label."""
    known = controls_of(chain)
    problems: list[Problem] = []
    numbers = dict(_numbers(known, fields, problems))
    levers = tuple(name for name in LEVERS if name in (fields.get("levers") or ()))
    if not levers:
        problems.append(Problem("Money may buy", 0, "", "nothing is chosen", f"choose some of {', '.join(LEVERS)}"))
    cut, months = str(fields.get("cut") or ""), 12.0
    if cut and cut not in countries_of(chain):
        problems.append(Problem("Cut off", 0, "", f"'{cut}' supplies nothing from abroad", "choose another country"))
    if cut:
        field = Control("months", "Months that the cut lasts", "12", _MONTHS, 0.5, above=True, limit=_MONTHS)
        months = dict(_numbers([field], fields, problems)).get("months", 12.0)
    if problems:
        raise InputError(problems)
    return Moves(
        budget=numbers.get("budget"),
        levers=levers,
        floors=tuple((tier, numbers[f"floor:{tier}"]) for tier in TIERS if numbers.get(f"floor:{tier}")),
        outage=numbers.get("outage"),
        dispensable=numbers.get("dispensable"),
        probability=tuple(_of("probability", numbers)),
        cut=cut,
        months=months,
    )


def _of(kind: str, numbers: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for name, value in numbers.items():
        own, _, of = name.partition(":")
        if own == kind and of:
            yield of, value


def _numbers(
    controls: Iterable[Control], fields: Mapping[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, float]]:
    """The numbers that stand in fields, in the program's units; empty fields are passed over."""
    for control in controls:
        text = str(fields.get(control.name) or "").strip().replace(",", ".")
        if not text:
            continue
        ends = f"above 0 and at most {control.limit:g}" if control.above else f"0 to {control.limit:g}"
        right = f"write a number, {'0 or more' if control.limit == float('inf') else ends}, or nothing"
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not (0.0 <= value <= min(control.limit, 1e300)) or (control.above and value == 0.0):
            problems.append(Problem(control.label, 0, "", f"'{text[:40]}' cannot be", right))
        else:
            yield control.name, value / control.scale


def _span(values: pd.Series) -> str:
    """The values that there are, in words."""
    low, high = float(values.min()), float(values.max())
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _round_up(value: float) -> float:
    """The next of 1, 2 and 5 times a power of ten."""
    from math import floor, log10

    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= value * (1 - 1e-12))
