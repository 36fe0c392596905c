"""Which of a user's own files hides one of our packages.

The packages of Tierwise have everyday names, and Python looks beside the script first. So a user's own `data.py` or
`optimize.py` is what `import data` and `import optimize` find, in our files too. This module needs nothing of ours.
"""

import warnings
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

__all__ = ["PACKAGES", "HiddenPackageError", "HiddenPackageWarning", "check_siblings", "hidden"]

PACKAGES = ("data", "chains", "optimize", "scenarios")
_HOME = Path(__file__).resolve().parents[1]


class HiddenPackageError(ImportError):
    """A file of the user's hides a package of ours."""


class HiddenPackageWarning(UserWarning):
    """The same, where what is imported now does not need that package."""


def hidden(packages: Iterable[str] = PACKAGES) -> Iterator[str]:
    """What hides each of our packages that is hidden, and what to do, in words."""
    for name in packages:
        found = _found(name)
        if found is not None and _HOME / name not in (found, *found.parents):
            where = found.parent if found.name == "__init__.py" else found
            other = f"my_{name}" + (".py" if where.is_file() else "")
            yield (
                f"{where} hides the package `{name}` of Tierwise: Python looks beside the script first. "
                f"Rename it, for instance to {other}"
            )


def check_siblings() -> None:
    """HiddenPackageError if `data` is hidden, which `chains` needs; a warning of each other package that is."""
    if said := list(hidden(("data",))):
        raise HiddenPackageError(said[0])
    for told in hidden(PACKAGES[2:]):
        warnings.warn(told, HiddenPackageWarning, stacklevel=2)


def _found(name: str) -> Path | None:
    """The file or folder that `import name` gives; None where there is none.

    A folder without `__init__.py` is found too: where Tierwise is installed to be edited, it comes before ours.
    """
    try:
        spec = find_spec(name)
    except ValueError:  # a module that was made by hand, which has no spec
        return None
    if spec is None:
        return None
    places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
    return Path(places[0]).resolve() if places else None
