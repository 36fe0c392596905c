"""Answers over draws of the numbers: uncertainty, sensitivity, tornado."""
