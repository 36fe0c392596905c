"""One assumption at a time."""

from collections.abc import Sequence
from typing import Any

from chains import Chain
from optimize import Options
from optimize.sampling.tornado import Tornado, tornado

__all__ = ["ask"]


def ask(chain: Chain, *, options: dict[str, Any], factors: Sequence[str], outcome: str) -> Tornado:
    """The outcome at both ends of each factor."""
    return tornado(chain, Options.model_validate(options), factors, outcome)
