"""Whether a measured value is as it shall be, and how that is said."""

import math

from controller.lab.hil.steps import Value, Wanted

ROUNDING = 1e-9
LONG = 1e5
"""From here on a number is shown whole."""


def meets(wanted: Wanted, value: Value | None) -> bool:
    """Whether a value is as wanted; what is not known, not finite or of another kind is not."""
    if value is None:
        return False
    if wanted.equals is not None:
        return type(value) is type(wanted.equals) and value == wanted.equals
    if isinstance(value, bool | str) or not math.isfinite(value):
        return False
    low, high = bounds(wanted)
    return low <= value <= high


def bounds(wanted: Wanted) -> tuple[float, float]:
    """Lowest and highest value that a number may have."""
    low = -math.inf if wanted.low is None else wanted.low
    high = math.inf if wanted.high is None else wanted.high
    if wanted.near is not None:
        # 30.1 is near 30 by 0.1, whatever binary fractions make of it.
        by = wanted.by + ROUNDING * max(1.0, abs(wanted.near))
        low, high = max(low, wanted.near - by), min(high, wanted.near + by)
    return low, high


def in_words(wanted: Wanted) -> str:
    """What is wanted, for people."""
    if wanted.equals is not None:
        return f"is {shown(wanted.equals)}"
    parts = []
    if wanted.near is not None:
        parts.append(
            f"{wanted.near:g} ± {wanted.by:g}" if wanted.by else f"exactly {wanted.near:g}"
        )
    if wanted.low is not None and wanted.high is not None:
        parts.append(f"{wanted.low:g} to {wanted.high:g}")
    elif wanted.low is not None:
        parts.append(f"at least {wanted.low:g}")
    elif wanted.high is not None:
        parts.append(f"at most {wanted.high:g}")
    return " and ".join(parts)


def shown(value: Value | None) -> str:
    """A value for people: yes and no, at most five figures, a dash for what is not known."""
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or '""'
    return f"{value:.5g}" if abs(value) < LONG else f"{value:,.0f}"
