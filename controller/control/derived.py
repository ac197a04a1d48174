"""The tags that Hearth makes itself: what it wants, what holds it back, what an hour is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from controller.control.authority import authority_tags
from controller.control.balance import heat_balance_pct
from controller.control.container_flags import where_off, where_on
from controller.control.forecast import HOUR_S, forecast_kw, weather_left_h
from controller.control.loops.table import supply_tag
from controller.control.protection.told import protection_values
from controller.control.pumps import failed_pumps
from controller.control.request_table import HEAT
from controller.control.settings import Settings, container_tag, container_tags
from controller.control.standing import heat_request, standing_kw
from controller.control.state import PlantState, Trip
from controller.control.store import store_kw
from controller.control.tank import charge_kwh, charge_pct
from controller.control.targets import HeatTarget
from controller.control.trace import Trace
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

Made = float | bool | str | None


@dataclass(frozen=True, slots=True)
class DerivedTag:
    """One tag that a decision makes."""

    name: str
    kind: Literal["number", "flag", "text"]
    unit: str
    description: str
    low: float | None = None
    high: float | None = None


Scale = Literal["power", "heat", "units"]
"""Whose greatest value bounds a number: the installed power, the most heat, the count of units."""

_TEXTS = (
    ("plant.mode", "tracking, off, standby, starting, running, stopping, tripped, maintenance"),
    ("plant.order", "the mode that was ordered last: run, standby, off, fill, vent, strainer"),
    ("plant.missing", "what a start or a maintenance waits for"),
    ("plant.pumps_failed", "primary pumps that are ordered to run and do not"),
    ("plant.reach_reason", "why less is written than plant.toml allows, or none"),
    ("plant.authority", "who orders the plant: ours, or why nothing is written"),
    ("plant.trips", "latched trips, the first one first"),
    ("plant.first_out", "what tripped first, and why"),
    ("protection.state", "armed, pre-alarm, tripped, or reset permitted"),
    ("protection.pre_alarm", "causes of which a number is between its warning and its limit"),
    ("protection.acting", "interlocks that act while they stand"),
    ("protection.bypassed", "what is taken out of protection, by whom, why and for how long"),
    ("protection.doubtful", "voted tags with a channel that is lost or differs from the others"),
    ("plant.heat_target_source", "whose wish the heat target is"),
    ("plant.limited_by", "what holds the power back now, or none"),
    ("plant.limits", "every limit of the power with the kW it allows, the lowest first"),
)

_STATE_TAGS = tuple(f"plant.units_{state.name.lower()}" for state in UnitState)

_NUMBERS: tuple[tuple[str, str, str, float | Scale], ...] = (
    ("plant.heat_target_kw", "kW", "heat that is wanted now", "heat"),
    ("plant.heat_requested_kw", "kW", "heat that was asked for", "heat"),
    ("plant.heat_request_expires_s", "s", "time until the request lapses", 86_400.0),
    ("plant.heat_delivered_kw", "kW", "heat at the heat meter", "heat"),
    ("plant.heat_sold_kw", "kW", "heat at the boundary meter, the booster's too", 1e5),
    ("plant.supply_temperature_c", "°C", "supply temperature that the network is given", 200.0),
    ("plant.power_target_kw", "kW", "electric power that the heat needs", "power"),
    ("plant.power_committed_kw", "kW", "power of the units that run or will", "power"),
    ("plant.power_ceiling_kw", "kW", "electric power that is allowed", "power"),
    ("plant.electric_power_kw", "kW", "electric power of all miners", "power"),
    ("plant.hashrate_ths", "TH/s", "hashrate of all miners", 1e6),
    ("plant.recovery_pct", "%", "learnt share of power that is delivered", 100.0),
    ("plant.heat_balance_pct", "%", "heat of the primary water less the miners' power", 1_000.0),
    ("plant.hottest_outlet_c", "°C", "outlet of the hottest running unit", 120.0),
    ("plant.epoch", "", "epoch of this controller's orders", 65_535.0),
    ("plant.units_good", "", "units heard of lately", "units"),
    ("plant.units_unheard", "", "units that are not heard though they are fed", "units"),
    ("plant.units_wanted", "", "units that shall run", "units"),
    ("district.supply_setpoint_c", "°C", "wanted supply temperature", 120.0),
    ("tank.charge_pct", "%", "state of charge of the tank", 100.0),
    ("tank.charge_kwh", "kWh", "heat in the tank above the network's return", 1e6),
    ("plant.network_demand_kw", "kW", "heat that the network draws, filtered", "heat"),
    ("plant.demand_in_1h_kw", "kW", "heat that will be wanted in an hour", "heat"),
    ("plant.demand_in_6h_kw", "kW", "heat that will be wanted in six hours", "heat"),
    ("plant.weather_forecast_h", "h", "how far the forecast of the weather reaches", 48.0),
    ("plant.forecast_error_1h_pct", "%", "mean error of the forecast of one hour", 1_000.0),
    ("plant.forecast_error_6h_pct", "%", "mean error of the forecast of six hours", 1_000.0),
    ("plant.store_kw", "kW", "heat made for tank or water beyond what is wanted", "heat"),
    ("primary.flow_setpoint_lpm", "L/min", "wanted primary flow", 2e4),
    ("value.hash_eur_h", "EUR/h", "worth of an hour of hashing, at example prices", 1e5),
    ("value.heat_eur_h", "EUR/h", "worth of an hour of heat, at example prices", 1e5),
    ("value.power_eur_h", "EUR/h", "cost of an hour of power, at example prices", 1e5),
    *((tag, "", tag.removeprefix("plant.").replace("_", " "), "units") for tag in _STATE_TAGS),
)

_DOORS = {
    (True, True): "open",
    (True, False): "opening",
    (False, True): "closing",
    (False, False): "shut",
}
"""A container's word by whether it shall be open, and is."""

