"""The world that belongs to a plant.toml: it is as warm, as large and as limited as that says."""

from typing import Any

import numpy as np
import pytest

from controller.lab.description import describe
from simulators.description import MinerModel, PlantDescription
from simulators.world import World
from tests.scenarios.evening import small_plant

COOL: dict[str, Any] = {
    "miners": {"outlet_warn_c": 68.0, "outlet_trip_c": 70.0, "inlet_max_c": 55.0},
    "hydraulics": {
        "outlet_setpoint_c": 62.0,
        "cold_header_setpoint_c": 52.0,
        "cold_header_reject_c": 40.0,
        "supply_max_c": 75.0,
    },
    "heat": {"supply_curve": [[-25.0, 58.0], [15.0, 50.0]]},
}
SMALL: dict[str, Any] = {
    "miners": {"rated_kw": 3.0, "flow_floor_lpm": 4.0, "flow_trip_lpm": 3.0},
    "hydraulics": {"primary_flow_max_lpm": 72 * 4.6},
}


def test_a_plant_that_says_nothing_is_the_usual_one() -> None:
    found, usual = describe(small_plant()), PlantDescription(containers=())

    assert found.model == MinerModel()
    for name in ("district_return_c", "warm_supply_c", "unit_lpm", "flow_proven_lpm"):
        assert getattr(found, name) == getattr(usual, name)
    for name in ("outlet_most_c", "supply_most_c", "tank_full_c"):
        assert getattr(found, name) == getattr(usual, name)


@pytest.mark.parametrize("tables", [COOL, SMALL])
def test_a_warm_start_is_inside_the_limits_of_its_plant(tables: dict[str, Any]) -> None:
    file = small_plant(**tables)
    world = World(describe(file))

    assert world.fleet.outlet_c.max() < file.miners.outlet_warn_c
    assert world.truth()["unsafe_outputs"] == 0
    assert world.unit_lpm.max() >= file.miners.flow_floor_lpm
    assert world.plc.points()["container-01.flow_proven"] is True


def test_a_unit_is_not_safe_above_the_limit_of_its_plant() -> None:
    world = World(describe(small_plant(**COOL)))

    world.fleet.settle(72.0, np.full(4, 200.0))

    assert world.truth()["unsafe_outputs"] == 72


def test_a_cool_network_sends_back_cool_water() -> None:
    assert describe(small_plant(**COOL)).district_return_c == 30.0


def test_a_larger_unit_has_more_chips_that_are_as_warm() -> None:
    model = describe(small_plant(miners={"rated_kw": 12.0, "chip_trip_c": 100.0})).model

    assert model.chip_k_per_kw * model.rated_kw == pytest.approx(1.6 * 8.4)
    assert model.rated_ths == pytest.approx(460.0 / 8.4 * 12.0)
    assert model.chip_trip_c == 107.0


def test_an_avalon_of_another_model_draws_its_own_power() -> None:
    boxes = [
        {"units": 4, "first_address": "127.9.1.1"},
        {"units": 4, "first_address": "127.9.2.1", "model": "1346", "rated_kw": 3.35},
    ]
    description = describe(small_plant(container=boxes))

    assert description.rated_kw == pytest.approx(4 * 8.4 + 4 * 3.35)
    assert [model.model for model in description.models] == ["1566HA", "1346"]
