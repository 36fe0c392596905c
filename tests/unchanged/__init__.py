"""Whether every command still answers with the same bits: `python -m tests.unchanged` (docs in `__main__`)."""
