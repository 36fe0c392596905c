"""What if we prepare for the wrong crisis?

Four allocations of the same money (today's, the least-risk one for all scenarios, and those made for one of two crises
alone), each judged in each future. Prints the loss of final demand, allocations down and futures across.
"""

import pandas as pd

import tierwise as tw

CRISES = ("allied_package", "foreign_plants_withdraw")


def certain(chain: tw.Chain, scenario: str) -> tw.Chain:
    """The chain in a year in which a scenario is certain; it leaves no probability to the others."""
    return chain.with_value("probabilities", 0.0).with_value("probabilities", 1.0, scenario=scenario)


def main() -> None:
    """Every allocation in every future."""
    robots = tw.load("robots")
    best = tw.optimize(robots)
    allocations = {"today's": best.observed.allocation, "for all scenarios": best.optimal.allocation}
    allocations |= {f"for {crisis}": tw.optimize(certain(robots, crisis)).optimal.allocation for crisis in CRISES}
    losses = {words: tw.evaluate(robots, allocation).loss for words, allocation in allocations.items()}
    table = pd.DataFrame(losses).T[list(CRISES)]
    table.insert(0, "risk, all scenarios", [tw.evaluate(robots, a).risk for a in allocations.values()])
    print(table.map(lambda loss: f"{loss:.1%}").to_string())


if __name__ == "__main__":
    main()
