"""Answers as tables on a terminal, one file a question."""
