"""Gain schedules: what an error counts for where the plant answers more or less strongly."""

LEAST_GAIN, MOST_GAIN = 0.4, 1.6


def gain_share(ratio: float) -> float:
    """The share of its gain that a loop has at this ratio to where its gain is for."""
    return min(max(ratio, LEAST_GAIN), MOST_GAIN)
