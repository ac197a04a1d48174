"""The network's side: its pump, the mixing valve, and the booster.

Behind a separator two flows are free of each other. As `injector` the network pump sends the heat
that is wanted, as `sole_source` it holds the consumers' differential pressure; the mixing valve
holds the supply temperature, the booster lifts it where the miners' water is not warm enough, and
the fleet keeps the tank between its marks.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from controller.control.district import worth_pumping
from controller.control.heat import own_supply_c, supply_setpoint_c
from controller.control.lift import reachable_c
from controller.control.loops.drive import Aim, Driver, follow
from controller.control.loops.state import LoopState
from controller.control.loops.table import loops, supply_tag
from controller.control.settings import Settings
from controller.control.state import NetworkState, PlantState
from controller.control.tank import hot_share, top_c
from controller.control.targets import HeatTarget
from controller.control.water import KW_PER_LPM_K
from controller.image.evolve import replace
from controller.image.process_image import Snapshot
from controller.image.tag import Value

PRESSURE_LEAD_PCT = 60.0
LEAST_RISE_K = 5.0
LEAST_PUMP_PCT = 3.0
# Water so much colder than the network wants is not sent out; half-way it is sent sparingly.
TOO_COLD_K, COLD_BAND_K = 10.0, 5.0
BOOST_FROM_K, BOOST_AFTER_S = 1.0, 60.0
BOOST_IDLE_PCT, BOOST_OFF_AFTER_S = 1.0, 300.0
DEMAND_FILTER_S, BELIEVED_SHARE = 300.0, 0.02
LEAST_HOT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class NetworkSide:
    """Wanted outputs behind the separator, and the memory of their loops."""

    outputs: Mapping[str, Value]
    state: NetworkState


def watch_demand(
    snapshot: Snapshot, plant: PlantState, dt_s: float, settings: Settings
) -> NetworkState:
    """Low-pass what the network draws at the boundary; a silent meter leaves the last of it."""
    state = plant.network
    drawn_kw = _drawn_kw(snapshot, plant, settings)
    if drawn_kw is None:
        return state
    if state.demand_kw is None:
        return replace(state, demand_kw=drawn_kw)
    # Ripples are smoothed away; what is far off is believed within seconds.
    off_kw = drawn_kw - state.demand_kw
    hurry = 1.0 + (off_kw / (BELIEVED_SHARE * settings.heat.max_heat_kw)) ** 2
    share = -math.expm1(-dt_s * hurry / DEMAND_FILTER_S)
    return replace(state, demand_kw=state.demand_kw + share * off_kw)


def _drawn_kw(snapshot: Snapshot, plant: PlantState, settings: Settings) -> float | None:
    """What the network takes; while its supply is too cold, what its flow would take of a warm one.

    Consumers open their valves when they are cold: their flow tells of the heat that they miss.
    Where it cannot be warmer they have long opened them, and take with more water what they need.
    """
    sold_kw = snapshot.good(f"{settings.boundary_meter}.power_kw")
    supply_c = snapshot.number(supply_tag(settings))
    return_c = snapshot.number("network.return_temperature_c")
    flow_lpm = snapshot.number("network.flow_lpm")
    if sold_kw is None or supply_c is None or return_c is None or flow_lpm is None:
        return sold_kw
    if settings.network.role != "sole_source":
        return sold_kw
    missing_k = reachable_c(snapshot, plant, flow_lpm, settings) - max(supply_c, return_c)
    missed_kw = flow_lpm * KW_PER_LPM_K * max(missing_k, 0.0)
    return min(sold_kw + missed_kw, settings.heat.max_heat_kw)


def serve(
    snapshot: Snapshot,
    plant: PlantState,
    target: HeatTarget,
    driver: Driver,
    settings: Settings,
    *,
    serving: bool,
) -> NetworkSide:
    """One step of all loops behind the exchangers."""
    state = plant.network
    outputs: dict[str, Value] = {}
    setpoint_c = supply_setpoint_c(plant.heat, settings)
    if settings.separated:
        state, speed_pct = _pump(snapshot, plant, target.kw, driver, settings)
        state, valve_pct = _mix(snapshot, state, setpoint_c, driver)
        sends = _is_asked(state, target, settings) and _sends_heat(snapshot, settings)
        outputs["network-pump.run"] = serving and sends
        outputs["network-pump.speed_pct"] = speed_pct if serving else 0.0
        outputs["mixing-valve.position_pct"] = valve_pct
    if settings.booster is not None:
        state, power_pct = _boost(snapshot, state, setpoint_c, driver, settings, serving=serving)
        outputs["booster.run"] = state.booster_on
        outputs["booster.power_pct"] = power_pct
    return NetworkSide(outputs, state)


def take_over_network(snapshot: Snapshot, plant: PlantState, settings: Settings) -> NetworkState:
    """The memories with which the first outputs are those that the plant has already."""
    state = plant.network
    speed_pct = snapshot.number("network-pump.speed_pct")
    if speed_pct is not None and settings.separated:
        pump = loops(settings)[_pump_loop(settings)]
        aim = _pump_aim(snapshot, plant, _pump_above(snapshot, None, settings), settings)
        state = replace(state, flow=follow(pump, LoopState(), speed_pct, aim))
    valve_pct = snapshot.number("mixing-valve.position_pct")
    if valve_pct is not None and settings.separated:
        aim = _mix_aim(snapshot, supply_setpoint_c(plant.heat, settings))
        mixing = follow(loops(settings)["mixing"], LoopState(), valve_pct, aim)
        state = replace(state, mixing=mixing)
    on = snapshot.flag("booster.run") is True
    return replace(state, booster_on=on)


def _is_asked(state: NetworkState, target: HeatTarget, settings: Settings) -> bool:
    """Whether anybody wants heat: consumers are served always, others when they ask for some.

    A pump at its least speed would send heat that nobody has ordered; a person's hand may.
    """
    sole = settings.network.role == "sole_source"
    return sole or target.kw > 0.0 or state.flow.mode == "manual"


def _sends_heat(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether the water that would be sent is warmer than the return; consumers are served always.

    Cold water pushed into a network of others would take their heat.
    """
    hot_c = top_c(snapshot)
    return_c = snapshot.number("network.return_temperature_c")
    if settings.network.role == "sole_source" or hot_c is None or return_c is None:
        return True
    return worth_pumping(snapshot, "network-pump", hot_c, return_c)


