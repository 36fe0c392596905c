"""Is it worth more to keep Japan delivering, or to move money?

What-ifs by hand: a change to a chain makes a new chain. Prints risk of final demand today, with Japan's controls half
as likely, with its deliveries cut half as deep, and with the subsidies moved instead; then with talks and money both.
"""

import tierwise as tw


def main() -> None:
    """Four chains, each solved once."""
    robots = tw.load("robots")
    futures = {
        "as assessed": robots,
        "controls half as likely": robots.scaled("probabilities", 0.5, scenario="japan_export_controls"),
        "every cut of Japan half as deep": robots.scaled("disruptions", 0.5, location="JPN"),
        "half as deep, Japanese plants in China too": (
            robots.scaled("disruptions", 0.5, location="JPN").scaled("disruptions", 0.5, owner="JPN")
        ),
    }
    print(f"{'':44}{'money as today':>16}{'money moved':>14}")
    for words, chain in futures.items():
        found = tw.optimize(chain)
        print(f"{words:44}{found.observed.risk:>16.1%}{found.risk:>14.1%}")
    print("What was changed in the last:", *futures[words].changes, sep="\n  ")


if __name__ == "__main__":
    main()
