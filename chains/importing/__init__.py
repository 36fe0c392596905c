"""Public data sets as packages: what a set gives with its evidence, the rest as rows of the template, listed."""

from chains.importing.layout import Imported
from chains.importing.sets import SETS, import_set

__all__ = ["SETS", "Imported", "import_set"]
