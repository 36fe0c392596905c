"""Put another version of Plotly's script in place of ours.

    python -m scenarios.report.plotlyjs.refresh 4.1.1 0.28.2

The versions are those of the npm packages `plotly.js` and `esbuild`. npm takes both and checks what it takes; esbuild
puts the charts of `TRACES` and what they need into one script, as plotly.js documents it (CUSTOM_BUNDLE.md, with the
settings of its esbuild-config.js). Written are the script, its facts, and the licences of all that is in it. Run
tests/scenarios/report/test_page_in_browser.py afterwards, and look at a page.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from scenarios.report.plotlyjs import FACTS, LICENCES, SCRIPT

TRACES = ("bar", "heatmap", "sankey", "scatter")
"""What reports draw; `scatter` is in every script of Plotly's."""
_HERE = Path(__file__).parent
_BUILD = """
const {build} = require("esbuild");
build({
  entryPoints: ["entry.js"], outfile: "plotly.js", format: "iife", globalName: "Plotly", bundle: true, minify: true,
  define: {global: "window", "define.amd": "false"}, target: "es2021", legalComments: "inline", metafile: true,
}).then(({metafile}) => console.log(JSON.stringify(Object.keys(metafile.inputs))));
"""


def refresh(version: str, builder: str) -> None:
    """Write the script of a version of plotly.js, made by a version of esbuild, its facts and its licences."""
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        (folder / "package.json").write_text("{}", "utf-8")
        _ran(folder, "npm", "install", "--ignore-scripts", f"plotly.js@{version}", f"esbuild@{builder}")
        charts = ", ".join(f'require("plotly.js/lib/{trace}")' for trace in TRACES if trace != "scatter")
        entry = f'module.exports = require("plotly.js/lib/core");\nmodule.exports.register([{charts}]);\n'
        (folder / "entry.js").write_text(entry, "utf-8")
        packages = _packages(json.loads(_ran(folder, "node", "--eval", _BUILD)))
        script = (folder / "plotly.js").read_bytes()
        licences = "\n\n".join(_licence(folder / "node_modules" / name) for name in packages)
        lock = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    found = {
        "name": "plotly.js",
        "version": version,
        "licence": lock["node_modules/plotly.js"]["license"],
        "integrity": lock["node_modules/plotly.js"]["integrity"],
        "traces": list(TRACES),
        "built_by": f"esbuild {builder}",
        "sha256": sha256(script).hexdigest(),
    }
    (_HERE / SCRIPT).write_bytes(gzip.compress(script, 9, mtime=0))
    (_HERE / LICENCES).write_text(licences + "\n", "utf-8")
    (_HERE / FACTS).write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def _ran(folder: Path, *command: str) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def _packages(inputs: list[str]) -> list[str]:
    """The npm packages that files are of, by name."""
    inside = [path.rpartition("node_modules/")[2].split("/") for path in inputs if "node_modules/" in path]
    return sorted({"/".join(parts[: 2 if parts[0].startswith("@") else 1]) for parts in inside})


def _licence(package: Path) -> str:
    """Name, version and licence of a package; what its description says of it where it has no text of its own."""
    about: dict[str, Any] = json.loads((package / "package.json").read_text("utf-8"))
    texts = sorted(path for path in package.iterdir() if path.name.lower().startswith(("licen", "copying")))
    text = texts[0].read_text("utf-8").strip() if texts else f"Licence: {about['license']}."
    return f"{about['name']} {about['version']}\n\n{text}"


if __name__ == "__main__":
    refresh(*sys.argv[1:])
