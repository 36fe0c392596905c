"""Texts cut to what there is room for, which say so."""

from collections.abc import Sequence

__all__ = ["clipped", "others"]

_MORE = " … (the rest stands in the report)"


def clipped(words: str, most: int) -> str:
    """A text of at most about `most` characters, whole words as far as there are any, that says where it was cut."""
    if len(words) <= most:
        return words
    cut = words[:most]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut) + _MORE


def others(items: Sequence[object], most: int, name: str) -> list[str]:
    """What is left out of a list, as one more line: nothing where all is shown."""
    left = len(items) - most
    if left <= 0:
        return []
    return [f"and one more {name}: see the report" if left == 1 else f"and {left} more {name}s: see the report"]
