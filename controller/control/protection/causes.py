"""What stops the plant: each cause with its evidence, looked for in one snapshot.

Limits and times are those of the interlock table for hydro-cooled plants: flow loss within 5 s,
outlet over-temperature within 10 s. An input that is not known stands like one that is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from controller.control.container_flags import where_off, where_on
from controller.control.settings import Settings, container_tag
from controller.image.fleet import Flags, FleetSnapshot
from controller.image.process_image import Snapshot

# A unit that draws more than this is making heat; standby is far below.
HEATING_KW = 0.5
EMERGENCY_STOP = "safety.emergency_stop_released"
MAINS = "safety.mains_present"
SUCTION = "primary.suction_pressure_kpa"
INLET = "primary.inlet_pressure_kpa"
CONDUCTIVITY = "primary.conductivity_us_cm"
# Under this distance from its limit an over-temperature counts as gone.
TEMPERATURE_DEADBAND_K = 3.0


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to stop, as it stands now, and how long it may stand.

    `container` counts from 0; None is the whole plant.
    """

    name: str
    container: int | None
    delay_s: float
    text: str
    unknown: bool = False

    @property
    def key(self) -> str:
        """Unique name of this cause at this place."""
        return self.name if self.container is None else f"{self.name}@{self.container}"


def heating_units(fleet: FleetSnapshot, wanted_on: Flags) -> Flags:
    """The units that make heat: those that draw power, and unheard ones that were wanted on."""
    return np.where(np.isnan(fleet.power_kw), wanted_on, fleet.power_kw > HEATING_KW)


def standing_causes(
    snapshot: Snapshot, heating: Flags, tripped_units: Flags, settings: Settings
) -> Iterator[Cause]:
    """Every cause that stands in this snapshot, the plant's own before the containers'."""
    heating_in = np.bincount(settings.container_of[heating], minlength=settings.containers) > 0
    yield from _emergency_stop(snapshot)
    yield from _primary_flow(snapshot, heating_in, settings)
    yield from _hot_header(snapshot, settings)
    yield from _pressure(snapshot, settings)
    yield from _conductivity(snapshot, settings)
    leaky = ~where_off(snapshot, "leak", settings)
    dry = heating_in & ~where_on(snapshot, "flow_proven", settings)
    for container in np.flatnonzero(leaky | dry).tolist():
        yield from _container(snapshot, container, settings, heating=bool(heating_in[container]))
    stubborn = tripped_units & heating
    for container in np.unique(settings.container_of[stubborn]):
        yield Cause(
            "unit-over-temperature",
            int(container),
            settings.protection.contactor_after_s,
            "a unit above its outlet limit does not stop",
        )


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
    if name == "primary-flow":
        return no_flow(snapshot, settings)
    if name == "hot-header-over-temperature":
        return _still_hot(snapshot, settings)
    tag, wanted, words = _proof(name, container)
    if not tag or snapshot.flag(tag) is wanted:
        return None
    return f"{tag} is not {words}"


def _still_hot(snapshot: Snapshot, settings: Settings) -> str | None:
    limit_c = settings.unit.outlet_trip_c - TEMPERATURE_DEADBAND_K
    hot_c = snapshot.number("primary.hot_temperature_c")
    if hot_c is not None and hot_c < limit_c:
        return None
    return f"hot header is {_told(hot_c, '°C')}; it must be below {limit_c:.0f} °C"


def _proof(name: str, container: int | None) -> tuple[str, bool, str]:
    """The flag that proves a cause to be gone, what it must be, and the word for it."""
    if name == "emergency-stop":
        return EMERGENCY_STOP, True, "proven"
    if name == "container-flow" and container is not None:
        return container_tag(container, "flow_proven"), True, "proven"
    if name == "leak" and container is not None:
        return container_tag(container, "leak"), False, "dry"
    return "", True, ""


