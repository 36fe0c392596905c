"""Say which of the user's files hides a package of ours, before what needs that package is imported.

What it does, it does when imported.
"""

from chains.siblings import check_siblings

__all__: list[str] = []

check_siblings()
