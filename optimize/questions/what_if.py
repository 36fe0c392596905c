"""One disruption for certain: what it costs today, what it could cost at least, and what to buy for that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Unpack

import pandas as pd
from pydantic import Field

from chains import Chain, InputError
from chains.numbers.need import calm_use
from chains.presenting import Shown
from chains.tables.problems import Problem, nearest
from optimize.questions.least_risk import least_risk
from optimize.solver.linear import Certificate
from optimize.solving.budgets import budget_of
from optimize.solving.evaluation import Solution, evaluate
from optimize.solving.options import Arguments, Options, make_options

__all__ = ["WhatIf", "WhatIfOptions", "happening", "what_if"]

NAME = "what-if"
"""Name of the scenario that happens."""
MONTHS = 12.0


class WhatIfOptions(Options):
    """And what happens: `cuts` as COUNTRY or COUNTRY:SEGMENT,SEGMENT, for how long, and the stock held then."""

    cuts: Annotated[tuple[str, ...], Field(min_length=1, description="what is cut off completely")]
    months: Annotated[float, Field(gt=0, le=12, description="months that it lasts")] = 12.0
    stock: Mapping[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(
        default_factory=dict, description="stock held of a segment, in months of its use in calm"
    )


@dataclass(frozen=True, repr=False)
class WhatIf(Shown):
    """A disruption that happens for certain. Losses are shares of weighted final demand of a year.

    `today`: at the observed allocation; `best`: at the decision of least loss that the budget allows, the nearest such
    to the observed allocation; `none`: without subsidies. `chain` is the chain in which it happens.
    """

    chain: Chain
    options: WhatIfOptions
    none: Solution
    today: Solution
    best: Solution
    certificate: Certificate

    @property
    def losses(self) -> pd.Series:
        """Loss without subsidies, today, and at least."""
        return pd.Series(
            {"none": self.none.loss[NAME], "observed": self.today.loss[NAME], "least": self.best.loss[NAME]},
            name="loss",
        )

    @property
    def budget(self) -> float:
        """The money that may be spent."""
        return float(budget_of(self.chain.numbers, self.options.budget).sum())

    @property
    def not_needed(self) -> float:
        """Money of the budget that the decision of least loss leaves unspent."""
        return max(self.budget - self.best.spent, 0.0)


def what_if(
    chain: Chain,
    cuts: Sequence[str],
    months: float = 12.0,
    stock: Mapping[str, float] | None = None,
    **options: Unpack[Arguments],
) -> WhatIf:
    """The loss of cuts that happen for certain, and the decision that makes it least.

    min L_s subject to the first stage, for the one scenario s in which all supply of each cut fails for `months` of the
    year; `stock` is held then, in months of use in calm (chains/numbers/need.py). A cut is a country, `JPN`, or some of
    its goods, `JPN:magnets,reducers`. Other options as for `optimize`; alpha and beta mean nothing here. InputError
    naming everything that is wrong, NoSolutionError and NotOptimalError as `optimize` does.
    """
    chosen = make_options(WhatIfOptions, {"cuts": tuple(cuts), "months": months, "stock": stock or {}, **options})
    happens = happening(chain, chosen)
    asked: Arguments = {
        "pieces": chosen.pieces,
        "budget": chosen.budget,
        "move": chosen.move,
        "minimum": chosen.minimum,
        "maximum": chosen.maximum,
        "levers": chosen.levers,
        "beta": 0.0,
    }
    best = least_risk(happens, **asked)
    today = evaluate(happens, pieces=chosen.pieces, beta=0.0)
    none = evaluate(happens, _nothing(happens), pieces=chosen.pieces, beta=0.0)
    worst = best.certificate.worse(today.certificate).worse(none.certificate)
    return WhatIf(happens, chosen, none, today, best, worst)


def _nothing(chain: Chain) -> pd.DataFrame:
    """An allocation that gives nothing."""
    numbers = chain.numbers
    return pd.DataFrame(0.0, index=list(numbers.segments), columns=list(numbers.instruments))


def happening(chain: Chain, options: WhatIfOptions) -> Chain:
    """The chain in which the cuts, and nothing else, happen for certain; InputError naming every one that cannot."""
    if problems := [*_unknown_cuts(chain, options.cuts), *_unknown_stock(chain, options.stock)]:
        raise InputError(problems)
    changed = chain.with_value("probabilities", 0.0) if len(chain.table("probabilities")) else chain
    package = str(chain.table("segments")["package"].iloc[0])
    changed = changed.with_row("probabilities", 1.0, scenario=NAME, package=package)
    for keys in (row for cut in options.cuts for row in _rows(chain, cut)):
        changed = changed.with_row("disruptions", 1.0, **{"scenario": NAME, "owner": "", **keys})  # type: ignore[arg-type]
    if options.months < MONTHS:
        changed = changed.with_row("durations", options.months, scenario=NAME, parameter="outage", package=package)
    if options.stock:
        use = pd.Series(calm_use(chain.numbers, chain.name), index=list(chain.numbers.segments))
        for segment, held in options.stock.items():
            changed = _holding(changed, segment, float(use[segment]) * held / MONTHS)
    return changed


def _parts(cut: str) -> tuple[str, list[str]]:
    """Country and goods of a cut; all goods where none is named."""
    country, _, goods = cut.partition(":")
    return country.strip(), [name.strip() for name in goods.split(",")] if goods else []


def _unknown_cuts(chain: Chain, cuts: Sequence[str]) -> Iterator[Problem]:
    supply = chain.table("supply")
    abroad = sorted(set(supply["location"]) - {chain.home})
    for cut in cuts:
        country, goods = _parts(cut)
        if cut.endswith(":"):
            yield Problem(f"cut '{cut}'", 0, "", "names no goods", f"write {country}, or {country}:SEGMENT,SEGMENT")
        elif country not in abroad and "," in country:
            yield Problem(f"cut '{cut}'", 0, "", "names several countries", "make each country a cut of its own")
        elif country not in abroad:
            wrong = f"'{country}' supplies nothing from abroad"
            yield Problem(f"cut '{cut}'", 0, "", wrong, nearest(country, abroad))
        else:
            known = tuple(sorted(set(supply.loc[supply["location"] == country, "segment"])))
            for name in goods:
                if name not in known:
                    yield Problem(f"cut '{cut}'", 0, "", f"{country} supplies no '{name}'", nearest(name, known))


def _unknown_stock(chain: Chain, stock: Mapping[str, float]) -> Iterator[Problem]:
    known = chain.numbers.segments
    for name in stock:
        if name not in known:
            yield Problem("option stock", 0, "", f"there is no segment '{name}'", nearest(name, known))


def _rows(chain: Chain, cut: str) -> list[dict[str, str]]:
    """Keys of the rows of disruptions.csv that a cut stands for."""
    country, goods = _parts(cut)
    if not goods:
        packages = sorted(set(chain.table("supply")["package"]))
        return [{"location": country, "segment": "", "package": name} for name in packages]
    return [{"location": country, "segment": name} for name in dict.fromkeys(goods)]


def _holding(chain: Chain, segment: str, amount: float) -> Chain:
    """The chain with this stock held, and no less that can be."""
    given = chain.table("stocks")
    own = given[given["segment"] == segment].set_index("parameter")["value"]
    if "limit" in own.index and own["limit"] < amount:
        chain = chain.with_value("stocks", amount, segment=segment, parameter="limit")
    if "held" in own.index:
        return chain.with_value("stocks", amount, segment=segment, parameter="held")
    return chain.with_row("stocks", amount, segment=segment, parameter="held")
