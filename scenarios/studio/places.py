"""Where the studio reads and writes: one folder, and nothing outside it.

What a browser names is never a path: an upload keeps the last part of its name, what is saved is named by letters,
digits, `-` and `_`, and each is put into a folder of ours.
"""

import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Lock

from chains import InputError
from chains.tables.containers import KINDS
from scenarios.studio.kept import Kept

__all__ = ["Place", "package_name"]

MOST_UPLOADED = 8 << 20
"""Bytes of an upload."""
MOST_UNPACKED = 64 << 20
"""Bytes that an upload may unpack to; the packages that ship have less than 1 MB."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_OTHER = re.compile(r"[^A-Za-z0-9_-]+")


class Place:
    """The studio's folder, and in it a folder of its own for as long as the studio runs."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._scratch = tempfile.TemporaryDirectory(prefix=".open-", dir=folder)
        except OSError as error:
            wrong = f"cannot be written ({error.strerror or error})"
            raise InputError.single(str(folder), wrong, "name another folder by --folder") from None
        self.folder = folder.resolve()
        self._open = Path(self._scratch.name).resolve()
        self._lock = Lock()

    def close(self) -> None:
        """Remove what was there for as long as the studio ran; what was saved stays."""
        self._scratch.cleanup()

    def source(self, package: Kept) -> str | Path:
        """What `load` reads this package from: its name if it ships, else a copy in our folder."""
        if package.shipped:
            return package.name
        folder = self._open / package.sha256 / package.name
        with self._lock:
            if not folder.exists():
                write_files(package.files, folder)
        return folder

    def uploaded(self, name: str, content: bytes) -> Kept:
        """The package in an uploaded archive or workbook. InputError where it is too large, or none."""
        file = package_name(name)
        suffix = _last(name).suffix.lower()
        if suffix not in KINDS:
            right = f"upload a package as {' or '.join(KINDS)}: `tierwise convert FOLDER package.zip` makes one"
            raise InputError.single(_last(name).name, "is no package that can be uploaded", right)
        if len(content) > MOST_UPLOADED:
            wrong = f"has {len(content) / 2**20:.1f} MB"
            raise InputError.single(_last(name).name, wrong, f"keep it below {MOST_UPLOADED >> 20} MB")
        with tempfile.TemporaryDirectory(prefix="upload-", dir=self._open) as folder:
            path = Path(folder) / f"{file}{suffix}"
            path.write_bytes(content)
            _check_unpacked(path)
            return Kept.of(path)

    def target(self, name: str) -> Path:
        """A path in our folder for something that a reader names. InputError for a name that is not one."""
        if not _NAME.fullmatch(name):
            right = "use lower-case letters, digits, - and _, 60 at most, a letter or digit first"
            raise InputError.single("name", f"'{name[:80]}' cannot be the name of a folder", right)
        return self.folder / name


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a package into a new folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / _last(name).name).write_bytes(content)


def package_name(name: str) -> str:
    """What an uploaded package is called: its file's name without folders, ending and unusual signs."""
    return _OTHER.sub("_", _last(name).stem).strip("_")[:60] or "package"


def _last(name: str) -> PurePosixPath:
    """The last part of a name, whichever slashes it is written with."""
    return PurePosixPath(PureWindowsPath(name).name or "package")


def _check_unpacked(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        right = "make it anew, without a password"
        raise InputError.single(path.name, f"is neither a zip archive nor a workbook ({error})", right) from None
    if unpacked > MOST_UNPACKED:
        wrong = f"unpacks to {unpacked / 2**20:.0f} MB"
        raise InputError.single(path.name, wrong, f"keep it below {MOST_UNPACKED >> 20} MB")