def _pump(
    snapshot: Snapshot, plant: PlantState, target_kw: float, driver: Driver, settings: Settings
) -> tuple[NetworkState, float]:
    before = plant.network
    name, above = _pump_loop(settings), _pump_above(snapshot, target_kw, settings)
    flow, setpoint = driver.setpoint(name, before.flow, above)
    flow, speed_pct = driver.drive(name, flow, _pump_aim(snapshot, plant, setpoint, settings))
    if flow.mode == "manual":
        return replace(before, flow=flow), max(speed_pct, LEAST_PUMP_PCT)
    if settings.network.role == "injector":
        speed_pct *= _warmth(snapshot, own_supply_c(plant.heat, settings))
    found_pct = snapshot.number("network-pump.speed_pct")
    if found_pct is not None:
        # While the pump is on its way the error is old: the integral waits.
        reach_pct = settings.network.pump_ramp_pct_per_s * driver.dt_s
        ramped_pct = min(max(speed_pct, found_pct - reach_pct), found_pct + reach_pct)
        flow = flow if ramped_pct == speed_pct else replace(flow, pi=before.flow.pi)
        speed_pct = ramped_pct
    speed_pct = max(speed_pct, LEAST_PUMP_PCT)
    return replace(before, flow=replace(flow, output=speed_pct)), speed_pct


def _pump_loop(settings: Settings) -> str:
    return "pressure" if settings.network.role == "sole_source" else "heat"


def _pump_above(snapshot: Snapshot, target_kw: float | None, settings: Settings) -> float:
    """What the plant wants of the pump; without a target what is sold now is taken for it."""
    if settings.network.role == "sole_source":
        return settings.network.differential_pressure_kpa
    if target_kw is not None:
        return target_kw
    return snapshot.good(f"{settings.boundary_meter}.power_kw") or 0.0


def _pump_aim(snapshot: Snapshot, plant: PlantState, setpoint: float, settings: Settings) -> Aim:
    """Feed-forward and error; those of heat are in % of the most of it."""
    if settings.network.role == "sole_source":
        pressure_kpa = snapshot.number("network.differential_pressure_kpa")
        error = 0.0 if pressure_kpa is None else setpoint - pressure_kpa
        return Aim(setpoint, pressure_kpa, error, PRESSURE_LEAD_PCT)
    supply_c = snapshot.number("network.supply_temperature_c")
    return_c = snapshot.number("network.return_temperature_c")
    sold_kw = snapshot.good(f"{settings.boundary_meter}.power_kw")
    if supply_c is None or return_c is None:
        return Aim(setpoint, sold_kw, 0.0, LEAST_PUMP_PCT)
    rise_k = max(supply_c - return_c, LEAST_RISE_K)
    lead_pct = 100.0 * setpoint / (KW_PER_LPM_K * rise_k) / settings.network.flow_max_lpm
    warm = _warmth(snapshot, own_supply_c(plant.heat, settings)) >= 1.0
    if sold_kw is None or not warm:
        return Aim(setpoint, sold_kw, 0.0, lead_pct)
    error_pct = 100.0 * (setpoint - sold_kw) / settings.heat.max_heat_kw
    return Aim(setpoint, sold_kw, error_pct, lead_pct)


