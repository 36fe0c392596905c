"""Compose packages into one set of tables: prefix segments, merge scenarios and instruments, add link rows.

Two or more packages name their segments `package/segment`. Every table carries a column `package`, so a blank
key ("any segment") goes on meaning any segment of its own package.
"""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
import pandas as pd

from chains.tables.consistency import PROBABILITY_TOLERANCE
from chains.tables.exchange import in_one_money
from chains.tables.matching import most_specific
from chains.tables.package import Package
from chains.tables.problems import Problem, nearest
from chains.tables.schema import FACTORS, TABLES

__all__ = ["compose", "empty_table"]

Tables = dict[str, pd.DataFrame]
_OF_SCENARIOS = tuple(t.name for t in TABLES.values() if "scenario" in t.key and not t.segment_columns)
"""Tables that speak of scenarios alone, which packages share."""


def empty_table(table: str) -> pd.DataFrame:
    """A table without rows, with the columns and types of its declaration."""
    return _empty(table).copy()


@cache
def _empty(table: str) -> pd.DataFrame:
    types = {column.name: column.kind.value for column in TABLES[table].columns}
    columns = {name: np.empty(0, "float64" if kind == "number" else "object") for name, kind in types.items()}
    return pd.DataFrame({"package": np.empty(0, "object"), **columns})


def compose(packages: Sequence[Package]) -> tuple[Tables, list[Problem], list[Problem]]:
    """Tables of the composed chain, what keeps the packages from composing, and what was converted to one money."""
    prefix = len(packages) > 1
    problems = _unlike(packages)
    packages, unlike, converted = in_one_money(packages)
    problems += unlike
    parts: dict[str, list[pd.DataFrame]] = {table: [] for table in TABLES}
    for package in packages:
        for table, rows in package.tables.items():
            parts[table].append(_own(package, table, rows) if prefix else rows.assign(package=package.name))
    tables = {table: _one_below_the_other(table, found) for table, found in parts.items()}
    problems += _link(packages, tables)
    differing = {table: _merge_scenarios(tables, table) for table in _OF_SCENARIOS}
    problems += [problem for found in differing.values() for problem in found]
    problems += [] if differing["probabilities"] else _probability_sum(tables)
    problems += _instruments(tables)
    return {table: rows.reset_index(drop=True) for table, rows in tables.items()}, problems, converted


