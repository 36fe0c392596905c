"""When two numbers are the same."""


def same(a: float, b: float, relative: float = 1e-7, absolute: float = 1e-12) -> bool:
    """Whether two numbers agree as closely as two solvers of one program must."""
    return abs(a - b) <= relative * max(abs(a), abs(b)) + absolute
