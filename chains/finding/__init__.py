"""The published finding: its shape, and its claims checked against other figures."""
