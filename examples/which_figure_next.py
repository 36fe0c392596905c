"""How sure is it that upstream comes first, and which figure should be collected next?

Random draws of every number within its range, and each assumption alone at both ends of it. Prints how often each tier
gets most money, the span of the gain, and the assumptions that move the gain most, with their source.
"""

import tierwise as tw


def main() -> None:
    """64 draws in 4 replicates; their spread gives the interval."""
    robots = tw.load("robots")
    sampler = tw.Sampler(robots, tw.Options())
    points = tw.design(len(sampler.uncertain.factors), count=16, replicates=4, seed=7)
    found = tw.distribution([sampler.outcomes(replicate) for replicate in points])
    for tier, row in found.first.iterrows():
        print(f"{tier} gets most money in {row['estimate']:.0%} of draws ({row['low']:.0%} to {row['high']:.0%})")
    gain = found.quantities.loc["regret", "estimate"]
    print(f"Moving the money lowers risk by {100 * gain['5%']:.1f} to {100 * gain['95%']:.1f} points (9 draws of 10).")
    labels = [label for label in sampler.uncertain.labels if label.startswith(("response", "probabilities"))]
    swings = tw.tornado(robots, tw.Options(), labels).table.head(5)
    print("Largest swings among responses and probabilities, in points of final demand:")
    for factor, row in swings.iterrows():
        span = f"{row['low']:.3g} to {row['high']:.3g}"
        print(f"  {100 * row['swing']:.2f}  {factor} ({span}; {row['status']}, {row['source']})")


if __name__ == "__main__":
    main()
