"""How fast the primary pumps may become: the nearer a pressure comes to its trip, the less.

Flow cannot follow pumps while valves are shut or on their way, a strainer is full, or somebody has
closed a hand valve. What stops them short of a trip is this, whatever the reason.
"""

import math
from collections.abc import Iterator
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
    share = min((share for share, _, _ in _rooms(snapshot, settings)), default=math.inf)
    return before_pct + RISE_PCT_PER_S * share * dt_s


def holds_back(snapshot: Snapshot, settings: Settings) -> tuple[str, float] | None:
    """The tag and trip of a pressure that lets the pumps become no faster; None without one."""
    near = ((tag, trip) for share, tag, trip in _rooms(snapshot, settings) if share <= 0.0)
    return next(near, None)


def _rooms(snapshot: Snapshot, settings: Settings) -> Iterator[tuple[float, str, float]]:
    """How far each pressure is from where pumps are held (0; -1 at the trip), its tag and trip."""
    for tag, trip_kpa in _limits(settings):
        value_kpa = snapshot.number(tag)
        if value_kpa is not None:
            held_kpa = HELD_FROM_SHARE * trip_kpa
            yield (held_kpa - value_kpa) / (trip_kpa - held_kpa), tag, trip_kpa
