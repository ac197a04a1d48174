"""Cooling: pump speeds, the 3-way valve and the dry cooler, from temperatures and flows.

Primary pumps hold a flow: the floor of all units in open containers, more when the hottest running
outlet asks for it. The district pump holds the supply temperature; electric power leads it, because
heat follows power. What the district does not take, the dry cooler rejects.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from controller.control.hand import Forced, held_number
from controller.control.heat import electric_power_kw, hottest_running_outlet_c, supply_setpoint_c
from controller.control.pi import PiTuning, pi_follow, pi_step, pi_track
from controller.control.pumps import flow_share
from controller.control.settings import Settings, container_tag
from controller.control.state import CoolingState, PlantState
from controller.control.water import KW_PER_LPM_K
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot

# Flow a little above the floor, so that the meter's noise does not touch it.
FLOOR_MARGIN = 1.03
HEAT_FILTER_S = 30.0
DISTRICT_LOST_AFTER_S = 5.0
DISTRICT_LOST_SHARE = 0.02
# A separator is charged a little warmer than the network wants; a booster lifts what exchangers
# cannot give: an approach of 3 K and one for the sensors.
CHARGE_ABOVE_K = 1.0
ATTAINABLE_BELOW_K = 4.0
FAN_FOLLOWS_FROM_PCT = 20.0

# Tuned by lambda rules on the simulated plant; outputs in % of full scale.
OUTLET = PiTuning(gain=1.5, integral_s=120.0, low=0.0, high=100.0)
FLOW = PiTuning(gain=0.5, integral_s=6.0, low=0.0, high=100.0)
SUPPLY = PiTuning(gain=2.0, integral_s=600.0, low=0.0, high=100.0)
REJECT = PiTuning(gain=4.0, integral_s=60.0, low=0.0, high=100.0)


@dataclass(frozen=True, slots=True)
class Cooling:
    """Wanted set-points of the water side, its aims for those who watch, and its memory."""

    outputs: Mapping[str, float]
    flow_setpoint_lpm: float
    supply_setpoint_c: float
    district_lost: bool
    rejecting: bool
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
    setpoint_c = exchanger_setpoint_c(plant, settings)
    state, district_pct = _district_pump(
        snapshot, state, setpoint_c, plant.heat.recovery, held, dt_s, settings
    )
    state, valve_pct = _reject(snapshot, state, held, dt_s, settings, lost=lost)
    return Cooling(
        outputs={
            **{f"{pump}.speed_pct": pump_pct for pump in settings.hydraulics.pumps},
            "district-pump.speed_pct": district_pct,
            **_cooler(valve_pct, settings),
        },
        flow_setpoint_lpm=flow_lpm,
        supply_setpoint_c=supply_setpoint_c(plant.heat, settings),
        district_lost=lost,
        rejecting=valve_pct > 1.0,
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


def exchanger_setpoint_c(plant: PlantState, settings: Settings) -> float:
    """What the exchangers' district side shall be warmed to.

    The network's supply temperature or a tank's full one, and never more than the miners' water
    can give where a booster does the rest.
    """
    wanted_c = supply_setpoint_c(plant.heat, settings)
    if settings.separated:
        wanted_c += CHARGE_ABOVE_K
    if settings.tank is not None:
        wanted_c = max(wanted_c, settings.tank.full_c)
    if settings.booster is not None:
        attainable_c = settings.hydraulics.outlet_setpoint_c - ATTAINABLE_BELOW_K
        wanted_c = min(wanted_c, attainable_c)
    return wanted_c


def take_over(
    snapshot: Snapshot, plant: PlantState, open_wanted: Flags, settings: Settings
) -> CoolingState:
    """The loops' memories with which the first outputs are those that the plant has already."""
    state = replace(
        plant.cooling, heat_filtered_kw=plant.heat.recovery * electric_power_kw(snapshot)
    )
    floor_lpm = flow_floor_lpm(snapshot, open_wanted, settings)
    pump_pct = _speed_found(snapshot, settings)
    if pump_pct is not None:
        lead_pct = _pump_lead_pct(snapshot, floor_lpm, settings)
        error = _flow_error_pct(snapshot, floor_lpm, settings)
        state = replace(state, flow=pi_track(FLOW, error, lead_pct, pump_pct))
    setpoint_c = exchanger_setpoint_c(plant, settings)
    district_pct = snapshot.number("district-pump.speed_pct")
    if district_pct is not None:
        lead = _district_lead_pct(snapshot, state, setpoint_c, settings)
        error = _supply_error_k(snapshot, setpoint_c)
        state = replace(state, supply=pi_track(SUPPLY, error, lead, district_pct))
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
    shut = np.array(
        [
            snapshot.flag(container_tag(container, "valve_closed")) is True
            for container in range(settings.containers)
        ]
    )
    units = float(settings.units_in[open_wanted | ~shut].sum())
    return FLOOR_MARGIN * settings.unit.flow_floor_lpm * units


