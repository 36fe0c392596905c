"""Supply after a draw: the split over origins and owners is uncertain, the balance of calm is not.

In calm, with each segment's need met by home and foreign supply in the proportion h_k to 1 - h_k in which they stand,
the need t_k of segment k is its final demand and what the home output of its users takes:

    t_k = d_k + sum_l a_kl h_l t_l

(chains/numbers/need.py). What the base year says of total supply T_k is its ratio to need, T_k / t_k: 1 where all
supply is used, more where there is a reserve. A draw keeps that ratio. Where no ratio is below 1, calm balances: home
plants make h_k t_k <= H_k, imports are (1 - h_k) t_k <= F_k. So it does in every chain that balances with home plants
fully used: there T >= d + A H, hence T >= t.
"""

from collections.abc import Mapping

import numpy as np
from scipy import sparse

from chains.numbers import Array, summed
from chains.numbers.layout import Layout
from chains.numbers.need import calm_need
from chains.tables.problems import InputError, Problem

__all__ = ["rescaled_supply", "supply_to_need"]


def supply_to_need(layout: Layout, values: Mapping[str, Array], name: str) -> Array:
    """Ratio T_k / t_k of supply to need in calm; NaN where there is no need. `name` is the chain's, for errors."""
    total, need = _total_and_need(layout, values, name)
    return np.asarray(np.divide(total, need, out=np.full_like(total, np.nan), where=need > 0))


def rescaled_supply(layout: Layout, ratio: Array, values: Mapping[str, Array], draw: str) -> Array:
    """Supply rows rescaled by segment to ratio_k times the drawn need; NaN leaves a segment as drawn.

    InputError that names the draw where there is no such supply: the drawn coefficients are not productive (Hawkins
    and Simon, Econometrica 17, 1949), or a segment that is needed has all its rows drawn as 0.
    """
    drawn, need = _total_and_need(layout, values, draw)
    total = np.where(np.isnan(ratio), drawn, ratio * need)
    lacking = np.flatnonzero((drawn <= 0) & (total > 0))
    if len(lacking):
        right = "raise the low of one of its rows in supply.csv"
        wrong = "'{}' is used, but every supply row of it is drawn as 0"
        raise InputError(Problem(draw, 0, "", wrong.format(layout.segments[k]), right) for k in lacking)
    factor = np.divide(total, drawn, out=np.ones_like(total), where=drawn > 0)
    return np.asarray(values["supply"] * factor[layout.supply])


def _total_and_need(layout: Layout, values: Mapping[str, Array], name: str) -> tuple[Array, Array]:
    """Total supply T[k] and need t[k] (`calm_need`)."""
    count, at_home, supply = len(layout.segments), layout.at_home, values["supply"]
    total = summed(layout.supply, supply, count)
    home = summed(layout.supply[at_home], supply[at_home], count)
    coefficients = summed(layout.entry, values["inputs"], len(layout.indices))
    inputs = sparse.csr_array((coefficients, layout.indices, layout.indptr), shape=(count, count))
    return total, calm_need(inputs, home, total, summed(layout.demand, values["demand"], count), name)
