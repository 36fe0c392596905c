"""A small chain package that can be worked by hand, and tools to spoil it as users do.

Parts go into robots and robots into systems; all final demand is for systems:

    system  demand 100 (cars 60, electronics 40), all made at home: supply 100
    robot   0.5 per system; home 40, Germany 10
    part    0.4 per robot;  home 6, Japan 12

In calm 100 systems take 50 robots (40 home, 10 German) and 40 home robots take 16 of the 18 parts: it balances.

    quake   (probability 0.10) cuts half of all supply in Japan: 12 parts, 12/0.4 = 30 robots at home and 10 from
            Germany, (30 + 10)/0.5 = 80 systems: loss 20, a share of 0.20 of final demand
    embargo (probability 0.05) cuts all supply in Germany: 40 robots, 80 systems: loss 20, a share of 0.20

So with g_part and g_robot added by subsidies (g_part <= 4, g_robot <= 5) the losses, as shares, are

    quake   0.20 - 0.05 g_part     a part makes 1/0.4 = 2.5 robots, 2.5/0.5 = 5 systems
    embargo 0.20 - 0.02 g_robot    a robot makes 1/0.5 = 2 systems

Slopes are 1; ceilings 2 (part), 4 (robot), 10 (system). Observed grants of 2022: 0.5, 2 and 0.5: 3 in all.
"""

import csv
import io
import json
from pathlib import Path

import pytest

from chains import Chain, InputError, Problem, load

META = {"home": "CHN", "currency": "CNY", "unit": "RMB billion per year", "year": 2022}

_EVIDENCE = "value,low,high,status,source,note"

FILES = {
    "datapackage.json": json.dumps({"name": "small", "tierwise": META, "resources": []}),
    "segments.csv": """segment,chain,tier,name
part,small,upstream,Precision parts
robot,small,midstream,Robots
system,small,downstream,"Systems, integrated"
""",
    "demand.csv": f"""segment,use,{_EVIDENCE}
system,cars,60,,,reported,book,
system,electronics,40,,,reported,book,
""",
    "inputs.csv": f"""input,user,{_EVIDENCE}
part,robot,0.4,0.3,0.5,assumed,talk,an engineer's guess
robot,system,0.5,,,derived,book,cost share
""",
    "supply.csv": f"""segment,location,owner,{_EVIDENCE}
part,CHN,CHN,6,,,reported,book,
part,JPN,JPN,12,,,reported,book,
robot,CHN,CHN,40,,,reported,book,
robot,DEU,DEU,10,,,reported,book,
system,CHN,CHN,100,,,reported,book,
""",
    "response.csv": f"""segment,parameter,{_EVIDENCE}
part,slope,1,0.5,2,assumed,talk,a guess
part,ceiling,2,1,4,assumed,talk,a guess
robot,slope,1,0.5,2,assumed,talk,a guess
robot,ceiling,4,2,8,assumed,talk,a guess
system,slope,1,0.5,2,assumed,talk,a guess
system,ceiling,10,5,20,assumed,talk,a guess
""",
    "subsidies.csv": f"""segment,instrument,period,{_EVIDENCE}
part,grants,2022,0.5,,,reported,book,
robot,grants,2022,2,,,reported,book,
system,grants,2022,0.5,,,reported,book,
""",
    "disruptions.csv": f"""scenario,segment,location,owner,{_EVIDENCE}
quake,,JPN,,0.5,,,reported,book,
embargo,,DEU,,1,,,reported,book,
""",
    "probabilities.csv": f"""scenario,{_EVIDENCE}
quake,0.1,0.05,0.2,assumed,talk,a guess
embargo,0.05,0.01,0.1,assumed,talk,a guess
""",
    "sources.csv": """source,citation,locator,url
book,"Author, Title, 2022",p. 1,
talk,"Expert, interview, 2022",,
""",
}
"""Every file that a package must have."""

OPTIONAL = {
    "surge.csv": f"""segment,location,{_EVIDENCE}
robot,DEU,0.1,,,reported,book,
""",
    "instruments.csv": f"""instrument,parameter,{_EVIDENCE}
grants,effectiveness,1,,,reported,book,
""",
    "loss_weights.csv": f"""segment,{_EVIDENCE}
system,1,,,reported,book,
""",
    "tiers.csv": f"""chain,tier,period,indicator,{_EVIDENCE}
small,midstream,2022,margin,-0.05,-0.06,-0.04,reported,book,
""",
    "firms.csv": """firm,year,chain,tier,sales,rd,subsidies,profit
F1,2022,small,upstream,10,1,,-2
""",
}
"""One row of every file that a package may leave out, but for those of STRUCTURE."""

