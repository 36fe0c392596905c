"""What a page carries of bytes, as text that HTML may contain and `bytesOf` of page.js reads again."""

import gzip
from base64 import b85encode

__all__ = ["DIGITS", "as_text", "packed"]

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~"
"""The 85 digits of a number below 2^32 in five characters: Python's, with , . : in place of those that HTML knows."""
_HTML, _OURS = b"&<>", b",.:"


def packed(data: bytes) -> str:
    """Compressed, as text; the same bytes give the same text."""
    return as_text(gzip.compress(data, 9, mtime=0))


def as_text(data: bytes) -> str:
    """Bytes as text: five characters for four of them, where base64 takes five and a third."""
    return b85encode(data).translate(bytes.maketrans(_HTML, _OURS)).decode("ascii")
