"""The envelope: the last word on every output. Nobody outranks it, and it asks nobody."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from controller.control.decision import Wanted
from controller.control.protection.causes import SUCTION
from controller.control.protection.protect import Protection
from controller.control.settings import Settings, container_tag
from controller.image.fleet import Bytes, FleetSnapshot
from controller.image.process_image import Snapshot
from controller.image.tag import Value

RUN = ".run"


@dataclass(frozen=True, slots=True)
class Footing:
    """What the envelope stands on: whether pumps may stop, and whether there is room to fill."""

    pumps_may_stop: bool
    may_fill: bool


def footing(snapshot: Snapshot, settings: Settings, *, pumps_may_stop: bool) -> Footing:
    """Filling ends where the static pressure has been reached, or is not known."""
    suction_kpa = snapshot.number(SUCTION)
    may_fill = suction_kpa is not None and suction_kpa < settings.hydraulics.suction_fill_kpa
    return Footing(pumps_may_stop, may_fill)


def envelope_units(wanted: Bytes, protection: Protection, fleet: FleetSnapshot) -> Bytes:
    """Nothing that protection stops may heat; what may not be commanded is left alone."""
    units = np.where(protection.stop_units, np.int8(Wanted.SLEEP), wanted)
    return np.where(fleet.commandable, units, np.int8(Wanted.FREE)).astype(np.int8)


def envelope_power(
    units: Bytes, rated_kw: np.typing.NDArray[np.float64], ceiling_kw: float
) -> Bytes:
    """Cut the last units of the list until what is wanted cannot exceed the ceiling."""
    on = units == Wanted.NORMAL
    wanted_kw = np.cumsum(np.where(on, rated_kw, 0.0))
    if wanted_kw.size == 0 or wanted_kw[-1] <= ceiling_kw:
        return units
    over = on & ~(wanted_kw <= max(ceiling_kw, 0.0))
    return np.where(over, np.int8(Wanted.SLEEP), units).astype(np.int8)


def envelope_outputs(
    wanted: Mapping[str, Value], protection: Protection, ground: Footing, settings: Settings
) -> dict[str, Value]:
    """All outputs inside their ranges, pumps on, contactors and valves as protection demands.

    Flow stays on whatever happened, until the miners are proven dark or the pumps have no water.
    """
    outputs = {
        name: value if isinstance(value, bool) else _inside(name, value, protection, settings)
        for name, value in wanted.items()
    }
    outputs.update(_pumps(wanted, protection, ground, settings))
    if not ground.may_fill and "make-up.valve_open_command" in outputs:
        outputs["make-up.valve_open_command"] = False
    for container in range(settings.containers):
        valve = container_tag(container, "valve_open_command")
        contactor = container_tag(container, "contactor_close")
        shut, cut = protection.close_valves[container], protection.open_contactors[container]
        outputs[valve] = not shut and bool(wanted.get(valve, True))
        outputs[contactor] = not cut and bool(wanted.get(contactor, True))
    return outputs


def _pumps(
    wanted: Mapping[str, Value], protection: Protection, ground: Footing, settings: Settings
) -> dict[str, Value]:
    pumps = settings.hydraulics.pumps
    if protection.pumps_off:
        return {pump + RUN: False for pump in pumps}
    runs = {pump + RUN: bool(wanted.get(pump + RUN, True)) for pump in pumps}
    if not ground.pumps_may_stop and not any(runs.values()):
        runs = dict.fromkeys(runs, True)
    return dict(runs)


def _inside(name: str, value: float, protection: Protection, settings: Settings) -> float:
    """The value between its least and 100 %; what is no number becomes the safe one."""
    hydraulics = settings.hydraulics
    safe_pct = low_pct = 0.0
    if name.removesuffix(".speed_pct") in hydraulics.pumps:
        safe_pct = hydraulics.pump_safe_pct
        if protection.no_way:
            return hydraulics.pump_min_pct
        low_pct = safe_pct if protection.plant_tripped else hydraulics.pump_min_pct
    elif name == "district-pump.speed_pct":
        safe_pct, low_pct = hydraulics.pump_safe_pct, hydraulics.district_min_pct
    if not math.isfinite(value):
        return safe_pct
    return min(max(value, low_pct), 100.0)
