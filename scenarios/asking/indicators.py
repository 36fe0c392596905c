"""Indicators by segment, and how a ranking moves with what counts as domestic."""

from dataclasses import dataclass

import pandas as pd

from chains import Chain
from chains.finding.side_by_side import touching
from chains.indicators import indicators_by_definition, ranking_of
from chains.presenting import Shown
from chains.tables.definitions import check_definition

__all__ = ["Indicators", "ask"]


@dataclass(frozen=True, repr=False)
class Indicators(Shown):
    """The answer: the indicators `by_definition`, and `ranks` of segments by the indicator `ranking` under each."""

    chain: Chain
    definition: str
    ranking: str
    by_definition: pd.DataFrame
    ranks: pd.DataFrame

    @property
    def values(self) -> pd.DataFrame:
        """The indicators of each segment under the one definition asked for."""
        return pd.DataFrame(self.by_definition[self.definition])

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
    found = indicators_by_definition(chain)
    return Indicators(chain, definition, ranking, found, ranking_of(found, ranking))