def _warmth(snapshot: Snapshot, setpoint_c: float) -> float:
    """How far the water is fit to be sent out: 0 is far too cold, 1 is warm enough."""
    supply_c = snapshot.number("network.supply_temperature_c")
    if supply_c is None:
        return 1.0
    return min(max((supply_c - (setpoint_c - TOO_COLD_K)) / COLD_BAND_K, 0.0), 1.0)


def _mix(
    snapshot: Snapshot, state: NetworkState, above_c: float, driver: Driver
) -> tuple[NetworkState, float]:
    mixing, setpoint_c = driver.setpoint("mixing", state.mixing, above_c)
    mixing, valve_pct = driver.drive("mixing", mixing, _mix_aim(snapshot, setpoint_c))
    return replace(state, mixing=mixing), valve_pct


def _mix_aim(snapshot: Snapshot, setpoint_c: float) -> Aim:
    """The position that mixes to the set-point by the two temperatures, and the error left."""
    supply_c = snapshot.number("network.supply_temperature_c")
    lead_pct = 100.0 * (1.0 - hot_share(snapshot, setpoint_c))
    error_k = 0.0 if supply_c is None else supply_c - setpoint_c
    return Aim(setpoint_c, supply_c, error_k, lead_pct)


def _boost(
    snapshot: Snapshot,
    state: NetworkState,
    above_c: float,
    driver: Driver,
    settings: Settings,
    *,
    serving: bool,
) -> tuple[NetworkState, float]:
    supply_c = snapshot.number(supply_tag(settings))
    booster, setpoint_c = driver.setpoint("booster", state.booster, above_c)
    # At rest it shows where it would aim, and its memory waits.
    resting = replace(booster, setpoint=setpoint_c, value=supply_c, output=0.0)
    state = replace(state, booster=resting)
    if supply_c is None or not serving or settings.booster is None:
        return replace(state, booster_on=False, booster_since_s=None), 0.0
    mixing_pct = snapshot.number("mixing-valve.position_pct") or 0.0
    cold = setpoint_c - supply_c > BOOST_FROM_K and mixing_pct < BOOST_IDLE_PCT
    by_hand = driver.held.get("booster.run")
    if not (state.booster_on if by_hand is None else by_hand.value is True):
        return _booster_at_rest(snapshot, state, cold=cold), 0.0
    hot_c, flow_lpm = top_c(snapshot), snapshot.number(f"{settings.boundary_meter}.flow_lpm")
    lead_pct = 0.0
    if hot_c is not None and flow_lpm is not None:
        lift_kw = flow_lpm * KW_PER_LPM_K * max(setpoint_c - hot_c, 0.0)
        lead_pct = 100.0 * lift_kw / settings.booster.rated_kw
    error_k = setpoint_c - _unmixed_c(snapshot, supply_c, mixing_pct)
    aim = Aim(setpoint_c, supply_c, error_k, lead_pct)
    booster, power_pct = driver.drive("booster", booster, aim)
    state = replace(state, booster=booster)
    return _booster_at_work(snapshot, state, idle=power_pct < BOOST_IDLE_PCT), power_pct


def _unmixed_c(snapshot: Snapshot, supply_c: float, mixing_pct: float) -> float:
    """The booster's own water, before the valve mixes return into it: it lifts no more than needed.

    Both look at the supply; without this the valve would take out again what the booster puts in.
    """
    return_c = snapshot.number("network.return_temperature_c")
    if return_c is None or supply_c <= return_c:
        return supply_c
    return return_c + (supply_c - return_c) / max(1.0 - mixing_pct / 100.0, LEAST_HOT_SHARE)


def _booster_at_rest(snapshot: Snapshot, state: NetworkState, *, cold: bool) -> NetworkState:
    if not cold:
        return replace(state, booster_since_s=None)
    since_s = snapshot.now_s if state.booster_since_s is None else state.booster_since_s
    if snapshot.now_s - since_s < BOOST_AFTER_S:
        return replace(state, booster_since_s=since_s)
    return replace(state, booster_on=True, booster_since_s=None)


def _booster_at_work(snapshot: Snapshot, state: NetworkState, *, idle: bool) -> NetworkState:
    if not idle:
        return replace(state, booster_since_s=None)
    since_s = snapshot.now_s if state.booster_since_s is None else state.booster_since_s
    done = snapshot.now_s - since_s >= BOOST_OFF_AFTER_S
    return replace(state, booster_on=not done, booster_since_s=None if done else since_s)
