"""Procurement: public purchases turned to home supply, which adds capacity there."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from chains.numbers import Array, ChainNumbers
from chains.numbers.parts.procurement import Procurement
from optimize.program.expressions import FirstStageExpressions, RecourseExpressions
from optimize.program.levers.lever import Purchase

__all__ = ["PROCUREMENT"]


class ProcurementLever(Purchase):
    """preferred_k <= limit_k at premium_k; added_k = sum_j slope_kj z_kj + response_k preferred_k."""

    name = "procurement"
    decided = ("preferred",)
    kind = Procurement

    def in_recourse(self, model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
        """Nothing: the capacity that it adds is taken up with that of subsidies."""

    def in_first_stage(self, model: Any, numbers: ChainNumbers, opened: FirstStageExpressions) -> None:
        """added_k += response_k preferred_k."""
        super().in_first_stage(model, numbers, opened)
        found = numbers.given(Procurement)
        for n, k in enumerate(found.segment):
            opened.added.add(int(k), float(found.response[n]) * model.preferred[n])

    def provides(self, numbers: ChainNumbers, amounts: Array) -> Mapping[str, Array]:
        """Home supply added [k]."""
        found = numbers.given(Procurement)
        added = np.zeros(len(numbers.segments))
        np.add.at(added, found.segment, found.response * amounts)
        return {"added": added}


PROCUREMENT = ProcurementLever()