STRUCTURE = {
    "durations.csv": f"""scenario,parameter,{_EVIDENCE}
quake,outage,6,3,12,assumed,talk,a guess
quake,recovery,4,,,reported,book,
""",
    "criticality.csv": f"""input,user,parameter,{_EVIDENCE}
part,robot,dispensable,0.25,0.1,0.5,assumed,talk,a guess
part,robot,penalty,0.5,,,reported,book,
robot,,dispensable,0.1,,,reported,book,
""",
    "stocks.csv": f"""segment,parameter,{_EVIDENCE}
part,held,2,1,3,assumed,talk,a guess
part,limit,5,,,reported,book,
part,price,1.5,,,reported,book,
part,holding,0.1,,,reported,book,
""",
    "suppliers.csv": f"""segment,location,parameter,{_EVIDENCE}
part,KOR,limit,3,2,4,assumed,talk,a guess
part,KOR,cost,0.2,,,reported,book,
""",
    "procurement.csv": f"""segment,parameter,{_EVIDENCE}
robot,limit,8,6,9,assumed,talk,a guess
robot,premium,0.1,,,reported,book,
robot,response,0.4,,,reported,book,
""",
    "surge.csv": f"""segment,location,{_EVIDENCE}
,,0.1,,,reported,book,
robot,CHN,0.25,0,0.5,assumed,talk,a guess
""",
    "instruments.csv": f"""instrument,tier,parameter,{_EVIDENCE}
grants,,raised,0.8,0.7,1,assumed,talk,a guess
grants,upstream,survival,0.5,,,reported,book,
""",
    "loss_weights.csv": f"""segment,use,{_EVIDENCE}
system,,2,,,reported,book,
system,electronics,0.5,0,1,assumed,talk,a guess
""",
}
"""Files of structure and levers, and those whose rows may speak of home, of a tier or of a use."""


class Small:
    """The package in a folder. Every method that changes it returns it, so that calls chain."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        for file, text in FILES.items():
            self.replace(file, text)

    def text(self, file: str) -> str:
        return (self.folder / file).read_bytes().decode("utf-8")

    def replace(self, file: str, content: str | bytes) -> "Small":
        """Write a whole file, byte by byte as given."""
        raw = content.encode("utf-8") if isinstance(content, str) else content
        (self.folder / file).write_bytes(raw)
        return self

    def drop(self, file: str) -> "Small":
        (self.folder / file).unlink()
        return self

    def append(self, file: str, *rows: str) -> "Small":
        """Rows at the end of a file; a file that a package may leave out starts with its header."""
        optional = {**STRUCTURE, **OPTIONAL}
        header = optional[file].partition("\n")[0] + "\n" if file in optional else ""
        before = self.text(file) if (self.folder / file).is_file() else header
        return self.replace(file, before + "".join(f"{row}\n" for row in rows))

    def edit(self, file: str, old: str, new: str) -> "Small":
        """Put `new` in the place of the only `old`."""
        before = self.text(file)
        assert before.count(old) == 1, f"'{old}' stands {before.count(old)} times in {file}"
        return self.replace(file, before.replace(old, new))

    def cell(self, file: str, row: int, column: str, value: str) -> "Small":
        """Write one cell, quoted where need be; `row` counts as a spreadsheet does (the header is row 1)."""
        records = list(csv.reader(io.StringIO(self.text(file), newline="")))
        records[row - 1][records[0].index(column)] = value
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(records)
        return self.replace(file, written.getvalue())

    def in_units(self, times: float) -> "Small":
        """Write all money in a unit of which one of its own is so many; the descriptor stays as it is."""
        for name, only in (("demand", ""), ("supply", ""), ("subsidies", ""), ("response", "ceiling")):
            for n, row in enumerate(csv.DictReader(io.StringIO(self.text(f"{name}.csv"))), start=2):
                for column in ("value", "low", "high"):
                    if row[column] and (not only or only in row.values()):
                        self.cell(f"{name}.csv", n, column, repr(float(row[column]) * times))
        return self

    def add_optional(self) -> "Small":
        """Add every file that a package may leave out."""
        for file, text in OPTIONAL.items():
            self.replace(file, text)
        return self

    def add_structure(self, *files: str) -> "Small":
        """Write these files of STRUCTURE, or all."""
        for file in files or STRUCTURE:
            self.replace(file, STRUCTURE[file])
        return self

    def meta(self, **changes: object) -> "Small":
        """Change entries of the descriptor's `tierwise` object; None takes one away."""
        entries = {key: value for key, value in {**META, **changes}.items() if value is not None}
        return self.replace("datapackage.json", json.dumps({"name": "small", "tierwise": entries}))

    def load(self) -> Chain:
        return load(self.folder)

    def problems(self) -> tuple[Problem, ...]:
        """What loading the package finds wrong; it must find something."""
        return problems_of(self.folder)

    def problem(self, file: str, row: int, column: str) -> str:
        """The only problem of the package, which must be at this place, as the user reads it."""
        problems = self.problems()
        said = at(problems, f"{self.folder.name}/{file}", row, column)
        assert len(problems) == 1, "more is said:\n" + "\n".join(map(str, problems))
        return said


def write_link(folder: Path, *rows: str, header: str = f"input,user,replaces,{_EVIDENCE}") -> Path:
    """A link package with these rows of inputs.csv."""
    folder.mkdir(parents=True)
    (folder / "inputs.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    (folder / "sources.csv").write_text(FILES["sources.csv"], encoding="utf-8")
    return folder


def problems_of(*packages: str | Path) -> tuple[Problem, ...]:
    """What loading the packages together finds wrong; it must find something."""
    with pytest.raises(InputError) as caught:
        load(*packages)
    assert caught.value.problems, "an InputError without a problem helps nobody"
    return caught.value.problems


def at(problems: tuple[Problem, ...], file: str, row: int, column: str, word: str = "") -> str:
    """The one problem at a place that says this word, as the user reads it."""
    here = [str(p) for p in problems if (p.file, p.row, p.column) == (file, row, column) and word in p.wrong]
    assert len(here) == 1, f"{len(here)} problems at {file}:{row}:{column} in:\n" + "\n".join(map(str, problems))
    return here[0]
