"""What stops the plant: every row of the matrix, looked for in one snapshot.

An input that is not known stands like one that is wrong, where the row says so. Limits and times
are those of the interlock table for hydro-cooled plants.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from controller.control.container_flags import where_off, where_on
from controller.control.protection.row import Row
from controller.control.settings import Settings, container_tag
from controller.control.voting import Ballot, ballot
from controller.image.evolve import replace
from controller.image.fleet import Flags, FleetSnapshot
from controller.image.process_image import Snapshot

# A unit that draws more than this is making heat; standby is far below.
HEATING_KW = 0.5
EMERGENCY_STOP = "safety.emergency_stop_released"
MAINS = "safety.mains_present"
SUCTION = "primary.suction_pressure_kpa"
INLET = "primary.inlet_pressure_kpa"
CONDUCTIVITY = "primary.conductivity_us_cm"
CONTAINER = "{n}."
"""What the tag of a row begins with that is looked for in each container."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One row that stands now, and how long it may stand.

    `container` counts from 0; None is the whole plant. `source_s` is the monotonic time of the
    sample that shows it.
    """

    row: Row
    container: int | None
    text: str
    source_s: float
    unknown: bool = False
    at_once: bool = False

    @property
    def name(self) -> str:
        """Name of the row."""
        return self.row.cause

    @property
    def delay_s(self) -> float:
        """How long it may stand."""
        return 0.0 if self.at_once else self.row.delay_s

    @property
    def key(self) -> str:
        """Unique name of this cause at this place."""
        return cause_key(self.name, self.container)


def cause_key(cause: str, container: int | None) -> str:
    """A cause at its place, such as container-02.leak."""
    return cause if container is None else container_tag(container, cause)


def heating_units(fleet: FleetSnapshot, wanted_on: Flags) -> Flags:
    """The units that make heat: those that draw power, and unheard ones that were wanted on."""
    return np.where(np.isnan(fleet.power_kw), wanted_on, fleet.power_kw > HEATING_KW)


def standing_causes(
    snapshot: Snapshot, heating: Flags, tripped_units: Flags, settings: Settings
) -> Iterator[Cause]:
    """Every cause that stands in this snapshot, the plant's own before the containers'."""
    heating_in = np.bincount(settings.container_of[heating], minlength=settings.containers) > 0
    for row in settings.matrix:
        match row.detector:
            case "high" | "low" | "not_on" | "not_off" if not row.each_container:
                yield from _plain(row, row.tag, None, snapshot, settings)
            case "primary_flow":
                yield from _primary_flow(row, snapshot, heating_in, settings)
            case "container_flow":
                dry = heating_in & ~where_on(snapshot, _point(row), settings)
                yield from _containers(row, dry, snapshot, settings)
            case "disobedience":
                stubborn = np.unique(settings.container_of[tripped_units & heating])
                for container in stubborn.tolist():
                    yield Cause(row, container, _STUBBORN, snapshot.now_s)
            case _:
                suspect = ~_safe(row, snapshot, settings)
                yield from _containers(row, suspect, snapshot, settings)


def mains_lost(snapshot: Snapshot) -> bool:
    """Whether mains is not proven; a plant that does not measure it takes it to be there."""
    return snapshot.has(MAINS) and snapshot.flag(MAINS) is not True


def hot_units(fleet: FleetSnapshot, settings: Settings) -> Flags:
    """The units of which the outlet, or the hottest chip, has reached its limit."""
    unit = settings.unit
    # What is not known is no heat: NaN compares as false.
    hot = (fleet.outlet_c >= unit.outlet_trip_c) | (fleet.chip_c >= unit.chip_trip_c)
    return np.asarray(hot)


def what_still_stands(
    snapshot: Snapshot, name: str, container: int | None, settings: Settings
) -> str | None:
    """Why a trip of this cause may not be reset yet; None when it may.

    The plant is off by then, so that what matters is not whether the cause would stop it, but
    whether it could run: flow must be proven before there is heat.
    """
    row = next((row for row in settings.matrix if row.cause == name), None)
    if row is None or row.detector == "disobedience":
        return None
    if row.detector == "primary_flow":
        return no_flow(snapshot, settings)
    tag = row.tag if container is None else container_tag(container, _point(row))
    if row.detector in ("high", "low"):
        return _not_clear(row, tag, snapshot)
    wanted = row.detector != "not_off"
    if not snapshot.has(tag) or snapshot.flag(tag) is wanted:
        return None
    return f"{tag} is not {'proven' if wanted else 'dry'}"


def warned(snapshot: Snapshot, settings: Settings) -> Iterator[str]:
    """The causes of which a number is between its warning and its limit."""
    for row in settings.matrix:
        value = None if row.warn is None else snapshot.number(row.tag)
        if value is not None and row.warn is not None:
            sign = 1.0 if row.detector == "high" else -1.0
            if sign * (value - row.warn) >= 0.0 > sign * (value - row.limit):
                yield row.cause


def no_flow(snapshot: Snapshot, settings: Settings) -> str | None:
    """Why flow does not count as proven; None when it does."""
    running = [snapshot.flag(f"{pump}.running") for pump in settings.hydraulics.pumps]
    if not any(running):
        return "no primary pump is known to run"
    open_containers = where_on(snapshot, "valve_open", settings)
    least_lpm = settings.unit.flow_trip_lpm * float(settings.units_in[open_containers].sum())
    flow_lpm = snapshot.number("primary.flow_lpm")
    if flow_lpm is None or not flow_lpm >= max(least_lpm, 1.0):
        return (
            f"primary flow is {_told(flow_lpm, 'L/min')}, the open containers need {least_lpm:.0f}"
        )
    return None


_ALONE = {said: ballot("1oo1", [said]) for said in (True, False, None)}
_STUBBORN = "a unit above its outlet limit does not stop"


def _plain(
    row: Row, tag: str, container: int | None, snapshot: Snapshot, settings: Settings
) -> Iterator[Cause]:
    """One number or flag against its limit; a tag that the plant does not have asks nothing."""
    if not snapshot.has(tag):
        return
    found = _vote(row, tag, snapshot, settings)
    if found.trips or (found.unknown and row.trips_unknown):
        source_s = float(snapshot.source_s[snapshot.index[tag]])
        seen_s = source_s if np.isfinite(source_s) and found.trips else snapshot.now_s
        yield Cause(row, container, _words(row, tag, snapshot), seen_s, found.unknown)


def _vote(row: Row, tag: str, snapshot: Snapshot, settings: Settings) -> Ballot:
    voted = settings.voted.get(tag)
    if voted is None:
        return _ALONE[_says(row, tag, snapshot)]
    return ballot(voted.vote, [_says(row, channel, snapshot) for channel in voted.channels])


def _says(row: Row, tag: str, snapshot: Snapshot) -> bool | None:
    """Whether this channel alone would trip; None where it knows nothing."""
    value = snapshot.number(tag)
    if value is None:
        return None
    match row.detector:
        case "high":
            return value >= row.limit
        case "low":
            return value < row.limit
        case "not_off":
            return value != 0.0
        case _:
            return value == 0.0


def _words(row: Row, tag: str, snapshot: Snapshot) -> str:
    if row.detector in ("high", "low"):
        told = _told(snapshot.number(tag), row.unit)
        return f"{row.words} is {told}, the limit is {row.limit:.0f} {row.unit}".rstrip()
    state = snapshot.flag(tag)
    if row.cause == "emergency-stop":
        return f"emergency stop is {'unknown' if state is None else 'pressed'}"
    if row.detector == "not_off":
        return f"{tag} is {'unknown' if state is None else 'wet' if row.cause == 'leak' else 'on'}"
    return f"{tag} is {'unknown' if state is None else 'lost'}"


def _primary_flow(
    row: Row, snapshot: Snapshot, heating_in: Flags, settings: Settings
) -> Iterator[Cause]:
    """Heat without pumps acts at once, heat with too little flow after its delay."""
    if not heating_in.any():
        return
    running = [snapshot.flag(f"{pump}.running") for pump in settings.hydraulics.pumps]
    if not any(running):
        unknown = None in running
        text = "no primary pump is known to run" if unknown else "no primary pump runs"
        yield Cause(row, None, text, snapshot.now_s, unknown, at_once=True)
        return
    least_lpm = settings.unit.flow_trip_lpm * float(settings.units_in[heating_in].sum())
    found = _vote(replace(row, detector="low", limit=least_lpm), row.tag, snapshot, settings)
    if found.trips or found.unknown:
        flow = _told(snapshot.number(row.tag), row.unit)
        text = f"primary flow is {flow}, the heating containers need {least_lpm:.0f}"
        yield Cause(row, None, text, snapshot.now_s, found.unknown)


def _containers(
    row: Row, suspect: Flags, snapshot: Snapshot, settings: Settings
) -> Iterator[Cause]:
    """The containers where something may be wrong, one after the other."""
    for container in np.flatnonzero(suspect).tolist():
        tag = container_tag(container, _point(row))
        yield from _plain(row, tag, container, snapshot, settings)


def _safe(row: Row, snapshot: Snapshot, settings: Settings) -> Flags:
    """The containers whose flag is known to be as it must be."""
    look = where_off if row.detector == "not_off" else where_on
    return look(snapshot, _point(row), settings)


def _point(row: Row) -> str:
    return row.tag.removeprefix(CONTAINER)


def _not_clear(row: Row, tag: str, snapshot: Snapshot) -> str | None:
    """Why a number does not count as clear: it must be past its deadband, and known."""
    if not snapshot.has(tag):
        return None
    value = snapshot.number(tag)
    sign = 1.0 if row.detector == "high" else -1.0
    clear = row.limit - sign * row.deadband
    if value is None and not row.trips_unknown:
        return None
    if value is not None and sign * (value - clear) < 0.0:
        return None
    side = "below" if row.detector == "high" else "above"
    return f"{row.words} is {_told(value, row.unit)}; it must be {side} {clear:.0f} {row.unit}"


def _told(value: float | None, unit: str) -> str:
    return "unknown" if value is None else f"{value:.1f} {unit}"
