"""What the documentation site makes of our pages: `mkdocs build --strict` in the folder above.

Links to files of the repository that are no pages become their paths; the page of Python gets an entry for every
public name, from its docstring, and the gallery one for every study that ships, with a picture of what it advises,
solved and drawn while the site is built. Pages that the menu of mkdocs.yml does
not name stand at its end, by their titles.
"""

import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import tierwise
from scenarios.report.brief.content import decision_of
from scenarios.report.brief.drawing import goods_chart
from scenarios.running.plan import tasks_of
from scenarios.running.tasks import carry_out
from scenarios.storing import StoredCase
from scenarios.studies import StudyFile, read_study, shipped_studies
from scenarios.studies.expanding import ready_cases

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
    for place, made in ((_NAMES, _entries), (_STUDIES, _studies)):
        if place in markdown:
            markdown = markdown.replace(place, "\n\n".join(made()))
    return markdown


def _entries() -> list[str]:
    """A line of mkdocstrings for every public function and class, which says where it is defined."""
    found = []
    for name in sorted(tierwise.__all__, key=str.lower):
        value = getattr(tierwise, name)
        if callable(value):
            found.append(f"::: {value.__module__}.{value.__qualname__}")
    return found


def _studies() -> list[str]:
    """Title, question, command and picture of every study that ships."""
    files = {name: read_study(name) for name in shipped_studies()}
    return [
        f"## {file.study.title}\n\n{file.study.question}\n\n```sh\ntierwise study {name}\n```\n\n{_picture(file)}"
        for name, file in files.items()
    ]


def _picture(file: StudyFile) -> str:
    """Money by good in the first case that leads a study's report, today and as advised, as the brief draws it."""
    lead = next((case for case in file.study.cases if case.lead), file.study.cases[0]).name
    ready = next(case for case in ready_cases(file) if case.name == lead)
    asked = next(task for task in tasks_of(file.study, [ready]) if task.question == "optimize")
    outcome = carry_out(asked)
    if outcome.failed:
        raise RuntimeError(f"{lead} of {file.study.title}: {outcome.reason}")
    case = StoredCase.of_chain(ready.chain, {"optimize": outcome.answer}, ready.options)
    drawn = b64encode(goods_chart(decision_of(case), 6.5, 9, outlined=True).encode()).decode("ascii")
    return f"![{ready.title}: money by good, today and as advised](data:image/svg+xml;base64,{drawn})"
