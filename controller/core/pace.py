"""How often a miner is polled: no more polls a real second than this machine is made for."""

MOST_POLLS_PER_S = 1_500.0


def poll_period_s(wanted_s: float, units: int, speed: float) -> float:
    """The period between two polls of a miner, longer than wanted where the clock is hurried."""
    return max(wanted_s, units * speed / MOST_POLLS_PER_S)
