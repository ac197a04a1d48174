"""The miners as columns: one row a unit, one array a point."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite, nan
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from controller.image.tag import Quality

Floats = NDArray[np.float64]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]

# A unit is polled every 5 s: three polls missed are a doubt, six are a loss.
UNCERTAIN_AFTER_S = 15.0
BAD_AFTER_S = 30.0


class UnitState(IntEnum):
    """What a miner is doing, as its telemetry proves it."""

    UNKNOWN = 0
    RUNNING = 1
    STARTING = 2
    STOPPING = 3
    ASLEEP = 4
    FAULT = 5


@dataclass(frozen=True, slots=True)
class FleetLayout:
    """Which units there are: their names, and the container (from 0) that each stands in.

    `modes` are the names of each container's work modes by rising power, where there are any.
    """

    names: tuple[str, ...]
    container_of: NDArray[np.int64]
    containers: int
    modes: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        """How many units there are."""
        return len(self.names)


class UnitRow(NamedTuple):
    """One unit's telemetry in house units; None where the unit did not say."""

    state: UnitState
    power_kw: float | None
    hashrate_ths: float | None
    inlet_c: float | None
    outlet_c: float | None
    chip_c: float | None
    elapsed_s: float | None
    mode: str | None = None
    power_estimated: bool = False


@dataclass(frozen=True, slots=True)
class FleetSnapshot:
    """The fleet at one instant; in the float columns NaN means unknown, and nothing else does.

    `power_estimated` marks powers that the unit does not measure at the wall.
    `mode` is the place of each unit's work mode among its container's, -1 where it is not known.
    `seen_s` is the monotonic time of the last good poll (-inf for never) and `quality` what its age
    makes of the row: the columns of a bad row are unknown. `wear` counts the sleeps and mode
    changes of the unit's whole life, also of a silent one. The totals are over what is known, the
    hottest outlet over the units that run (None where none does).
    """

    layout: FleetLayout
    state: Bytes
    power_kw: Floats
    power_estimated: Flags
    hashrate_ths: Floats
    inlet_c: Floats
    outlet_c: Floats
    chip_c: Floats
    elapsed_s: Floats
    seen_s: Floats
    quality: Bytes
    commandable: Flags
    mode: Bytes
    wear: Floats
    electric_power_kw: float
    hashrate_total_ths: float
    hottest_running_outlet_c: float | None


_NO_NUMBERS = ("state", "mode", "power_estimated")
_NUMBERS = tuple(name for name in UnitRow._fields if name not in _NO_NUMBERS)
_numbers_of = attrgetter(*_NUMBERS)


class Fleet:
    """The latest telemetry of each unit; a unit that was never heard of is unknown."""

    def __init__(self, layout: FleetLayout) -> None:
        self.layout = layout
        units = len(layout)
        self._state = np.zeros(units, np.int8)
        self._numbers = {name: np.full(units, np.nan) for name in _NUMBERS}
        self._estimated = np.zeros(units, np.bool_)
        self._seen_s = np.full(units, -np.inf)
        self._commandable = np.zeros(units, np.bool_)
        self._mode = np.full(units, np.int8(-1))
        self._wear = np.zeros(units)

    def put(self, unit: int, row: UnitRow, now_s: float) -> None:
        """Take one unit's telemetry; ValueError names the unit whose number is not finite."""
        numbers = _numbers_of(row)
        for name, number in zip(_NUMBERS, numbers, strict=True):
            if number is not None and not isfinite(number):
                raise ValueError(f"{self.layout.names[unit]}.{name} is {number}: not a measurement")
        for column, number in zip(self._numbers.values(), numbers, strict=True):
            column[unit] = nan if number is None else number
        self._state[unit] = row.state
        self._estimated[unit] = row.power_estimated
        if self.layout.modes:
            modes = self.layout.modes[self.layout.container_of[unit]]
            self._mode[unit] = modes.index(row.mode) if row.mode in modes else -1
        self._seen_s[unit] = now_s

    def put_columns(
        self,
        units: NDArray[np.intp],
        state: Bytes,
        mode: Bytes,
        numbers: Mapping[str, Floats],
        now_s: float,
    ) -> None:
        """Take the telemetry of many units at once; ValueError where a number is not finite.

        Only for telemetry that is whole: every number is there.
        """
        for name in _NUMBERS:
            column = numbers[name]
            if not np.isfinite(column).all():
                raise ValueError(f"a unit's {name} is not a measurement")
            self._numbers[name][units] = column
        self._state[units] = state
        self._estimated[units] = False
        if self.layout.modes:
            self._mode[units] = mode
        self._seen_s[units] = now_s

    def put_commandable(self, unit: int, *, commandable: bool) -> None:
        """Note whether this unit's model is known well enough to be commanded."""
        self._commandable[unit] = commandable

    def put_wear(self, unit: int, changes: float) -> None:
        """Note how often this unit has slept and changed its mode in its life."""
        self._wear[unit] = changes

    def freeze(self, now_s: float) -> FleetSnapshot:
        """The fleet as it stands; rows that are too old lose their values."""
        age_s = now_s - self._seen_s
        quality = np.where(
            age_s <= UNCERTAIN_AFTER_S,
            np.int8(Quality.GOOD),
            np.where(age_s <= BAD_AFTER_S, np.int8(Quality.UNCERTAIN), np.int8(Quality.BAD)),
        ).astype(np.int8)
        bad = quality == Quality.BAD
        numbers = {name: np.where(bad, np.nan, column) for name, column in self._numbers.items()}
        state = np.where(bad, np.int8(UnitState.UNKNOWN), self._state)
        outlet_c = numbers["outlet_c"][state == UnitState.RUNNING]
        outlet_c = outlet_c[~np.isnan(outlet_c)]
        return FleetSnapshot(
            layout=self.layout,
            state=state,
            power_estimated=self._estimated & ~bad,
            seen_s=self._seen_s.copy(),
            quality=quality,
            commandable=self._commandable.copy(),
            mode=np.where(bad, np.int8(-1), self._mode),
            wear=self._wear.copy(),
            electric_power_kw=float(np.nansum(numbers["power_kw"])),
            hashrate_total_ths=float(np.nansum(numbers["hashrate_ths"])),
            hottest_running_outlet_c=float(outlet_c.max()) if len(outlet_c) else None,
            **numbers,
        )
