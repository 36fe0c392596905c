"""How does a package of one's own come about?

Copies a shipped package to results/my-robots, adds a Korean supplier of robot bodies as an analyst would in a
spreadsheet, and prints what it changes; then makes a mistake on purpose and prints how it is told.
"""

import shutil
from pathlib import Path

import pandas as pd

import tierwise as tw

MINE = Path("results/my-robots")


def main() -> None:
    """A package is a folder of CSV files."""
    shutil.rmtree(MINE, ignore_errors=True)
    shutil.copytree(tw.folder("robots"), MINE)
    supply = pd.read_csv(MINE / "supply.csv", dtype=str, keep_default_na=False)
    korean = {"segment": "bodies_high", "location": "KOR", "owner": "KOR", "value": "0.5", "low": "0.2", "high": "0.8"}
    korean |= {"status": "assumed", "source": "analyst", "note": "What if a Korean maker came to deliver this much?"}
    pd.concat([supply, pd.DataFrame([korean])]).to_csv(MINE / "supply.csv", index=False)
    before, after = tw.optimize(tw.load("robots")), tw.optimize(tw.load(MINE))
    print(f"Risk of today's allocation: {before.observed.risk:.2%}, with the supplier {after.observed.risk:.2%}.")
    print(f"Least risk of the same money: {before.risk:.2%}, with the supplier {after.risk:.2%}.")

    pd.concat([supply, pd.DataFrame([korean | {"location": "Korea", "low": "0.9"}])]).to_csv(
        MINE / "supply.csv", index=False
    )
    try:
        tw.load(MINE)
    except tw.InputError as error:
        print("And with two mistakes in that row:", error, sep="\n")


if __name__ == "__main__":
    main()
