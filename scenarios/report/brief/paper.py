"""The brief as a PDF of two pages A4, set by Typst: the roomiest layout of each page that fits."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from scenarios.report.brief.content import Brief
from scenarios.report.brief.drawing import blank_chart, goods_chart
from scenarios.report.brief.first import FIRST, first_page
from scenarios.report.brief.fonts import Fonts, fonts_for
from scenarios.report.brief.second import SECOND, second_page

__all__ = ["brief_pdf", "brief_png"]

R = TypeVar("R")


def brief_pdf(brief: Brief) -> bytes:
    """The PDF. It carries no time of its making, and what is left out of it is named or counted on it."""
    with _setting(brief) as (setter, pages):
        return setter.compiled(pages, "pdf")


def brief_png(brief: Brief, ppi: float = 110.0) -> list[bytes]:
    """The pages as pictures."""
    with _setting(brief) as (setter, pages):
        return setter.pictures(pages, ppi)


@contextmanager
def _setting(brief: Brief) -> Iterator[tuple["_Setter", list[dict[str, Any]]]]:
    """A setter, and both pages in the roomiest layout that it found to fit."""
    fonts = fonts_for(brief)
    with resources.as_file(resources.files(__package__) / "brief.typ") as template:
        setter = _Setter(template, fonts, brief.report.study.study.title, brief.report.study.study.name)
        first = setter.fitting(FIRST, lambda room: first_page(brief, room, blank_chart))
        second = setter.fitting(SECOND, lambda room: second_page(brief, room, fonts.missing_in_words))
        drawn = first_page(brief, first, partial(goods_chart, fonts=fonts.charts))
        yield setter, [drawn, second_page(brief, second, fonts.missing_in_words)]


class _Setter:
    """Typst with one template: data in, pages out."""

    def __init__(self, template: Path, fonts: Fonts, title: str, name: str) -> None:
        self._template, self._fonts = template, fonts
        self._document = {"title": title, "name": name, "fonts": list(fonts.texts)}

    def fitting(self, rooms: Sequence[R], page: Callable[[R], dict[str, Any]]) -> R:
        """The first of some rooms in which a page is no longer than a page."""
        for room in rooms:
            (end,) = json.loads(self._compiler([page(room)]).query("<end>"))
            if end["value"] == 1:
                return room
        raise RuntimeError("no layout of the brief fits its page")

    def compiled(self, pages: Sequence[dict[str, Any]], form: str) -> bytes:
        made = self._compiler(pages).compile(format=form)
        return made if isinstance(made, bytes) else b"".join(made or [])

    def pictures(self, pages: Sequence[dict[str, Any]], ppi: float) -> list[bytes]:
        made = self._compiler(pages).compile(format="png", ppi=ppi)
        return [made] if isinstance(made, bytes) else list(made or [])

    def _compiler(self, pages: Sequence[dict[str, Any]]) -> Any:
        from typst import Compiler

        return Compiler(
            input=str(self._template),
            root=str(self._template.parent),
            font_paths=[str(folder) for folder in self._fonts.folders],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**self._document, "pages": list(pages)})},
        )
