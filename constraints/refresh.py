"""Refresh the constraints: `python3 constraints/refresh.py`. It says what changed; docs/versions.md has the rest.

Each set is resolved for the oldest Python that pyproject.toml allows, written, installed in a clean environment and
tried with the smoke suite, which looks at the written sets too. If it does not pass, the sets are as they were.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

SETS = {"lowest": "lowest-direct", "tested": "highest"}
"""File of a set, and how uv resolves it."""


def main() -> None:
    """Resolve both sets, write them, try them."""
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=True)
        run(Path(scratch, "bin/pip"), "install", "--quiet", "uv")
        before = {name: path_of(name).read_bytes() for name in SETS if path_of(name).exists()}
        for name, resolution in SETS.items():
            path_of(name).write_text(resolved(Path(scratch, "bin/uv"), resolution), "utf-8")
        try:
            for name in SETS:
                print(f"{name}: installing and trying", flush=True)
                run(ROOT / ".ci/smoke", sys.executable, "--constraint", path_of(name))
        except BaseException:
            for name, content in before.items():
                path_of(name).write_bytes(content)
            raise
    for name in SETS:
        old = pins(before.get(name, b"").decode())
        print(f"{name}.txt:", *changes(old, pins(path_of(name).read_text("utf-8"))), sep="\n", flush=True)


def path_of(name: str) -> Path:
    """The file of a set."""
    return HERE / f"{name}.txt"


def resolved(uv: Path, resolution: str) -> str:
    """Names and versions only: no addresses, no hashes, no comments."""
    words = ("--resolution", resolution, "--python-version", oldest_python(), "--extra", "test")
    quiet = ("--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links")
    return run(uv, "pip", "compile", "pyproject.toml", *words, *quiet, capture=True)


def oldest_python() -> str:
    """The lower bound of `requires-python`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["requires-python"]).removeprefix(">=")


def pins(text: str) -> dict[str, str]:
    """Version by name."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What was added, removed and changed, a line each."""
    lines = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None:
            lines.append(f"  added    {name} {new}")
        elif new is None:
            lines.append(f"  removed  {name} {old}")
        elif old != new:
            lines.append(f"  changed  {name} {old} -> {new}")
    return lines or ["  nothing changed"]


def run(*words: object, capture: bool = False) -> str:
    """What a program prints, if wanted; ends with its status where it fails."""
    output = subprocess.PIPE if capture else None
    done = subprocess.run([str(word) for word in words], cwd=ROOT, stdout=output, text=True, check=False)
    if done.returncode:
        sys.exit(f"failed; the sets are as they were: {' '.join(map(str, words))}")
    return done.stdout or ""


if __name__ == "__main__":
    main()
