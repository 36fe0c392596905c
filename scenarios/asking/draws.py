"""Draws: a design is told to a worker in a few words, and it solves a block of its points."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from chains import Chain
from chains.drawing.uncertain import Uncertain
from chains.numbers import Array
from optimize import Options
from optimize.sampling.distribution import design
from optimize.sampling.sensitivity import morris_design, sobol_design
from optimize.sampling.uncertainty import Sampler

__all__ = ["BLOCK", "Design", "ask", "points_of"]

BLOCK = 16
"""Points that a worker solves before it reports: less than a second or two of work to lose."""

Design = Mapping[str, Any]
"""A design by its `kind`: replicates (count, replicates, seed, replicate), morris (trajectories, seed), or sobol
(alone, ends, count, seed).

Of every block of a Sobol' design the first and the last point do not turn on the groups: without `ends` they are left
out, since another design of the same chain, count and seed has them.
"""


def points_of(numbers: Uncertain, given: Design) -> Array:
    """The points [n, f] of a design: the same on every worker."""
    if given["kind"] == "replicates":
        whole = design(len(numbers.factors), given["count"], given["replicates"], given["seed"])
        return whole[given["replicate"]]
    if given["kind"] == "morris":
        return morris_design(numbers, given["trajectories"], given["seed"])
    whole = sobol_design(numbers, given["alone"], given["count"], given["seed"])
    if given["ends"]:
        return whole
    return whole.reshape(given["count"], -1, whole.shape[1])[:, 1:-1].reshape(-1, whole.shape[1])


_designs: dict[tuple[str, str], Array] = {}
_samplers: dict[tuple[str, str], Sampler] = {}
"""The sampler and the design that this process used last: what blocks of one design share is worked out once."""


def ask(chain: Chain, *, options: dict[str, Any], design: Design, start: int) -> pd.DataFrame:
    """Outcomes of the points from `start` of a design."""
    key = (chain.sha256, repr(sorted(options.items())))
    if key not in _samplers:
        _samplers.clear()
        _samplers[key] = Sampler(chain, Options.model_validate(options))
    sampler, of = _samplers[key], (chain.sha256, repr(sorted(design.items())))
    if of not in _designs:
        _designs.clear()
        _designs[of] = points_of(sampler.uncertain, design)
    return sampler.outcomes(_designs[of][start : start + BLOCK])
