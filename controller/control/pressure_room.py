"""How fast the primary pumps may become: the nearer a pressure comes to its trip, the less.

Flow cannot follow pumps while valves are shut or on their way, a strainer is full, or somebody has
closed a hand valve. What stops them short of a trip is this, whatever the reason.
"""

import math
from functools import lru_cache

from controller.control.settings import FEW_PLANTS, Settings
from controller.image.process_image import Snapshot

# Pumps become no faster from this share of the trip on, and slower above it: at the trip as fast as
# a PI loop with an unreachable set-point would wind them up.
HELD_FROM_SHARE = 0.85
RISE_PCT_PER_S = 5.0


@lru_cache(FEW_PLANTS)
def _limits(settings: Settings) -> tuple[tuple[str, float], ...]:
    """The pressures of the miners' water with a trip above them, and the trip in kPa."""
    return tuple(
        (row.tag, row.limit)
        for row in settings.matrix
        if row.detector == "high" and row.unit == "kPa" and row.tag.startswith("primary.")
    )


def most_speed_pct(snapshot: Snapshot, before_pct: float, dt_s: float, settings: Settings) -> float:
    """The highest speed of the pumps in this scan; infinite where no pressure is known."""
    share = math.inf
    for tag, trip_kpa in _limits(settings):
        value_kpa = snapshot.number(tag)
        if value_kpa is not None:
            held_kpa = HELD_FROM_SHARE * trip_kpa
            share = min(share, (held_kpa - value_kpa) / (trip_kpa - held_kpa))
    return before_pct + RISE_PCT_PER_S * share * dt_s


def holds_back(snapshot: Snapshot, settings: Settings) -> tuple[str, float] | None:
    """The tag and trip of a pressure that lets the pumps become no faster; None without one."""
    for tag, trip_kpa in _limits(settings):
        value_kpa = snapshot.number(tag)
        if value_kpa is not None and value_kpa >= HELD_FROM_SHARE * trip_kpa:
            return tag, trip_kpa
    return None
