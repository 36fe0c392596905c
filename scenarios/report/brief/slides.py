"""The brief as slides: native charts and tables, which whoever presents it may change."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pandas as pd

from chains.tables.problems import listed
from scenarios.report.brief.content import Brief, Decision
from scenarios.report.brief.drawing import grouped
from scenarios.report.brief.first import cases_of
from scenarios.report.brief.fitting import clipped, others
from scenarios.report.drawing import LEAST, OBSERVED
from scenarios.report.figures import amount, share
from scenarios.storing.workbooks import Sheet, workbook_bytes

__all__ = ["brief_slides"]

T = TypeVar("T")

_NEVER = datetime(1980, 1, 1, tzinfo=UTC)
_ZIP_NEVER = (1980, 1, 1, 0, 0, 0)
_WIDE, _HIGH, _EDGE, _TOP = 13.333, 7.5, 0.6, 1.45
"""Inches: a slide, its margin, and where its body begins."""
_LETTERS, _LINES = 105, 15
"""Characters of a line of the body, and lines of a slide."""
_DRAWN, _GOODS, _ROWS, _MOST = 8, 14, 12, 60
"""Cases with a slide of their own, goods and cases of a chart, rows of a table: what is left out is counted."""
_CELL, _PER_INCH, _TABLE = 12, 11.5, 5.0
"""Points of letters in tables, letters an inch, and inches of a slide that a table may take."""
_SOURCES = 12
_GREEN = "#009e73"
_SHEET = "Sheet1"


def brief_slides(brief: Brief) -> bytes:
    """The slides (.pptx), the same to the byte whenever they are made."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    slides = _Slides(deck)
    _answer(slides, brief)
    for decision in brief.in_order[:_DRAWN]:
        _goods(slides, decision)
    if left := brief.in_order[_DRAWN:]:
        titles = [decision.title for decision in left]
        slides.texts("Money by good of other cases stands in the report", [clipped(listed(titles), 900)])
    _losses(slides, brief)
    _worse(slides, brief)
    slides.texts("What it rests on, and how far it holds", brief.holds)
    _known(slides, brief)
    sources = [*brief.sources[:_SOURCES], *others(brief.sources, _SOURCES, "source")]
    slides.texts("Sources, with the count of numbers that rest on each", [clipped(one, 200) for one in sources])
    slides.texts("Proof, and how to get the same again", [brief.certificate, *brief.commands, brief.versions])
    about = deck.core_properties
    about.title, about.author, about.last_modified_by = brief.report.study.study.title[:255], "Tierwise", "Tierwise"
    about.created = about.modified = _NEVER
    made = io.BytesIO()
    deck.save(made)
    return _timeless(made.getvalue())


