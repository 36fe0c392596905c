"""The brief as slides: native charts with the stored numbers, names as they are, and the same to the byte."""

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from pptx import Presentation

from scenarios.report.brief.content import Brief, Good
from scenarios.report.brief.slides import brief_slides


def slides(brief: Brief) -> list[Any]:
    return list(Presentation(io.BytesIO(brief_slides(brief))).slides)


def words(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def charts(deck: list[Any]) -> list[Any]:
    return [shape.chart for slide in deck for shape in slide.shapes if shape.has_chart]


def test_the_first_slide_has_the_answer_and_charts_hold_stored_numbers(brief: Brief) -> None:
    deck = slides(brief)
    assert "Parts or robots?" in words(deck[0])
    assert brief.report.first[0][:40] in words(deck[0])
    money = charts(deck)[2]  # of all to parts, after as-is and never
    assert list(money.plots[0].categories) == ["Precision parts", "Robots", "Systems, integrated"]
    values = {one.name: list(one.values) for one in money.plots[0].series}
    assert values["today"] == [0.5, 2.0, 0.5]
    assert values["advised"] == pytest.approx([3.0, 0.0, 0.0], abs=1e-9)


def test_tables_tell_losses_of_every_case(brief: Brief) -> None:
    tables = [shape.table for slide in slides(brief) for shape in slide.shapes if shape.has_table]
    cells = [[cell.text_frame.text for cell in row.cells] for table in tables for row in table.rows]
    assert [row[0] for row in cells if row[0] in {"No embargo", "All to parts", "Nothing moves", "As it is"}] == [
        "No embargo",
        "All to parts",
        "Nothing moves",
        "As it is",
    ]
    assert ["Embargo", "All to parts", "5.0%"] in [row[:3] for row in cells]


def test_slides_are_the_same_to_the_byte_and_name_no_person(brief: Brief) -> None:
    made = brief_slides(brief)
    assert made == brief_slides(brief)
    about = Presentation(io.BytesIO(made)).core_properties
    assert (about.title, about.author, about.created.year) == ("Parts or robots?", "Tierwise", 1980)


def test_a_name_is_no_formula_in_the_workbook_of_a_chart(brief: Brief) -> None:
    goods = tuple(Good(name, "upstream", 1.0, {"capacity": 2.0}) for name in ("=1+1", "@x", "+y", "-z", "<a>&"))
    shown = replace(brief.decisions[0], goods=goods)
    chart = charts(slides(Brief(brief.report, (shown,), (shown,))))[0]
    assert list(chart.plots[0].categories) == ["=1+1", "@x", "+y", "-z", "<a>&"]
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book["Sheet1"].iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert "f" not in {cell.data_type for cell in cells}
    assert [cell.value for cell in cells if cell.column == 1] == ["=1+1", "@x", "+y", "-z", "<a>&"]
    assert [cell.value for cell in book["Sheet1"]["C"]] == ["advised", 2, 2, 2, 2, 2]


def test_long_texts_go_on_on_the_next_slide_and_nothing_is_lost(brief: Brief) -> None:
    long = " ".join(f"word{n}" for n in range(2000))
    deck = slides(Brief(replace(brief.report, first=[long], leads=(), further=[]), (), ()))
    said = " ".join(words(slide) for slide in deck)
    assert all(f"word{n}" in said for n in range(2000))
    assert max(len(words(slide)) for slide in deck) < 2200
