"""The gateway's one look at the wall clock: it is a process of its own, with its own edge."""

import datetime as dt


def utc_now() -> dt.datetime:
    """UTC, aware."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the edge
