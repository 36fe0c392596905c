"""Every tolerance of the program, in one place.

Inner units (solving/units.py): money in thousandths of final demand, losses in thousandths of all loss.
"""

__all__ = [
    "ACCURATE",
    "AGREE",
    "BALANCED",
    "CLOSED",
    "COEFFICIENT_ROUNDING",
    "DELIVERY_MARGIN",
    "EXACT_RISK",
    "EXACT_SUPPLY",
    "EXACT_TARGET",
    "FEASIBLE",
    "LEAST_MONEY",
    "LOWERS",
    "MET",
    "NEW_PRICE",
    "PATH_ROUNDING",
    "PLATEAU",
    "PRICE_ROUNDING",
    "PROBABILITY_ROUNDING",
    "PROOF_ROUNDING",
    "PROVED",
    "RAISED",
    "SAME_BRANCH",
    "SAME_BUDGET",
    "SAME_GAP",
    "SAME_LOSS",
    "SAME_POINT",
    "SAME_RISK",
    "TARGET_ROOM",
    "TIE",
    "TIED_MONEY",
    "TURNING",
    "UNIQUE",
]

ACCURATE = 1e-7
"""The one tolerance of certificates: a solution whose certificate is worse than this is no result."""
FEASIBLE = 1e-9
"""Of bounds and reduced costs, in the solver and wherever its answers are read (inner units)."""
TIE = 1e-9
"""Of risk and loss: how far above the least a reported decision may be, so as to be near the observed one."""
TIED_MONEY = 1e-6
"""Share of the budget: tiers whose money differs by no more get equally much."""
TURNING = 1e-4
"""Of a structural number, in its own unit: a turning point is found to this."""
BALANCED = 1e-9
"""Largest loss in calm, as a share of weighted final demand."""
AGREE = 1e-12
"""Numbers of a model that is compiled and of one that is filled in, relatively and absolutely."""
CLOSED = 1e-9
"""How far the best weighted sum may lie above what the known allocations reach."""
COEFFICIENT_ROUNDING = 1e-13
"""Relative difference of coefficients that comes from the order of multiplications alone."""
DELIVERY_MARGIN = 1e-6
"""Taken off what can be delivered, which is itself solved to 1e-9 (inner units: 1e-9 of final demand)."""
EXACT_RISK = 1e-11
"""Risk: the function and its bounds are the same where they are this near."""
EXACT_SUPPLY = 1e-10
"""Supply in inner units (thousandths of final demand) that is neither short nor too much."""
EXACT_TARGET = 1e-6
"""The largest target is reached, and this much more is not."""
LEAST_MONEY = 1e-6
"""Money in inner units (thousandths of final demand): what less of it does to risk drowns in rounding."""
LOWERS = 1e-12
"""A move lowers risk where the fall, as a share of final demand, is above this: what a solver leaves is below it."""
MET = 1e-8
"""Bounds this near have met, in inner units: 1e-11 of risk, a hundredth of the tie."""
NEW_PRICE = 1e-9
"""Loss in inner units by which prices must raise a bound to be worth keeping."""
PATH_ROUNDING = 1e-12
"""Growth and bends that are less, relatively, are none."""
PLATEAU = 1e-12
"""Risks this near each other are one plateau; its first share is the peak."""
PRICE_ROUNDING = 1e-12
"""A price that is less, relative to the terms that it is the sum of, is none."""
PROBABILITY_ROUNDING = 1e-11
"""Of probabilities, relative to the tail of 1 - alpha."""
PROOF_ROUNDING = 1e-13
"""Room for rounding in a proof that a program has no solution, relative to the size of its terms."""
PROVED = 1e-7
"""Loss in inner units (thousandths of all loss): a loss that is known to be this near the least is the least."""
RAISED = 1e-6
"""A goal that the budget raises by no more (1e-9 of final demand) is dropped: nothing can be read from it."""
SAME_BRANCH = 1e-10
"""Branches whose bound is no higher than this above the worst found are not searched."""
SAME_BUDGET = 1e-9
"""Budgets that differ by less, relatively, are the same."""
SAME_GAP = 1e-6
"""Weights and allocations whose relative gap is within this of the least (the observed one's) count as equal to it."""
SAME_LOSS = 1e-10
"""Loss in inner units (thousandths of all loss): bounds this near are the loss, to a tenth of `LOWERS`."""
SAME_POINT = 1e-12
"""A corner that brings a point no nearer than this, relative to the squares, does not bring it nearer."""
SAME_RISK = 1e-8
"""Two programs' risks of one allocation differ by no more, relative to 1 + the risk; supply, relative to demand."""
TARGET_ROOM = 1e-7
"""How far below the best ratio found the largest target is put, so that it can be reached in spite of rounding."""
UNIQUE = 1e-6
"""Share of the budget: a segment whose range is no wider gets one amount."""
