"""Large tables are read by Arrow where they are plain and right; no other table and no other message comes of it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from chains.tables.checking import check_cells
from chains.tables.plain import plain_table
from chains.tables.problems import Problem
from chains.tables.reading import read_csv
from chains.tables.schema import TABLES
from chains.tables.text_files import text_of
from tests.properties import examples
from tests.small import Small

_RIGHT = {
    "supply": (
        'part,"JPN",JPN,"12.5","",15.25,reported,a,"by hand, and ""by eye"" , or so"',
        "part,DEU,DEU,.1e1,,,derived,a,",
        "bolt,ROW,HYB,-0,,,derived,é,x",
    ),
    "stocks": (
        "part,held,0.4,0.2,.6,assumed,talk,Six weeks",
        "part,limit,2,1,3,assumed,talk,",
        "bolt,held,3,,,derived,a,",
    ),
    "segments": (
        "part,small,upstream,Parts",
        "bolt,small,upstream,Bolts of 9 mm",
        "robot,small,midstream,Robots",
    ),
}


def _problems(content: bytes, table: str) -> list[Problem] | None:
    """What is wrong with a table read by Arrow: as careful reading finds it, in the same table; None if it is not."""
    text, hidden = text_of(content, "a.csv")
    plain = plain_table(text.encode(), TABLES[table], "a.csv")
    if plain is None:
        return None
    raw, shape = read_csv(text, TABLES[table], "a.csv")
    cells, wrong = check_cells(raw)
    assert (hidden, shape, raw.said) == ([], [], ())
    assert plain[1] == wrong
    assert_frame_equal(plain[0], cells, check_exact=True, check_column_type="exact")
    return wrong


def _read_by_arrow(content: bytes, table: str) -> bool:
    """Whether Arrow reads a file, of which then nothing is wrong."""
    return _problems(content, table) == []


def _written(table: str, rows: Sequence[str] = (), end: str = "\n") -> bytes:
    return "".join(line + end for line in (",".join(TABLES[table].column_names), *(rows or _RIGHT[table]))).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("table", _RIGHT)
def test_what_is_plain_and_right_is_read_by_arrow(table: str, end: str) -> None:
    whole = _written(table, end=end)
    assert _read_by_arrow(whole, table)
    assert _read_by_arrow(whole.removesuffix(end.encode()), table)
    assert _read_by_arrow(b"\xef\xbb\xbf" + whole, table)


def test_columns_may_stand_in_any_order_and_be_left_out_where_the_format_allows_it() -> None:
    plain = b"location,segment,value,status,source,note,low,high\nJPN,part,0.30000000000000004,derived,a,,,\n"
    assert _read_by_arrow(plain, "surge")
    absent = [column.name for column in TABLES["inputs"].columns if column.absent]
    assert absent == ["replaces"]
    assert _read_by_arrow(b"input,user,value,low,high,status,source,note\npart,robot,.5,,,derived,a,\n", "inputs")


_RAGGED = (
    "part,JPN,JPN,1,,,derived,a",
    "part,JPN,JPN,1,,,derived,a,,",
    "part,JPN,JPN,1,5,,,derived,a,",
    "",
    ",,,,,,,,",
    " ",
)
_MARKED = ('by "hand"', '"by\nhand"', '"x', '"x"y', '"x" ', ' "x"', "x\ry", "x\x00", "\u202e", "x" * 40_000)
_SPACED = (" 1", "1 ", "\t1", '" 1"', '"1 "', f"0.{'0' * 40_000}1")


@pytest.mark.parametrize(
    "row",
    [
        *_RAGGED,
        *(f"part,JPN,JPN,1,,,derived,a,{note}" for note in _MARKED),
        *(f"part,JPN,JPN,{number},,,derived,a," for number in _SPACED),
    ],
)
def test_what_is_not_plain_is_left_to_the_careful_reader(row: str) -> None:
    right = "part,DEU,DEU,1,,,derived,a,"
    assert _read_by_arrow(_written("supply", [right]), "supply")
    for rows in ([right, row], [row, right], [right, row, "bolt,DEU,DEU,1,,,derived,a,"]):
        assert _problems(_written("supply", rows), "supply") is None


_NUMBERS = ("nan", "NaN", "inf", "1e400", "1e300", "", "-1", "0x1p3", "1_0", "1e", "١", "NULL", '"1"""', '"1,5"')


@pytest.mark.parametrize(
    "row",
    [
        *(f"part,JPN,JPN,{number},,,derived,a," for number in _NUMBERS),
        *("part,XXX,JPN,1,,,derived,a,", "part,JPN,JPN,1,,,guessed,a,", "part,JPN,JPN,1,,,derived,,"),
        *("part,JPN,JPN,1,,,derived,a,\npart,JPN,JPN,2,,,derived,a,", "part,JPN,JPN,+1,-0,+nan,derived,a,"),
    ],
)
def test_what_is_wrong_in_a_plain_table_is_said_of_the_same_rows(row: str) -> None:
    right, more = "part,DEU,DEU,+1,,,derived,a,", "bolt,DEU,DEU,1,0.5,,derived,a,"
    for rows in ([right, row], [row, right], [right, row, more], [row, more, row.replace("part", "bolt"), right]):
        assert _problems(_written("supply", rows), "supply")
        assert _problems(_written("supply", rows).removesuffix(b"\n"), "supply")


