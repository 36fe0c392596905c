"""Match rules that may leave keys blank ("any") with the rows that they speak of."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Positions", "match", "most_specific"]

Positions = npt.NDArray[np.intp]
_Mask = npt.NDArray[np.bool_]


def match(rules: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str]) -> tuple[Positions, Positions]:
    """All pairs (position in `rules`, position in `rows`) where every non-blank key of the rule matches.

    Rules are taken together by the keys that they leave blank, so the work is one sort a pattern. Pairs come by
    pattern, then by rule, then by row.
    """
    if not len(rules) or not len(rows):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    given = np.stack([rules[key].to_numpy(dtype=object) != "" for key in keys])
    codes = [_codes(rules[key], rows[key]) if used.any() else _UNUSED for key, used in zip(keys, given, strict=True)]
    pairs = [_equal([codes[key] for key in pattern], at, len(rows)) for pattern, at in _patterns(given)]
    found_rules, found_rows = zip(*pairs, strict=True)
    return np.concatenate(found_rules), np.concatenate(found_rows)


_Codes = tuple[Positions, Positions, int]
"""A key as numbers, of rules and of rows, and how many the rules have: a row that no rule names has one beyond."""
_UNUSED: _Codes = (np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp), 0)


def _codes(rules: pd.Series, rows: pd.Series) -> _Codes:
    words = np.concatenate([cells.to_numpy(dtype=object) for cells in (rules, rows)])
    codes = pd.factorize(words)[0].astype(np.intp, copy=False)
    named = codes[: len(rules)]
    return named, codes[len(rules) :], 1 + int(named.max())


def _patterns(given: _Mask) -> Iterator[tuple[Positions, Positions]]:
    """The keys that some rules give, and the rules that give just these."""
    which = np.arange(given.shape[0])[::-1]
    pattern = (given.T.astype(np.intp) << which).sum(axis=1)
    for one in np.unique(pattern):
        at = np.flatnonzero(pattern == one)
        yield np.flatnonzero(given[:, at[0]]), at


def _equal(used: Sequence[_Codes], at: Positions, count: int) -> tuple[Positions, Positions]:
    """Pairs of the rules `at` and all rows, so many, that have the same `used` keys."""
    there = np.ones(count, dtype=bool)
    for _, own, size in used:
        there &= own < size
    rows = np.flatnonzero(there)
    rule, row = np.zeros(len(at), dtype=np.intp), np.zeros(len(rows), dtype=np.intp)
    for named, own, size in used:
        both = np.concatenate([rule * size + named[at], row * size + own[rows]])
        if len(used) > 2:  # else below the square of the rules
            both = pd.factorize(both)[0].astype(np.intp, copy=False)
        rule, row = both[: len(at)], both[len(at) :]
    order = np.argsort(row, kind="stable")
    first, last = (np.searchsorted(row[order], rule, side) for side in ("left", "right"))
    counts = last - first
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(at, counts), rows[order[np.repeat(first, counts) + steps]]


def most_specific(
    rules: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str], within: Mapping[str, str] | None = None
) -> Positions:
    """For each row the position of the matching rule that gives most keys, then the earlier key; -1 where none does.

    `keys` of which a rule may leave some blank, in order of weight. `within`: a key left blank means any of the rule's
    own package, which for the row stands in this column.
    """
    found_rules, found_rows = match(rules, rows, keys)
    given = np.stack([rules[key].to_numpy(dtype=object) != "" for key in keys], axis=1)
    if within:
        own = np.ones(len(found_rules), dtype=bool)
        package = rules["package"].to_numpy(dtype=object)[found_rules]
        for key, column in within.items():
            there = rows[column].to_numpy(dtype=object)[found_rows]
            own &= given[found_rules, keys.index(key)] | (there == package)
        found_rules, found_rows = found_rules[own], found_rows[own]
    weight = given.sum(axis=1) * 2 ** len(keys) + given @ 2 ** np.arange(len(keys))[::-1]
    best: Positions = np.full(len(rows), -1, dtype=np.intp)
    order = np.argsort(weight[found_rules], kind="stable")
    best[found_rows[order]] = found_rules[order]
    return best
