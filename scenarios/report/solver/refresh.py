"""Put another version of the browser's solver in place of ours.

    python -m scenarios.report.solver.refresh 1.15.3

It takes the package `highs` by npm, which checks what it takes, writes the files that a page needs and what they are.
Run tests/scenarios/report/test_panel_in_browser.py afterwards: it compares answers with those of Python.
"""

import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from hashlib import sha256
from pathlib import Path

from scenarios.report.solver import BINARY, FACTS, LICENCE, SCRIPT

_HERE = Path(__file__).parent
_WASM = "highs.wasm"


def refresh(version: str) -> None:
    """Write the files of a version of the npm package `highs` beside this one."""
    with tempfile.TemporaryDirectory() as there:
        command = ["npm", "pack", f"highs@{version}", "--json", "--pack-destination", there]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)[0]
        with tarfile.open(Path(there) / told["filename"]) as archive:
            script, binary, licence, about = (
                _member(archive, name) for name in (f"build/{SCRIPT}", f"build/{_WASM}", LICENCE, "package.json")
            )
    (_HERE / SCRIPT).write_bytes(script)
    (_HERE / BINARY).write_bytes(gzip.compress(binary, 9, mtime=0))
    (_HERE / LICENCE).write_bytes(licence)
    found = {
        "name": told["name"],
        "version": told["version"],
        "licence": json.loads(about)["license"],
        "integrity": told["integrity"],
        "sha256": {SCRIPT: sha256(script).hexdigest(), _WASM: sha256(binary).hexdigest()},
    }
    (_HERE / FACTS).write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    if file is None:
        raise FileNotFoundError(f"the package has no {name}")
    return file.read()


if __name__ == "__main__":
    refresh(sys.argv[1])
