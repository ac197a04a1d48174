"""Over any day not a thousandth of the energy is made or lost."""

import pytest

from tests.simulators.conftest import VARIANTS
from tests.simulators.days import DAY_S, plant_of, unexplained_pct

GOAL_PCT = 0.1


def test_half_an_hour_of_trouble_of_the_largest_plant_closes() -> None:
    world = plant_of("sole source with everything", containers=2, units=10)

    assert unexplained_pct(world, 1_800, "winter", seed=1) <= 1e-6
    assert world.truth()["energy_sold_kwh"] > 2.0


@pytest.mark.campaign
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("season", ["winter", "summer"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_day_of_every_plant_closes(variant: str, season: str) -> None:
    world = plant_of(variant, containers=10, units=92)

    assert unexplained_pct(world, DAY_S, season, seed=2) <= GOAL_PCT
