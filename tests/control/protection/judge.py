"""What must hold of every cycle, by plain rules that know tags and limits and nothing else."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from controller.control.decision import Wanted
from controller.control.settings import Settings
from controller.control.state import Trip
from controller.image.fleet import Bytes
from controller.image.process_image import Snapshot
from controller.image.tag import Value

RATED_KW = 8.4
DARK_KW = 0.05 * 8 * RATED_KW


@dataclass(slots=True)
class Cycle:
    """One cycle: what was seen, wanted and decided."""

    snapshot: Snapshot
    before: tuple[str, ...]
    trips: tuple[Trip, ...]
    outputs: Mapping[str, Value]
    units: Bytes
    may_stop: bool
    ceiling_kw: float
    was_reset: bool
    writing: bool = True


class Judge:
    """What must hold of every cycle, by plain rules; `broken` counts what did not."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.broken: Counter[str] = Counter()
        self.cycles = 0

    def look(self, cycle: Cycle) -> None:
        """Judge one cycle."""
        self.cycles += 1
        if not cycle.writing:
            return
        for rule, holds in (
            ("emergency stop: dark at once", self._emergency(cycle)),
            ("leak: dark, cut off and shut", self._leaks(cycle)),
            ("no pump: no heat", self._pumps(cycle)),
            ("hot units sleep", self._hot(cycle)),
            ("trips stay", self._trips(cycle)),
            ("what is tripped does not heat", self._tripped(cycle)),
            ("outputs are numbers in their range", self._ranges(cycle)),
            ("flow stays on", self._flow(cycle)),
            ("power below its ceiling", self._power(cycle)),
        ):
            if not holds:
                self.broken[rule] += 1

    def _emergency(self, cycle: Cycle) -> bool:
        released = cycle.snapshot.flag("safety.emergency_stop_released")
        return released is True or (self._dark(cycle) and self._cut(cycle))

    def _leaks(self, cycle: Cycle) -> bool:
        for container in range(self.settings.containers):
            name = f"container-{container + 1:02}"
            if cycle.snapshot.flag(f"{name}.leak") is False:
                continue
            shut = cycle.outputs[f"{name}.valve_open_command"] is False
            if not (shut and self._dark(cycle, container) and self._cut(cycle, container)):
                return False
        return True

    def _pumps(self, cycle: Cycle) -> bool:
        running = any(cycle.snapshot.flag(f"pump-{n}.running") is True for n in (1, 2))
        heating = bool((cycle.snapshot.fleet.power_kw > 0.5).any())
        return running or not heating or self._dark(cycle)

    def _hot(self, cycle: Cycle) -> bool:
        fleet = cycle.snapshot.fleet
        hot = (fleet.outlet_c >= 85.0) | (fleet.chip_c >= self.settings.unit.chip_trip_c)
        return bool((cycle.units[hot] != Wanted.NORMAL).all())

    def _trips(self, cycle: Cycle) -> bool:
        now = {f"{one.cause}@{one.container}" for one in cycle.trips}
        return cycle.was_reset or now >= set(cycle.before)

    def _tripped(self, cycle: Cycle) -> bool:
        places = {one.container for one in cycle.trips}
        if None in places and not self._dark(cycle):
            return False
        return all(self._dark(cycle, place) for place in places if place is not None)

    def _ranges(self, cycle: Cycle) -> bool:
        return all(
            isinstance(value, bool) or 0.0 <= value <= 100.0 for value in cycle.outputs.values()
        )

    def _flow(self, cycle: Cycle) -> bool:
        if cycle.may_stop or any(one.cause == "low-suction" for one in cycle.trips):
            return True
        if self._no_way(cycle):
            return float(np.nansum(cycle.snapshot.fleet.power_kw)) <= DARK_KW or self._on(cycle)
        return self._on(cycle)

    def _no_way(self, cycle: Cycle) -> bool:
        leaking = {one.container for one in cycle.trips if one.cause == "leak"}
        return leaking >= set(range(self.settings.containers))

    def _on(self, cycle: Cycle) -> bool:
        return any(cycle.outputs[f"pump-{n}.run"] for n in (1, 2))

    def _power(self, cycle: Cycle) -> bool:
        wanted_kw = RATED_KW * np.count_nonzero(cycle.units == Wanted.NORMAL)
        return wanted_kw <= (0.0 if math.isnan(cycle.ceiling_kw) else cycle.ceiling_kw) + 1e-9

    def _dark(self, cycle: Cycle, container: int | None = None) -> bool:
        of = slice(None) if container is None else self.settings.container_of == container
        return bool((cycle.units[of] == Wanted.SLEEP).all())

    def _cut(self, cycle: Cycle, *containers: int) -> bool:
        places = containers or range(self.settings.containers)
        names = (f"container-{container + 1:02}.contactor_close" for container in places)
        return all(cycle.outputs[name] is False for name in names)