_CONTAINER_NUMBERS = (
    ("power_kw", "kW", "power of its miners"),
    ("units_running", "", "units running"),
)


def derived_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    """All of them, in a fixed order."""
    texts = tuple(DerivedTag(name, "text", "", told) for name, told in _TEXTS)
    flags = (DerivedTag("plant.tripped", "flag", "", "a trip of the whole plant is latched"),)
    high = {
        "power": float(settings.rated_kw.sum()),
        "heat": settings.heat.max_heat_kw,
        "units": float(len(settings.rated_kw)),
    }
    numbers = tuple(
        DerivedTag(
            name, "number", unit, told, 0.0, scale if isinstance(scale, float) else high[scale]
        )
        for name, unit, told, scale in _NUMBERS
    )
    containers = tuple(
        tag
        for container in range(settings.containers)
        for tag in _container_tags(container, settings)
    )
    return texts + flags + numbers + containers


def _container_tags(container: int, settings: Settings) -> tuple[DerivedTag, ...]:
    units = float(settings.units_in[container])
    most = {"kW": units * float(settings.rated_kw.max()), "": units}
    numbers = (
        DerivedTag(container_tag(container, point), "number", unit, told, 0.0, most[unit])
        for point, unit, told in _CONTAINER_NUMBERS
    )
    state = DerivedTag(
        container_tag(container, "state"), "text", "", "open, opening, shut, tripped"
    )
    return (*numbers, state)


def derive(
    snapshot: Snapshot, state: PlantState, trace: Trace, settings: Settings
) -> dict[str, Made]:
    """The value of each of them in this scan."""
    return {
        **_plant(state),
        **protection_values(snapshot, state, settings),
        **authority_tags(snapshot, state),
        **_standing(snapshot, state, trace.missing, settings),
        **_heat(snapshot, state, trace.target, settings),
        "plant.power_target_kw": trace.power_kw,
        "plant.power_committed_kw": trace.committed_kw,
        "plant.power_ceiling_kw": trace.band.upper_kw,
        "plant.limited_by": state.heat.limited_by,
        "plant.limits": "; ".join(
            f"{reason} {allowed_kw:.0f} kW"
            for reason, allowed_kw in sorted(trace.band.limits, key=lambda limit: limit[1])
        ),
        **_fleet(snapshot, state, settings),
        "district.supply_setpoint_c": trace.supply_setpoint_c,
        "primary.flow_setpoint_lpm": trace.flow_setpoint_lpm,
        **_value(snapshot, settings),
        **_containers(snapshot, state, settings),
    }


def _plant(state: PlantState) -> dict[str, Made]:
    trips = state.protection.trips
    first = next((trip for trip in trips if trip.first_out), None)
    return {
        "plant.mode": state.mode,
        "plant.tripped": any(trip.container is None for trip in trips),
        "plant.trips": ", ".join(
            trip.cause
            if trip.container is None
            else f"container-{trip.container + 1:02} {trip.cause}"
            for trip in trips
        ),
        "plant.first_out": "" if first is None else f"{first.cause}: {first.text}{_tie(first)}",
    }


def _tie(first: Trip) -> str:
    return " (a tie: another began within the same poll)" if first.tie else ""


