"""Study files come from others: what would not end, or not fit, is refused with a count before anything is read."""

from pathlib import Path

import pytest

from chains import InputError
from scenarios.studies import read_study

HEAD = 'title = "T"\nquestion = "Q"\n[[cases]]\nname = "one"\ntitle = "One"\npackages = ["robots"]\n'

_AXIS = '[[grids.axes]]\nname = "{0}"\ntable = "supply"\nmultiply = [{1}]\n'
_THOUSAND = ", ".join(str(n) for n in range(1, 1001))


def refused(tmp_path: Path, content: str | bytes) -> str:
    file = tmp_path / "study.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_study(str(file))
    return str(caught.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + '[[grids]]\nname = "g"\n' + "".join(_AXIS.format(x, _THOUSAND) for x in "abc"), "1,000,000,000 points"),
        (HEAD + "[draws]\nseed = 1\ncount = 1099511627776\n", "4,398,046,511,104 points"),
        (HEAD + "[draws]\nseed = 1\nreplicates = 1000000000\n", "64,000,000,000 points"),
        ("x = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        (HEAD.replace('"one"', f'"{"n" * 10_000}"'), "at most 80 characters"),
        ('extends = "study.toml"\n' + HEAD, "extends itself"),
    ],
    ids=["grid", "draws", "replicates", "nesting", "name", "itself"],
)
def test_what_would_not_end_is_refused_with_its_count(tmp_path: Path, content: str, said: str) -> None:
    assert said in refused(tmp_path, content)
    assert len(refused(tmp_path, content)) < 1000  # a wrong value is not repeated whole


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "gbk"])
def test_another_encoding_is_named_with_what_to_do(tmp_path: Path, encoding: str) -> None:
    text = HEAD.replace("T", "é" if encoding == "cp1252" else "机", 1)
    assert "save the file as UTF-8" in refused(tmp_path, text.encode(encoding))


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_bytes(HEAD.encode("utf-8-sig"))
    assert read_study(str(file)).study.title == "T"
