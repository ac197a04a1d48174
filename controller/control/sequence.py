"""What the plant's mode means for the fleet and for everything that is switched."""

import math

from controller.control.dispatch import Goal
from controller.control.district import WARM_BAND_K, carries_heat
from controller.control.forecast import usual_rise_kw
from controller.control.heat import own_supply_c
from controller.control.lift import lifted_kw
from controller.control.modes import Stance
from controller.control.power import PowerBand
from controller.control.protection.permissives import is_dark
from controller.control.pumps import pumps_to_run
from controller.control.recovery import loop_kj_per_k
from controller.control.settings import Settings, container_tag
from controller.control.state import PlantState
from controller.control.store import store_kw
from controller.control.targets import HeatTarget, scheduled_kw
from controller.image.process_image import Snapshot
from controller.image.tag import Value

MAKE_UP = "make-up.valve_open_command"
# A cold plant is warmed so that what is missing shrinks with this time constant.
WARM_UP_S = 120.0
WARM_ABOVE_K = 3.0
# A unit is silent for one to three minutes and ramps for two: its heat comes so much later.
WAKE_LEAD_S = 200.0
# Half-open, the three-way valve lets air out of both ways.
VENT_PCT = 50.0


def fleet_power_kw(
    snapshot: Snapshot, state: PlantState, target: HeatTarget, settings: Settings
) -> float:
    """Electric power that gives the wanted heat, what the store is owed, and a start's warming."""
    wanted_kw = target.kw - lifted_kw(snapshot, state, settings)
    wanted_kw += store_kw(snapshot, state, settings)
    wanted_kw += coming_kw(snapshot, state, target, settings)
    power_kw = max(wanted_kw, 0.0) / state.heat.recovery
    if state.mode != "starting":
        return power_kw
    return max(power_kw, power_kw + _warming_kw(snapshot, state, settings))


def coming_kw(
    snapshot: Snapshot, state: PlantState, target: HeatTarget, settings: Settings
) -> float:
    """What will be wanted more when a unit that is woken now has come to its power.

    Beside a tank nobody has to hurry; falling demand is followed when it falls.
    """
    if settings.tank is not None or state.mode != "running":
        return 0.0
    if target.source == "schedule":
        coming = scheduled_kw(settings.heat.schedule, snapshot.utc_s + WAKE_LEAD_S)
        return max(0.0, (coming or 0.0) - target.kw)
    return max(0.0, usual_rise_kw(state.forecast, snapshot.utc_s, WAKE_LEAD_S))


def allowed_by_mode(band: PowerBand, stance: Stance) -> PowerBand:
    """No power in a mode that does not hash; `plant.missing` says what a start waits for."""
    if stance.hash_allowed or stance.mode == "tripped":
        return band
    return band.limit(0.0, f"mode {stance.mode}")


def fleet_goal(
    state: PlantState,
    stance: Stance,
    power_kw: float,
    physical_kw: float,
    ceiling_kw: float,
    settings: Settings,
) -> Goal:
    """What dispatch shall reach; containers open for what is meant to run, before it may."""
    open_kw = 0.0
    if stance.mode in ("running", "starting") and state.order in ("run", None):
        open_kw = min(power_kw, physical_kw)
    elif stance.mode == "maintenance" and state.order == "vent":
        open_kw = math.inf
    binds = stance.mode != "starting" and not _has_just_started(state, settings)
    return Goal(power_kw, ceiling_kw, open_kw, dwell_binds=binds)


def _has_just_started(state: PlantState, settings: Settings) -> bool:
    """Whether a start has ended so lately that its surplus of units still runs.

    A plant that was taken over running has not started.
    """
    if state.mode != "running" or state.last_s is None or state.started_s is None:
        return False
    begun_s = state.mode_since_s - state.started_s
    lately = state.last_s - state.mode_since_s < settings.unit.min_on_s
    return lately and begun_s > settings.start_limit_s


def switches(
    snapshot: Snapshot, state: PlantState, stance: Stance, settings: Settings
) -> dict[str, Value]:
    """Everything that is on or off: pumps, valves, feeders, make-up water."""
    run = pumps_to_run(snapshot, state.pumps, settings) if stance.pumps_wanted else frozenset()
    shut = stance.mode == "maintenance" and state.order == "strainer"
    exchangers = range(1, settings.hydraulics.exchangers + 1)
    outputs: dict[str, Value] = {
        **{f"{pump}.run": pump in run for pump in settings.hydraulics.pumps},
        "district-pump.run": stance.serving and _gives_heat(snapshot, state, settings),
        **{f"exchanger-{n}.valve_open_command": not shut for n in exchangers},
    }
    for container in range(settings.containers):
        opened = bool(state.dispatch.open_wanted[container]) and not shut
        outputs[container_tag(container, "valve_open_command")] = opened
        outputs[container_tag(container, "contactor_close")] = True
    filling = stance.mode == "maintenance" and state.order == "fill" and not stance.missing
    outputs[MAKE_UP] = filling
    if stance.mode == "maintenance" and state.order == "vent":
        outputs["three-way-valve.position_pct"] = VENT_PCT
    return {name: value for name, value in outputs.items() if snapshot.has(name)}


def _gives_heat(snapshot: Snapshot, state: PlantState, settings: Settings) -> bool:
    """Whether the exchangers' heat has somewhere to go, and is warm enough to be worth pumping.

    An injector without a tank keeps the warmth of its water while nobody wants any and no miner
    makes more.
    """
    kept = not settings.separated and state.heat.target_kw == 0.0 and is_dark(snapshot, settings)
    return not kept and carries_heat(snapshot, _least_c(state, settings))


def _least_c(state: PlantState, settings: Settings) -> float:
    """What the primary water must have reached in a start before any of its heat is given away."""
    if state.mode != "starting":
        return -math.inf
    return own_supply_c(state.heat, settings) - WARM_BAND_K


def _warming_kw(snapshot: Snapshot, state: PlantState, settings: Settings) -> float:
    """Power that brings the primary water to where it can serve, less the nearer it is."""
    hot_c = snapshot.number("primary.hot_temperature_c")
    if hot_c is None:
        return 0.0
    missing_k = own_supply_c(state.heat, settings) + WARM_ABOVE_K - hot_c
    return max(missing_k, 0.0) * loop_kj_per_k(settings) / WARM_UP_S
