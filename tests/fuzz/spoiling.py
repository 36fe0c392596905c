"""Ways to spoil a table, a JSON document and bytes, as users, programs and disks do."""

import copy
import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["ODD_NUMBERS", "ODD_TEXTS", "spoiled_bytes", "spoiled_document", "spoiled_json", "spoiled_table"]

Rng = np.random.Generator

ODD_NUMBERS = (
    *("", " ", "0", "-0", "-1", "1", "2", "1e-12", "1e12", "1e299", "1e300", "1e308", "1e400", "1e-320", "nan", "inf"),
    *(
        "-inf",
        "1,5",
        "1 000",
        "1_000",
        "1.",
        ".5",
        "+5",
        "5e0",
        "0x10",
        "１２",
        "٣",
        "−1",
        "1e",
        "--1",
        "12.5%",
        "TRUE",
    ),
    *("1.0000000000000002", "0.1" + "0" * 400, "9" * 400, "1e+05", "1E5", "½", "12.5 ", "=1+1", "#REF!", "NA", "None"),
)
ODD_TEXTS = (
    *("", " ", "self", "factor", "upstream", "midstream", "downstream", "capacity", "calm", "CON", "nul", "..", "../x"),
    *("a/b", "a|b", "[/x]", "[red]x", "<script>alert(1)</script>", "=1+1", "+1", "-1", "@x", "'x", '"x"', "a,b", "a;b"),
    *(
        "x:y",
        "x@y",
        "x=y",
        "{{ 7*7 }}",
        "{% for %}",
        "\x0b",
        "\x00",
        "\u202ex",
        "\ufeffx",
        "e\u0301",
        "é",
        "機械",
        "🤖",
    ),
    *("x" * 256, "x" * 32_768, "ﬁ", "İ", "ß", "a\nb", "a\r\nb", "a\tb", "x ", " x", "NaN", "null", "None", "True", "0"),
    *(
        "\u2028",
        "\u00a0x",
        "__class__",
        "format",
        "value",
        "CHN",
        "ROW",
        "HYB",
        "USA",
        "XKX",
        "chn",
        "2O22",
        "999",
        "2022",
    ),
)


