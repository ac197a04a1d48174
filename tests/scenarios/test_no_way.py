"""A leak in the only container: no way for any water, and nothing but the leak trips for it."""

from controller.control.state import Request
from controller.lab.soft_plant import SoftPlant
from tests.scenarios.evening import small_plant, soft_plant

SETTLE_S, WET_S, AGAIN_S, HEAT_KW = 900, 120, 600, 200.0
LEAK = "container-01.leak"
PUMPS = ("pump-1", "pump-2", "pump-3")
QUIET_KPA = 450.0


def running_plant() -> SoftPlant:
    """One container, three pumps, and heat."""
    water = {"primary_flow_max_lpm": 1_150.0, "district_flow_max_lpm": 420.0}
    pumps = {"pumps": list(PUMPS), "pumps_duty": 2}
    plant = soft_plant(small_plant(92, 1, hydraulics={**pumps, **water}))
    plant.second([request(plant, "heat_demand_kw", HEAT_KW)])
    for _ in range(SETTLE_S):
        plant.second()
    return plant


def request(plant: SoftPlant, name: str, value: float | None) -> Request:
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


def test_pumps_turn_slowly_stop_in_the_dark_and_come_back_without_a_surge() -> None:
    plant = running_plant()
    plant.world.faults.set(LEAK, "wet")

    first = plant.second()
    highest = highest_kpa(plant, WET_S)
    wet = plant.decision

    assert first.outputs["pump-1.run"] is True
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
