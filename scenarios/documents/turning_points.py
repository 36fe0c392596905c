"""Turning points as a JSON document, with the answer in words."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from chains import Chain
from chains.tables.schema import TIERS
from optimize.questions.structural_numbers import StructuralNumber
from optimize.questions.turning_points import Map, Searched, TurningPoint, TurningPoints
from optimize.tolerances import TURNING
from scenarios.documents.values import Document, Tables, Units, numbers_of, provenance_document

__all__ = ["TABLES", "UNITS", "between", "called", "document", "value_in_words", "words"]

_NAMES = {
    "dispensable": "the share of inputs that can be done without",
    "outage": "the length of outages",
    "held": "the stock that is held",
    "spare": "spare home capacity",
    "probability": "the probability of all disruptions",
}


def document(chain: Chain, found: TurningPoints) -> Document:
    """The document of `tierwise turning-points`; `first` is null where it is a tie, `map` where none was asked for."""
    return {
        "first": found.first,
        "words": words(found),
        "searched": [_searched(each) for each in found.searched],
        "points": [_point(point) for point in found.points],
        "map": None if found.map is None else _map(found.map),
        "certificate": asdict(found.certificate),
        "provenance": provenance_document(chain, found.options),
    }


def _number(number: StructuralNumber) -> Document:
    return {
        "number": number.name,
        "unit": number.unit,
        "now": number.now,
        "from": float(number.low),
        "to": float(number.high),
    }


def _searched(each: Searched) -> Document:
    leads = [{"from": float(lead.start), "to": float(lead.end), "first": lead.first} for lead in each.leads]
    return _number(each.number) | {"steps": each.steps, "leads": leads}


def _point(point: TurningPoint) -> Document:
    return {
        "number": point.number,
        "at": point.at,
        "tie": None if point.tie is None else list(point.tie),
        "before": point.before,
        "after": point.after,
        "shares": {"before": numbers_of(point.before_shares), "after": numbers_of(point.after_shares)},
    }


def _map(found: Map) -> Document:
    """`first[n][m]`: who leads at the n-th value of the second number and the m-th of the first; null: not possible."""
    return {
        "numbers": [_number(number) for number in found.numbers],
        "values": [found.leads.columns.tolist(), found.leads.index.tolist()],
        "first": [[first or None for first in row] for row in found.leads.to_numpy().tolist()],
    }


def called(name: str) -> str:
    """A structural number in words."""
    kind, _, of = name.partition(":")
    if kind == "slope":
        return f"how well {of} money works"
    return f"the probability of {of.replace('_', ' ')}" if of else _NAMES[kind]


def value_in_words(unit: str, value: float) -> str:
    """A value of a structural number."""
    match unit:
        case "factor":
            return f"{value:.3g} times what it is"
        case "share" | "probability":
            return f"{100 * value:.3g}%"
        case _:
            return f"{value:.3g} {unit}"


def words(found: TurningPoints) -> str:
    """Who leads as the package stands, where the nearest turns are, and which numbers have none in their range."""
    stands = (
        "As the package stands no tier gets the most money in every least-risk allocation."
        if found.first is None
        else f"As the package stands {found.first} gets the most money at least risk."
    )
    turning = {each.number.name: [p for p in found.points if p.number == each.number.name] for each in found.searched}
    said = [_nearest(each.number, turning[each.number.name]) for each in found.searched if turning[each.number.name]]
    none = [each for each in found.searched if not turning[each.number.name]]
    return " ".join([stands, *said, *([_unturned(none)] if none else [])])


def _nearest(number: StructuralNumber, points: Sequence[TurningPoint]) -> str:
    """The turn next below and next above the value of the package; how many more there are."""
    below = [point for point in points if point.at <= number.now][-1:]
    above = [point for point in points if point.at > number.now][:1]
    ends = [
        *(f"to {point.before} below {_at(number.unit, point)}" for point in below),
        *(f"to {point.after} above {_at(number.unit, point)}" for point in above),
    ]
    more = len(points) - len(ends)
    further = f", and {'once' if more == 1 else f'{more} times'} more beyond" if more else ""
    return f"It turns with {called(number.name)}: {', '.join(ends)}{further}."


def _at(unit: str, point: TurningPoint) -> str:
    """Where it turns, and between what values it is a tie."""
    at = value_in_words(unit, point.at)
    return at if point.tie is None else f"{at} (a tie from {between(point.tie)} around it)"


def between(ends: tuple[float, float]) -> str:
    """The ends of an interval in as many digits, four at least, as tell them apart."""
    told = ([f"{end:.{digits}g}" for end in ends] for digits in range(4, 18))
    return " to ".join(next((pair for pair in told if pair[0] != pair[1]), [f"{end:.4g}" for end in ends]))


def _unturned(searched: Sequence[Searched]) -> str:
    """Numbers over whose range the lead passes from no tier to another."""
    told = ", ".join(
        f"{called(each.number.name)} ({_range(each.number)}{'; in part a tie' if _tied(each) else ''})"
        for each in searched
    )
    return f"No other tier was found to take the lead over the range of {told}."


def _tied(each: Searched) -> bool:
    return any(lead.first is None and lead.end - lead.start > TURNING for lead in each.leads)


def _range(number: StructuralNumber) -> str:
    if number.unit == "factor":
        return f"{number.low:.3g} to {number.high:.3g} times"
    if number.unit in ("share", "probability"):
        return f"{100 * number.low:.3g}% to {100 * number.high:.3g}%"
    return f"{number.low:.3g} to {number.high:.3g} {number.unit}"


def _points(chain: Chain, found: Document) -> Iterator[Document]:
    for point in found["points"]:
        shares = point["shares"]
        row = {name: point[name] for name in ("number", "at", "before", "after")}
        row["tie_from"], row["tie_to"] = point["tie"] or (None, None)
        for side in ("before", "after"):
            row |= {f"{tier}_{side}": share for tier, share in shares[side].items()}
        yield row


def _leads(chain: Chain, found: Document) -> Iterator[Document]:
    for each in found["searched"]:
        for lead in each["leads"]:
            yield {"number": each["number"], "unit": each["unit"], **lead}


TABLES: Tables = {"turning_points": _points, "leads": _leads}
"""The points, and who leads where, as tables of a results folder."""
UNITS: Units = {
    "turning_points": {
        **dict.fromkeys(("at", "tie_from", "tie_to"), "that of the number"),
        **{f"{tier}_{side}": "share of the money spent" for side in ("before", "after") for tier in TIERS},
    },
    "leads": dict.fromkeys(("from", "to"), "that of the number"),
}
"""What their numbers count in."""
