"""A disk that is full, a folder that may not be written, a name that is too long: told, not a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chains import InputError

__all__ = ["disk_told"]


@contextmanager
def disk_told(place: Path, right: str) -> Iterator[None]:
    """What goes wrong with files within is an InputError that names the file, or `place`."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or place)
        raise InputError.single(where, f"cannot be used ({error.strerror or error})", right) from error
