"""The one place that reads the wall clock; inside, time is the loop's monotonic seconds."""

import time


def utc_s() -> float:
    """UTC seconds since 1970."""
    return time.time()  # noqa: TID251 - this is the edge


def monotonic_s() -> float:
    """Seconds of a clock that never steps, for threads that have no event loop."""
    return time.monotonic()  # noqa: TID251 - this is the edge
