"""The periods of subsidies.csv: which one counts, whether they are alike, whether the one that counts is whole."""

import re
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from chains.tables.problems import Problem, nearest

__all__ = ["is_latest", "latest_periods", "partial_periods", "unlike_periods"]

_YEARS = re.compile(r"(1[89]|20)[0-9]{2}( ?[-–/] ?((1[89]|20)?[0-9]{2}))?")
_DATED, _WORDS = "years", "words"
"""The forms of a period that is a year or a range of years, and of one without any digit. Others are patterns."""


def is_latest(subsidies: pd.DataFrame) -> pd.Series:
    """Which rows are of the latest period of their package, the greatest in string order."""
    latest: dict[str, str] = {}
    package, period = subsidies["package"].tolist(), subsidies["period"].tolist()
    for owner, one in zip(package, period, strict=True):
        latest[owner] = max(one, latest.get(owner, one))
    at = [latest[owner] == one for owner, one in zip(package, period, strict=True)]
    return pd.Series(at, index=subsidies.index, dtype=bool)


def latest_periods(subsidies: pd.DataFrame) -> dict[str, str]:
    """The latest period of each package that has subsidies."""
    latest = subsidies[is_latest(subsidies)].drop_duplicates("package")
    return dict(zip(latest["package"], latest["period"], strict=True))


def unlike_periods(file: str, subsidies: pd.DataFrame) -> Iterator[Problem]:
    """Errors: periods of another form than those of most rows.

    One such slip (`2O22` with a letter O, `999`) is easily the greatest in string order, and then the only one that
    counts. Where most rows have words without digits, such as `Phase II`, their forms say nothing.
    """
    given = [(row, period) for row, period in zip(subsidies.index, subsidies["period"], strict=True) if period]
    if not given:
        return
    forms = {period: _form(period) for _, period in given}
    rows = Counter(forms[period] for _, period in given)
    usual = max(rows, key=lambda form: (rows[form], form == _DATED, form != _WORDS, form))
    if usual == _WORDS:
        return
    known = sorted(period for period, form in forms.items() if form == usual)
    form = "write a year (2022) or years (2018-2022)" if usual == _DATED else f"write it like '{known[-1]}'"
    for row, period in given:
        if forms[period] == usual:
            continue
        said = "is not a year or years" if usual == _DATED else "has not the form"
        wrong = f"'{period}' {said}, as the periods of the other rows {'are' if usual == _DATED else 'have'}"
        yield Problem(file, int(str(row)), "period", wrong, f"{form}; {nearest(period, known)}")


def _form(period: str) -> str:
    """Years, words, or a pattern in which `0` stands for a number and `a` for letters: `a 0` for `Phase 2`."""
    if _YEARS.fullmatch(period):
        return _DATED
    pattern = re.sub(r"[^\W\d_]+", "a", period)
    return re.sub(r"\d+", "0", pattern) if re.search(r"\d", period) else _WORDS


def partial_periods(file: str, subsidies: pd.DataFrame) -> Iterator[Problem]:
    """A warning where segments had money in the period before the latest and have no row in the latest.

    It may be so; or one row has a later period than the others by a slip, and all other money is left out.
    """
    periods = sorted(set(subsidies["period"]))
    if len(periods) < 2:
        return
    before, latest = (subsidies[subsidies["period"] == period] for period in periods[-2:])
    missing = set(before.loc[before["value"] > 0, "segment"]) - set(latest["segment"])
    if missing:
        segments = set(before["segment"]) | set(latest["segment"])
        wrong = (
            f"only the latest period counts, and '{periods[-1]}' has {latest['segment'].nunique()} of {len(segments)} "
            f"segments and {latest['value'].sum():.4g} in money; '{periods[-2]}' has {before['segment'].nunique()} of "
            f"{len(segments)} and {before['value'].sum():.4g}"
        )
        some = ", ".join(sorted(missing)[:5]) + (", ..." if len(missing) > 5 else "")
        right = f"correct the period, or add rows of '{periods[-1]}' (0 where nothing was given) for {some}"
        yield Problem(file, int(str(latest.index[0])), "period", wrong, right)
