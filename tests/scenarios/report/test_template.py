"""An answer template comes from others too: it ends in time and in length, and reaches nothing but the cases."""

from pathlib import Path

import pytest

from chains import InputError
from scenarios.report import template
from scenarios.report.answering import check_answer, rendered_answer
from scenarios.storing import StoredStudy
from scenarios.studies import Study, StudyFile

_LOOP = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
_DOUBLED = "{% set x = namespace(y='ab') %}{% for n in range(60) %}{% set x.y = x.y ~ x.y %}{% endfor %}"


def said(answer: str) -> list[str]:
    """The answer of a study without cases."""
    study = Study(name="made", title="T", question="Q", answer=answer)
    return rendered_answer(StoredStudy(Path("results"), {}, study, ()))


def test_what_a_template_may_say_is_said() -> None:
    assert said("{% for n in range(3) %}{{ 0.1 * n | round(1) }} {% endfor %}") == ["0.0 0.1 0.2"]
    assert said("One.\n\nTwo {{ 0.125 | percent }}.") == ["One.", "Two 12.5%."]


@pytest.mark.parametrize("answer", ["{{ 'x' * 30 }}", "{{ 'x' | center(30) }}", "{% if 'x' * 30 %}yes{% endif %}"])
def test_nothing_is_worked_out_before_an_answer_is_bounded(answer: str) -> None:
    """Compiled in advance, ten thousand million letters would be made where nothing bounds them."""
    code = template.environment().compile(answer, raw=True)
    assert "x" * 30 not in code
    assert " " * 15 + "x" not in code
    huge = Study(name="made", title="T", question="Q", answer=answer.replace("30", "10000000000"))
    assert check_answer(StudyFile.of(huge)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_DOUBLED, "memory"),
        ("{{ 'x' * 200000 }}", "longer than 100,000 characters"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "calls itself"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("{{ cases | dictsort }}", "'items'"),
        ("{{ 'x' * 10000000000 }}", "memory"),
    ],
)
def test_what_is_too_much_or_reaches_out_is_told_as_a_problem_of_the_answer(answer: str, why: str) -> None:
    with pytest.raises(InputError, match="study made::answer: cannot be said") as caught:
        said(answer)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.slow
def test_a_template_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "SECONDS", 1)
    with pytest.raises(InputError, match="does not end within 1 seconds"):
        said(_LOOP)
