"""Cooling: pump speeds, the 3-way valve and the dry cooler, from temperatures and flows.

Primary pumps hold a flow: the floor of all units in open containers, more when the hottest running
outlet asks for it. What the district does not take, the dry cooler rejects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from controller.control.container_flags import where_off, where_on
from controller.control.decision import Wanted
from controller.control.dew_point import least_inlet_c
from controller.control.district import (
    district_is_lost,
    drive_district,
    take_over_district,
    watch_district,
)
from controller.control.heat import supply_setpoint_c
from controller.control.loops.drive import Aim, Driver, follow
from controller.control.loops.schedule import gain_share
from controller.control.loops.state import LoopState
from controller.control.loops.table import loops
from controller.control.pressure_room import most_speed_pct
from controller.control.protection.causes import heating_units
from controller.control.pumps import flow_share
from controller.control.settings import Settings
from controller.control.state import CoolingState, PlantState
from controller.control.targets import outdoor_c
from controller.image.evolve import replace
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot

# Flow a little above the floor, so that the meter's noise does not touch it.
FLOOR_MARGIN = 1.03
# The set-point falls by the whole range in so many seconds.
FALL_S = 100.0
FAN_FOLLOWS_FROM_PCT = 20.0
# The cooler's gains are for water so much warmer than the air.
GAINS_ABOVE_AIR_K = 50.0


@dataclass(frozen=True, slots=True)
class Cooling:
    """Wanted set-points of the water side, its aims for those who watch, and its memory."""

    outputs: Mapping[str, float]
    flow_setpoint_lpm: float
    supply_setpoint_c: float
    state: CoolingState


def cool(
    snapshot: Snapshot,
    plant: PlantState,
    driver: Driver,
    settings: Settings,
) -> Cooling:
    """One step of all loops on the miners' side of the exchangers, and of the district pump."""
    open_wanted = plant.dispatch.open_wanted
    state = watch_district(snapshot, plant.cooling, settings)
    lost = district_is_lost(state, snapshot.now_s)
    wanted_on = plant.dispatch.wanted == Wanted.NORMAL
    cold = not (wanted_on | heating_units(snapshot.fleet, wanted_on)).any()
    floor_lpm = flow_floor_lpm(snapshot, open_wanted, settings, cold=cold)
    state, flow_lpm = _flow_setpoint(snapshot, state, floor_lpm, driver, settings, cold=cold)
    state, pump_pct = _primary_pumps(snapshot, state, flow_lpm, driver, settings, cold=cold)
    state, district_pct = drive_district(snapshot, plant, state, driver, settings)
    state, valve_pct = _reject(snapshot, plant, state, driver, settings, lost=lost)
    return Cooling(
        outputs={
            **{f"{pump}.speed_pct": pump_pct for pump in settings.hydraulics.pumps},
            "district-pump.speed_pct": district_pct,
            **_cooler(valve_pct, settings),
        },
        flow_setpoint_lpm=flow_lpm,
        supply_setpoint_c=supply_setpoint_c(plant.heat, settings),
        state=state,
    )


def _cooler(valve_pct: float, settings: Settings) -> dict[str, float]:
    """The three-way valve first, then the fans; nothing where there is no dry cooler."""
    if settings.hydraulics.dry_cooler_kw <= 0.0:
        return {}
    beyond_pct = max(0.0, valve_pct - FAN_FOLLOWS_FROM_PCT)
    return {
        "three-way-valve.position_pct": valve_pct,
        "dry-cooler.fan_pct": 100.0 * beyond_pct / (100.0 - FAN_FOLLOWS_FROM_PCT),
    }


def take_over(
    snapshot: Snapshot, plant: PlantState, open_wanted: Flags, settings: Settings
) -> CoolingState:
    """The loops' memories with which the first outputs are those that the plant has already."""
    state = replace(
        plant.cooling, heat_filtered_kw=plant.heat.recovery * snapshot.fleet.electric_power_kw
    )
    floor_lpm = flow_floor_lpm(snapshot, open_wanted, settings, cold=False)
    pump_pct = _speed_found(snapshot, settings)
    if pump_pct is not None:
        aim = _flow_aim(snapshot, floor_lpm, settings)
        state = replace(state, flow=follow(loops(settings)["flow"], LoopState(), pump_pct, aim))
    state = take_over_district(snapshot, plant, state, settings)
    valve_pct = snapshot.number("three-way-valve.position_pct")
    if valve_pct is not None and "reject" in loops(settings):
        aim = _cold_aim(snapshot, reject_setpoint_c(snapshot, settings, lost=False), settings)
        state = replace(
            state, reject=follow(loops(settings)["reject"], LoopState(), valve_pct, aim)
        )
    return state


