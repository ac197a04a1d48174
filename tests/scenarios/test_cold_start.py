"""A plant that is cold throughout: water, tank, exchangers, and units without mains."""

import pytest

from tests.scenarios.evening import ALL_METERS, small_plant, soft_plant
from tests.scenarios.test_scenarios import CONTAINERS, PLANTS, UNITS

FIFTEEN_MINUTES_S = 900


@pytest.mark.parametrize("kind", ["full", "no tank"])
@pytest.mark.timeout(120)
def test_heat_is_delivered_within_fifteen_minutes_of_a_cold_start(kind: str) -> None:
    plant = soft_plant(
        small_plant(UNITS, CONTAINERS, devices=ALL_METERS, **PLANTS[kind]), start="cold"
    )

    least_kw = 0.0
    for _ in range(FIFTEEN_MINUTES_S):
        decision = plant.second()
        least_kw = min(least_kw, float(plant.world.truth()["heat_delivered_kw"]))

    truth = plant.world.truth()
    target_kw = decision.derived["plant.heat_target_kw"]
    assert isinstance(target_kw, float)
    assert truth["heat_delivered_kw"] >= 0.5 * target_kw
    # The exchangers' own cold water goes out first, for half a minute.
    assert least_kw > -0.1 * target_kw
    assert truth["unsafe_unit_seconds"] == 0.0
    assert not plant.state.protection.trips
