"""The brief as a PDF of two pages A4, set by Typst: the roomiest layout of each page that fits."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar

from typst import Compiler

from scenarios.report.brief.content import Brief
from scenarios.report.brief.drawing import blank_chart, goods_chart
from scenarios.report.brief.first import FIRST, first_page
from scenarios.report.brief.fonts import Fonts, fonts_for
from scenarios.report.brief.second import SECOND, second_page

__all__ = ["Paper", "brief_pdf", "brief_pictures"]

R = TypeVar("R")


@dataclass(frozen=True)
class Paper:
    """A PDF, and what whoever reads it should be warned of."""

    content: bytes
    warnings: tuple[str, ...]


def brief_pdf(brief: Brief) -> Paper:
    """The PDF. It carries no time of its making, and what is left out of it is named or counted on it."""
    with _setting(brief) as (setter, pages):
        told = setter.fonts.missing_in_words
        return Paper(b"".join(setter.made(pages, "pdf")), (told,) if told else ())


def brief_pictures(brief: Brief, ppi: float = 110.0) -> list[bytes]:
    """The pages as PNG."""
    with _setting(brief) as (setter, pages):
        return setter.made(pages, "png", ppi)


@contextmanager
def _setting(brief: Brief) -> Iterator[tuple["_Setter", list[dict[str, Any]]]]:
    """A setter, and both pages in the roomiest layout that it found to fit; charts are drawn for that one alone."""
    fonts = fonts_for(brief)
    missing = fonts.missing_in_words
    with resources.as_file(resources.files(__package__) / "brief.typ") as template:
        study = brief.report.study.study
        setter = _Setter(template, fonts, {"title": study.title, "name": study.name})
        first = setter.roomiest(FIRST, lambda room: first_page(brief, room, blank_chart))
        second = setter.roomiest(SECOND, lambda room: second_page(brief, room, missing))
        drawn = partial(goods_chart, fonts=fonts.charts, outlined=fonts.outlined)
        yield setter, [first_page(brief, first, drawn), second_page(brief, second, missing)]


class _Setter:
    """Typst with one template: data in, pages out."""

    def __init__(self, template: Path, fonts: Fonts, about: Mapping[str, str]) -> None:
        self._template, self.fonts = template, fonts
        self._document = {**about, "fonts": list(fonts.texts)}

    def roomiest(self, rooms: Sequence[R], page: Callable[[R], dict[str, Any]]) -> R:
        """The first of some rooms in which a page is no longer than a page."""
        for room in rooms:
            (end,) = json.loads(self._compiler([page(room)]).query("<end>"))
            if end["value"] == 1:
                return room
        raise RuntimeError("no layout of the brief fits its page")

    def made(
        self, pages: Sequence[dict[str, Any]], form: Literal["pdf", "png"], ppi: float | None = None
    ) -> list[bytes]:
        """One file, or one a page."""
        found = self._compiler(pages).compile(format=form, ppi=ppi)
        return [found] if isinstance(found, bytes) else list(found or [])

    def _compiler(self, pages: Sequence[dict[str, Any]]) -> Compiler:
        return Compiler(
            input=str(self._template),
            root=str(self._template.parent),
            font_paths=[str(folder) for folder in self.fonts.folders],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**self._document, "pages": list(pages)})},
        )
