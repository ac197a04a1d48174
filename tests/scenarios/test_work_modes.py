"""A fleet whose firmware takes modes follows the heat with them: all in memory, judged by truth."""

import numpy as np
import pytest

from controller.config.settings import fleet_layout, scan_settings
from controller.control.decision import Wanted
from controller.control.state import Request
from controller.field.devices import build_field
from controller.lab.description import describe
from controller.lab.soft_plant import SoftPlant
from simulators.world import World
from tests.scenarios.evening import ALL_METERS, small_plant

MODES = [
    {"name": "eco", "power_kw": 5.2, "hashrate_ths": 310.0},
    {"name": "normal", "power_kw": 8.4, "hashrate_ths": 460.0},
    {"name": "boost", "power_kw": 9.6, "hashrate_ths": 505.0},
]
LEAST_STEP_KW = 1.2


@pytest.fixture
def plant() -> SoftPlant:
    """Two containers of 18 units that change their modes live."""
    file = small_plant(
        18, 2, devices=ALL_METERS, boundary_meter="boundary-meter", miners={"modes": MODES}
    )
    settings = scan_settings(file)
    world = World(describe(file, "modes_live"), 7)
    return SoftPlant(world, settings, fleet_layout(file), build_field(file, settings).tags)


def ask(plant: SoftPlant, heat_kw: float, minutes: int) -> float:
    """Let the plant follow this demand; the mean of the last five minutes, from the truth."""
    until_s = plant.world.now_s + 60.0 * minutes + 10.0
    asked = Request("r", "opcua:anna", "operator", "heat_demand_kw", heat_kw, "", until_s)
    plant.second([asked])
    sold_kw = []
    for _ in range(60 * minutes):
        plant.second()
        sold_kw.append(float(plant.world.truth()["heat_sold_kw"]))
    return float(np.mean(sold_kw[-300:]))


def test_modes_meet_a_demand_within_their_smallest_step(plant: SoftPlant) -> None:
    sold_kw = ask(plant, 155.0, 40)

    assert sold_kw == pytest.approx(155.0, abs=0.5 * LEAST_STEP_KW + 0.01 * 155.0)


def test_each_unit_is_in_the_mode_that_it_was_given(plant: SoftPlant) -> None:
    ask(plant, 155.0, 20)

    on = plant.state.dispatch.wanted == Wanted.NORMAL
    assert len(set(plant.state.dispatch.rung[on])) > 1
    assert (plant.world.fleet.mode[on] + 1 == plant.state.dispatch.rung[on]).all()


def test_a_mode_is_held_for_ten_minutes(plant: SoftPlant) -> None:
    plant.second()
    before = plant.state.dispatch.rung
    changed_s = np.full(36, -np.inf)
    for minute in range(40):
        asked_kw = 150.0 + 25.0 * (minute % 2)
        until_s = plant.world.now_s + 600.0
        asked = Request(
            f"r{minute}", "opcua:anna", "operator", "heat_demand_kw", asked_kw, "", until_s
        )
        for second in range(60):
            plant.second([asked] if second == 0 else [])
            state, now_s = plant.state.dispatch, plant.world.now_s
            changed = (state.rung != before) & (state.wanted == Wanted.NORMAL)
            assert (now_s - changed_s[changed] >= 600.0).all()
            changed_s[changed], before = now_s, state.rung

    assert np.isfinite(changed_s).any()