def _primary_flow(snapshot: Snapshot, heating_in: Flags, settings: Settings) -> Iterator[Cause]:
    if not heating_in.any():
        return
    running = [snapshot.flag(f"{pump}.running") for pump in settings.hydraulics.pumps]
    if not any(running):
        unknown = None in running
        text = "no primary pump is known to run" if unknown else "no primary pump runs"
        yield Cause("primary-flow", None, 0.0, text, unknown)
        return
    flow_lpm = snapshot.number("primary.flow_lpm")
    least_lpm = settings.unit.flow_trip_lpm * float(settings.units_in[heating_in].sum())
    if flow_lpm is None or not flow_lpm >= least_lpm:
        flow = _told(flow_lpm, "L/min")
        text = f"primary flow is {flow}, the heating containers need {least_lpm:.0f}"
        delay_s = settings.protection.flow_delay_s
        yield Cause("primary-flow", None, delay_s, text, flow_lpm is None)


def _hot_header(snapshot: Snapshot, settings: Settings) -> Iterator[Cause]:
    hot_c = snapshot.number("primary.hot_temperature_c")
    limit_c = settings.unit.outlet_trip_c
    if hot_c is None or not hot_c < limit_c:
        text = f"hot header is {_told(hot_c, '°C')}, the limit is {limit_c:.0f} °C"
        delay_s = settings.protection.temperature_delay_s
        yield Cause("hot-header-over-temperature", None, delay_s, text, hot_c is None)


def _emergency_stop(snapshot: Snapshot) -> Iterator[Cause]:
    if not snapshot.has(EMERGENCY_STOP):
        return
    released = snapshot.flag(EMERGENCY_STOP)
    if released is not True:
        text = f"emergency stop is {'unknown' if released is None else 'pressed'}"
        yield Cause("emergency-stop", None, 0.0, text, released is None)


def _pressure(snapshot: Snapshot, settings: Settings) -> Iterator[Cause]:
    """Static pressure so low that pumps draw air, or an inlet pressure that cold plates fear."""
    limits = settings.protection
    suction_kpa = snapshot.number(SUCTION)
    if snapshot.has(SUCTION) and (
        suction_kpa is None or not suction_kpa >= limits.suction_trip_kpa
    ):
        told = _told(suction_kpa, "kPa")
        text = f"suction pressure is {told}, the limit is {limits.suction_trip_kpa:.0f} kPa"
        yield Cause("low-suction", None, limits.pressure_delay_s, text, suction_kpa is None)
    inlet_kpa = snapshot.number(INLET)
    if inlet_kpa is not None and not inlet_kpa <= limits.inlet_trip_kpa:
        text = f"inlet pressure is {inlet_kpa:.0f} kPa, the limit is {limits.inlet_trip_kpa:.0f}"
        yield Cause("high-inlet-pressure", None, limits.pressure_delay_s, text)


def _conductivity(snapshot: Snapshot, settings: Settings) -> Iterator[Cause]:
    limits = settings.protection
    found = snapshot.number(CONDUCTIVITY)
    if found is not None and not found <= limits.conductivity_trip_us_cm:
        text = f"conductivity is {found:.0f} µS/cm, limit {limits.conductivity_trip_us_cm:.0f}"
        yield Cause("conductivity", None, limits.conductivity_delay_s, text)


def _container(
    snapshot: Snapshot, container: int, settings: Settings, *, heating: bool
) -> Iterator[Cause]:
    leak = snapshot.flag(container_tag(container, "leak"))
    if leak is not False:
        text = f"{container_tag(container, 'leak')} is {'unknown' if leak is None else 'wet'}"
        yield Cause("leak", container, 0.0, text, leak is None)
    proven = snapshot.flag(container_tag(container, "flow_proven"))
    if heating and proven is not True:
        state = "unknown" if proven is None else "lost"
        text = f"{container_tag(container, 'flow_proven')} is {state}"
        delay_s = settings.protection.container_flow_delay_s
        yield Cause("container-flow", container, delay_s, text, proven is None)


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


def _told(value: float | None, unit: str) -> str:
    return "unknown" if value is None else f"{value:.1f} {unit}"
