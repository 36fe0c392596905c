"""What the documentation site makes of our pages: `mkdocs build --strict` in the folder above.

Links to files of the repository that are no pages become their paths; the page of Python gets an entry for every
public name, from its docstring, and the gallery one for every study that ships. Pages that the menu of mkdocs.yml does
not name stand at its end, by their titles.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import scenarios
import tierwise

__all__ = ["on_config", "on_page_markdown"]

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?!https?:|#)[^)\s]+)\)")
_DOCS = Path(__file__).resolve().parent
_NAMES, _STUDIES = "<!-- every public name -->", "<!-- every shipped study -->"


def on_config(config: Any) -> Any:
    """The menu, with every page that it does not name."""
    named = str(config.nav)
    pages = [str(path.relative_to(_DOCS)) for path in sorted(_DOCS.rglob("*.md"))]
    more = [page for page in pages if f"'{page}'" not in named]
    config.nav += [{"More": more}] if more else []
    return config


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """The text of a page, before it becomes HTML."""
    folder = Path(page.file.abs_src_path).parent

    def inside(link: re.Match[str]) -> str:
        target = (folder / link[2].partition("#")[0]).resolve()
        kept = target.suffix in (".md", ".png") and target.is_relative_to(_DOCS)
        return link[0] if kept else f"{link[1]} (`{target.relative_to(_DOCS.parent)}`)"

    markdown = _LINK.sub(inside, markdown)
    return markdown.replace(_NAMES, "\n\n".join(_entries())).replace(_STUDIES, "\n\n".join(_studies()))


def _entries() -> list[str]:
    """A line of mkdocstrings for every public function and class, which says where it is defined."""
    found = []
    for name in sorted(tierwise.__all__, key=str.lower):
        value = getattr(tierwise, name)
        if callable(value):
            found.append(f"::: {value.__module__}.{value.__qualname__}")
    return found


def _studies() -> list[str]:
    """Title, question and command of every study that ships."""
    shipped = Path(scenarios.__file__).parent / "shipped"
    studies = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(shipped.glob("*.toml"))}
    return [
        f"## {study['title']}\n\n{study['question']}\n\n```sh\ntierwise study {name}\n```"
        for name, study in studies.items()
    ]
