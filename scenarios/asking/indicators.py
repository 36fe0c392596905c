"""Indicators by segment, and how a ranking moves with what counts as domestic."""

from dataclasses import dataclass

import pandas as pd

from chains import Chain
from chains.finding.side_by_side import touching
from chains.indicators import indicators, indicators_by_definition, ranking_by_definition
from chains.presenting import Shown
from chains.tables.definitions import check_definition

__all__ = ["Indicators", "ask"]


@dataclass(frozen=True, repr=False)
class Indicators(Shown):
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

    @property
    def rates(self) -> pd.DataFrame:
        """Published rates of self-sufficiency and targets that stand for segments of the chain."""
        return touching(self.chain, "rates")

    @property
    def bottlenecks(self) -> pd.DataFrame:
        """Bottleneck technologies of 2018 that stand for segments of the chain."""
        return touching(self.chain, "bottlenecks")


def ask(chain: Chain, *, definition: str = "location", ranking: str = "import_share") -> Indicators:
    """The indicators of a chain. InputError for a definition or an indicator that is none."""
    check_definition(definition)
    return Indicators(chain, definition, ranking, ranking_by_definition(chain, ranking))