def _speed_found(snapshot: Snapshot, settings: Settings) -> float | None:
    """The speed that a running pump has been ordered to make."""
    pumps = settings.hydraulics.pumps
    running = [pump for pump in pumps if snapshot.flag(f"{pump}.running") is True]
    return snapshot.number(f"{(running or list(pumps))[0]}.speed_pct")


def flow_floor_lpm(
    snapshot: Snapshot, open_wanted: Flags, settings: Settings, *, cold: bool
) -> float:
    """Least primary flow: each unit's own, for every container that is open or not proven shut.

    Where nobody heats or shall (`cold`), one that is on its way to being shut asks for nothing any
    more: pumps that held the flow of a dozen closing valves would drive the pressure up to its
    trip. Otherwise it still takes its part of the others' water.
    """
    shut = where_on(snapshot, "valve_closed", settings)
    if cold:
        shut = shut | where_off(snapshot, "valve_open", settings)
    units = float(settings.units_in[open_wanted | ~shut].sum())
    return FLOOR_MARGIN * settings.unit.flow_floor_lpm * units


def _flow_setpoint(
    snapshot: Snapshot,
    state: CoolingState,
    floor_lpm: float,
    driver: Driver,
    settings: Settings,
    *,
    cold: bool,
) -> tuple[CoolingState, float]:
    """The floor, and more of the range above it the warmer the hottest running outlet is."""
    room_lpm = max(0.0, settings.hydraulics.primary_flow_max_lpm - floor_lpm)
    state, more_pct = _outlet(snapshot, state, floor_lpm, room_lpm, driver, settings)
    wanted_lpm = floor_lpm + more_pct / 100.0 * room_lpm
    if not cold and state.flow.setpoint is not None:
        # Several containers are proven shut in one second; pumps that followed at once would leave
        # those that run without flow until the loop has found their speed.
        fall_lpm = driver.dt_s * settings.hydraulics.primary_flow_max_lpm / FALL_S
        wanted_lpm = max(wanted_lpm, state.flow.setpoint - fall_lpm)
    flow, flow_lpm = driver.setpoint("flow", state.flow, wanted_lpm)
    # Nobody's set-point takes the units their least flow.
    return replace(state, flow=flow), max(flow_lpm, floor_lpm)


def _outlet(
    snapshot: Snapshot,
    state: CoolingState,
    floor_lpm: float,
    room_lpm: float,
    driver: Driver,
    settings: Settings,
) -> tuple[CoolingState, float]:
    """The master of the flow: while that one does not listen, it follows along."""
    outlet_c = snapshot.fleet.hottest_running_outlet_c
    above_c = settings.hydraulics.outlet_setpoint_c
    outlet, setpoint_c = driver.setpoint("outlet", state.outlet, above_c)
    error_k = 0.0 if outlet_c is None else outlet_c - setpoint_c
    aim = Aim(setpoint_c, outlet_c, error_k, 0.0)
    below_lpm = _flow_below_lpm(snapshot, state, driver)
    if below_lpm is not None and driver.mode("outlet") != "manual":
        more_pct = 100.0 * (below_lpm - floor_lpm) / room_lpm if room_lpm > 0.0 else 0.0
        more_pct = min(max(more_pct, 0.0), 100.0)
        outlet = follow(driver.loops["outlet"], outlet, more_pct, aim)
        return replace(state, outlet=replace(outlet, mode=driver.mode("outlet"))), more_pct
    if outlet_c is None and driver.mode("outlet") != "manual":
        # Nothing runs: the floor is enough, and the memory waits.
        mode = driver.mode("outlet")
        shown = replace(outlet, mode=mode, setpoint=setpoint_c, value=None, output=0.0)
        return replace(state, outlet=shown), 0.0
    outlet, more_pct = driver.drive("outlet", outlet, aim)
    return replace(state, outlet=outlet), more_pct


def _flow_below_lpm(snapshot: Snapshot, state: CoolingState, driver: Driver) -> float | None:
    """The flow at which the loop below takes the master up again; None while it listens to it."""
    mode = driver.mode("flow")
    if mode == "cascade":
        return None
    return snapshot.number("primary.flow_lpm") if mode == "manual" else state.flow.setpoint


