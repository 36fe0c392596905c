"""Files that survive a loss of power: what is written is on the disk before its name says that it is there."""

import errno
import os
from pathlib import Path

__all__ = ["force", "force_all"]

_HOW = os.O_RDONLY if os.name == "posix" else os.O_RDWR
"""POSIX forces whatever is open; Windows only what may be written, and no folders."""

_NOT_THERE = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)
"""What file systems say that cannot force a file or a folder: then nothing can be done, and nothing is lost by it."""


def force(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk. OSError where the disk fails."""
    if os.name != "posix" and path.is_dir():
        return
    opened = os.open(path, _HOW)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise
    finally:
        os.close(opened)


def force_all(folder: Path) -> None:
    """The same of every file and folder below, and of the folder itself."""
    for path in folder.rglob("*"):
        force(path)
    force(folder)