class _Slides:
    """A deck under construction: slides with a heading, and text, a chart or a table below it."""

    def __init__(self, deck: Any) -> None:
        self._deck = deck

    def new(self, heading: str) -> Any:
        """A slide with a heading."""
        from pptx.util import Inches

        slide = self._deck.slides.add_slide(self._deck.slide_layouts[5])
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = (Inches(x) for x in (_EDGE, 0.35, _WIDE - 2 * _EDGE, 0.95))
        _write(title.text_frame, [clipped(heading, 150)], 26 if len(heading) < 75 else 20, bold=True)
        return slide

    def text(self, slide: Any, words: Sequence[str], top: float, size: float = 16, height: float = 0.6) -> None:
        """Paragraphs on a slide."""
        from pptx.util import Inches

        box = slide.shapes.add_textbox(Inches(_EDGE), Inches(top), Inches(_WIDE - 2 * _EDGE), Inches(height))
        _write(box.text_frame, words, size)

    def texts(self, heading: str, paragraphs: Sequence[str]) -> None:
        """Paragraphs on as many slides as they need."""
        for number, words in enumerate(_pages(paragraphs)):
            slide = self.new(heading if not number else f"{heading} (continued)")
            self.text(slide, words, _TOP, height=_HIGH - _TOP - 0.4)

    def chart(self, slide: Any, labels: Sequence[str], series: dict[str, list[float]], unit: str, form: str) -> None:
        """A native bar chart; its workbook is ours, in which no name is a formula."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.util import Inches

        data = CategoryChartData(number_format=form)
        data.categories = list(labels)
        for name, values in series.items():
            data.add_series(name, values)
        kind = XL_CHART_TYPE.BAR_STACKED if len(series) > 2 else XL_CHART_TYPE.BAR_CLUSTERED
        place = (Inches(x) for x in (_EDGE, _TOP + 0.4, _WIDE - 2 * _EDGE, _HIGH - _TOP - 0.8))
        chart = slide.shapes.add_chart(kind, *place, data).chart
        _dress(chart, series, unit, form)
        table = pd.DataFrame({"": list(labels), **series})
        chart.part.chart_workbook.update_from_xlsx_blob(workbook_bytes([Sheet(_SHEET, table)]))

    def tables(
        self, heading: str, words: str, head: Sequence[str], rows: Sequence[Sequence[str]], wide: Sequence[float]
    ) -> None:
        """A native table under a few words, on as many slides as it needs; `wide` are inches of its columns."""
        from pptx.util import Inches

        for number, page in enumerate(_tables(rows, wide)):
            slide = self.new(heading if not number else f"{heading} (continued)")
            self.text(slide, [words], _TOP - 0.15, 13)
            place = (Inches(x) for x in (_EDGE, _TOP + 0.55, sum(wide), 0.4 * (len(page) + 1)))
            table = slide.shapes.add_table(len(page) + 1, len(head), *place).table
            for column, inches in enumerate(wide):
                table.columns[column].width = Inches(inches)
            for at, row in enumerate([head, *page]):
                for column, cell in enumerate(row):
                    _write(table.cell(at, column).text_frame, [cell], _CELL, bold=not at)


def _write(frame: Any, paragraphs: Sequence[str], size: float, *, bold: bool = False) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    for number, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = words, Pt(size), bold
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(size / 2 if len(paragraphs) > 1 else 0)


def _dress(chart: Any, series: dict[str, list[float]], unit: str, form: str) -> None:
    """Colours of the report, units on the axis, numbers at the bars, the first category on top."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_AXIS_CROSSES, XL_LEGEND_POSITION
    from pptx.util import Pt

    colours = [OBSERVED.colour, LEAST.colour] if len(series) == 2 else [LEAST.colour, _GREEN, OBSERVED.colour]
    for drawn, colour in zip(chart.plots[0].series, colours, strict=False):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = RGBColor.from_string(colour[1:].upper())
    plot, along, across = chart.plots[0], chart.category_axis, chart.value_axis
    plot.gap_width = 60
    plot.has_data_labels = True
    plot.data_labels.font.size, plot.data_labels.number_format = Pt(10), form
    plot.data_labels.number_format_is_linked = False
    along.reverse_order, along.crosses = True, XL_AXIS_CROSSES.MAXIMUM
    along.tick_labels.font.size = across.tick_labels.font.size = Pt(11)
    across.has_major_gridlines, across.minimum_scale = False, 0
    across.has_title = True
    across.axis_title.text_frame.text = unit
    across.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(11)
    chart.has_legend, chart.legend.position, chart.legend.include_in_layout = True, XL_LEGEND_POSITION.TOP, False
    chart.legend.font.size = Pt(12)


