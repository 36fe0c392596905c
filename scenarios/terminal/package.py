"""What a valid package holds, on a terminal."""

from rich.console import Group
from rich.text import Text

from chains import Chain
from scenarios.terminal.firms import firm_views
from scenarios.terminal.tables import number_table, period_line

__all__ = ["holds", "validate_view"]


def holds(chain: Chain) -> str:
    """How much a package holds, and what its money is in."""
    return (
        f"{len(chain.segments)} segments, {len(chain.numbers.scenarios) - 1} disruption scenarios, "
        f"money in {chain.unit}"
    )


def validate_view(chain: Chain) -> Group:
    """What a valid package holds."""
    counts = chain.status_counts()
    table = number_table("Numbers by evidence", ["package"], [*counts.columns, "reported or derived"])
    for package, row in counts.iterrows():
        known = (row["reported"] + row["derived"]) / max(row.sum(), 1)
        table.add_row(str(package), *(str(count) for count in row), f"{known:.0%}")
    sentence = f"{chain.name}: valid, balances in calm; {holds(chain)}."
    more = Text("Which of them move the answer: tierwise quality", style="dim")
    return Group(Text(sentence, style="bold"), period_line(chain), table, *firm_views(chain), more)
