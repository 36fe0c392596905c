"""The report: one self-contained page made from stored results alone, without solving."""
