"""The bad inputs, by what they are about."""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from chains import load
from optimize import evaluate, optimize
from scenarios import Study, read_results
from scenarios.storing.claiming import claimed
from scenarios.storing.comparing import compare
from scenarios.storing.folder import seal
from scenarios.storing.place import place_of
from scenarios.studies import read_study
from tests.catalogue.asking import HEAD, Bad, bytes_of, called, cell, command, edit, file, study
from tests.small import FILES, Small, write_link

__all__ = ["INPUTS"]


_HEAPS = {"home": "CHN", "currency": "CNY", "unit": "heaps", "year": 2022}


def _descriptor(**changes: object) -> str:
    return json.dumps({**json.loads(FILES["datapackage.json"]), **changes})


def _resource(**about: object) -> Bad:
    resource = {"name": "demand", "path": "demand.csv", **about}
    content = _descriptor(resources=[resource])
    return bytes_of(f"`datapackage.json` declares `{json.dumps(resource)}`", "datapackage.json", content.encode())


def _linked(*rows: str) -> Bad:
    def ask(small: Small) -> None:
        load(small.folder, write_link(Path("link"), *rows))

    return Bad(f"a link package with `{rows[0]}`", ask)


@cache
def _stored() -> dict[str, bytes]:
    """The files of a result, solved once for all inputs that are about results."""
    with tempfile.TemporaryDirectory() as there, contextlib.chdir(there):
        Small(Path("small"))
        study = Study(name="mine", title="Mine", question="?").case("one", "./small")
        out = study.run("out", jobs=1, progress=False).folder
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def _results(small: Small, out: str = "out") -> Path:
    for name, content in _stored().items():
        path = Path(out) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Path(out)


def _verified(edit: Callable[[Path], object], also: str, *, sealed: bool = True) -> Bad:
    """The verification of results that were edited."""
    return command("verify", "out", before=_edited(edit, sealed=sealed), also=also)


def _edited(change: Callable[[Path], object], *, sealed: bool = True) -> Callable[[Small], object]:
    def act(small: Small) -> None:
        out = _results(small)
        change(out)
        if sealed:
            seal(out)

    return act


def _rewrite(name: str, change: Callable[[Any], object]) -> Callable[[Path], object]:
    def act(out: Path) -> None:
        document = json.loads((out / name).read_text("utf-8"))
        change(document)
        (out / name).write_text(json.dumps(document, indent=1) + "\n", "utf-8")

    return act


def _allocation(segment: str, money: float) -> pd.DataFrame:
    return pd.DataFrame({"grants": [money]}, index=[segment])


def _alone(small: Small) -> None:
    study = Study(name="mine", title="Mine", question="?").case("one", "./small")
    with claimed(place_of(Path("out"), "mine")):
        study.run("out", jobs=1, progress=False)


def _two_folders(small: Small) -> None:
    shutil.copytree("small", "other/small")
    load("./small", "./other/small")


def _other_unit(small: Small) -> None:
    other = Small(Path("other"))
    other.meta(unit="RMB per year")
    load("./small", "./other")


EVIDENCE = "reported,book,"

_MEASURED = "value,low,high,status,source,note"
_FIRMS = "firm,year,chain,tier,sales,rd,subsidies,profit\nNord,2022,small,midstream,50,,9,\n"


def _rate(row: str) -> Bad:
    """A package with one rate."""
    text = f"money,into,year,{_MEASURED}\n{row},,,{EVIDENCE}\n"
    return file(f"`conversions.csv` with `{row}`", lambda small: small.replace("conversions.csv", text))


def _two_rates(small: Small) -> None:
    rates = "".join(f"JPY,CNY,{year},{rate},,,{EVIDENCE}\n" for year, rate in ((2020, 0.06), (2021, 0.05)))
    other = Small(Path("other")).meta(currency="JPY", unit="JPY billion")
    other.replace("conversions.csv", f"money,into,year,{_MEASURED}\n{rates}")
    load("./small", "./other")


def _firms(row: str, *, firms: str = _FIRMS) -> Bad:
    """A package with a firm, and one share."""

    def change(small: Small) -> None:
        if firms:
            small.replace("firms.csv", firms)
        small.replace("firm_segments.csv", f"firm,segment,instrument,{_MEASURED}\n{row},,,{EVIDENCE}\n")

    return file(f"`firm_segments.csv` with `{row}`{'' if firms else ', without `firms.csv`'}", change)


def _share_changed(small: Small) -> None:
    share = f"Nord,robot,grants,0.1,,,{EVIDENCE}\n"
    small.replace("firms.csv", _FIRMS).replace("firm_segments.csv", f"firm,segment,instrument,{_MEASURED}\n{share}")
    small.load().scaled("firm_segments", 2)


