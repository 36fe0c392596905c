"""Write packages: from one container into another without loss, and a small one to start from."""

from chains.writing.converting import convert
from chains.writing.starting import new_package

__all__ = ["convert", "new_package"]
