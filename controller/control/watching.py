"""What a snapshot says of weather, heat, pumps, network and of the demand to come."""

from controller.control.fleet_state import HeatState
from controller.control.forecast import Forecast, take_weather, watch
from controller.control.heat import derate, move_supply, watch_outdoor
from controller.control.network import watch_demand
from controller.control.protection.protect import Protection
from controller.control.pumps import watch_pumps
from controller.control.recovery import learn_recovery
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.control.store import aim_tank
from controller.control.targets import HeatTarget
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

REJECTING_PCT = 1.0
"""From this position of the 3-way valve on, heat is being rejected."""


def watch_weather(
    state: HeatState, snapshot: Snapshot, dt_s: float, settings: Settings
) -> HeatState:
    """Smooth the outdoor temperature, and lead the supply after it."""
    state = watch_outdoor(state, snapshot, dt_s, settings)
    return move_supply(state, snapshot, dt_s, settings)


def told_weather(
    state: Forecast, outdoor_c: tuple[float, ...], utc_s: float, settings: Settings
) -> Forecast:
    """Look ahead with the weather that was forecast, if a forecast has come."""
    if not outdoor_c:
        return state
    return take_weather(state, outdoor_c, settings.heat.demand_curve, utc_s)


def watch_plant(
    snapshot: Snapshot,
    state: PlantState,
    protection: Protection,
    running_kw: float,
    dt_s: float,
    settings: Settings,
) -> PlantState:
    """Take in what this snapshot says of heat, pumps and the network."""
    return replace(
        state,
        protection=protection.state,
        heat=_watch_heat(snapshot, state, running_kw, dt_s, settings),
        pumps=watch_pumps(snapshot, state.pumps, settings),
        network=watch_demand(snapshot, state, dt_s, settings),
    )


def _watch_heat(
    snapshot: Snapshot, state: PlantState, running_kw: float, dt_s: float, settings: Settings
) -> HeatState:
    """Learn the recovery while nothing is rejected, and derate while coolant is too warm."""
    valve_pct = snapshot.number("three-way-valve.position_pct")
    cooled = settings.hydraulics.dry_cooler_kw > 0.0
    rejecting = cooled and (valve_pct is None or valve_pct > REJECTING_PCT)
    heat = learn_recovery(state.heat, snapshot, dt_s, settings, rejecting=rejecting)
    return derate(heat, snapshot, running_kw, dt_s, settings)


def look_ahead(
    snapshot: Snapshot, state: PlantState, target: HeatTarget, dt_s: float, settings: Settings
) -> PlantState:
    """Learn from what is wanted, and lead the tank to what is coming."""
    forecast = watch(state.forecast, target.kw, snapshot.utc_s, dt_s)
    state = replace(state, forecast=forecast)
    return replace(state, network=aim_tank(snapshot, state, settings))
