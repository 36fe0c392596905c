"""From program to solution: units, evaluation, lexicographic solves, decomposition, what conflicts."""
