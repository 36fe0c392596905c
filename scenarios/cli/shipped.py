"""The command that names what ships with Tierwise. It reads no table, so that it answers at once."""

import csv
import json
import tomllib
from importlib import resources

import data
from scenarios.cli.app import Json, app
from scenarios.cli.standard_output import print_json, write

__all__: list[str] = []


@app.command("list", epilog="Example: tierwise list")
def list_shipped(as_json: Json = False) -> None:
    """Name the packages and studies that ship."""
    packages, studies = _packages(), _studies()
    if as_json:
        print_json({"packages": packages, "studies": studies})
        return
    rows = [("package", str(package["name"]), _said(package)) for package in packages]
    rows += [("study", study["name"], study["title"]) for study in studies]
    width = max(len(name) for _, name, _ in rows)
    write("".join(f"{kind:<9}{name:<{width}}  {words}\n" for kind, name, words in rows))


def _packages() -> list[dict[str, object]]:
    """What the descriptor of each package says of it; of a link package, which packages it joins."""
    found: list[dict[str, object]] = []
    for name in data.names():
        descriptor = json.loads((data.folder(name) / "datapackage.json").read_text("utf-8"))
        says = descriptor.get("tierwise")
        found.append({"name": name, **({"joins": _joined(name)} if says is None else _about(says))})
    return found


def _about(says: dict[str, object]) -> dict[str, object]:
    """What a package's numbers are about, with a unit for people, which a descriptor need not have."""
    return {"unit": f"{says['currency']} {says['scale']} per year", **says}


def _joined(name: str) -> list[str]:
    """The packages that the segments of a link package's inputs are in."""
    with (data.folder(name) / "inputs.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row[end].split("/")[0] for row in csv.DictReader(file) for end in ("input", "user")})


def _said(package: dict[str, object]) -> str:
    joins = package.get("joins")
    if isinstance(joins, list):
        return f"joins {' and '.join(joins)}"
    return f"home {package['home']}, {package['unit']}, {package['year']}"


def _studies() -> list[dict[str, str]]:
    files = sorted(resources.files("scenarios.shipped").iterdir(), key=lambda file: file.name)
    texts = {file.name.removesuffix(".toml"): file.read_text("utf-8") for file in files if file.name.endswith(".toml")}
    studies = {name: tomllib.loads(text) for name, text in texts.items()}
    return [{"name": name, "title": study["title"], "question": study["question"]} for name, study in studies.items()]