def watch_district(snapshot: Snapshot, state: CoolingState, settings: Settings) -> CoolingState:
    """Note since when the district side takes no water although its pump is told to run."""
    flow_lpm = snapshot.number("district.flow_lpm")
    least_lpm = DISTRICT_LOST_SHARE * settings.hydraulics.district_flow_max_lpm
    if flow_lpm is not None and flow_lpm >= least_lpm:
        return replace(state, district_lost_s=None)
    since_s = snapshot.now_s if state.district_lost_s is None else state.district_lost_s
    return replace(state, district_lost_s=since_s)


def district_is_lost(state: CoolingState, now_s: float) -> bool:
    """Whether the district has taken no heat for too long to be a passing thing."""
    since_s = state.district_lost_s
    return since_s is not None and now_s - since_s >= DISTRICT_LOST_AFTER_S


def _flow_setpoint(
    snapshot: Snapshot, state: CoolingState, open_wanted: Flags, dt_s: float, settings: Settings
) -> tuple[CoolingState, float]:
    """The floor, and more of the range above it the warmer the hottest running outlet is."""
    floor_lpm = flow_floor_lpm(snapshot, open_wanted, settings)
    outlet_c = hottest_running_outlet_c(snapshot)
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


def _district_pump(
    snapshot: Snapshot,
    state: CoolingState,
    setpoint_c: float,
    recovery: float,
    held: Mapping[str, Forced],
    dt_s: float,
    settings: Settings,
) -> tuple[CoolingState, float]:
    heat_kw = recovery * electric_power_kw(snapshot)
    share = 1.0 - math.exp(-dt_s / HEAT_FILTER_S)
    filtered_kw = state.heat_filtered_kw + share * (heat_kw - state.heat_filtered_kw)
    state = replace(state, heat_filtered_kw=filtered_kw)
    lead_pct = _district_lead_pct(snapshot, state, setpoint_c, settings)
    tuning = replace(SUPPLY, low=settings.hydraulics.district_min_pct)
    error_k = _supply_error_k(snapshot, setpoint_c)
    speed = held_number(held, "district-pump.speed_pct")
    speed_pct, supply = pi_follow(state.supply, tuning, error_k, lead_pct, dt_s, speed)
    return replace(state, supply=supply), speed_pct


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


def _district_lead_pct(
    snapshot: Snapshot, state: CoolingState, setpoint_c: float, settings: Settings
) -> float:
    """Pump speed that carries the fleet's heat at the wanted supply temperature."""
    return_c = snapshot.number("district.return_temperature_c")
    if return_c is None:
        return_c = setpoint_c - 20.0
    rise_k = max(setpoint_c - return_c, 5.0)
    flow_lpm = state.heat_filtered_kw / (KW_PER_LPM_K * rise_k)
    return 100.0 * flow_lpm / settings.hydraulics.district_flow_max_lpm


def _supply_error_k(snapshot: Snapshot, setpoint_c: float) -> float:
    supply_c = snapshot.number("district.supply_temperature_c")
    return 0.0 if supply_c is None else supply_c - setpoint_c


def _cold_error_k(snapshot: Snapshot, settings: Settings, *, lost: bool) -> float:
    hydraulics = settings.hydraulics
    setpoint_c = hydraulics.cold_header_reject_c if lost else hydraulics.cold_header_setpoint_c
    cold_c = snapshot.number("primary.cold_temperature_c")
    hot_c = snapshot.number("primary.hot_temperature_c")
    errors_k = [
        None if cold_c is None else cold_c - setpoint_c,
        None if hot_c is None else hot_c - settings.unit.outlet_warn_c,
    ]
    return max((error for error in errors_k if error is not None), default=0.0)
