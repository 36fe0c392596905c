"""The command that says what words mean."""

from typing import Annotated

import typer

from scenarios.cli.app import Json, app
from scenarios.cli.standard_output import print_json, write

__all__: list[str] = []


@app.command("glossary", epilog="Example: tierwise glossary next unit")
def glossary(
    term: Annotated[list[str] | None, typer.Argument(metavar="TERM", help="A word, or some; without one: all.")] = None,
    as_json: Json = False,
) -> None:
    """Say what the words of this program mean: CVaR, recourse, next unit, lever."""
    from textwrap import fill

    from scenarios.glossary import TERMS, matching

    words = " ".join(term or [])
    found = matching(words) if words else list(TERMS)
    if not found:
        from chains import InputError
        from chains.tables.problems import nearest

        known = tuple(known.name for known in TERMS)
        raise InputError.single("glossary", f"does not know '{words}'", nearest(words, known))
    if as_json:
        print_json({one.name: one.words for one in found})
        return
    more = {one.name: f" (docs/{one.more})" if one.more else "" for one in found}
    said = (f"{one.name}: {one.words}{more[one.name]}" for one in found)
    write("\n".join(fill(text, 80, subsequent_indent="  ", break_long_words=False) for text in said) + "\n")
