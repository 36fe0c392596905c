"""What the words mean: on a terminal, on the page of docs, at the end of a report."""

import re
from pathlib import Path

import pytest

from scenarios.cli import main
from scenarios.glossary import TERMS, matching, page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_the_list_and_every_link_of_it_leads_somewhere() -> None:
    written = (DOCS / "glossary.md").read_text("utf-8")
    assert written == page()
    links = re.findall(r"\]\(([^)]+)\)", written)
    assert len(links) > 20
    assert [link for link in links if not (DOCS / link).is_file()] == []


def test_terms_stand_in_order_once_and_start_in_plain_words() -> None:
    names = [term.name.lower() for term in TERMS]
    assert names == sorted(set(names))
    for term in TERMS:
        assert term.meaning.endswith(".")
        assert len(term.meaning.split()) >= 6


@pytest.mark.parametrize(
    "asked",
    [
        *("CVaR", "recourse", "next unit", "choke point", "breakpoint", "import content", "final demand", "lever"),
        *("input coefficient", "Herfindahl index", "response", "dispensable"),
    ],
)
def test_a_word_is_found_as_one_types_it(asked: str) -> None:
    assert asked in [term.name for term in matching(asked.upper())]


def test_the_fields_own_name_leads_to_ours() -> None:
    assert [term.name for term in matching("marginal value")] == ["next unit"]
    assert [term.name for term in matching("expected shortfall")] == ["CVaR"]


def test_the_command_says_one_word_or_that_it_does_not_know_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["glossary", "next", "unit"])
    assert stop.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("next unit: How far risk falls")
    assert max(map(len, said.splitlines())) <= 80
    with pytest.raises(SystemExit) as stop:
        main(["glossary", "CVAR2"])
    assert stop.value.code == 2
    assert "does not know 'CVAR2'" in capsys.readouterr().err
