"""Fonts of a brief, and which characters of it none of them has: a name never becomes boxes without a word."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chains.tables.problems import first_of
from scenarios.report.brief.content import Brief
from scenarios.report.brief.drawing import FONT

__all__ = ["Fonts", "fonts_for"]

_TEXT = "Libertinus Serif"
"""Ships with Typst: Latin, Greek and Cyrillic."""
_NAMED = 12
"""Characters that are named; the others are counted."""


@dataclass(frozen=True)
class Fonts:
    """Families of texts and of charts, tried in order; folders that hold them; characters that none of them has."""

    texts: tuple[str, ...]
    charts: tuple[str, ...]
    folders: tuple[Path, ...]
    missing: str

    @property
    def outlined(self) -> bool:
        """Whether charts must draw their letters: of a text in several fonts Typst would set all in one of them."""
        return len(self.charts) > 1 or bool(self.missing)

    @property
    def missing_in_words(self) -> str:
        """Which characters show as boxes; nothing where there are none."""
        if not self.missing:
            return ""
        each = [f"U+{ord(sign):04X} {unicodedata.name(sign, 'without a name').lower()}" for sign in self.missing]
        named = first_of(each, _NAMED)
        return (
            f"No font at hand has {len(self.missing)} of the characters of this brief, which are boxes on it: "
            f"{named}. Install a font that has them (such as Noto Sans CJK for Chinese) and make it again; the "
            "page, the slides and the workbook show them."
        )


def fonts_for(brief: Brief) -> Fonts:
    """Fonts that have the characters of a brief: those that ship with the libraries, and of the machine's where needed.

    A font of the machine is taken only for characters that the others lack, so that without such characters the same
    brief is the same to the byte on every machine.
    """
    from matplotlib import get_data_path

    shipped = Path(get_data_path()) / "fonts" / "ttf"
    missing = {sign for sign in _signs(brief) if sign.isprintable() and not sign.isspace()}
    missing -= _has(shipped / "DejaVuSans.ttf")
    families, folders = [FONT], [shipped]
    for family, file in _others() if missing else ():
        if covered := missing & _has(file):
            missing -= covered
            families.append(family)
            folders.append(file.parent)
            _known_to_charts(file)
        if not missing:
            break
    return Fonts((_TEXT, *families), tuple(families), tuple(folders), "".join(sorted(missing)))


def _signs(brief: Brief) -> set[str]:
    """Every character that may stand on the brief."""
    report = brief.report
    names = [label for one in brief.decisions for label in (one.title, one.unit, *(good.label for good in one.goods))]
    names += [text for row in brief.worse for text in (row.scenario, row.case, row.who)]
    words = [report.study.study.title, report.study.study.question, *brief.answer, *brief.holds, *brief.known]
    changes = [change for case in report.study.cases for change in case.chain.changes]
    return set("".join([*names, *words, *changes, *report.failed, *report.failed.values(), *brief.sources]))


def _others() -> Iterator[tuple[str, Path]]:
    """The fonts of the machine, upright and of usual weight first, by family and file."""
    from typst import Fonts as Found

    fonts = [font for font in Found(include_embedded_fonts=False).fonts() if font.path and font.index == 0]
    fonts.sort(key=lambda font: (font.style != "normal", abs(font.weight - 400), font.family, font.path))
    yield from ((font.family, Path(str(font.path))) for font in fonts)


def _has(file: Path) -> set[str]:
    """The characters of a font."""
    from matplotlib.ft2font import FT2Font

    try:
        return {chr(code) for code in FT2Font(str(file)).get_charmap()}
    except RuntimeError:  # a format that FreeType does not read
        return set()


def _known_to_charts(file: Path) -> None:
    from matplotlib.font_manager import fontManager

    fontManager.addfont(str(file))
