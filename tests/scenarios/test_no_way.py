"""Pumps and valves that do not fit for a while: no surge, no trip but the one that was meant."""

from typing import Any

import pytest

from controller.control.state import Request
from controller.lab.soft_plant import SoftPlant
from tests.scenarios.evening import small_plant, soft_plant

SETTLE_S, WET_S, REST_S, AGAIN_S = 900, 120, 420, 600
HEAT_KW = 200.0
LEAK = "container-01.leak"
PUMPS = ("pump-1", "pump-2", "pump-3")
QUIET_KPA, SURGE_KPA = 450.0, 600.0


def running_plant(units: int, containers: int, heat_kw: float) -> SoftPlant:
    """A plant of this size with three pumps, two of them on duty, and heat."""
    share = units * containers / 920
    hydraulics: dict[str, Any] = {
        "primary_flow_max_lpm": 11_500.0 * share,
        "district_flow_max_lpm": 4_200.0 * share,
        "pumps": list(PUMPS),
        "pumps_duty": 2,
    }
    plant = soft_plant(small_plant(units, containers, hydraulics=hydraulics))
    plant.second([request(plant, "heat_demand_kw", heat_kw)])
    highest_kpa(plant, SETTLE_S)
    return plant


def request(plant: SoftPlant, name: str, value: float | str | None) -> Request:
    """An operator's request for an hour."""
    now_s = plant.world.now_s
    return Request(f"{name}-{now_s}", "test", "operator", name, value, "test", now_s + 3_600.0)


def highest_kpa(plant: SoftPlant, seconds: int) -> float:
    """The highest inlet pressure of the next seconds."""
    most_kpa = 0.0
    for _ in range(seconds):
        plant.second()
        assert plant.snapshot is not None
        most_kpa = max(most_kpa, plant.snapshot.number("primary.inlet_pressure_kpa") or 0.0)
    return most_kpa


def causes(plant: SoftPlant) -> list[str]:
    """What has tripped."""
    return [trip.cause for trip in plant.state.protection.trips]


@pytest.mark.parametrize("rest", ["standby", "off"])
def test_many_containers_shut_and_open_at_once_without_a_surge(rest: str) -> None:
    plant = running_plant(12, 10, 750.0)

    plant.second([request(plant, "plant_mode", rest)])
    going = highest_kpa(plant, REST_S)
    assert plant.state.mode == rest
    plant.second([request(plant, "plant_mode", "run"), request(plant, "heat_demand_kw", 750.0)])
    coming = highest_kpa(plant, AGAIN_S)

    assert causes(plant) == []
    assert plant.state.mode == "running"
    assert going < SURGE_KPA
    assert coming < SURGE_KPA


def test_a_trip_that_shuts_all_containers_brings_no_second_one() -> None:
    plant = running_plant(92, 10, 6_000.0)

    plant.world.faults.set("primary.conductivity_us_cm", "wrong:+3000")
    highest_kpa(plant, REST_S)

    assert causes(plant) == ["conductivity"]


def test_with_a_leak_in_the_only_container_pumps_stop_in_the_dark_and_come_back_gently() -> None:
    plant = running_plant(92, 1, HEAT_KW)
    plant.world.faults.set(LEAK, "wet")

    first = plant.second()
    highest = highest_kpa(plant, WET_S)
    wet = plant.decision

    assert first.outputs["pump-1.speed_pct"] == plant.settings.hydraulics.pump_min_pct
    assert causes(plant) == ["leak"]
    assert wet is not None
    assert not any(wet.outputs[f"{pump}.run"] for pump in PUMPS)
    assert highest < QUIET_KPA

    plant.world.faults.set(LEAK, "ok")
    highest_kpa(plant, 5)
    plant.second([request(plant, "trip_reset", None)])
    again = highest_kpa(plant, AGAIN_S)

    assert causes(plant) == []
    assert again < QUIET_KPA
    assert plant.snapshot is not None
    assert plant.snapshot.fleet.electric_power_kw > 0.5 * HEAT_KW
