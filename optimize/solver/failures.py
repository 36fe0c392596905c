"""What a solver may end with that is no result."""

__all__ = ["InaccurateError", "InfeasibleError", "NotOptimalError"]


class NotOptimalError(Exception):
    """HiGHS ended without an optimal solution; `status` is its word for it. Never a result."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(f"the solver ended with status '{status}'")

    def __reduce__(self) -> tuple[type["NotOptimalError"], tuple[str]]:
        """Pickle by the status: a study solves its cases in other processes."""
        return type(self), (self.status,)


class InfeasibleError(NotOptimalError):
    """No solution exists: proven by multipliers of the rows, checked against the matrix."""


class InaccurateError(NotOptimalError):
    """Whatever was found is not proven to the tolerance that a result must meet; `reached` says how far it came."""

    def __init__(self, reached: str) -> None:
        super().__init__("Inaccurate")
        self.reached = reached
        self.args = (
            f"no answer: what the solver found could not be proven right ({reached}). Mostly numbers of very different "
            "size are the reason: look for a slope, ceiling, effectiveness, input coefficient, supply, surge, weight, "
            "amount of money or alpha that is out of proportion to the others",
        )

    def __reduce__(self) -> tuple[type["InaccurateError"], tuple[str]]:
        """Pickle by how far it came: a study solves its cases in other processes."""
        return type(self), (self.reached,)
