"""What a scan wants of units and outputs: demand, ceilings, dispatch, and the loops of water."""

from controller.control.cooling import cool
from controller.control.dispatch import dispatch
from controller.control.district import district_is_lost, watch_district
from controller.control.fleet_view import committed_kw, look
from controller.control.hand import forced
from controller.control.heat import ceiling
from controller.control.loops.drive import driver
from controller.control.modes import Stance
from controller.control.network import serve
from controller.control.power import PowerBand
from controller.control.protection.protect import Protection
from controller.control.sequence import allowed_by_mode, fleet_goal, fleet_power_kw, switches
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.control.targets import HeatTarget, heat_target
from controller.control.trace import Trace
from controller.control.watching import look_ahead, watch_plant
from controller.image.evolve import replace
from controller.image.process_image import Snapshot


def want(
    snapshot: Snapshot,
    state: PlantState,
    protection: Protection,
    stance: Stance,
    dt_s: float,
    settings: Settings,
) -> tuple[PlantState, Trace]:
    """What is wanted of every unit and output, before people and the envelope have their say."""
    seen, view = look(snapshot, state.dispatch, protection, dt_s, settings)
    state, running_kw = replace(state, dispatch=seen), committed_kw(seen, view)
    state = watch_plant(snapshot, state, protection, running_kw, dt_s, settings)
    target = _target(snapshot, state, dt_s, settings)
    state = look_ahead(snapshot, state, target, dt_s, settings)
    power_kw = fleet_power_kw(snapshot, state, target, settings)
    physical = _ceiling(snapshot, state, protection, settings)
    band = allowed_by_mode(physical, stance)
    goal = fleet_goal(state, stance, power_kw, physical.upper_kw, band.upper_kw, settings)
    shared = dispatch(snapshot, state.dispatch, view, protection, goal, dt_s, settings)
    state = replace(state, dispatch=shared)
    held = forced(snapshot, state.requests, settings)
    loops = driver(state.requests, held, dt_s, settings)
    cooling = cool(snapshot, state, loops, settings)
    side = serve(snapshot, state, target, loops, settings, serving=stance.serving)
    state = replace(state, cooling=cooling.state, network=side.state)
    switched = switches(snapshot, state, stance, settings)
    trace = Trace(
        mode=stance.mode,
        missing=stance.missing,
        target=target,
        power_kw=power_kw,
        committed_kw=running_kw,
        band=band,
        looped={**cooling.outputs, **side.outputs, **switched},
        held=held,
        shared=shared.wanted,
        stop_units=protection.stop_units,
        pumps_off=protection.pumps_off,
        pumps_may_stop=stance.pumps_may_stop,
        flow_setpoint_lpm=cooling.flow_setpoint_lpm,
        supply_setpoint_c=cooling.supply_setpoint_c,
    )
    return state, trace


def _target(snapshot: Snapshot, state: PlantState, dt_s: float, settings: Settings) -> HeatTarget:
    sole = settings.network.role == "sole_source"
    drawn_kw = state.network.demand_kw if sole else None
    utc_s, heat = snapshot.utc_s, settings.heat
    return heat_target(state.requests, state.heat, utc_s, dt_s, heat, drawn_kw=drawn_kw)


def _ceiling(
    snapshot: Snapshot, state: PlantState, protection: Protection, settings: Settings
) -> PowerBand:
    watched = watch_district(snapshot, state.cooling, settings)
    lost = district_is_lost(watched, snapshot.now_s)
    # A trip comes first, so that it is named where another limit would be as low.
    installed = PowerBand(settings.total_kw, "installed units")
    band = _protected(installed, protection)
    return ceiling(band, state, snapshot, settings, district_lost=lost)


def _protected(band: PowerBand, protection: Protection) -> PowerBand:
    if not protection.plant_tripped:
        return band
    return band.limit(0.0, f"trip: {protection.state.trips[0].cause}")