def _primary_pumps(
    snapshot: Snapshot,
    state: CoolingState,
    flow_lpm: float,
    driver: Driver,
    settings: Settings,
    *,
    cold: bool,
) -> tuple[CoolingState, float]:
    aim = _flow_aim(snapshot, flow_lpm, settings)
    # One pump in somebody's hand leaves the loop to the others.
    flow, speed_pct = driver.drive("flow", state.flow, aim)
    least_pct = settings.hydraulics.pump_min_pct
    if flow.mode == "manual":
        return replace(state, flow=flow), speed_pct
    if cold and _nothing_flows(snapshot, settings):
        return replace(state, flow=follow(driver.loops["flow"], flow, least_pct, aim)), least_pct
    before_pct = speed_pct if state.flow.output is None else state.flow.output
    most_pct = max(most_speed_pct(snapshot, before_pct, driver.dt_s, settings), least_pct)
    if speed_pct > most_pct:
        # The memory stays as it was: what cannot be had is not wound up for.
        memory = min(flow.pi, state.flow.pi, key=attrgetter("integral"))
        flow, speed_pct = replace(flow, pi=memory, output=most_pct), most_pct
    return replace(state, flow=flow), speed_pct


def _nothing_flows(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether no pump runs, or no container is open yet: a loop would only wind up."""
    pumps = settings.hydraulics.pumps
    stand = all(snapshot.flag(f"{pump}.running") is False for pump in pumps)
    return stand or bool(where_off(snapshot, "valve_open", settings).all())


def _reject(
    snapshot: Snapshot,
    plant: PlantState,
    state: CoolingState,
    driver: Driver,
    settings: Settings,
    *,
    lost: bool,
) -> tuple[CoolingState, float]:
    if "reject" not in driver.loops:
        return state, 0.0
    above_c = reject_setpoint_c(snapshot, settings, lost=lost)
    reject, setpoint_c = driver.setpoint("reject", state.reject, above_c)
    # A person's set-point neither keeps heat in that has no other way out, nor lets the air drip.
    least_c = least_inlet_c(snapshot, settings)
    setpoint_c = setpoint_c if least_c is None else max(setpoint_c, least_c)
    setpoint_c = min(setpoint_c, above_c) if lost else setpoint_c
    found = _cold_aim(snapshot, setpoint_c, settings)
    error_k = found.error * _by_weather(snapshot, plant, settings)
    aim = Aim(setpoint_c, found.value, error_k, 100.0 if lost else 0.0)
    reject, valve_pct = driver.drive("reject", reject, aim)
    return replace(state, reject=reject), valve_pct


def _by_weather(snapshot: Snapshot, plant: PlantState, settings: Settings) -> float:
    """What an error of the cold header counts for in this weather (gain schedule).

    A share of the water that passes the cooler leaves it nearly as cold as the air is: in frost a
    percent of the valve takes out twice the heat of a summer's day.
    """
    cold_c = snapshot.number("primary.cold_temperature_c")
    air_c = outdoor_c(plant.heat, settings.heat)
    return 1.0 if cold_c is None else gain_share(GAINS_ABOVE_AIR_K / max(cold_c - air_c, 1.0))


def _pump_lead_pct(snapshot: Snapshot, flow_lpm: float, settings: Settings) -> float:
    """Speed that about gives the flow; when a pump stops, the others are told at once."""
    most_lpm = flow_share(snapshot, settings) * settings.hydraulics.primary_flow_max_lpm
    return 100.0 * flow_lpm / most_lpm if flow_lpm < most_lpm else 100.0


def _flow_aim(snapshot: Snapshot, flow_lpm: float, settings: Settings) -> Aim:
    """The error is in % of the greatest flow; without a meter the lead is all there is."""
    lead_pct = _pump_lead_pct(snapshot, flow_lpm, settings)
    measured_lpm = snapshot.number("primary.flow_lpm")
    if measured_lpm is None:
        return Aim(flow_lpm, None, 0.0, lead_pct)
    error_pct = 100.0 * (flow_lpm - measured_lpm) / settings.hydraulics.primary_flow_max_lpm
    return Aim(flow_lpm, measured_lpm, error_pct, lead_pct)


def reject_setpoint_c(snapshot: Snapshot, settings: Settings, *, lost: bool) -> float:
    """The inlet above which the dry cooler rejects heat; it never cools to the dew point."""
    hydraulics = settings.hydraulics
    setpoint_c = hydraulics.cold_header_reject_c if lost else hydraulics.cold_header_setpoint_c
    least_c = least_inlet_c(snapshot, settings)
    return setpoint_c if least_c is None else max(setpoint_c, least_c)


def _cold_aim(snapshot: Snapshot, setpoint_c: float, settings: Settings) -> Aim:
    """The cold header at its set-point, or the hot one at its warning, whichever is farther off."""
    cold_c = snapshot.number("primary.cold_temperature_c")
    hot_c = snapshot.number("primary.hot_temperature_c")
    errors_k = [
        None if cold_c is None else cold_c - setpoint_c,
        None if hot_c is None else hot_c - settings.unit.outlet_warn_c,
    ]
    error_k = max((error for error in errors_k if error is not None), default=0.0)
    return Aim(setpoint_c, cold_c, error_k, 0.0)
