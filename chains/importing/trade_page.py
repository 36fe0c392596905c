"""The page of a package that has the indicators of trade dependence: what they are, and a table."""

from chains.importing.dependency import EU, THRESHOLDS
from chains.importing.observations import Dependency, Observations

__all__ = ["TRADE_FILE", "trade_page"]

TRADE_FILE = "TRADE.md"

_HEADS = {
    "segment": "segment",
    "good": "good (HS)",
    "area": "area",
    "imports": "imports",
    "exports": "exports",
    "hhi": "HHI of imports",
    "outside_share": "from outside the EU",
    "to_exports": "imports / exports",
    "world_hhi": "HHI of world exports",
    "dependent": "dependent",
}
"""Columns, and what they are called."""


def trade_page(found: Observations) -> str:
    """The page, in Markdown."""
    rows = [[_cell(name, row) for name in _HEADS] for row in found.indicators]
    areas = {row.area for row in found.indicators}
    lines = [
        f"# Dependence by trade, {found.year}",
        "",
        f"From {found.source.citation}; {found.source.locator}. Money in {found.currency} billion.",
        "",
        *_explained(found.home, areas),
        "",
        *(f"| {' | '.join(row)} |" for row in (list(_HEADS.values()), ["---"] * len(_HEADS), *rows)),
        "",
    ]
    return "\n".join(lines)


def _explained(home: str, areas: set[str]) -> list[str]:
    hhi, outside, exports, world = (
        f"{THRESHOLDS[name]:g}" for name in ("hhi", "outside_share", "to_exports", "world_hhi")
    )
    said = [
        f"- {home}: imports from all other countries. Dependent in this year, by three criteria of CEPII's "
        f"GeoDep (Lefebvre and Wibaux, policy brief 47, 2024): HHI of imports > {hhi}, HHI of world exports > {world}, "
        f"imports / exports > {exports}. GeoDep also asks that it lasts two years of three; one year cannot show that.",
    ]
    if EU in areas:
        said.append(
            f"- {EU}: imports of the 27 members from outside; exports to members and others. Dependent by the core "
            f"dependency indicators of the European Commission (SWD(2021) 352 final): CDI 1, HHI of imports > {hhi}; "
            f"CDI 2, from outside / (from outside + among members) > {outside}; CDI 3, imports / exports > {exports}. "
            "The Commission goes on to sensitive ecosystems and asks experts; this page does not."
        )
    said += [
        "- No cell: the set does not say, or there is nothing to divide by; without any exports, imports / exports "
        "counts as over its threshold.",
        "- A row without a good adds up all goods of the segment. `ROW` counts as one country, which overstates HHIs.",
    ]
    return said


def _cell(name: str, row: Dependency) -> str:
    value = getattr(row, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}" if name in ("imports", "exports") else f"{value:.3f}"
    return "" if value is None else str(value)
