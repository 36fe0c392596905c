"""How little money would do what today's subsidies do, if it were placed best?

The exact frontier of least risk against the budget. Prints for each chain the least budget that reaches today's risk,
and the one that halves the part of the risk which money can remove at all.
"""

import pandas as pd

import tierwise as tw


def least_budget(points: pd.DataFrame, risk: float) -> float:
    """The least budget whose least risk is `risk`: the frontier is linear between its breakpoints, and falls."""
    above = points[points["risk"] >= risk].iloc[-1]
    slope = above["slope_right"]
    return float(above["budget"]) if above["risk"] == risk else float(above["budget"] + (risk - above["risk"]) / slope)


def main() -> None:
    """Both chains."""
    for name in ("robots", "chips"):
        chain = tw.load(name)
        points, unit = tw.frontier(chain).breakpoints, chain.money_unit
        today, budget = tw.evaluate(chain).risk, float(chain.numbers.observed.sum())
        most, least = float(points["risk"].max()), float(points["risk"].min())
        same, half = least_budget(points, today), least_budget(points, (most + least) / 2)
        print(f"{name}: {budget:.3g} {unit} leave a risk of {today:.1%}.")
        print(f"  Placed best, {same:.2g} would do the same ({same / budget:.1%} of it).")
        print(f"  Half of what money can remove ({most:.1%} to {least:.1%}) costs {half:.3g} {unit}.")


if __name__ == "__main__":
    main()
