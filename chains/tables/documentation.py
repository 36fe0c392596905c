"""The format of a package as Markdown, from the one declaration (`python -m chains.tables.documentation`)."""

from textwrap import fill

from chains.tables.declaring import Column, Kind, Parameter, Table
from chains.tables.money import SCALES
from chains.tables.ranges import Range
from chains.tables.schema import TABLES

__all__ = ["package_format"]

_OPENING = """# The format of a chain package

A folder with `datapackage.json` and one CSV file a table: UTF-8, a header row, commas between columns, `.` decimals, an
empty cell where nothing is given. `tierwise new` writes one to start from. The same files may lie in a zip archive,
or be the sheets of a workbook (`.xlsx`): a sheet a table, named as the file without `.csv`, and a sheet `package` of
keys and values (`home`, `currency`, `scale`, `year`) in place of the descriptor. `tierwise convert` goes between the
three.

What spreadsheets do is taken as it is: empty rows, empty columns at the end, and, told as a warning, semicolons, tabs
or bars between the columns of a whole file, with commas for decimals if no number of it could mean something else. A
column or a sheet whose name begins with `#` is for people; files that are no table are left aside. In a workbook
dates, errors such as `#DIV/0!` and formulas that were never calculated are errors at their cell.

`datapackage.json` is a Frictionless descriptor with one more object:

```json
"tierwise": {"home": "CHN", "currency": "CNY", "scale": "billion", "year": 2022}
```

All money is in the `currency` (ISO 4217), so many of it at once as `scale` says: {scales}
(`ten thousand` and `hundred million` are wan and yi). `unit` may say it for people (`RMB billion per year`). A package
with a `unit` and no `scale`, as all had before, is read where the unit names a scale; else the error says what to
write. A unit that names another currency or scale is an error. Packages compose where home is one country; where their
money differs, only with a stated rate (`conversions.csv`), and what was converted is told as a warning.

Countries are ISO 3166 alpha-3 codes; `XKX` is Kosovo, `ROW` the rest of the world, and the owner `HYB` a hybrid firm
(home base, foreign capital or leadership). Every measured number stands in `value`, followed by its evidence: `low` and
`high` (required where `status` is `assumed`), `status`, `source` (a key of `sources.csv`) and `note`.

Only plain files of the folder itself are read: a symbolic link, pipe, device or socket is refused, and so is a resource
whose `path` leads to another folder or whose declared `encoding`, `dialect`, `decimalChar`, `groupChar` or
`missingValues` are not those above. Hidden files and those that an editor keeps (`~$demand.csv`) are passed over;
characters that nobody sees and cells of more than 32,767 characters are errors. No key of the descriptor may stand
twice in one object. Shipped names (`robots`,
`chips`) mean the shipped packages from every folder; `./robots` is a folder. Packages composed, or used in one study,
have folders of different names.

A link package has only `sources.csv` and `inputs.csv`, `conversions.csv` or both; rows of its inputs join segments of
other packages (`robots/servos`), and `replaces` names the use of final demand that a row makes explicit, which is then
dropped.

Of `subsidies.csv` only the latest period counts, the greatest in string order. Where most rows have years (`2022`) or
ranges of years (`2018-2022`), all must; where most have another pattern with numbers (`Phase 2`), all must have that. A
warning tells when segments had money in the period before and have no row in the latest.

A cut or a surge applies to a supply row where every key that is not blank matches; the largest one counts. Of rows of
other tables that leave keys blank, the most specific counts: the one that gives most keys, then the earlier key.

What is right in form may be wrong all the same. Warnings, each with the numbers that cause it, tell of: a package of
guesses alone; inputs of one user that are worth more than its output; supply over twice what is needed in calm;
ceilings that are just what a target would take (a `target_home_share` of `tiers.csv`, or one round share of their need
that several segments reach from different starts); a unit of money that carries over 50 of final demand; shares of
countries in `trade.csv` and in foreign supply over 25 points apart. Supply, ceilings and what money carries are
compared with the need in chains of up to 2,000 segments.

The tables `durations`, `criticality`, `stocks`, `suppliers` and `procurement`, and rows for a use, a tier or spare
capacity at home, describe structure and what else money could buy. A package may have any of them or none. In the
examples `book` and `talk` are keys of `sources.csv`.
"""


def package_format() -> str:
    """The format of every table, as a Markdown document."""
    opening = _OPENING.replace("{scales}", ", ".join(f"`{scale}`" for scale in SCALES))
    return "\n".join([opening, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    optional = " (optional)" if table.optional else ""
    key = ", ".join(f"`{name}`" for name in table.key)
    lines = [
        f"## `{table.file}`{optional}",
        "",
        _wrapped(f"{table.meaning[0].upper()}{table.meaning[1:]}. Key: {key}."),
        "",
    ]
    lines += [_wrapped(table.guide), ""] if table.guide else []
    lines += ["```csv", ",".join(table.column_names), *table.example, "```", ""] if table.example else []
    lines += ["| column | holds | right values |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_holds(table, column)} | {_right(table, column)} |" for column in table.columns]
    if table.parameters:
        lines += ["", "| parameter | `value` is | right values | where no row gives it |", "|---|---|---|---|"]
        lines += [_parameter(parameter) for parameter in table.parameters]
    return "\n".join([*lines, ""])


def _holds(table: Table, column: Column) -> str:
    return "which of the parameters below" if table.parameters and column.name == "parameter" else column.meaning


def _right(table: Table, column: Column) -> str:
    said = [column.kind.value]
    if column.choices:
        said = ["one of " + ", ".join(f"`{choice}`" for choice in column.choices)]
    if column.kind is Kind.NUMBER:
        said += ["as its parameter says"] if table.parameters else _words(Range.of(column))
    if column.absent:
        said.append("may be empty or left out")
    elif column.blank:
        said.append("may be empty")
    return ", ".join(said)


def _parameter(parameter: Parameter) -> str:
    missing = "must be given" if parameter.required else parameter.default
    return f"| `{parameter.name}` | {parameter.meaning} | {Range.of(parameter).words} | {missing} |"


def _wrapped(text: str) -> str:
    return fill(text, 120, break_long_words=False, break_on_hyphens=False)


def _words(right: Range) -> list[str]:
    return [right.words] if right.words else []


if __name__ == "__main__":
    print(package_format(), end="")
