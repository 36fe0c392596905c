"""Draws of every number within its range, kept in balance."""
