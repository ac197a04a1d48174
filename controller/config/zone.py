"""Local time without a clock: from when on how far a time zone is ahead of UTC."""

import datetime as dt
import math
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC = "UTC"
# A plant that is configured now is configured anew before this is over.
FIRST_YEAR = 2020
LAST_YEAR = 2060
DAY_S = 86_400


def check_zone(name: str) -> None:
    """Refuse a time zone that this machine does not know."""
    if name == UTC:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as reason:
        raise ValueError(f"there is no time zone {name!r}, such as Europe/Helsinki") from reason


def zone_offsets(name: str) -> tuple[tuple[float, float], ...]:
    """Pairs of UTC and the seconds that local time is ahead from then on, summer time included."""
    if name == UTC:
        return ((-math.inf, 0.0),)
    zone = ZoneInfo(name)
    begin_s = int(dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC).timestamp())
    end_s = int(dt.datetime(LAST_YEAR, 1, 1, tzinfo=dt.UTC).timestamp())
    ahead_s = _ahead(zone, begin_s)
    offsets = [(-math.inf, ahead_s)]
    for day_s in range(begin_s, end_s, DAY_S):
        next_s = _ahead(zone, day_s + DAY_S)
        if next_s != ahead_s:
            offsets.append((_turn(zone, day_s, day_s + DAY_S), next_s))
            ahead_s = next_s
    return tuple(offsets)


def _ahead(zone: ZoneInfo, utc_s: int) -> float:
    offset = dt.datetime.fromtimestamp(utc_s, zone).utcoffset()
    return 0.0 if offset is None else offset.total_seconds()


def _turn(zone: ZoneInfo, before_s: int, after_s: int) -> float:
    """The second between these two at which the clocks are changed."""
    old_s = _ahead(zone, before_s)
    while after_s - before_s > 1:
        middle_s = (before_s + after_s) // 2
        if _ahead(zone, middle_s) == old_s:
            before_s = middle_s
        else:
            after_s = middle_s
    return float(after_s)
