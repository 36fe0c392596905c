"""A list to choose one thing from: the browser's own, which every keyboard, phone and screen reader knows."""

import json
from collections.abc import Mapping
from typing import Any

from dash import dcc, html

__all__ = ["choice"]


def choice(label: str, ident: str | dict[str, str], options: Mapping[str, str], chosen: str) -> html.Label:
    """A labelled list. What is chosen is the `data` of a store called `ident`, which assets/studio.js writes.

    Dash has no component for it: its own list has no label, and no key opens it where it stands in one.
    """
    sets: dict[str, Any] = {"data-sets": json.dumps(ident)}
    listed = [html.Option(words, value=value, selected=value == chosen) for value, words in options.items()]
    return html.Label(
        [
            html.Span(label),
            html.Select(listed, key=f"{chosen} of {json.dumps(options)}", **sets),
            dcc.Store(id=ident, data=chosen),
        ],
        className="choice",
    )
