"""Read the results of a study with pandas and nothing of Tierwise.

Prints risk by case, and the segments that win and lose most between today's and the least-risk allocation. Give the
folder of any results; without one it makes those of examples/how_much_to_move.py if they are not there yet.
"""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd


def main() -> None:
    """The tables are plain Parquet files, the study a JSON document."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "results/how-much-to-move")
    if len(sys.argv) == 1 and not folder.exists():
        subprocess.run([sys.executable, Path(__file__).with_name("how_much_to_move.py")], check=True)
    manifest = json.loads((folder / "study.json").read_text("utf-8"))
    print(manifest["study"]["question"])
    cases = pd.read_parquet(folder / "tables" / "cases.parquet").set_index("case")
    print(cases[["risk_none", "risk_observed", "risk_optimal"]].round(4).to_string())
    money = pd.read_parquet(folder / "tables" / "allocations.parquet")
    first = money[money["case"] == manifest["cases"][0]]
    moved = first.pivot_table(index=["tier", "segment"], columns="allocation", values="value", aggfunc="sum")
    change = (moved["optimal"] - moved["observed"]).sort_values()
    print(f"\n{manifest['cases'][0]}, money that moves ({cases['unit'].iloc[0]}):")
    print(pd.concat([change.head(3), change.tail(3)]).round(3).to_string())


if __name__ == "__main__":
    main()
