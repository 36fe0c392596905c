"""How each number of a new package is found: beside the number itself, and in one text."""

from dataclasses import dataclass

__all__ = ["GUIDE", "GUIDE_FILE", "HOW_TO", "HowTo"]

GUIDE_FILE = "GUIDE.md"


@dataclass(frozen=True)
class HowTo:
    """How a number is estimated, and the most that it can be."""

    advice: str
    most: float = float("inf")

    def range(self, value: float) -> tuple[float, float]:
        """From half to double, as far as that may be."""
        return value / 2, min(2 * value, self.most)


HOW_TO = {
    "demand": HowTo(
        "Apparent consumption of the finished product: home production + imports - exports (statistical office, "
        "industry association). Only what is sold to final users; what the chain buys from itself are inputs"
    ),
    "inputs": HowTo(
        "Purchases of this input over sales of the user: cost breakdown in annual reports, teardown, or the "
        "input-output table of the country (domestic + imported use)",
        1.0,
    ),
    "supply": HowTo("Home production less exports, at factory prices: production statistics, sales of plants at home"),
    "imports": HowTo(
        "Imports from this country by HS code (UN Comtrade, BACI, national customs), at border prices. A row a country "
        "that could be cut off; `owner` is where the firms are owned that own the plants"
    ),
    "slope": HowTo(
        "Supply added per unit of public money: yearly sales of subsidised projects over the money they got. Where "
        "nothing is known, 1 with a range from 0.3 to 2; the same in every segment unless you know why not"
    ),
    "ceiling": HowTo(
        "The most that can be added within the years you look at: announced plants, sites, skilled people. What is "
        "possible, never a target"
    ),
    "subsidies": HowTo(
        "What was given in the base year: budgets, state-aid registers, 'government grants' in annual reports, split "
        "by the firms' business"
    ),
    "loss_weights": HowTo(
        "What a unit that this user does not get costs, against one of final demand at home: value added at stake, "
        "penalties in contracts; low for exports that buyers abroad can get elsewhere"
    ),
    "disruptions": HowTo(
        "The share of deliveries that would be lost, from a past event of the kind (export controls, earthquake, "
        "strike) or as a clean question: 1 is all",
        1.0,
    ),
    "probabilities": HowTo("Chance in a year: past events of the kind per year, or experts; say a wide range", 1.0),
    "durations": HowTo("Months until deliveries come back, from a past event of the kind; 12 is the whole year", 12.0),
}
"""By what is estimated."""

GUIDE = """# How to fill this package

1. Name your segments in `segments`: what is made, in three tiers. Upstream: materials, components, equipment;
   midstream: the product itself; downstream: its integration and use. Five to fifteen segments are enough.
2. Replace numbers from the top of the list below. The note of each row says where the real one is found. Where
   you replace one, write `reported` (it stands so in a source), `derived` (the note has the formula) or `assumed`
   (give the lowest and highest credible value), and name its source in `sources`.
3. `tierwise validate` says every problem at once, and what gives reason to doubt. `tierwise optimize` answers.
   `tierwise quality` names the numbers that move the answer most: spend your time there.

| table | what it holds | where it is found |
|---|---|---|
| demand | final demand | production + imports - exports |
| inputs | value of an input per unit of output | annual reports, input-output tables |
| supply | what is made where, and who owns it | production and trade statistics |
| response | what money adds (slope) and at most (ceiling) | subsidised projects; announced plants |
| subsidies | what each segment got | budgets, registers of state aid, annual reports; or firms (below) |
| disruptions | which supply is cut in which scenario | past events |
| probabilities | how likely each scenario is in a year | past events, experts |
| durations | how many months it lasts | past events |

All money is in the unit that the descriptor names (in a workbook: the sheet `package`), at prices of one year.
Further tables say what can be done without (`criticality`), what is in stock (`stocks`), who else could deliver
(`suppliers`), what public buyers can turn to home (`procurement`); `firms` with `firm_segments` fill the subsidies that
are not stated; `trade` has imports, to be compared with supply. docs/packages.md has each with an example.
"""
