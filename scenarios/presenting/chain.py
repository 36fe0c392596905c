"""A chain: what it holds, where its supply comes from, its tables."""

from chains import Chain
from chains.tables.schema import TABLES
from scenarios.presenting.told import Charts, Frames, Told
from scenarios.report.parts.origins import origins
from scenarios.storing import StoredCase
from scenarios.terminal.package import holds
from scenarios.terminal.table import Table
from scenarios.terminal.tables import number_table

__all__ = ["of_chain"]


def of_chain(chain: Chain) -> Told:
    """A chain as it stands, with the changes made to it."""
    count = len(chain.changes)
    changes = f"; {count} change{'' if count == 1 else 's'}: {'; '.join(chain.changes)}" if chain.changes else ""
    observed = float(chain.numbers.observed.sum())
    sentence = (
        f"{chain.name}, home {chain.home}: {holds(chain)}; observed subsidies of {chain.period}: {observed:.3g} "
        f"{chain.money_unit}{changes}."
    )
    return Told(sentence, _segments(chain), lambda: _charts(chain), lambda: _frames(chain))


def _segments(chain: Chain) -> Table:
    table = number_table("Segments", ["segment", "tier", "name"], [])
    for segment, row in chain.segments.iterrows():
        table.add_row(str(segment), row["tier"], row["name"])
    return table


def _charts(chain: Chain) -> Charts:
    if chain.segments["package"].nunique() > 1:
        return {}
    part = origins(StoredCase.of_chain(chain))
    return {} if part.chart is None else {"origins": part.chart}


def _frames(chain: Chain) -> Frames:
    """The tables of its packages that have rows, segments first; a value is in the unit that docs/packages.md says."""
    frames = {}
    for name in ("segments", *(name for name in TABLES if name != "segments")):
        rows = chain.table(name)
        rows.attrs = {"chain": chain.name, "units": {}, "money": chain.unit}
        if len(rows):
            frames[name] = rows
    return frames
