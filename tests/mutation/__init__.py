"""Mutation testing of the program's mathematics: a mutant that no test kills shows a test that is missing.

    pip install -e ".[mutation]"                        # cosmic-ray makes them, coverage tells who meets them
    python -m tests.mutation                            # 300 mutants, one of each of 300 parts of all, by seed 0
    python -m tests.mutation --count 20 --of optimize/solving/nearest.py
    python -m tests.mutation --all                      # every mutant: many hours
    python -m tests.mutation --only 17 203              # the mutants of these numbers again
    python -m tests.mutation --seconds 8                # of tests for each mutant at most
    python -m tests.mutation --verdicts build/ends.jsonl     # appended to; what it holds is not tried again

A mutant is one operator, comparison, number or truth value of optimize/program, optimize/solving, chains/numbers
replaced by another, a condition negated, or a loop left out (`mutants.py`). The quick tests are imported once
(`session.py`) and run once without a mutant: which rows each runs, and how long, is kept (`reached.py`). A mutant is
put into the functions that live (`live.py`), in a process forked from there; one of what runs at import has our modules
imported anew (`anew.py`). It meets the tests that run its statement, those of its module first, until one fails.
Killed is also what takes far longer, or far more memory, than the unspoiled run.
"""
