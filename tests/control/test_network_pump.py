"""The network pump moves no faster than its ramp, also when a plant is taken over."""

from itertools import pairwise

import pytest

from tests.control.small_plant import SmallPlant, plant_file

LAYERS = {f"tank.layer_{layer}_temperature_c": 75.0 for layer in range(1, 9)}
NETWORK = {"flow_max_lpm": 70.0, "pump_ramp_pct_per_s": 2.0}
SPEED = "network-pump.speed_pct"


@pytest.fixture
def plant() -> SmallPlant:
    """A tank plant whose network pump is found at 40 %."""
    file = plant_file(tank={"volume_m3": 10.0}, network=NETWORK)
    return SmallPlant(file, extra={**LAYERS, "network.flow_lpm": 40.0})


def speeds(plant: SmallPlant, seconds: int, heat_kw: float) -> list[float]:
    """The pump's orders, each carried out at once."""
    request = plant.request("heat_demand_kw", heat_kw)
    told = []
    for second in range(seconds):
        decision = plant.scan(*([request] if second == 0 else []))
        plant.values[SPEED] = decision.outputs[SPEED]
        told.append(float(decision.outputs[SPEED]))
    return told


def test_a_plant_with_standing_demand_is_taken_over_without_a_jump(plant: SmallPlant) -> None:
    first, *others = speeds(plant, 10, 63.0)

    assert first == pytest.approx(40.0, abs=0.1)
    assert others[-1] > 42.0


@pytest.mark.parametrize("heat_kw", [63.0, 0.0])
def test_a_step_of_the_demand_is_a_ramp_of_the_pump(plant: SmallPlant, heat_kw: float) -> None:
    speeds(plant, 5, 60.0)

    told = speeds(plant, 30, heat_kw)

    assert max(abs(b - a) for a, b in pairwise(told)) <= 2.0 + 1e-9


def test_a_person_s_order_is_not_ramped(plant: SmallPlant) -> None:
    plant.scans(5)

    decision = plant.scan(plant.request(f"hand:{SPEED}", 90.0))

    assert decision.outputs[SPEED] == pytest.approx(90.0)


def test_while_the_pump_is_on_its_way_nothing_winds_up(plant: SmallPlant) -> None:
    before = plant.scan().state.network.flow.pi.integral

    speeds(plant, 8, 63.0)

    assert plant.state.network.flow.pi.integral == pytest.approx(before, abs=2.0)
