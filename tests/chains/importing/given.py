"""What an imported package holds of the data set itself."""

from pathlib import Path

from chains import load

__all__ = ["supply_of"]


def supply_of(package: Path, source: str) -> dict[tuple[str, str], float]:
    """Supply by segment and country that rests on a source; that of the template is left out."""
    rows = load(package).table("supply")
    return {(row.segment, row.location): row.value for row in rows.itertuples() if row.source == source}
