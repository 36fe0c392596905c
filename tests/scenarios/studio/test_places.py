"""The studio's folder: what is put there, and that no name leads out of it."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("dash", reason="the extra 'studio' is not installed")

from chains import InputError
from chains.writing import convert
from scenarios.studio import places
from scenarios.studio.kept import Kept
from scenarios.studio.places import Place
from tests.small import Small


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "studio")
    yield place
    place.close()


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", [".zip", ".xlsx"])
def test_an_upload_is_the_package_that_was_written(place: Place, tmp_path: Path, suffix: str) -> None:
    small = Small(tmp_path / "small")
    convert(small.folder, tmp_path / f"my chain{suffix}")
    package = place.uploaded(f"C:\\Users\\me\\my chain{suffix}", (tmp_path / f"my chain{suffix}").read_bytes())
    assert package.name == "my_chain"
    assert package.rows("supply") == Kept.of(small.folder).rows("supply")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("demand.csv", b"segment", "is no package that can be uploaded; upload a package as .zip or .xlsx"),
        ("small.zip", b"PK not really", "is neither a zip archive nor a workbook"),
        ("small.xlsx", b"", "is neither a zip archive nor a workbook"),
    ],
)
def test_what_is_no_package_is_refused(place: Place, name: str, content: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        place.uploaded(name, content)
    assert said in str(caught.value)


def test_uploads_are_limited_packed_and_unpacked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    large = archive({"notes.txt": b"0" * (2 << 20)})
    monkeypatch.setattr(places, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(InputError, match=r"small.zip: unpacks to 2 MB; keep it below 1 MB"):
        place.uploaded("small.zip", large)
    monkeypatch.setattr(places, "MOST_UPLOADED", 1 << 10)
    with pytest.raises(InputError, match=r"small.zip: has 0.0 MB; keep it below 0 MB"):
        place.uploaded("small.zip", large)


@pytest.mark.parametrize("name", ["../escaped", "/etc/escaped", "a/b", "..", "", "UPPER", "a" * 61, "a\x00b", "-a"])
def test_no_name_leads_out_of_the_folder(place: Place, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name of a folder"):
        place.target(name)


def test_archives_with_folders_write_nothing_outside(place: Place, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if ".open-" not in str(path)}
    with pytest.raises(InputError, match="lies in a folder of its own"):
        place.uploaded("../../small.zip", archive({"../../demand.csv": b"x", "demand.csv": b"y"}))
    assert {path for path in tmp_path.rglob("*") if ".open-" not in str(path)} == before


def test_what_is_open_goes_with_the_studio_and_what_was_saved_stays(place: Place, tmp_path: Path) -> None:
    package = Kept.of(Small(tmp_path / "small").folder)
    source = place.source(package)
    assert isinstance(source, Path)
    assert place.folder in source.parents
    assert (source / "demand.csv").read_bytes() == package.files["demand.csv"]
    place.target("mine").mkdir()
    place.close()
    assert [path.name for path in place.folder.iterdir()] == ["mine"]
