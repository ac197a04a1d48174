"""A network that wants warmer water than miners have: what is asked of them is what they can."""

from dataclasses import replace

import pytest

from controller.control.heat import own_supply_c
from controller.control.store import store_kw
from controller.image.process_image import Snapshot
from tests.control.small_plant import SmallPlant, plant_file

WARM = {"supply_curve": [[-20.0, 88.0]], "max_heat_kw": 63.0, "demand_curve": [[-20.0, 40.0]]}
FOUND = {
    "network.flow_lpm": 40.0,
    "network.return_temperature_c": 45.0,
    "network.supply_temperature_c": 76.0,
}


def boosted(role: str = "injector") -> SmallPlant:
    """A plant without a tank whose booster lifts the last 12 K."""
    file = plant_file(
        heat=WARM,
        booster={"rated_kw": 30.0},
        network={"flow_max_lpm": 70.0},
        plant={"network_role": role},
    )
    return SmallPlant(file, extra=FOUND)


def seen(plant: SmallPlant) -> Snapshot:
    """The plant as the next scan sees it."""
    plant.scan()
    return plant.image.freeze(plant.now_s, plant.now_s)


def test_miners_are_asked_for_what_their_outlets_allow() -> None:
    plant = boosted()
    plant.scans(2)

    assert own_supply_c(plant.state.heat, plant.settings) == 76.0


@pytest.mark.parametrize(("hot_c", "mode"), [(77.5, "running"), (74.0, "starting")])
def test_a_start_ends_when_the_water_is_as_warm_as_it_can_be(hot_c: float, mode: str) -> None:
    plant = boosted()
    plant.scans(20)
    plant.state = replace(plant.state, mode="starting", order="run", mode_since_s=plant.now_s)
    plant.set(primary__hot_temperature_c=hot_c)

    assert plant.scans(3).derived["plant.mode"] == mode


def test_water_as_warm_as_it_can_be_is_a_full_store() -> None:
    plant = boosted("sole_source")
    plant.set(primary__hot_temperature_c=79.0, primary__cold_temperature_c=68.0)
    snapshot = seen(plant)

    assert store_kw(snapshot, plant.state, plant.settings) <= 0.1
