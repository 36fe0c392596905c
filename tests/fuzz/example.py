"""One input: its files and options; kept as JSON, so that it does not hang on the code that drew it."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["SEEDS", "Example", "kept"]

SEEDS = Path(__file__).with_name("seeds")


@dataclass(frozen=True)
class Example:
    """Files by name (with `/`), and options of the question."""

    kind: str
    files: dict[str, bytes]
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def keep(self, name: str, why: str) -> Path:
        """Store it among the seeds; `why` says what it showed."""
        files = {file: _said(content) for file, content in self.files.items()}
        document = {"why": why, "kind": self.kind, "options": self.options, "files": files}
        SEEDS.mkdir(exist_ok=True)
        path = SEEDS / f"{name}.json"
        path.write_text(json.dumps(document, indent=1, ensure_ascii=True) + "\n", "utf-8")
        return path


def kept() -> dict[str, Example]:
    """The seeds by their names."""
    found = {}
    for path in sorted(SEEDS.glob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        files = {file: _bytes(said) for file, said in document["files"].items()}
        found[path.stem] = Example(document["kind"], files, document["options"])
    return found


def _said(content: bytes) -> str | dict[str, str]:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


def _bytes(said: str | dict[str, str]) -> bytes:
    return said.encode("utf-8") if isinstance(said, str) else base64.b64decode(said["base64"])
