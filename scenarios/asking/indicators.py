"""Indicators by segment, and how a ranking moves with what counts as domestic."""

from dataclasses import dataclass

import pandas as pd

from chains import Chain
from chains.indicators import indicators, indicators_by_definition, ranking_by_definition

__all__ = ["Indicators", "ask"]


@dataclass(frozen=True)
class Indicators:
    """The answer: `ranks` of segments by the indicator `ranking` under each definition of domestic."""

    chain: Chain
    definition: str
    ranking: str
    ranks: pd.DataFrame

    @property
    def values(self) -> pd.DataFrame:
        """The indicators of each segment under the one definition asked for."""
        return indicators(self.chain, self.definition)

    @property
    def by_definition(self) -> pd.DataFrame:
        """The indicators under every definition."""
        return indicators_by_definition(self.chain)


def ask(chain: Chain, *, definition: str = "location", ranking: str = "import_share") -> Indicators:
    """The indicators of a chain."""
    return Indicators(chain, definition, ranking, ranking_by_definition(chain, ranking))
