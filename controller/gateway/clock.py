"""The gateway's look at the clocks: the plant's for what is told, the real one for visitors."""

import datetime as dt

from controller.clock.now import real_utc_s, utc_s


def utc_now() -> dt.datetime:
    """UTC of the plant's clock, aware."""
    return dt.datetime.fromtimestamp(utc_s(), dt.UTC)


def real_utc_now() -> dt.datetime:
    """UTC as visitors have it, aware: a certificate does not age faster in a hurried plant."""
    return dt.datetime.fromtimestamp(real_utc_s(), dt.UTC)
