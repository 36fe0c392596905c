"""Questions that take more than one function of `optimize` or `chains` to answer, one file each.

Every file has a function `ask(chain, **arguments)`, named by its question in `scenarios/questions.py`.
"""
