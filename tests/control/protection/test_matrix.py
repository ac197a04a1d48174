"""Cause and effect: each cell of the matrix is one test; each row is made to stand."""

from collections.abc import Callable

import numpy as np
import pytest

from controller.config.matrix import shipped_rows
from controller.control.decision import Decision, Wanted
from controller.control.protection.row import EFFECTS, Effect
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant

OPTIONAL = {
    "safety.emergency_stop_released": True,
    "primary.suction_pressure_kpa": 180.0,
    "primary.inlet_pressure_kpa": 300.0,
    "primary.head_pressure_kpa": 400.0,
    "primary.conductivity_us_cm": 50.0,
}
"""What the rows look at beside what every plant has."""

Injection = Callable[[SmallPlant], None]
INJECTIONS: dict[str, Injection] = {
    "emergency-stop": lambda p: p.set(safety__emergency_stop_released=False),
    "primary-flow": lambda p: p.set(primary__flow_lpm=1.0),
    "hot-header-over-temperature": lambda p: p.set(primary__hot_temperature_c=90.0),
    "low-suction": lambda p: p.set(primary__suction_pressure_kpa=20.0),
    "high-inlet-pressure": lambda p: p.set(primary__inlet_pressure_kpa=900.0),
    "high-head": lambda p: p.set(primary__head_pressure_kpa=1_200.0),
    "conductivity": lambda p: p.set(primary__conductivity_us_cm=900.0),
    "leak": lambda p: p.set(container_02__leak=True),
    "container-flow": lambda p: p.set(container_02__flow_proven=False),
    "unit-over-temperature": lambda p: p.unit(5, RUNNING, outlet_c=95.0),
    "freeze": lambda p: p.set(primary__cold_temperature_c=1.0),
}
ROWS = {row.cause: row for row in shipped_rows()}
PLACES = {cause: (1,) if row.each_container else (0, 1) for cause, row in ROWS.items()}
"""The containers that each row reaches when it is injected so."""


def injected(cause: str, *, obey: bool) -> tuple[SmallPlant, Decision]:
    """A plant in which the row has stood for long; tripped miners sleep when told, or do not."""
    plant = SmallPlant(extra=OPTIONAL)
    plant.scans(3)
    INJECTIONS[cause](plant)
    for _ in range(90):
        decision = plant.scan()
        if obey and decision.state.protection.trips:
            for unit in np.flatnonzero(decision.units == Wanted.SLEEP).tolist():
                plant.unit(unit, ASLEEP)
    return plant, decision


def seen(effect: Effect, plant: SmallPlant, decision: Decision) -> tuple[bool, ...]:
    """Whether the effect shows in each container."""
    out = decision.outputs
    containers = range(plant.settings.containers)
    match effect:
        case "stop_heat":
            of, trace = plant.settings.container_of, decision.trace
            assert trace is not None
            return tuple(bool(trace.stop_units[of == c].all()) for c in containers)
        case "open_feeder":
            return tuple(out[f"container-{c + 1:02}.contactor_close"] is False for c in containers)
        case "shut_valve":
            names = (f"container-{c + 1:02}.valve_open_command" for c in containers)
            return tuple(out[name] is False for name in names)
        case "stop_pumps":
            return (not any(out[f"{pump}.run"] for pump in plant.settings.hydraulics.pumps),) * 2
        case "keep_flow":
            return (plant.state.protection.acting != () or bool(plant.state.protection.trips),) * 2


def test_every_row_has_its_injection() -> None:
    assert INJECTIONS.keys() == ROWS.keys()


@pytest.mark.parametrize("effect", [one for one in EFFECTS if one != "keep_flow"])
@pytest.mark.parametrize("cause", ROWS)
def test_a_cause_has_its_effects_and_no_others(cause: str, effect: Effect) -> None:
    plant, decision = injected(cause, obey=True)

    has = effect in ROWS[cause].effects
    expected = tuple(has and container in PLACES[cause] for container in (0, 1))
    assert seen(effect, plant, decision) == expected


@pytest.mark.parametrize("cause", ROWS)
def test_flow_is_kept_unless_the_pumps_have_no_water(cause: str) -> None:
    plant, decision = injected(cause, obey=True)
    pumps = [decision.outputs[f"{pump}.run"] for pump in plant.settings.hydraulics.pumps]

    assert any(pumps) is ("stop_pumps" not in ROWS[cause].effects)


@pytest.mark.parametrize(
    "cause", [cause for cause, row in ROWS.items() if "stop_heat" in row.effects]
)
def test_a_stop_that_is_not_obeyed_opens_the_feeder(cause: str) -> None:
    plant, decision = injected(cause, obey=False)

    opened = seen("open_feeder", plant, decision)
    assert all(opened[container] for container in PLACES[cause])


@pytest.mark.parametrize("cause", ROWS)
def test_it_latches_where_it_shall_and_goes_by_itself_where_not(cause: str) -> None:
    plant, _ = injected(cause, obey=True)
    healthy = SmallPlant(extra=OPTIONAL)
    plant.values = dict(healthy.values)
    for unit in range(8):
        plant.unit(unit, ASLEEP)
    decision = plant.scans(300)

    trips = decision.state.protection.trips
    assert [trip.cause for trip in trips] == ([cause] if ROWS[cause].latch else [])
    assert decision.state.protection.acting == ()


@pytest.mark.parametrize(
    "cause", [cause for cause, row in ROWS.items() if row.tag and row.detector != "disobedience"]
)
def test_what_is_not_known_stands_like_wrong_where_the_row_says_so(cause: str) -> None:
    plant = SmallPlant(extra=OPTIONAL)
    plant.scans(3)
    tag = ROWS[cause].tag.replace("{n}", "container-02")
    plant.values[tag] = None
    trips = {trip.cause for trip in plant.scans(120).state.protection.trips}

    assert (cause in trips) is ROWS[cause].trips_unknown
