"""Heat: what a kilowatt of electricity becomes, how warm it goes out, what holds it back."""

import math

from controller.control.fleet_state import HeatState
from controller.control.outlets import common_outlet_c
from controller.control.power import PowerBand
from controller.control.protection.permissives import open_exchangers
from controller.control.pumps import flow_share
from controller.control.settings import Settings, along
from controller.control.state import PlantState
from controller.control.targets import asked_ceilings, outdoor_c
from controller.control.water import warmest_c
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

# How fast derating takes hold and lets go, per kelvin over the warning limit.
DERATE_PER_S = 0.02
RELEASE_PER_S = 0.002
RELEASE_BELOW_K = 1.0
# An exchanger's approach of 3 K, and one for the sensors.
ATTAINABLE_BELOW_K = 4.0
EXCHANGER_SHARE = 0.6
# A return that is too warm lowers the supply by so much for each kelvin, and by no more than this.
RETURN_SLOPE, MOST_LOWERED_K = 2.0, 10.0
RETURN = "district.return_temperature_c"


def supply_setpoint_c(state: HeatState, settings: Settings) -> float:
    """The district's supply temperature: the curve's, reached no faster than its ramp allows."""
    return _by_curve_c(state, settings) if state.supply_c is None else state.supply_c


def own_supply_c(state: HeatState, settings: Settings) -> float:
    """What of it the miners' water can give; the rest is a booster's, or nobody's."""
    return min(supply_setpoint_c(state, settings), attainable_c(settings))


def attainable_c(settings: Settings) -> float:
    """How warm the miners' water makes a supply, by what outlets and inlets are held at."""
    mean_kw, least_lpm = settings.total_kw / len(settings.rated_kw), settings.unit.flow_floor_lpm
    outlet_c = settings.hydraulics.outlet_setpoint_c
    inlet_c = settings.hydraulics.cold_header_setpoint_c
    return warmest_c(mean_kw, least_lpm, outlet_c, inlet_c) - ATTAINABLE_BELOW_K


def move_supply(state: HeatState, snapshot: Snapshot, dt_s: float, settings: Settings) -> HeatState:
    """Lead the supply temperature after the curve; a network that sends back too warm gets less."""
    wanted_c = _by_curve_c(state, settings)
    return_c = snapshot.number(RETURN)
    if return_c is not None and settings.network.role == "injector":
        excess_k = max(return_c - settings.network.return_max_c, 0.0)
        wanted_c -= min(RETURN_SLOPE * excess_k, MOST_LOWERED_K)
    if state.supply_c is None:
        return replace(state, supply_c=wanted_c)
    step_k = settings.heat.supply_ramp_k_per_h / 3_600.0 * dt_s
    if abs(wanted_c - state.supply_c) <= step_k:
        return state if wanted_c == state.supply_c else replace(state, supply_c=wanted_c)
    return replace(
        state, supply_c=state.supply_c + math.copysign(step_k, wanted_c - state.supply_c)
    )


def _by_curve_c(state: HeatState, settings: Settings) -> float:
    wanted_c = along(settings.heat.supply_curve, outdoor_c(state, settings.heat))
    return min(wanted_c, settings.hydraulics.supply_max_c)


def watch_outdoor(
    state: HeatState, snapshot: Snapshot, dt_s: float, settings: Settings
) -> HeatState:
    """Low-pass the outdoor temperature; a silent sensor leaves the filtered value."""
    measured_c = snapshot.good(f"{settings.outdoor}.temperature_c")
    if measured_c is None:
        return state
    if state.outdoor_c is None:
        return replace(state, outdoor_c=measured_c)
    share = 1.0 - math.exp(-dt_s / settings.heat.outdoor_filter_s)
    return replace(state, outdoor_c=state.outdoor_c + share * (measured_c - state.outdoor_c))


def derate(
    state: HeatState, snapshot: Snapshot, committed_kw: float, dt_s: float, settings: Settings
) -> HeatState:
    """Take power back while coolant is too warm: faster the nearer it is to its limit."""
    rated_kw = settings.total_kw
    excess_k = _excess_k(snapshot, settings)
    if excess_k > 0.0:
        start = min(state.derate, committed_kw / rated_kw)
        return replace(state, derate=max(0.0, start - DERATE_PER_S * excess_k * dt_s))
    if excess_k < -RELEASE_BELOW_K:
        return replace(state, derate=min(1.0, state.derate + RELEASE_PER_S * dt_s))
    return state


def ceiling(
    band: PowerBand,
    state: PlantState,
    snapshot: Snapshot,
    settings: Settings,
    *,
    district_lost: bool,
) -> PowerBand:
    """The electric power that may be drawn: limits of site, coolant and pumps, then of people."""
    rated_kw = settings.total_kw
    boosted_kw = _booster_electric_kw(snapshot, settings)
    band = band.limit(settings.site_power_kw - boosted_kw, "site power limit")
    if state.heat.derate < 1.0:
        band = band.limit(state.heat.derate * rated_kw, "coolant too warm")
    band = band.limit(_flow_limit_kw(snapshot, settings), "primary pump capacity")
    band = _exchangers(band, state, snapshot, settings)
    if district_lost:
        band = band.limit(
            settings.hydraulics.dry_cooler_kw / state.heat.recovery, "district flow lost"
        )
    return asked_ceilings(band, state.requests, state.heat.recovery, float(settings.rated_kw.max()))


def _booster_electric_kw(snapshot: Snapshot, settings: Settings) -> float:
    """What the booster draws of the site's connection; unknown counts at its rating."""
    if settings.booster is None or snapshot.flag("booster.run") is False:
        return 0.0
    heat_kw = snapshot.number("booster.power_kw")
    return (settings.booster.rated_kw if heat_kw is None else heat_kw) / settings.booster.cop


def _exchangers(
    band: PowerBand, state: PlantState, snapshot: Snapshot, settings: Settings
) -> PowerBand:
    """What the exchangers in service and the dry cooler can take; each of two takes 60 %."""
    count = settings.hydraulics.exchangers
    in_service = open_exchangers(snapshot, settings)
    # A start warms the miners' own water, while the exchangers' valves still open.
    if in_service >= count or state.mode == "starting":
        return band
    share = EXCHANGER_SHARE * in_service
    taken_kw = share * settings.heat.max_heat_kw + settings.hydraulics.dry_cooler_kw
    reason = f"{count - in_service} of {count} exchangers out of service"
    return band.limit(taken_kw / state.heat.recovery, reason)


def _excess_k(snapshot: Snapshot, settings: Settings) -> float:
    """How far outlets or the inlet are above their warning limits; negative when below."""
    limits = settings.unit
    outlet_c = common_outlet_c(snapshot, settings)
    hot_c = snapshot.number("primary.hot_temperature_c")
    cold_c = snapshot.number("primary.cold_temperature_c")
    excesses = [
        None if outlet_c is None else outlet_c - limits.outlet_warn_c,
        None if hot_c is None else hot_c - limits.outlet_warn_c,
        None if cold_c is None else cold_c - limits.inlet_max_c,
    ]
    return max((excess for excess in excesses if excess is not None), default=1.0)


def _flow_limit_kw(snapshot: Snapshot, settings: Settings) -> float:
    """Power of the units that the running pumps can give their least flow."""
    share = flow_share(snapshot, settings)
    units = share * settings.hydraulics.primary_flow_max_lpm / settings.unit.flow_floor_lpm
    return units * float(settings.rated_kw.max())
