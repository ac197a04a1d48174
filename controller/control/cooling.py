"""Cooling: pump speeds, the 3-way valve and the dry cooler, from temperatures and flows.

Primary pumps hold a flow: the floor of all units in open containers, more when the hottest running
outlet asks for it. What the district does not take, the dry cooler rejects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from controller.control.container_flags import where_on
from controller.control.dew_point import least_inlet_c
from controller.control.district import (
    district_is_lost,
    drive_district,
    take_over_district,
    watch_district,
)
from controller.control.hand import Forced, held_number
from controller.control.heat import supply_setpoint_c
from controller.control.pi import PiTuning, pi_follow, pi_step, pi_track
from controller.control.pumps import flow_share
from controller.control.settings import Settings
from controller.control.state import CoolingState, PlantState
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot

# Flow a little above the floor, so that the meter's noise does not touch it.
FLOOR_MARGIN = 1.03
FAN_FOLLOWS_FROM_PCT = 20.0

# Tuned by lambda rules on the simulated plant; outputs in % of full scale.
OUTLET = PiTuning(gain=1.5, integral_s=120.0, low=0.0, high=100.0)
FLOW = PiTuning(gain=0.5, integral_s=6.0, low=0.0, high=100.0)
REJECT = PiTuning(gain=4.0, integral_s=60.0, low=0.0, high=100.0)


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
    held: Mapping[str, Forced],
    dt_s: float,
    settings: Settings,
) -> Cooling:
    """One step of all loops on the miners' side of the exchangers, and of the district pump.

    Loops whose output people hold follow along, so that they take it back without a bump.
    """
    open_wanted = plant.dispatch.open_wanted
    state = watch_district(snapshot, plant.cooling, settings)
    lost = district_is_lost(state, snapshot.now_s)
    state, flow_lpm = _flow_setpoint(snapshot, state, open_wanted, dt_s, settings)
    state, pump_pct = _primary_pumps(snapshot, state, flow_lpm, held, dt_s, settings)
    state, district_pct = drive_district(snapshot, plant, state, held, dt_s, settings)
    state, valve_pct = _reject(snapshot, state, held, dt_s, settings, lost=lost)
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
    floor_lpm = flow_floor_lpm(snapshot, open_wanted, settings)
    pump_pct = _speed_found(snapshot, settings)
    if pump_pct is not None:
        lead_pct = _pump_lead_pct(snapshot, floor_lpm, settings)
        error = _flow_error_pct(snapshot, floor_lpm, settings)
        state = replace(state, flow=pi_track(FLOW, error, lead_pct, pump_pct))
    state = take_over_district(snapshot, plant, state, settings)
    valve_pct = snapshot.number("three-way-valve.position_pct")
    if valve_pct is not None:
        error = _cold_error_k(snapshot, settings, lost=False)
        state = replace(state, reject=pi_track(REJECT, error, 0.0, valve_pct))
    return state


def _speed_found(snapshot: Snapshot, settings: Settings) -> float | None:
    """The speed that a running pump has been ordered to make."""
    pumps = settings.hydraulics.pumps
    running = [pump for pump in pumps if snapshot.flag(f"{pump}.running") is True]
    return snapshot.number(f"{(running or list(pumps))[0]}.speed_pct")


def flow_floor_lpm(snapshot: Snapshot, open_wanted: Flags, settings: Settings) -> float:
    """Least primary flow: each unit's own, for every container that is open or not proven shut."""
    shut = where_on(snapshot, "valve_closed", settings)
    units = float(settings.units_in[open_wanted | ~shut].sum())
    return FLOOR_MARGIN * settings.unit.flow_floor_lpm * units


def _flow_setpoint(
    snapshot: Snapshot, state: CoolingState, open_wanted: Flags, dt_s: float, settings: Settings
) -> tuple[CoolingState, float]:
    """The floor, and more of the range above it the warmer the hottest running outlet is."""
    floor_lpm = flow_floor_lpm(snapshot, open_wanted, settings)
    outlet_c = snapshot.fleet.hottest_running_outlet_c
    if outlet_c is None:
        return state, floor_lpm
    error_k = outlet_c - settings.hydraulics.outlet_setpoint_c
    more_pct, outlet = pi_step(state.outlet, OUTLET, error_k, 0.0, dt_s)
    room_lpm = max(0.0, settings.hydraulics.primary_flow_max_lpm - floor_lpm)
    return replace(state, outlet=outlet), floor_lpm + more_pct / 100.0 * room_lpm


def _primary_pumps(
    snapshot: Snapshot,
    state: CoolingState,
    flow_lpm: float,
    held: Mapping[str, Forced],
    dt_s: float,
    settings: Settings,
) -> tuple[CoolingState, float]:
    lead_pct = _pump_lead_pct(snapshot, flow_lpm, settings)
    tuning = replace(FLOW, low=settings.hydraulics.pump_min_pct)
    error_pct = _flow_error_pct(snapshot, flow_lpm, settings)
    # One pump in somebody's hand leaves the loop to the others.
    by_hand = [held_number(held, f"{pump}.speed_pct") for pump in settings.hydraulics.pumps]
    all_held = by_hand[0] if None not in by_hand else None
    speed_pct, flow = pi_follow(state.flow, tuning, error_pct, lead_pct, dt_s, all_held)
    return replace(state, flow=flow), speed_pct


def _reject(
    snapshot: Snapshot,
    state: CoolingState,
    held: Mapping[str, Forced],
    dt_s: float,
    settings: Settings,
    *,
    lost: bool,
) -> tuple[CoolingState, float]:
    error_k = _cold_error_k(snapshot, settings, lost=lost)
    lead_pct = 100.0 if lost else 0.0
    position = held_number(held, "three-way-valve.position_pct")
    valve_pct, reject = pi_follow(state.reject, REJECT, error_k, lead_pct, dt_s, position)
    return replace(state, reject=reject), valve_pct


def _pump_lead_pct(snapshot: Snapshot, flow_lpm: float, settings: Settings) -> float:
    """Speed that about gives the flow; when a pump stops, the others are told at once."""
    most_lpm = flow_share(snapshot, settings) * settings.hydraulics.primary_flow_max_lpm
    return 100.0 * flow_lpm / most_lpm if flow_lpm < most_lpm else 100.0


def _flow_error_pct(snapshot: Snapshot, flow_lpm: float, settings: Settings) -> float:
    measured_lpm = snapshot.number("primary.flow_lpm")
    if measured_lpm is None:
        return 0.0
    return 100.0 * (flow_lpm - measured_lpm) / settings.hydraulics.primary_flow_max_lpm


def reject_setpoint_c(snapshot: Snapshot, settings: Settings, *, lost: bool) -> float:
    """The inlet above which the dry cooler rejects heat; it never cools to the dew point."""
    hydraulics = settings.hydraulics
    setpoint_c = hydraulics.cold_header_reject_c if lost else hydraulics.cold_header_setpoint_c
    least_c = least_inlet_c(snapshot, settings)
    return setpoint_c if least_c is None else max(setpoint_c, least_c)


def _cold_error_k(snapshot: Snapshot, settings: Settings, *, lost: bool) -> float:
    setpoint_c = reject_setpoint_c(snapshot, settings, lost=lost)
    cold_c = snapshot.number("primary.cold_temperature_c")
    hot_c = snapshot.number("primary.hot_temperature_c")
    errors_k = [
        None if cold_c is None else cold_c - setpoint_c,
        None if hot_c is None else hot_c - settings.unit.outlet_warn_c,
    ]
    return max((error for error in errors_k if error is not None), default=0.0)
