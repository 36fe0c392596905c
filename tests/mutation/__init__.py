"""Mutation testing of the program's mathematics: a mutant that no test kills shows a test that is missing.

    pip install -e ".[mutation]"                        # cosmic-ray, whose operators make the mutants
    python -m tests.mutation                            # 300 mutants, drawn by seed 0
    python -m tests.mutation --count 20 --of optimize/solving/nearest.py
    python -m tests.mutation --all                      # every mutant: many hours
    python -m tests.mutation --only 17 203              # the mutants of these numbers again

A mutant is one operator, comparison, number or truth value of optimize/program, optimize/solving or chains/numbers
replaced by another, a condition negated, or a loop left out. Left aside are decorators and annotations, whose mutants
end at import or change nothing. Each is imported in a process of its own (no file is touched) and meets, until one
fails: worked examples; the tests that name its module; the tests of the three rooms and both dense programs; and at
last the quick tests of questions, samples and `chains`. Killed is also what takes far longer than the unspoiled run.
"""