def _imports(row: str) -> Bad:
    text = f"segment,location,{_MEASURED}\n{row},,,{EVIDENCE}\n"
    return file(f"`trade.csv` with `{row}`", lambda small: small.replace("trade.csv", text))


INPUTS: dict[str, list[Bad]] = {
    "Packages: files": [
        called('load("nowhere")', lambda small: load("nowhere")),
        called("load()", lambda small: load()),
        file("`supply.csv` is not there", lambda small: small.drop("supply.csv")),
        file("`datapackage.json` is not there", lambda small: small.drop("datapackage.json")),
        file("a file `demands.csv` beside the tables", lambda small: small.replace("demands.csv", "a,b\n")),
        file("`notes.txt` is a link", lambda small: (small.folder / "notes.txt").symlink_to("/etc/hostname")),
        file("`surge.csv` is a pipe", lambda small: os.mkfifo(small.folder / "surge.csv")),
        bytes_of("`demand.csv` is empty", "demand.csv", b""),
        bytes_of("`demand.csv` in UTF-16", "demand.csv", lambda raw: raw.decode().encode("utf-16")),
        bytes_of(
            "`sources.csv` in the encoding of an older Windows",
            "sources.csv",
            "source,citation\né,x\n".encode("cp1252"),
        ),
        bytes_of(
            "a soft break of Word in a note", "inputs.csv", lambda raw: raw.replace(b"engineer's", b"\x0bengineer's")
        ),
        bytes_of(
            "`inputs.csv` with semicolons, and numbers that could be thousands or decimals",
            "inputs.csv",
            lambda raw: raw.replace(b",", b";").replace(b"0.4", b"1,400").replace(b"0.5", b"1,500"),
        ),
        bytes_of("a quotation mark that is not closed", "sources.csv", lambda raw: raw + b'book2,"Author\n'),
        bytes_of("a cell of 40,000 letters", "sources.csv", lambda raw: raw + b"b2," + b"x" * 40_000 + b",,\n"),
        bytes_of("`datapackage.json` is not JSON", "datapackage.json", b"{"),
        bytes_of("`datapackage.json` without `tierwise`", "datapackage.json", b'{"name": "small"}'),
        bytes_of(
            "a key twice in `datapackage.json`", "datapackage.json", b'{"name": "a", "name": "b", "tierwise": {}}'
        ),
        file("home `China` in `datapackage.json`", lambda small: small.meta(home="China")),
        file("a key `hom` in `datapackage.json`", lambda small: small.meta(hom="CHN")),
        bytes_of("`resources` is a word", "datapackage.json", _descriptor(resources="demand").encode()),
        bytes_of("a resource is a word", "datapackage.json", _descriptor(resources=["demand"]).encode()),
        _resource(path=3),
        _resource(path="../demand.csv"),
        _resource(path="absent.csv"),
        _resource(encoding="cp1252"),
        _resource(dialect=";"),
        _resource(dialect={"delimiter": ";"}),
        _resource(schema={"missingValues": ["", "-"]}),
    ],
    "Packages: shape of a table": [
        edit("demand.csv", "segment,use,value", "segment,value"),
        edit("demand.csv", "segment,use", "segment,using"),
        edit("demand.csv", "segment,use,value", "segment,use,use"),
        edit("supply.csv", "part,JPN,JPN,12,,,reported,book,", "part,JPN,JPN,12,,,reported,book,a,b"),
        edit("supply.csv", "part,JPN,JPN,12", "part,CHN,CHN,12"),
    ],
    "Packages: cells": [
        cell("supply.csv", 3, "value", "12,5"),
        cell("supply.csv", 3, "value", ""),
        cell("supply.csv", 3, "value", "-1"),
        cell("supply.csv", 3, "value", "1e400"),
        cell("supply.csv", 3, "location", "Japan"),
        cell("supply.csv", 3, "location", "UK"),
        cell("supply.csv", 3, "location", "JPN "),
        cell("supply.csv", 3, "segment", "parts"),
        cell("supply.csv", 3, "status", "guessed"),
        cell("supply.csv", 3, "source", "bok"),
        cell("segments.csv", 2, "tier", "top"),
        cell("segments.csv", 2, "segment", "a/b"),
        cell("segments.csv", 2, "segment", "upstream"),
        cell("inputs.csv", 2, "low", "0.45"),
        cell("inputs.csv", 2, "value", "-0.4"),
        cell("response.csv", 2, "parameter", "slop"),
        cell("probabilities.csv", 2, "value", "1.1"),
        cell("probabilities.csv", 2, "scenario", "calm"),
        cell("disruptions.csv", 2, "scenario", "flood"),
        cell("subsidies.csv", 2, "period", "2O22"),
        cell("subsidies.csv", 2, "period", "999"),
        cell("durations.csv", 2, "value", "13"),
        cell("criticality.csv", 2, "value", "1.5"),
        cell("stocks.csv", 3, "value", "1"),
        cell("instruments.csv", 2, "parameter", "effect"),
    ],
    "Packages: what does not fit together": [
        command(
            "validate",
            "./small",
            before=lambda small: small.edit("demand.csv", "system,cars,60", "system,cars,70"),
            also=", with more demand than is supplied",
        ),
        edit("probabilities.csv", "0.1,0.05,0.2", "0.97,0.05,0.99"),
        edit("response.csv", "part,ceiling,2,1,4,assumed,talk,a guess\n", ""),
        edit("segments.csv", "system,small,downstream", "gone,small,downstream"),
        file(
            "no row has a demand",
            lambda small: small.replace("demand.csv", FILES["demand.csv"].partition("\n")[0] + "\n"),
        ),
        called('load("./small", "./small")', lambda small: load("./small", "./small")),
        called('load("./small", "./other/small")', _two_folders),
        called('load("./small", "./other"), in other units of money', _other_unit),
        called('load("./small", "./other"), at rates that differ', _two_rates),
        _rate("heaps,CNY,2022,0.05"),
        _rate("CNY thousand,CNY million,2022,1000"),
        _rate("CNY,CNY,2022,1"),
        _rate("JPY,CNY,2022,0"),
        _firms("Sud,robot,grants,0.1"),
        _firms("Nord,robot,grants,0.9"),
        _firms("Nord,robot,grants,0.1", firms=""),
        called('small.scaled("firm_segments", 2)', _share_changed),
        _imports("robot,CHN,1"),
        bytes_of("a unit without a scale", "datapackage.json", _descriptor(tierwise=_HEAPS).encode()),
        called(
            'load("./link"), a link package alone',
            lambda small: load(write_link(Path("link"), f"small/part,small/robot,,0.1,,,{EVIDENCE}")),
        ),
        _linked(f"small/parts,small/robot,,0.1,,,{EVIDENCE}"),
        _linked(f"small/part,small/robot,ships,0.1,,,{EVIDENCE}"),
    ],
    "What-ifs in Python": [
        called('chain.scaled("demands", 2)', lambda small: small.load().scaled("demands", 2)),
        called('chain.scaled("sources", 2)', lambda small: small.load().scaled("sources", 2)),
        called(
            'chain.scaled("demand", 2, segment="parts")',
            lambda small: small.load().scaled("demand", 2, segment="parts"),
        ),
        called('chain.scaled("demand", 2, place="JPN")', lambda small: small.load().scaled("demand", 2, place="JPN")),
        called('chain.scaled("supply", -1)', lambda small: small.load().scaled("supply", -1)),
        called('chain.scaled("probabilities", 9)', lambda small: small.load().scaled("probabilities", 9)),
        called(
            'chain.with_row("demand", 1, segment="system", use="cars")',
            lambda small: small.load().with_row("demand", 1.0, segment="system", use="cars"),
        ),
        called('chain.counting("nationality")', lambda small: small.load().counting("nationality")),
        called('chain.table("demands")', lambda small: small.load().table("demands")),
        called(
            "evaluate(chain, allocation) with a segment that is not there",
            lambda small: evaluate(small.load(), _allocation("parts", 1.0)),
        ),
        called(
            "evaluate(chain, allocation) with less than nothing",
            lambda small: evaluate(small.load(), _allocation("part", -1.0)),
        ),
        called("optimize(chain, alphas=0.9)", lambda small: optimize(small.load(), alphas=0.9)),  # type: ignore[call-arg]
    ],
    "Options of commands": [
        command("optimize", "./small", "--alpha", "1"),
        command("optimize", "./small", "--budget", "-1"),
        command("optimize", "./small", "--levers", "stock"),
        command("optimize", "./small", "--min", "parts=1"),
        command("optimize", "./small", "--min", "part"),
        command("optimize", "./small", "--min", "part=1", "--min", "part=2"),
        command("optimize", "./small", "--min", "stocks:part=1"),
        command("optimize", "./small", "--min", "part=9"),
        command("optimize", "./small", "--slope-budget", "9"),
        command("optimize", "./nowhere"),
        command("gain", "./small", "--from", "middle", "--to", "upstream"),
        command("gain", "./small", "--from", "upstream", "--to", "upstream"),
        command("break-even", "./small", "--parameter", "luck"),
        command("break-even", "./small", "--parameter", "probability", "--on", "flood"),
        command("choke-points", "./small", "--worst", "0"),
        command("against", "./small", "--cuts", "-1"),
        command("against", "./small", "--cuts", "99"),
        command("what-if", "./small", "--cut", "JPN:"),
        command("what-if", "./small", "--cut", "JPN,DEU:part"),
        command("what-if", "./small", "--cut", "CHN:part"),
        command("what-if", "./small", "--cut", "JPN:robot"),
        command("what-if", "./small", "--cut", "JPN:part", "--stock", "parts=1"),
        command("self-sufficiency", "./small", "--target", "0.5", "--segments", "parts"),
        command("priorities", "./small", "--draws", "0"),
        command("turning-points", "./small", "--steps", "0"),
        command("turning-points", "./small", "--map", "outage:quake"),
        command("plan", "./small", "--growth", "-2"),
        command(
            "optimize",
            "./small",
            "--budget",
            "1",
            before=lambda small: small.replace("subsidies.csv", FILES["subsidies.csv"].partition("\n")[0] + "\n"),
            also=", without any subsidy",
        ),
    ],
    "Allocations": [
        command("evaluate", "./small", "--allocation", "mine.csv"),
        *(
            command(
                "evaluate",
                "./small",
                "--allocation",
                "mine.csv",
                before=lambda small, text=text: Path("mine.csv").write_text(text),
                also=f", in which `{text.splitlines()[-1]}`",
            )  # type: ignore[misc]
            for text in (
                "segment,instrument,value\nparts,grants,1\n",
                "segment,instrument,value\npart,loans,1\n",
                "segment,instrument,value\npart,grants,-1\n",
                "segment,instrument,value\npart,grants,1\npart,grants,2\n",
                "segment,instrument\npart,grants\n",
            )
        ),
    ],
    "Study files": [
        command("study", "nowhere.toml"),
        study("", case="", what="a study file without a case"),
        study("title = \n", head="", what="a study file that is not TOML"),
        study("x = " + "[" * 3000 + "]" * 3000 + "\n", what="brackets in brackets, 3,000 deep"),
        study("", head='question = "Q"\n'),
        study('titel = "T"\n'),
        study("[options]\nalpha = 2\n"),
        study("[options]\nalpa = 0.9\n"),
        study('extends = "mine.toml"\n'),
        study("extends = 3\n"),
        study('extends = "inverted-u"\nwithout = ["robot"]\n'),
        study('answer = "{{ cases.two.risk.optimal }}"\n'),
        study('answer = "{{ cases.one.risks }}"\n'),
        study('answer = "{% for %}"\n'),
        study('answer = "{{ segment }}"\n'),
        study('outputs = ["frontiers"]\n'),
        study('outputs = ["gain"]\n'),
        study('[[changes]]\ntable = "supply"\nwhere = { location = "FRA" }\nmultiply = 0.5\n'),
        study('[[changes]]\ntable = "supply"\nwhere = { self = "x" }\nmultiply = 0.5\n'),
        study('[[changes]]\ntable = "supply"\nmultiply = 0.5\nset = 1\n'),
        study('[[changes]]\ntable = "supplies"\nmultiply = 0.5\n'),
        study('[[add]]\ntable = "supply"\nkeys = { segment = "part", location = "JPN", owner = "JPN" }\nvalue = 1\n'),
        study('[[add]]\ntable = "supply"\nkeys = { segment = "part", location = "Japan", owner = "JPN" }\nvalue = 1\n'),
        study('[[grids]]\nname = "g"\naxes = [{ name = "a", option = "luck", values = [1] }]\n'),
        study('[[grids]]\nname = "g"\naxes = [{ name = "a", option = "alpha", values = [1] }]\n'),
        study('[[grids]]\nname = "g"\ncases = ["two"]\naxes = [{ name = "a", option = "budget", values = [1] }]\n'),
        study(
            '[[grids]]\nname = "g"\naxes = [{ name = "a", option = "budget", values = [1] }, '
            '{ name = "a", option = "alpha", values = [0.5] }]\n'
        ),
        study("[draws]\nseed = 1\ncount = 3\n"),
        study("[draws]\nseed = 1\ncount = 1099511627776\n"),
        study("", case='[[cases]]\nname = "One"\ntitle = "One"\npackages = ["small"]\n', what="a case named `One`"),
        study(
            "",
            case='[[cases]]\nname = "one"\ntitle = "One"\npackages = ["smal"]\n',
            what="a case with the package `smal`",
        ),
        study(
            "",
            case=('[[cases]]\nname = "one"\ntitle = "One"\npackages = ["small"]\n') * 2,
            what="two cases of one name",
        ),
        Bad(
            "a study file in UTF-16",
            lambda small: (Path("mine.toml").write_bytes(HEAD.encode("utf-16")), read_study("mine.toml")),
        ),
    ],
    "Results folders": [
        command(
            "study",
            "mine.toml",
            "--out",
            "mine.toml",
            before=lambda small: _study_file(),
            also=": a file is in the way",
        ),
        command(
            "study",
            "mine.toml",
            "--out",
            "mine.toml/out",
            before=lambda small: _study_file(),
            also=": a folder below a file",
        ),
        command(
            "study",
            "mine.toml",
            "--out",
            "small",
            before=lambda small: _study_file(),
            also=": a folder of the user's own",
        ),
        command("study", "mine.toml", "--out", ".", before=lambda small: _study_file()),
        command(
            "study",
            "mine.toml",
            "--out",
            "link",
            before=lambda small: (_study_file(), Path("link").symlink_to("small")),
            also=": a link",
        ),
        command("study", "mine.toml", "--out", "~nobody-of-that-name/out", before=lambda small: _study_file()),
        command(
            "study",
            "mine.toml",
            "--out",
            "out",
            before=lambda small: (_study_file("other"), _results(small)),
            also=": results of another study",
        ),
        called("two runs into one folder", _alone),
        command("study", "mine.toml", "--cluster", "tcp://127.0.0.1:9", before=lambda small: _study_file()),
        command("report", "nowhere", "-o", "answer.md"),
        command("report", "small", "-o", "answer.md"),
        command("report", "out", "-o", "answer.docx"),
        command("report", "out", "-o", "answer.md", "--static"),
        command("report", "out", "-o", "out/answer.md", before=_results),
        command("report", "out", "-o", "small/answer.md", before=_results),
        command(
            "report",
            "out",
            "-o",
            "answer.md",
            before=lambda small: (_results(small), Path("answer.md").mkdir()),
            also=": a folder is in the way",
        ),
        command(
            "report",
            "out",
            "-o",
            "answer.md",
            before=_edited(_rewrite("cases/one.json", lambda one: one["answers"]["optimize"].pop("risk"))),
            also=", whose answers were edited",
        ),
        _verified(lambda out: (out / "report.md").write_text("safe"), ", whose report was edited", sealed=False),
        _verified(lambda out: (out / "report.md").unlink(), ", whose report was lost", sealed=False),
        _verified(lambda out: (out / "mine.md").write_text("me"), ", to which a file was added", sealed=False),
        _verified(lambda out: (out / "hashes.json").write_text("[1]"), ", whose hashes are none", sealed=False),
        _verified(lambda out: (out / "link.md").symlink_to("report.md"), ", with a link"),
        _verified(lambda out: (out / "report.md").write_text("safe"), ", whose report was edited and whose hashes fit"),
        _verified(
            _rewrite("cases/one.json", lambda one: one["answers"]["optimize"]["risk"].update(optimal=0.01)),
            ", whose least risk was edited and whose hashes fit",
        ),
        _verified(_rewrite("cases/one.json", lambda one: one.pop("answers")), ", whose answers were taken out"),
        _verified(_rewrite("study.json", lambda about: about.update(folders={})), ", which tells of no inputs"),
        _verified(
            _rewrite("study.json", lambda about: about.update(folders={"./small": "../small"})),
            ", whose inputs are elsewhere",
        ),
        _verified(
            lambda out: (out / "inputs/small/supply.csv").write_text(FILES["supply.csv"].replace("JPN,12", "JPN,13")),
            ", of which an input was edited and whose hashes fit",
        ),
        _verified(lambda out: (out / "mine.md").write_text("me"), ", to which a file was added and whose hashes fit"),
        called("compare(first, second) without a common case", lambda small: _no_common_case(small)),
    ],
}


def _study_file(name: str = "mine") -> None:
    Path("mine.toml").write_text(
        f'name = "{name}"\n{HEAD}[[cases]]\nname = "one"\ntitle = "One"\npackages = ["small"]\n', "utf-8"
    )


def _no_common_case(small: Small) -> None:
    other = _results(small, "two")
    _rewrite("study.json", lambda about: (about.update(cases=["two"]), about["study"]["cases"][0].update(name="two")))(
        other
    )
    (other / "cases/one.json").rename(other / "cases/two.json")
    seal(other)
    compare(read_results(_results(small)), read_results(other))
