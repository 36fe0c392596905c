"""The options of the program, checked."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypedDict, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from chains.tables.problems import InputError, Problem, nearest
from optimize.program.levers import LEVERS

__all__ = ["Arguments", "BudgetArguments", "BudgetOptions", "Options", "RiskArguments", "RiskOptions", "make_options"]

Kind = TypeVar("Kind", bound="RiskOptions")
_Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class RiskArguments(TypedDict, total=False):
    """Keyword arguments of every question: see `RiskOptions`."""

    alpha: float
    beta: float
    pieces: int


class BudgetArguments(RiskArguments, total=False):
    """And of every question that spends money: see `BudgetOptions`."""

    levers: str | Iterable[str]


class Arguments(BudgetArguments, total=False):
    """And of those that choose an allocation: see `Options`."""

    budget: float | None
    move: float | None
    minimum: Mapping[str, float]
    maximum: Mapping[str, float]


class RiskOptions(BaseModel):
    """How risk is measured, and how finely the response is cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alpha: Annotated[float, Field(ge=0, lt=1, description="confidence level of CVaR")] = 0.90
    beta: Annotated[float, Field(ge=0, le=1, description="weight of CVaR in risk; the rest is E[L]")] = 0.5
    pieces: Annotated[int, Field(ge=1, le=99, description="chords J of a response curve")] = 10


class BudgetOptions(RiskOptions):
    """And what the money may buy: `levers`, a set of capacity, stocks, suppliers and procurement."""

    levers: Annotated[tuple[str, ...], Field(min_length=1, description="what the money may buy")] = ("capacity",)

    @field_validator("levers", mode="before")
    @classmethod
    def _in_order(cls, given: object) -> object:
        """Names once each, in the order in which levers are declared; a text is a list with commas."""
        names = [name.strip() for name in given.split(",")] if isinstance(given, str) else given
        if not isinstance(names, Iterable):
            return names
        asked = list(names)
        unknown = [name for name in asked if name not in LEVERS]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not a lever; write some of {', '.join(LEVERS)}")
        return tuple(name for name in LEVERS if name in asked)


class Options(BudgetOptions):
    """And what may be chosen.

    Money is in the chain's unit. `minimum` and `maximum` bound what a segment, or all segments of a tier together,
    may get, through every lever; `LEVER:SEGMENT` through one. `move` is theta: sum_k |x_k - x0_k| <= 2 theta B.
    """

    budget: _Money | None = Field(None, description="budget; None: the observed total, by instrument")
    move: Annotated[float, Field(ge=0, le=1, description="largest share of the budget that moves")] | None = None
    minimum: Mapping[str, _Money] = Field(default_factory=dict, description="least for a segment or tier")
    maximum: Mapping[str, _Money] = Field(default_factory=dict, description="most for a segment or tier")

    @property
    def limited(self) -> bool:
        """Whether more than the budget limits what the money may do."""
        return self.move is not None or bool(self.minimum or self.maximum)

    def risk_options(self) -> RiskOptions:
        """The part that every question shares."""
        return RiskOptions(alpha=self.alpha, beta=self.beta, pieces=self.pieces)


def make_options(kind: type[Kind], given: Mapping[str, Any]) -> Kind:
    """Options from keyword arguments; InputError naming every one that is wrong."""
    try:
        return kind(**given)
    except ValidationError as errors:
        problems = []
        for error in errors.errors():
            name = ".".join(str(part) for part in error["loc"])
            unknown = error["type"] == "extra_forbidden"
            wrong = "is not an option of this question" if unknown else f"{error['input']!r} is out of range"
            right = nearest(name, tuple(kind.model_fields)) if unknown else error["msg"]
            if error["type"] == "value_error":  # a check of ours, which says itself what is wrong and what is right
                wrong, _, right = str(error["ctx"]["error"]).partition("; ")
            problems.append(Problem(f"option {name}", 0, "", wrong, right))
        raise InputError(problems) from None
