"""What does it cost to be safe against weak responses, and who then gets the money?

The robust allocation beside the nominal one, for up to 0, 1, 2 and 3 segments whose subsidies work as badly as their
range allows. Prints risk in the nominal and in the worst case, the price of safety, and the money by tier.
"""

import tierwise as tw


def main() -> None:
    """One robust program a row."""
    robots = tw.load("robots")
    print("weak   advice: nominal, worst    robust: nominal, worst    price   money by tier")
    for weak in range(4):
        found = tw.robust(robots, slope_budget=weak)
        risks = found.risks
        advice, safe = risks.loc["optimal"], risks.loc["robust"]
        tiers = ", ".join(f"{tier} {money:.2f}" for tier, money in found.nominal.tiers(found.robust).items())
        print(
            f"{weak:4}   {advice['nominal']:15.1%} {advice['worst_case']:7.1%}   {safe['nominal']:15.1%}"
            f" {safe['worst_case']:7.1%} {found.price:8.1%}   {tiers}"
        )


if __name__ == "__main__":
    main()