def _one_below_the_other(table: str, found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if len(found) > 1:
        return pd.concat(found)
    return found[0] if found else empty_table(table)


def costly_together(tables: Tables) -> list[Problem]:
    """Warnings where inputs from several packages are together worth more than the output that they go into."""
    problems: list[Problem] = []
    if tables["inputs"]["package"].nunique() < 2:
        return problems
    for user, rows in tables["inputs"].groupby("user", sort=False):
        total, packages = float(rows["value"].sum()), list(dict.fromkeys(rows["package"]))
        if total > 1 and len(packages) > 1:
            wrong = f"a unit of '{user}' needs inputs worth {total:.4g} (of {', '.join(rows['input'])})"
            right = "coefficients are shares of the user's output: together at most 1 where it adds value"
            problems.append(Problem(" + ".join(packages), 0, "", wrong, right))
    return problems


def _own(package: Package, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of one package with its name before segments and source keys."""
    own = rows.assign(package=package.name)
    for column in rows.columns:
        if column in TABLES[table].segment_columns and not package.is_link:
            own[column] = rows[column].where(rows[column] == "", package.name + "/" + rows[column])
        elif column == "source":
            own[column] = package.name + "/" + rows[column]
    return own


def _unlike(packages: Sequence[Package]) -> list[Problem]:
    """Packages compose when their names differ and home is the same."""
    problems = []
    names = [package.name for package in packages]
    for name in sorted({name for name in names if names.count(name) > 1}):
        folders = dict.fromkeys(str(package.folder.resolve()) for package in packages if package.name == name)
        if len(folders) == 1:
            problems.append(Problem(name, 0, "", "the package is named twice", "name each package once"))
        else:
            wrong = f"several folders have this name: {' and '.join(folders)}"
            problems.append(Problem(name, 0, "", wrong, "rename one: packages are told apart by the folder's name"))
    full = [package for package in packages if package.meta is not None]
    if not full:
        linked = ", ".join(names)
        right = f"name the packages that it links too, such as: robots chips {names[0]}"
        return [*problems, Problem(linked, 0, "", "a link package has no chain of its own", right)]
    for package in full[1:]:
        ours, theirs = (one.meta.home for one in (full[0], package) if one.meta is not None)
        if ours != theirs:
            wrong = f"home is '{theirs}', but '{ours}' in {full[0].name}"
            right = "packages of one home country compose: the cuts of one are not those of another"
            problems.append(Problem(f"{package.name}/datapackage.json", 0, "tierwise.home", wrong, right))
    return problems


def _link(packages: Sequence[Package], tables: Tables) -> list[Problem]:
    """Drop the final demand that link rows make explicit; their segments and uses must exist."""
    problems: list[Problem] = []
    segments = tuple(tables["segments"]["segment"])
    demand = tables["demand"]
    dropped = pd.Series(False, index=range(len(demand)))
    for package in packages:
        if not package.is_link or "inputs" not in package.tables:
            continue
        file = f"{package.name}/inputs.csv"
        for row, link in package.tables["inputs"].iterrows():
            at = int(str(row))
            for column in ("input", "user"):
                if link[column] not in segments:
                    wrong = f"segment '{link[column]}' is in none of the packages given"
                    problems.append(Problem(file, at, column, wrong, nearest(link[column], segments)))
            if link["replaces"] and link["input"] in segments:
                same = (demand["segment"] == link["input"]).to_numpy()
                hit = same & (demand["use"] == link["replaces"]).to_numpy()
                if not hit.any():
                    wrong = f"'{link['input']}' has no final demand with use '{link['replaces']}'"
                    right = nearest(link["replaces"], tuple(demand.loc[same, "use"]))
                    problems.append(Problem(file, at, "replaces", wrong, right))
                dropped |= hit
    tables["demand"] = demand[~dropped.to_numpy()]
    return problems


def _merge_scenarios(tables: Tables, table: str) -> list[Problem]:
    """Scenarios of the same name are one scenario; what packages say of it must agree."""
    problems: list[Problem] = []
    rows, key = tables[table], list(TABLES[table].key)
    if not rows.duplicated(key).any():
        return problems
    for keys, same in rows.groupby(key, sort=False):
        if same["value"].max() - same["value"].min() > PROBABILITY_TOLERANCE:
            what = dict(zip(key, keys, strict=True)).get("parameter", "probability")
            said = _says(same["package"], same["value"])
            wrong = f"the {what} of scenario '{keys[0]}' differs: {said}"
            right = f"give the scenario one {what}, or two names"
            problems.append(Problem(TABLES[table].file, 0, "value", wrong, right))
    tables[table] = rows.drop_duplicates(key)
    return problems


def _says(packages: Iterable[str], values: Iterable[float]) -> str:
    return ", ".join(f"{package} says {value:g}" for package, value in zip(packages, values, strict=True))


def _probability_sum(tables: Tables) -> list[Problem]:
    total = float(tables["probabilities"]["value"].sum())
    if total <= 1 + PROBABILITY_TOLERANCE:
        return []
    wrong = f"the probabilities of the packages together sum to {total:.10g}"
    right = "give scenarios that mean the same one name, or lower them: at most 1 in all"
    return [Problem("probabilities.csv", 0, "value", wrong, right)]


def _instruments(tables: Tables) -> list[Problem]:
    """Budgets add by instrument, so what one package says of an instrument holds for every other that uses it."""
    if not len(tables["instruments"]):
        return []
    used = tables["subsidies"][["package", "instrument"]].drop_duplicates()
    pairs = set(used.itertuples(index=False, name=None))
    own = tables["instruments"]
    own = own[[pair in pairs for pair in zip(own["package"], own["instrument"], strict=True)]]
    tables["instruments"] = own.drop_duplicates(list(TABLES["instruments"].key))
    if used["package"].nunique() < 2:
        return []
    problems = []
    members = used.merge(tables["segments"][["package", "tier"]].drop_duplicates(), on="package")
    together = _effects(tables["instruments"], members)
    for what, alone in _effects(own, members, ("package",)).items():
        other = members[alone != together[what]].drop_duplicates("instrument")
        for instrument, tier in other[["instrument", "tier"]].itertuples(index=False):
            users = used[used["instrument"] == instrument].assign(tier=tier)
            said = _says(users["package"], _effects(own, users, ("package",))[what])
            by_tier = (own.loc[own["instrument"] == instrument, "tier"] != "").any()
            wrong = f"the {what} of '{instrument}'{f' {tier}' if by_tier else ''} differs: {said}"
            right = "make it one, or give the instruments two names"
            problems.append(Problem("instruments.csv", 0, "value", wrong, right))
    return problems


def _effects(rows: pd.DataFrame, members: pd.DataFrame, apart: tuple[str, ...] = ()) -> dict[str, pd.Series]:
    """What the rows say of each member, an instrument in a tier; rows and members `apart` in these columns too."""
    keys = (*apart, "instrument", "tier")

    def given(parameter: str, default: float) -> pd.Series:
        own = rows[rows["parameter"] == parameter]
        at = most_specific(own, members, keys)
        return pd.Series([own["value"].iloc[n] if n >= 0 else default for n in at], index=members.index, dtype=float)

    effectiveness = given("effectiveness", float("nan"))
    product = given(FACTORS[0], 1.0)
    for factor in FACTORS[1:]:
        product = product * given(factor, 1.0)
    return {"effectiveness": effectiveness.fillna(product), "lag": given("lag", 0.0)}
