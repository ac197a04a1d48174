"""The definitions as columns, worked out once for a plant's settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from controller.control.alarms.definition import Alarm
from controller.control.settings import FEW_PLANTS, Settings
from controller.image.fleet import Flags, Floats

Rows = NDArray[np.intp]
_MEASURED = ("high", "low", "on", "off")
_UPWARD = ("high", "on")


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry an alarm where it is a column; `rows` of a sort are the places of its alarms.

    `sign` is 1 where a value above the limit is bad, -1 where one below it is. `silent_of` is the
    place of the alarm whose standing suppresses it (-1: none does), `plain` what a design may
    suppress whatever it is for.
    """

    alarms: tuple[Alarm, ...]
    index: Mapping[str, int]
    numbers: Rows
    tags: tuple[str, ...]
    less: tuple[str, ...]
    subtracted: Rows
    sign: Floats
    limit: Floats
    deadband: Floats
    bad: Rows
    bad_tags: tuple[str, ...]
    words: tuple[tuple[int, str, str], ...]
    silent: tuple[tuple[int, tuple[str, ...]], ...]
    trips: Mapping[tuple[str, int | None], int]
    units_tripped: Rows
    on_delay_s: Floats
    off_delay_s: Floats
    latching: Flags
    realarm_s: Floats
    silent_of: Rows
    plain: Flags
    quiet_in: Mapping[str, Flags]
    counted: Flags
    severity: NDArray[np.int64]
    groups: Mapping[str, Rows]


@lru_cache(FEW_PLANTS)
def columns(settings: Settings) -> Columns:
    """The columns of this plant's alarms."""
    alarms = settings.alarms
    numbers = [row for row, one in enumerate(alarms) if one.sort in _MEASURED]
    index = {one.name: row for row, one in enumerate(alarms)}
    silents = {one.device: row for row, one in enumerate(alarms) if one.sort == "silent"}
    bad = [row for row, one in enumerate(alarms) if one.sort == "bad"]
    return Columns(
        alarms=alarms,
        index=index,
        numbers=_rows(numbers),
        tags=tuple(alarms[row].tag for row in numbers),
        less=tuple(alarms[row].less for row in numbers if alarms[row].less),
        subtracted=_rows([at for at, row in enumerate(numbers) if alarms[row].less]),
        sign=np.array([1.0 if alarms[row].sort in _UPWARD else -1.0 for row in numbers]),
        limit=np.array([_limit(alarms[row]) for row in numbers]),
        deadband=np.array([alarms[row].deadband for row in numbers]),
        bad=_rows(bad),
        bad_tags=tuple(alarms[row].tag for row in bad),
        words=tuple((r, one.tag, one.word) for r, one in enumerate(alarms) if one.sort == "word"),
        silent=tuple((row, settings.device_tags[name]) for name, row in silents.items()),
        trips={(a.tag, a.container): row for row, a in enumerate(alarms) if a.sort == "trip"},
        units_tripped=_rows([r for r, one in enumerate(alarms) if one.sort == "units_tripped"]),
        on_delay_s=np.array([one.on_delay_s for one in alarms]),
        off_delay_s=np.array([one.off_delay_s for one in alarms]),
        latching=np.array([one.latching for one in alarms], np.bool_),
        realarm_s=np.array([one.realarm_s or np.inf for one in alarms]),
        silent_of=_rows([-1 if a.sort == "silent" else silents.get(a.device, -1) for a in alarms]),
        plain=np.array([one.suppressible for one in alarms], np.bool_),
        quiet_in=_quiet_in(alarms),
        counted=np.array([one.count > 1 for one in alarms], np.bool_),
        severity=np.array([int(one.severity) for one in alarms], np.int64),
        groups=_groups(alarms),
    )


def _rows(places: list[int]) -> Rows:
    return np.array(places, np.intp)


def _limit(alarm: Alarm) -> float:
    # A flag is 0 or 1.
    return alarm.limit if alarm.sort in ("high", "low") else 0.5


def _quiet_in(alarms: tuple[Alarm, ...]) -> dict[str, Flags]:
    modes = {mode for one in alarms for mode in one.quiet_modes}
    return {
        mode: np.array([mode in a.quiet_modes and a.suppressible for a in alarms], np.bool_)
        for mode in modes
    }


def _groups(alarms: tuple[Alarm, ...]) -> dict[str, Rows]:
    names = dict.fromkeys(one.group for one in alarms)
    return {
        name: _rows([row for row, one in enumerate(alarms) if one.group == name]) for name in names
    }
