"""How much of the robot subsidies must move before most of the gain is won?

A study in a script: a grid over the option `move`, the largest share of the budget that may change hands. Prints risk
along the grid and the first step at which half of the whole gain is won; writes results/how-much-to-move with a report.
"""

import pandas as pd

import tierwise as tw

study = (
    tw.Study(
        name="how-much-to-move", title="How much must move?", question="Is a small reallocation worth its quarrel?"
    )
    .case("robots", "robots", title="Industrial robots")
    .grid("shares", tw.Axis(name="move", option="move", values=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)))
)


def main() -> None:
    """Run the study and read its table."""
    done = study.run("results/how-much-to-move", progress=False)
    cases = pd.read_parquet(done.folder / "tables" / "cases.parquet")
    risk = cases.dropna(subset="grid").set_index("at_move")["risk_optimal"]
    gain = risk[0.0] - risk
    for move, fall in gain.items():
        print(f"at most {move:4.0%} moves: risk {risk[move]:.1%} of final demand, {fall / gain[1.0]:4.0%} of the gain")
    print(f"Half of the gain is won once {(gain >= gain[1.0] / 2).idxmax():.0%} may move.")
    print(f"Report: {done.report}")


if __name__ == "__main__":
    main()