def _tables(rows: Sequence[Sequence[str]], wide: Sequence[float]) -> Iterator[list[Sequence[str]]]:
    """Rows slide by slide, by how many lines their cells take."""

    def height(row: Sequence[str]) -> float:
        lines = max(len(cell) // max(int(_PER_INCH * inches), 1) + 1 for cell, inches in zip(row, wide, strict=True))
        return 0.12 + lines * _CELL * 1.2 / 72

    return _packed(rows, height, _TABLE)


def _pages(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    """Paragraphs slide by slide; one that is longer than a slide goes on on the next."""
    pieces = (piece for whole in paragraphs for piece in _pieces(whole))
    return _packed(pieces, lambda words: len(words) // _LETTERS + 1, _LINES)


def _packed(parts: Iterable[T], size: Callable[[T], float], room: float) -> Iterator[list[T]]:
    """Parts in order, as many together as there is room for; one that is larger stands alone."""
    page: list[T] = []
    used = 0.0
    for part in parts:
        own = size(part)
        if page and used + own > room:
            yield page
            page, used = [], 0.0
        page.append(part)
        used += own
    yield page


def _pieces(words: str) -> Iterator[str]:
    """A paragraph in pieces of no more than a slide."""
    most = _LETTERS * _LINES
    while len(words) > most:
        space = words.rfind(" ", most // 2, most)
        cut = space if space > 0 else most
        yield words[:cut]
        words = words[cut:].lstrip()
    yield words


def _answer(slides: _Slides, brief: Brief) -> None:
    report = brief.report
    failed = [f"{title}: {reason}." for title, reason in report.failed.items()]
    slides.texts(report.study.study.title, [report.study.study.question, *brief.answer, *failed])


def _goods(slides: _Slides, decision: Decision) -> None:
    goods = grouped(decision.goods, _GOODS)
    slide = slides.new(f"{decision.title}: where the money goes")
    if not goods:
        slides.text(slide, ["No good gets money, today or as advised."], _TOP)
        return
    by_lever = {lever: sum(good.advised.get(lever, 0.0) for good in goods) for lever in decision.levers}
    said = ", ".join(f"{amount(money)} on {lever}" for lever, money in by_lever.items())
    if said:
        slides.text(slide, [f"Advised, in {decision.unit}: {said}."], _TOP - 0.15, 14)
    series = {"today": [good.today for good in goods], "advised": [good.total for good in goods]}
    labels = [clipped(good.label, 60) for good in goods]
    largest = max(value for values in series.values() for value in values)
    slides.chart(slide, labels, series, f"money ({decision.unit})", "0.0" if largest >= 20 else "0.00")


def _losses(slides: _Slides, brief: Brief) -> None:
    if not brief.decisions:
        return
    shown = brief.decisions[:_ROWS]
    slide = slides.new("What that does to risk")
    slides.text(slide, [" ".join([brief.means, *others(brief.decisions, _ROWS, "case")])], _TOP - 0.15, 12)
    series = {
        "today": [decision.measures[0].today for decision in shown],
        "advised": [decision.measures[0].advised for decision in shown],
    }
    slides.chart(slide, [clipped(one.title, 60) for one in shown], series, "risk (% of final demand)", "0.0%")
    told = cases_of(brief, _MOST, 90)
    rows = [[row["title"], row["money"], *(cell["text"] for cell in row["cells"])] for row in told["rows"]]
    heading = "Risk and loss, in % of final demand, today → advised"
    words = " ".join([brief.means, told["rest"]]).strip()
    slides.tables(heading, words, ["Case", "Most money goes to", *told["headers"]], rows, (2.6, 4.5, 1.6, 1.6, 1.8))


def _worse(slides: _Slides, brief: Brief) -> None:
    heading = "Who is worse off, and when"
    words = " ".join([brief.worse_in_words, *others(brief.worse, _MOST, "row")])
    if not brief.worse:
        slides.texts(heading, [words])
        return
    rows = [
        [
            clipped(row.scenario, 90),
            clipped(row.case, 90),
            share(row.probability),
            share(row.today, 2),
            share(row.advised, 2),
            clipped(row.who, 90),
        ]
        for row in brief.worse[:_MOST]
    ]
    head = ["Scenario", "Case", "Probability", "Loss today", "Loss advised", "Whose users lose most more"]
    slides.tables(heading, words, head, rows, (2.6, 3.2, 1.2, 1.2, 1.3, 2.6))


def _known(slides: _Slides, brief: Brief) -> None:
    heading = "What was assumed, and how good the numbers are"
    slides.texts(heading, brief.known)
    packages = brief.report.evidence[:_ROWS]
    if any(sum(package.counts.values()) for package in packages):
        slide = slides.new(heading)
        kinds = list(packages[0].counts)
        series = {kind: [float(package.counts[kind]) for package in packages] for kind in kinds}
        slides.chart(slide, [clipped(package.name, 60) for package in packages], series, "numbers in the package", "0")


def _timeless(made: bytes) -> bytes:
    """The same archive without the times at which its parts were written."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as book, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for part in book.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, _ZIP_NEVER), book.read(part), zipfile.ZIP_DEFLATED)
    return again.getvalue()