def _standing(
    snapshot: Snapshot, state: PlantState, missing: tuple[str, ...], settings: Settings
) -> dict[str, Made]:
    return {
        "plant.order": state.order or "",
        "plant.missing": "; ".join(missing),
        "plant.pumps_failed": ", ".join(failed_pumps(snapshot, state.pumps, settings)),
        "tank.charge_pct": charge_pct(snapshot, settings),
        "tank.charge_kwh": charge_kwh(snapshot, settings),
        "plant.network_demand_kw": state.network.demand_kw,
        "plant.store_kw": store_kw(snapshot, state, settings),
        **_coming(snapshot, state),
    }


def _coming(snapshot: Snapshot, state: PlantState) -> dict[str, Made]:
    coming = state.forecast
    return {
        "plant.demand_in_1h_kw": forecast_kw(coming, snapshot.utc_s, HOUR_S),
        "plant.demand_in_6h_kw": forecast_kw(coming, snapshot.utc_s, 6.0 * HOUR_S),
        "plant.weather_forecast_h": weather_left_h(coming, snapshot.utc_s),
        "plant.forecast_error_1h_pct": coming.error_1h_pct,
        "plant.forecast_error_6h_pct": coming.error_6h_pct,
    }


def _heat(
    snapshot: Snapshot, state: PlantState, target: HeatTarget, settings: Settings
) -> dict[str, Made]:
    request = heat_request(state.requests)
    return {
        "plant.heat_target_kw": target.kw,
        "plant.heat_target_source": target.source,
        "plant.heat_requested_kw": standing_kw(state.requests, HEAT),
        "plant.heat_request_expires_s": None
        if request is None
        else request.until_s - snapshot.now_s,
        "plant.heat_delivered_kw": snapshot.number(f"{settings.heat_meter}.power_kw"),
        "plant.heat_sold_kw": snapshot.number(f"{settings.boundary_meter}.power_kw"),
        "plant.supply_temperature_c": snapshot.number(supply_tag(settings)),
        "plant.recovery_pct": 100.0 * state.heat.recovery,
    }


def _fleet(snapshot: Snapshot, state: PlantState, settings: Settings) -> dict[str, Made]:
    fleet = snapshot.fleet
    in_state = np.bincount(fleet.state, minlength=len(UnitState)).tolist()
    fed = ~where_off(snapshot, "contactor_closed", settings)[settings.container_of]
    return {
        "plant.electric_power_kw": fleet.electric_power_kw,
        "plant.hashrate_ths": fleet.hashrate_total_ths,
        "plant.heat_balance_pct": heat_balance_pct(snapshot),
        "plant.hottest_outlet_c": fleet.hottest_running_outlet_c,
        "plant.units_good": float(np.count_nonzero(fleet.quality == Quality.GOOD)),
        "plant.units_unheard": float(np.count_nonzero((fleet.state == UnitState.UNKNOWN) & fed)),
        "plant.units_wanted": float(np.count_nonzero(state.dispatch.wanted)),
        **{tag: float(count) for tag, count in zip(_STATE_TAGS, in_state, strict=True)},
    }


def _value(snapshot: Snapshot, settings: Settings) -> dict[str, Made]:
    """Example prices: an hour of what is happening now."""
    prices = settings.prices
    heat_kw = snapshot.number(f"{settings.heat_meter}.power_kw")
    hash_ths = snapshot.fleet.hashrate_total_ths
    return {
        "value.hash_eur_h": hash_ths * prices.hash_eur_ths_day / 24.0,
        "value.heat_eur_h": None if heat_kw is None else heat_kw * prices.heat_eur_mwh / 1000.0,
        "value.power_eur_h": snapshot.fleet.electric_power_kw * prices.power_eur_mwh / 1000.0,
    }


def _containers(snapshot: Snapshot, state: PlantState, settings: Settings) -> dict[str, Made]:
    of = settings.container_of
    known_kw = np.where(np.isnan(snapshot.fleet.power_kw), 0.0, snapshot.fleet.power_kw)
    power_kw = np.bincount(of, known_kw, settings.containers)
    running = np.bincount(
        of[snapshot.fleet.state == UnitState.RUNNING], minlength=settings.containers
    )
    tripped = {trip.container for trip in state.protection.trips}
    opened = where_on(snapshot, "valve_open", settings).tolist()
    words = [
        "tripped"
        if container in tripped
        else _DOORS[bool(state.dispatch.open_wanted[container]), opened[container]]
        for container in range(settings.containers)
    ]
    columns: dict[str, Sequence[Made]] = {
        "power_kw": power_kw.tolist(),
        "units_running": running.astype(np.float64).tolist(),
        "state": words,
    }
    return {
        tag: value
        for point, values in columns.items()
        for tag, value in zip(container_tags(settings.containers, point), values, strict=True)
    }
