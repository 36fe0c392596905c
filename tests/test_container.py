"""The Dockerfile, as a linter would read it: pinned, small, without root, and all that it copies is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def instructions() -> list[tuple[str, str]]:
    """Instructions and their words, with continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in lines]


def test_every_instruction_is_one_and_the_first_names_an_image() -> None:
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    names = [name for name, _ in instructions()]
    assert set(names) <= known
    assert names[0] == "FROM"
    assert (names.count("ENTRYPOINT"), names.count("CMD")) == (1, 1)


def test_images_are_pinned_to_a_version_that_the_project_allows() -> None:
    images = [words.split()[0] for name, words in instructions() if name == "FROM"]
    assert all(re.fullmatch(r"python:3\.(1[1-9])-slim", image) for image in images)
    assert len(set(images)) == 1  # or the libraries of the one would not run in the other


def test_what_is_copied_is_there_and_not_ignored() -> None:
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    copied = [
        source
        for name, words in instructions()
        if name == "COPY" and not words.startswith("--from")
        for source in words.split()[:-1]
    ]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert set(copied) == allowed


def test_it_runs_as_an_ordinary_user_by_absolute_folders_and_keeps_no_cache() -> None:
    found = instructions()
    last = max(n for n, (name, _) in enumerate(found) if name == "FROM")
    users = [words for name, words in found[last:] if name == "USER"]
    assert users
    assert users[-1] not in ("root", "0")
    assert all(words.startswith("/") for name, words in found if name == "WORKDIR")
    installs = [words for name, words in found if name == "RUN" and "pip install" in words]
    assert installs
    assert all("--no-cache-dir" in words and "--constraint" in words for words in installs)


def test_the_entry_is_a_list_so_that_signals_arrive() -> None:
    assert [words for name, words in instructions() if name in ("ENTRYPOINT", "CMD")] == ['["tierwise"]', '["--help"]']
