"""The one reader of text files: packages, descriptors, study files and allocations. What it cannot take, it places.

UTF-8, with or without a byte order mark. Characters that a spreadsheet, a terminal or a page would not show as they
are, or not in their order, are problems at their row: they would break a workbook after everything has been solved.
"""

import codecs
import re
import stat
from pathlib import Path

from chains.tables.problems import Problem

__all__ = ["read_text"]

_MOST = 1 << 30
"""Bytes of a file that is read at all: more is no table of a package that anyone could have meant."""

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters but tab and ends of lines, marks that turn the direction of writing, and no characters at all."""

_CONTROLS = bytes(sign for sign in range(128) if _HIDDEN.match(chr(sign)))
_AT_ONCE = 1 << 20
"""Bytes that are looked at together."""

_UTF8 = "save the file as UTF-8; in a spreadsheet: 'CSV UTF-8'"

_TOLD = 20
"""Rows of a file of which hidden characters are told one by one."""


def read_text(path: Path, file: str) -> tuple[str, list[Problem]]:
    """The text of a file; `file` is its name in messages. With problems the text is empty."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return "", [Problem(file, 0, "", "is not a file but a folder, pipe or device", "give a file")]
        if about.st_size > _MOST:
            right = f"keep it below {_MOST // 2**20} MB"
            return "", [Problem(file, 0, "", f"is {about.st_size / 2**20:.0f} MB", right)]
        content = path.read_bytes()
    except OSError as error:
        return "", [Problem(file, 0, "", f"cannot be read ({error.strerror or error})", "check the file")]
    return text_of(content, file)


def text_of(content: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of the bytes of a file. With problems the text is empty."""
    if content.startswith(_WIDE):
        return "", [Problem(file, 0, "", "is UTF-16 ('Unicode text'), not UTF-8", _UTF8)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        wrong = f"byte {error.start + 1} is not UTF-8 (a file of an older Windows or Mac program?)"
        return "", [Problem(file, row, "", wrong, _UTF8)]
    problems = [] if _is_seen(content) else _hidden(text, file)
    return ("", problems) if problems else (text, [])


def _is_seen(content: bytes) -> bool:
    """Whether a file is of ASCII alone and holds no controls: mostly so, and told seven times as fast."""
    parts = (content[start : start + _AT_ONCE] for start in range(0, len(content), _AT_ONCE))
    return content.isascii() and all(len(part.translate(None, _CONTROLS)) == len(part) for part in parts)


def _hidden(text: str, file: str) -> list[Problem]:
    """A problem for each row that holds characters which nobody sees."""
    rows: dict[int, str] = {}
    row, seen = 1, 0
    for found in _HIDDEN.finditer(text):
        row += text.count("\n", seen, found.start())
        seen = found.start()
        rows.setdefault(row, found[0])
    return [
        Problem(file, row, "", f"holds the character U+{ord(sign):04X}, which cannot be seen", "delete it")
        for row, sign in list(rows.items())[:_TOLD]
    ]
