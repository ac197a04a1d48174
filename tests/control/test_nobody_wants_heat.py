"""While nobody wants heat none is sent: pumps that only have a least speed stand."""

import pytest

from controller.image.fleet import UnitRow
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant, plant_file

NETWORK = {"flow_max_lpm": 70.0}
LAYERS = {f"tank.layer_{layer}_temperature_c": 75.0 for layer in range(1, 9)}
FOUND = {**LAYERS, "network.flow_lpm": 40.0}


def of_tank(role: str = "injector") -> SmallPlant:
    """A plant with a tank that is warm enough to be emptied."""
    file = plant_file(tank={"volume_m3": 10.0}, network=NETWORK, plant={"network_role": role})
    return SmallPlant(file, extra=FOUND)


@pytest.mark.parametrize(("heat_kw", "runs"), [(0.0, False), (5.0, True)])
def test_a_tank_is_emptied_only_while_heat_is_wanted(heat_kw: float, *, runs: bool) -> None:
    plant = of_tank()
    plant.scan(plant.request("heat_demand_kw", heat_kw))

    assert plant.scans(60).outputs["network-pump.run"] is runs


def test_consumers_without_another_source_are_served_always() -> None:
    plant = of_tank("sole_source")
    plant.scan(plant.request("heat_demand_kw", 0.0))

    assert plant.scans(60).outputs["network-pump.run"] is True


def test_a_person_may_turn_the_pump_although_nobody_asks() -> None:
    plant = of_tank()
    plant.scan(plant.request("heat_demand_kw", 0.0), plant.request("loop:heat.manual", 20.0))

    decision = plant.scans(30)

    assert decision.outputs["network-pump.run"] is True
    assert decision.outputs["network-pump.speed_pct"] == pytest.approx(20.0)


@pytest.mark.parametrize(("units", "runs"), [(ASLEEP, False), (RUNNING, True)])
def test_without_a_tank_the_water_stays_warm_once_nobody_heats(
    units: UnitRow, *, runs: bool
) -> None:
    file = plant_file(miners={"accepted": True, "min_on_s": 3_600.0})
    plant = SmallPlant(file)
    plant.all_units(units)
    plant.scan(plant.request("heat_demand_kw", 0.0))

    assert plant.scans(60).outputs["district-pump.run"] is runs


def test_the_pump_runs_again_as_soon_as_heat_is_wanted() -> None:
    plant = SmallPlant(plant_file())
    plant.all_units(ASLEEP)
    plant.scan(plant.request("heat_demand_kw", 0.0))
    plant.scans(60)

    plant.scan(plant.request("heat_demand_kw", 30.0))

    assert plant.scans(2).outputs["district-pump.run"] is True
