"""Match rules that may leave keys blank ("any") with the rows that they speak of."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Positions", "match", "most_specific"]

Positions = npt.NDArray[np.intp]


def match(rules: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str]) -> tuple[Positions, Positions]:
    """All pairs (position in `rules`, position in `rows`) where every non-blank key of the rule matches.

    Rules are taken together by the keys that they leave blank, so the work is one merge a pattern.
    """
    rule_keys = rules[list(keys)].reset_index(drop=True)
    row_keys = rows[list(keys)].reset_index(drop=True)
    found_rules: list[Positions] = []
    found_rows: list[Positions] = []
    for given, members in (rule_keys != "").groupby(list(keys), sort=True):
        pattern = given if isinstance(given, tuple) else (given,)
        used = [key for key, is_given in zip(keys, pattern, strict=True) if is_given]
        at = members.index.to_numpy()
        if not used:
            found_rules.append(np.repeat(at, len(row_keys)))
            found_rows.append(np.tile(np.arange(len(row_keys)), len(at)))
            continue
        left = rule_keys.loc[at, used].assign(_rule=at)
        right = row_keys[used].assign(_row=np.arange(len(row_keys)))
        pairs = left.merge(right, on=used)
        found_rules.append(pairs["_rule"].to_numpy(dtype=np.intp))
        found_rows.append(pairs["_row"].to_numpy(dtype=np.intp))
    if not found_rules:
        none = np.empty(0, dtype=np.intp)
        return none, none
    return np.concatenate(found_rules), np.concatenate(found_rows)


def most_specific(
    rules: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str], within: Mapping[str, str] | None = None
) -> Positions:
    """For each row the position of the matching rule that gives most keys, then the earlier key; -1 where none does.

    `keys` of which a rule may leave some blank, in order of weight. `within`: a key left blank means any of the rule's
    own package, which for the row stands in this column.
    """
    found_rules, found_rows = match(rules, rows, keys)
    given = (rules[list(keys)] != "").to_numpy()
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
