"""Answers as JSON documents, one file a question. NaN becomes null."""
