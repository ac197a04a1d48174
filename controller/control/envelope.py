"""The envelope: the last word on every output. Nobody outranks it, and it asks nobody."""

import math
from collections.abc import Mapping

import numpy as np

from controller.control.decision import Wanted
from controller.control.protection import Protection
from controller.control.settings import Settings, container_tag
from controller.image.fleet import Bytes, Flags, FleetSnapshot
from controller.image.tag import Value


def envelope_units(wanted: Bytes, protection: Protection, fleet: FleetSnapshot) -> Bytes:
    """Nothing that protection stops may heat; what may not be commanded is left alone."""
    units = np.where(protection.stop_units, np.int8(Wanted.SLEEP), wanted)
    return np.where(fleet.commandable, units, np.int8(Wanted.FREE)).astype(np.int8)


def envelope_power(
    units: Bytes, rated_kw: np.typing.NDArray[np.float64], ceiling_kw: float
) -> Bytes:
    """Cut the last units of the list until what is wanted cannot exceed the ceiling."""
    wanted_kw = np.cumsum(np.where(units == Wanted.NORMAL, rated_kw, 0.0))
    over = (units == Wanted.NORMAL) & ~(wanted_kw <= max(ceiling_kw, 0.0))
    return np.where(over, np.int8(Wanted.SLEEP), units).astype(np.int8)


def envelope_outputs(
    speeds: Mapping[str, float],
    open_wanted: Flags,
    protection: Protection,
    settings: Settings,
) -> dict[str, Value]:
    """All outputs inside their ranges, pumps on, contactors and valves as protection demands.

    Flow stays on whatever happened: pumps are the last to stop, and this scan does not stop them.
    """
    hydraulics = settings.hydraulics
    safe_pct = hydraulics.pump_safe_pct
    low_pct = safe_pct if protection.plant_tripped else hydraulics.pump_min_pct
    outputs: dict[str, Value] = {}
    for pump in hydraulics.pumps:
        outputs[f"{pump}.run"] = True
        outputs[f"{pump}.speed_pct"] = _inside(speeds[f"{pump}.speed_pct"], low_pct, safe_pct)
    outputs["district-pump.run"] = True
    outputs["district-pump.speed_pct"] = _inside(
        speeds["district-pump.speed_pct"], hydraulics.district_min_pct, safe_pct
    )
    for name in ("three-way-valve.position_pct", "dry-cooler.fan_pct"):
        outputs[name] = _inside(speeds[name], 0.0, 0.0)
    for container in range(settings.containers):
        closed = bool(protection.close_valves[container])
        valve = container_tag(container, "valve_open_command")
        outputs[valve] = not closed and bool(open_wanted[container])
        contactor = container_tag(container, "contactor_close")
        outputs[contactor] = not bool(protection.open_contactors[container])
    return outputs


def _inside(value: float, low: float, safe: float) -> float:
    """The value between `low` and 100 %; what is no number becomes the safe one."""
    if not math.isfinite(value):
        return safe
    return min(max(value, low), 100.0)