def spoiled_table(rng: Rng, text: str, known: list[str]) -> str:
    """A CSV file with one to three things wrong with it (now and then nothing); `known` are words of the package."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for _ in range(int(rng.choice([1, 1, 1, 1, 2]))):
        if len(rows) > 1:
            _pick(rng, _TABLE)(rng, rows, known)
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n" if rng.random() < 0.1 else "\n").writerows(rows)
    return written.getvalue()


def spoiled_bytes(rng: Rng, content: bytes) -> bytes:
    """Bytes as another encoding, a broken disk or a careless program leaves them."""
    return _pick(rng, _BYTES)(rng, content)


def spoiled_json(rng: Rng, text: str) -> str:
    """A JSON document with one or two values, keys or entries changed."""
    return json.dumps(spoiled_document(rng, json.loads(text)), ensure_ascii=False, indent=1) + "\n"


def spoiled_document(rng: Rng, document: Any) -> Any:
    """The same of what JSON or TOML holds."""
    document = copy.deepcopy(document)
    for _ in range(int(rng.integers(1, 3))):
        places = list(_places(document))
        if places:
            holder, key = places[rng.integers(len(places))]
            _pick(rng, _NODE)(rng, holder, key)
    return document


def _pick(rng: Rng, ways: tuple[Any, ...]) -> Any:
    return ways[rng.integers(len(ways))]


def _word(rng: Rng, words: Any) -> str:
    return str(words[rng.integers(len(words))])


# ------------------------------------------------------------------------------------------- tables

Rows = list[list[str]]


def _at(rng: Rng, rows: Rows) -> tuple[int, int]:
    row = int(rng.integers(1, len(rows)))
    return row, int(rng.integers(max(1, len(rows[row]))))


def _cell(words: tuple[str, ...]) -> Callable[[Rng, Rows, list[str]], None]:
    def spoil(rng: Rng, rows: Rows, known: list[str]) -> None:
        row, column = _at(rng, rows)
        if rows[row]:
            rows[row][column] = _word(rng, words)

    return spoil


def _known_word(rng: Rng, rows: Rows, known: list[str]) -> None:
    row, column = _at(rng, rows)
    if rows[row] and known:
        rows[row][column] = _word(rng, known)


def _scaled(rng: Rng, rows: Rows, known: list[str]) -> None:
    """A number of another size."""
    row, _ = _at(rng, rows)
    numbers = [n for n, cell in enumerate(rows[row]) if _is_number(cell)]
    if numbers:
        column = numbers[rng.integers(len(numbers))]
        rows[row][column] = repr(float(rows[row][column]) * float(10.0 ** rng.uniform(-4, 4)))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _row_twice(rng: Rng, rows: Rows, known: list[str]) -> None:
    row, _ = _at(rng, rows)
    rows.insert(int(rng.integers(1, len(rows) + 1)), list(rows[row]))


def _row_lost(rng: Rng, rows: Rows, known: list[str]) -> None:
    del rows[_at(rng, rows)[0]]


def _rows_shuffled(rng: Rng, rows: Rows, known: list[str]) -> None:
    rows[1:] = [rows[1 + n] for n in rng.permutation(len(rows) - 1)]


def _cells_exchanged(rng: Rng, rows: Rows, known: list[str]) -> None:
    (a, b), (c, d) = _at(rng, rows), _at(rng, rows)
    if rows[a] and rows[c]:
        rows[a][b], rows[c][d] = rows[c][d], rows[a][b]


def _row_longer(rng: Rng, rows: Rows, known: list[str]) -> None:
    rows[_at(rng, rows)[0]] += [""] * int(rng.integers(1, 4))


def _row_shorter(rng: Rng, rows: Rows, known: list[str]) -> None:
    row, _ = _at(rng, rows)
    rows[row] = rows[row][: int(rng.integers(len(rows[row]) + 1))]


def _row_empty(rng: Rng, rows: Rows, known: list[str]) -> None:
    rows.insert(_at(rng, rows)[0], [""] * int(rng.choice([0, 1, len(rows[0])])))


def _column_lost(rng: Rng, rows: Rows, known: list[str]) -> None:
    column = int(rng.integers(len(rows[0])))
    for row in rows:
        del row[column : column + 1]


def _column_named(rng: Rng, rows: Rows, known: list[str]) -> None:
    words = (*ODD_TEXTS, *rows[0], rows[0][0].upper(), f" {rows[0][0]}")
    rows[0][int(rng.integers(len(rows[0])))] = _word(rng, words)


def _columns_exchanged(rng: Rng, rows: Rows, known: list[str]) -> None:
    """Header and cells together: the order of columns means nothing."""
    order = rng.permutation(len(rows[0]))
    for n, row in enumerate(rows):
        rows[n] = [row[k] for k in order if k < len(row)] if len(row) == len(order) else row


def _rows_lost(rng: Rng, rows: Rows, known: list[str]) -> None:
    del rows[1:]


_TABLE = (
    *(_cell(ODD_NUMBERS), _cell(ODD_TEXTS), _known_word, _known_word, _scaled, _scaled, _scaled, _scaled, _row_twice),
    *(_row_lost, _row_lost, _rows_shuffled, _cells_exchanged, _row_longer, _row_shorter, _row_empty, _column_lost),
    *(_column_named, _columns_exchanged, _rows_lost),
)

# ------------------------------------------------------------------------------------------- bytes


def _flipped(rng: Rng, content: bytes) -> bytes:
    raw = bytearray(content)
    for _ in range(int(rng.integers(1, 4))):
        if raw:
            raw[rng.integers(len(raw))] ^= 1 << int(rng.integers(8))
    return bytes(raw)


def _cut(rng: Rng, content: bytes) -> bytes:
    return content[: int(rng.integers(len(content) + 1))]


def _twice(rng: Rng, content: bytes) -> bytes:
    a, b = sorted(int(n) for n in rng.integers(len(content) + 1, size=2))
    return content[:b] + content[a:]


def _put_in(rng: Rng, content: bytes) -> bytes:
    at = int(rng.integers(len(content) + 1))
    more = _pick(rng, (b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"\r", b"\n\n", b"\x1a", b";", b"\x80", b"'", b"{"))
    return content[:at] + more + content[at:]


def _encoded(encoding: str) -> Callable[[Rng, bytes], bytes]:
    return lambda rng, content: content.decode("utf-8", "replace").encode(encoding, "replace")


def _exchanged(old: bytes, new: bytes) -> Callable[[Rng, bytes], bytes]:
    return lambda rng, content: content.replace(old, new)


_BYTES = (
    *(_flipped, _flipped, _flipped, _cut, _twice, _put_in, _put_in, _encoded("utf-8-sig"), _encoded("utf-16")),
    *(_encoded("cp1252"), _exchanged(b"\n", b"\r\n"), _exchanged(b",", b";"), _exchanged(b",", b"\t")),
    *(_exchanged(b"\n", b"\r"), lambda rng, content: b"", lambda rng, content: content.rstrip(b"\n")),
)

# ------------------------------------------------------------------------------------------- documents


def _places(document: Any) -> Any:
    """Every holder and key below a document."""
    if isinstance(document, dict):
        for key, inner in document.items():
            yield document, key
            yield from _places(inner)
    elif isinstance(document, list):
        for n, inner in enumerate(document):
            yield document, n
            yield from _places(inner)


def _other_value(rng: Rng, holder: Any, key: Any) -> None:
    text = _word(rng, ODD_TEXTS)
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    values = (
        *(text, text, text, -1, 0, 1, 2, 3.5, 1e9, -0.5, 1e300, 10**30, True, False, [], {}, [text], {"x": text}, [[]]),
        *(0.25, 0.5, "0.5", "1", deep),
    )
    holder[key] = _pick(rng, values)


def _scaled_value(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder[key], int | float) and not isinstance(holder[key], bool):
        holder[key] = float(holder[key]) * float(10.0 ** rng.uniform(-3, 3))


def _lost_value(rng: Rng, holder: Any, key: Any) -> None:
    del holder[key]


def _named_otherwise(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[_pick(rng, (_word(rng, ODD_TEXTS), f"{key}s", str(key).upper(), str(key).replace("_", "-")))] = (
            holder.pop(key)
        )


def _value_twice(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))


def _added_key(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[_word(rng, ODD_TEXTS)] = _word(rng, ODD_TEXTS)


_NODE = (
    _other_value,
    _other_value,
    _other_value,
    _scaled_value,
    _scaled_value,
    _lost_value,
    _named_otherwise,
    _value_twice,
    _added_key,
)
