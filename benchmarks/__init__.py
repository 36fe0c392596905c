"""How fast: Tierwise against the solver alone and against other ways to write the same program.

`python -m benchmarks` prints one table a question; docs/performance.md explains what each compares.
"""
