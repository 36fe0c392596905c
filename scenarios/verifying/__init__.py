"""Is a stored result what it says? Solved again from the inputs it holds, and written again from its answers.

What this proves, and what it cannot, is in docs/reliability.md.
"""

from scenarios.verifying.solving_again import Checked, Verified, verify

__all__ = ["Checked", "Verified", "verify"]
