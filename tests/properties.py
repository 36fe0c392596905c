"""Of how many cases a property is asked: fewer in the quick run."""

from hypothesis import HealthCheck, settings

__all__ = ["QUICK", "WHOLE", "examples"]

WHOLE, QUICK = "the whole run", "the quick run"
"""Names of the profiles. Neither depends on how fast the machine is."""

_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(WHOLE, _PATIENT)
settings.register_profile(QUICK, _PATIENT, max_examples=10)


def examples(number: int) -> settings:
    """So many cases of a property that takes long, the same ones every time; one in the quick run."""
    quick = settings.default == settings.get_profile(QUICK)
    return settings(max_examples=1 if quick else number, deadline=None, derandomize=True)
