"""How a published number is recomputed: one small pure function a method, in a registry by name.

Every function takes the numbers of a claim in the order of its `arguments`. Numbers are rounded in print, so each
is an interval; `evaluate` computes the method at the printed values and at every corner of the intervals. Each
function is monotone in every single argument, so the corners bound it exactly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import isfinite, sqrt

from scipy.special import stdtr

__all__ = ["METHODS", "SIGNIFICANCE", "Method", "Quantity", "evaluate"]

SIGNIFICANCE = 0.01
_ROUNDING_OF_THREE = 0.15 + 1e-9


@dataclass(frozen=True)
class Quantity:
    """An input of a claim: its value, the interval that its rounding leaves, its text, and where it stands."""

    value: float
    low: float
    high: float
    text: str
    origin: str


@dataclass(frozen=True)
class Method:
    """A method: its function, the words that show it, and whether it is evaluated at the corners as well."""

    compute: Callable[..., float]
    words: str
    corners: bool = True

    def say(self, texts: Sequence[str]) -> str:
        """The computation in words, with the numbers as printed."""
        half = len(texts) // 2
        return self.words.format(
            *texts,
            total=" + ".join(texts),
            listed=", ".join(texts),
            rest=" - ".join(texts[1:]),
            subtracted=" - ".join(texts[2:]),
            others=", ".join(texts[1:]),
            first_half=" + ".join(texts[:half]),
            second_half=" + ".join(texts[half:]),
            before_last=" + ".join(texts[:-1]),
            last=texts[-1],
            after_two=" + ".join(texts[2:]),
        )


def evaluate(method: Method, inputs: Sequence[Quantity]) -> tuple[float, float, float]:
    """Value, lowest and highest value of a method over the intervals of its inputs (logical: 1 is true)."""
    value = float(method.compute(*(quantity.value for quantity in inputs)))
    results = [value]
    if method.corners:
        ends = [sorted({quantity.low, quantity.high}) for quantity in inputs]
        results += [float(method.compute(*corner)) for corner in product(*ends)]
    if not all(isfinite(result) for result in results):
        raise ValueError(f"{method.words} is not finite for {', '.join(quantity.text for quantity in inputs)}")
    return value, min(results), max(results)


def same(a: float) -> float:
    """The same quantity from another place or publication."""
    return a


def total(*parts: float) -> float:
    """Sum of the parts."""
    return sum(parts)


def remainder(whole: float, *parts: float) -> float:
    """Whole less its parts."""
    return whole - sum(parts)


def fall_of_remainder(whole: float, part: float, later_whole: float, later_part: float) -> float:
    """(whole - part) - (later whole - later part)."""
    return (whole - part) - (later_whole - later_part)


def balance_of_changes(start: float, added: float, *removed: float) -> float:
    """Start, plus what was added, less what was removed."""
    return start + added - sum(removed)


def mean(*parts: float) -> float:
    """Arithmetic mean."""
    return sum(parts) / len(parts)


def ratio(a: float, b: float) -> float:
    """Ratio a / b."""
    return a / b


def ratio_to_rest(part: float, whole: float) -> float:
    """Part over what is left, part / (whole - part)."""
    return part / (whole - part)


def complement(part: float, whole: float) -> float:
    """1 - part / whole."""
    return 1.0 - part / whole


def share_of_last(*numbers: float) -> float:
    """(sum of all but the last) / last."""
    return sum(numbers[:-1]) / numbers[-1]


def ratio_of_sums(*numbers: float) -> float:
    """(sum of the first half) / (sum of the second half)."""
    half = len(numbers) // 2
    return sum(numbers[:half]) / sum(numbers[half:])


def ratio_of_means(*numbers: float) -> float:
    """(mean of the first two) / (mean of the others)."""
    return mean(*numbers[:2]) / mean(*numbers[2:])


def average_of_rest(whole: float, count: float, *parts: float) -> float:
    """(whole - parts) / count."""
    return (whole - sum(parts)) / count


def price_of_part(value: float, value_share: float, units: float, units_share: float) -> float:
    """(value x its share) / (units x their share): the unit price of a part of the imports."""
    return value * value_share / (units * units_share)


def converted_share(home: float, market: float, exchange_rate: float) -> float:
    """Home / (market x exchange rate): home value in home currency, market in dollars."""
    return home / (market * exchange_rate)


def converted_total(exchange_rate: float, rest: float, *amounts: float) -> float:
    """Exchange rate x (sum of foreign amounts) + rest in home currency."""
    return exchange_rate * sum(amounts) + rest


def growth(later: float, earlier: float) -> float:
    """Growth, later / earlier - 1."""
    return later / earlier - 1.0


def grown(earlier: float, percent: float) -> float:
    """What growth leads to, earlier x (1 + percent / 100)."""
    return earlier * (1.0 + percent / 100.0)


def yearly_growth(last: float, second: float, percent: float) -> float:
    """Growth a year over five years, (last / first)^(1/5) - 1, where first = second / (1 + percent / 100)."""
    return float((last / (second / (1.0 + percent / 100.0))) ** 0.2) - 1.0


def gap_of_bands(low: float, high: float, other_low: float, other_high: float) -> float:
    """Distance between the midpoints of two bands."""
    return (low + high) / 2.0 - (other_low + other_high) / 2.0


def exceeds(a: float, b: float) -> bool:
    """Whether a > b."""
    return a > b


def first_half_larger(*numbers: float) -> bool:
    """Sum of the first half > sum of the second half."""
    half = len(numbers) // 2
    return sum(numbers[:half]) > sum(numbers[half:])


def first_is_largest(first: float, *others: float) -> bool:
    """Whether the first is above every other."""
    return first > max(others)


def inverted_u(upstream: float, midstream: float, downstream: float) -> bool:
    """Midstream above both ends (model.md, section 5: as intervals, at every corner)."""
    return midstream > max(upstream, downstream)


def middle_fields_largest(foundries: float, idm: float, *others: float) -> bool:
    """Foundries and IDMs above upstream (equipment, materials, design, software) and downstream (packaging)."""
    *upstream, downstream = others
    return foundries + idm > max(sum(upstream), downstream)


def rising(*numbers: float) -> bool:
    """Every number above the one before."""
    return all(later > earlier for earlier, later in pairwise(numbers))


def balanced(*numbers: float) -> bool:
    """Whether a - b = c in each triple (a, b, c), within the rounding of three numbers with one decimal."""
    triples = zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True)
    return all(abs(a - b - c) <= _ROUNDING_OF_THREE for a, b, c in triples)


def correlation_p(correlation: float, count: float) -> float:
    """Two-sided p-value of a correlation: t = r sqrt((n - 2) / (1 - r^2)) with n - 2 degrees of freedom."""
    statistic = correlation * sqrt((count - 2.0) / (1.0 - correlation**2))
    return float(2.0 * stdtr(count - 2.0, -abs(statistic)))  # scipy.stats, which has the same, is slow to import


def significant(correlation: float, count: float) -> bool:
    """Whether the p-value of the correlation is below 1%."""
    return correlation_p(correlation, count) < SIGNIFICANCE


def none_significant(*numbers: float) -> bool:
    """No (correlation, count) pair is significant at 1%."""
    return not any(significant(r, n) for r, n in zip(numbers[0::2], numbers[1::2], strict=True))


METHODS: dict[str, Method] = {
    "same": Method(same, "{0} elsewhere"),
    "total": Method(total, "{total}"),
    "remainder": Method(remainder, "{0} - {rest}"),
    "fall_of_remainder": Method(fall_of_remainder, "({0} - {1}) - ({2} - {3})"),
    "balance_of_changes": Method(balance_of_changes, "{0} + {1} - {subtracted}"),
    "mean": Method(mean, "mean of {listed}"),
    "ratio": Method(ratio, "{0} / {1}"),
    "ratio_to_rest": Method(ratio_to_rest, "{0} / ({1} - {0})"),
    "complement": Method(complement, "1 - {0} / {1}"),
    "share_of_last": Method(share_of_last, "({before_last}) / {last}"),
    "ratio_of_sums": Method(ratio_of_sums, "({first_half}) / ({second_half})"),
    "ratio_of_means": Method(ratio_of_means, "mean of {0}, {1} / mean of {after_two}"),
    "average_of_rest": Method(average_of_rest, "({0} - {subtracted}) / {1}"),
    "price_of_part": Method(price_of_part, "({0} x {1}%) / ({2} x {3}%)"),
    "converted_share": Method(converted_share, "{0} / ({1} x {2})"),
    "converted_total": Method(converted_total, "{0} x ({after_two}) + {1}"),
    "growth": Method(growth, "{0} / {1} - 1"),
    "grown": Method(grown, "{0} x (1 + {1}%)"),
    "yearly_growth": Method(yearly_growth, "({0} / ({1} / (1 + ({2})%)))^(1/5) - 1"),
    "gap_of_bands": Method(gap_of_bands, "middle of {0}-{1} less middle of {2}-{3}"),
    "exceeds": Method(exceeds, "{0} > {1}"),
    "first_half_larger": Method(first_half_larger, "{first_half} > {second_half}"),
    "first_is_largest": Method(first_is_largest, "{0} > each of {others}"),
    "inverted_u": Method(inverted_u, "midstream {1} above upstream {0} and downstream {2}"),
    "middle_fields_largest": Method(middle_fields_largest, "{0} + {1} above the sums up- and downstream: {after_two}"),
    "rising": Method(rising, "each above the one before: {listed}"),
    "balanced": Method(balanced, "a - b = c for each three of {listed}", corners=False),
    "significant": Method(significant, "t test of r = {0} with n = {1}: p < 0.01"),
    "none_significant": Method(none_significant, "t tests of (r, n) = {listed}: no p < 0.01"),
}