@pytest.mark.parametrize(
    "header", ["segment", "segment,chain,tier,name,", "segment,chain,tier,names", "segment,chain,tier,name,name"]
)
def test_a_header_that_is_not_the_tables_own_is_left_to_the_careful_reader(header: str) -> None:
    assert _problems(f"{header}\n{_RIGHT['segments'][0]}\n".encode(), "segments") is None


def test_every_table_has_a_column_that_is_never_empty_so_an_empty_row_is_in_doubt() -> None:
    assert all(any(not column.blank for column in table.columns) for table in TABLES.values())


_SIGNS = (
    *(",", "\n", "\r", "\r\n", '"', " ", "\t", ";", "0", "-"),
    *("+", ".", "e", "É", "\u2028", "\x85", "\ufeff", "\x0c", "\u00a0"),
)
_WORDS = ("part", "bolt", "JPN", "HYB", "1", "0.1", "1e-320", "held", "derived", "assumed", "", '""', '"x, y"')
_CELL = st.sampled_from((*_WORDS, *_SIGNS))
_SPOILT = st.one_of(st.sampled_from(_SIGNS), st.text(max_size=3)).map(str.encode) | st.binary(max_size=3)


@given(
    table=st.sampled_from(sorted(_RIGHT)),
    cells=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 8), _CELL), max_size=3),
)
def test_other_cells_are_read_by_both_alike(table: str, cells: list[tuple[int, int, str]]) -> None:
    rows = [row.split(",") for row in _RIGHT[table]]
    for row, column, cell in cells:
        rows[row][column % len(rows[row])] = cell
    _problems(_written(table, [",".join(row) for row in rows]), table)


@given(table=st.sampled_from(sorted(_RIGHT)), at=st.floats(0, 1), gone=st.integers(0, 3), spoilt=_SPOILT)
def test_signs_anywhere_are_read_by_both_alike(table: str, at: float, gone: int, spoilt: bytes) -> None:
    whole = _written(table)
    start = round(at * len(whole))
    _problems(whole[:start] + spoilt + whole[start + gone :], table)


_LONG = st.builds("{}.{}e{}".format, st.integers(0, 10**25), st.integers(0, 10**25), st.integers(-330, 270))


@examples(20)
@given(numbers=st.lists(_LONG | st.floats(0, 1e299).map(repr), min_size=20, max_size=20))
def test_numbers_are_read_to_the_same_bit(numbers: list[str]) -> None:
    rows = [f"part{n},JPN,JPN,{number},{number},,derived,a," for n, number in enumerate(numbers)]
    assert _read_by_arrow(_written("supply", rows), "supply")


_MARKS = st.lists(st.sampled_from(('"', '""', '"""', ",", "\n", "\r\n", " ", "\t", "a", "1")), max_size=7).map("".join)


@given(notes=st.lists(_MARKS, min_size=1, max_size=3), number=st.sampled_from(("1", '"1"', '" 1"', '"1" ', '"1""')))
def test_quotation_marks_are_read_by_both_alike(notes: list[str], number: str) -> None:
    supply = [f"part{n},JPN,JPN,{number},,,derived,a,{note}" for n, note in enumerate(notes)]
    _problems(_written("supply", supply), "supply")
    _problems(_written("segments", [f"{note},small,upstream,{n}" for n, note in enumerate(notes)]), "segments")


@pytest.mark.parametrize("marks", ['"', '" ', ' "', '"" "'])
def test_quotation_marks_are_followed_through_a_large_file(marks: str) -> None:
    rows = [f'"s{n}",small,upstream,"Segment {n}, or ""{"x" * (n % 7)}"""' for n in range(12_000)]
    large = _written("segments", rows)
    assert len(large) > 1 << 18
    assert _read_by_arrow(large, "segments")
    for at in (1 << 18, len(large) - 60):
        start = large.index(b"small", at)
        assert _problems(large[:start] + marks.encode() + large[start:], "segments") is None


def test_a_slip_in_a_large_table_is_said_as_in_a_small_one(small: Small) -> None:
    own = ("part,small,upstream,Parts", "robot,small,midstream,Robots", "system,small,downstream,Systems")
    more = (f"s{n},small,upstream,Segment {n}" for n in range(2_000))
    large = _written("segments", [*own, *more])
    assert _read_by_arrow(large, "segments")
    assert len(small.replace("segments.csv", large).load().segments) == 2_003
    problem = small.append("segments.csv", "s7,small,upstream,again").problem("segments.csv", 2_005, "segment")
    assert "duplicate key: segment 's7' stands in row 12 already" in problem
