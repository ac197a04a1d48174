"""Any plant lives an eventful day: nothing trips but what somebody has broken."""

import pytest

from tests.scenarios.any_plant import Day

FEW, MANY = range(1, 2), range(1_000, 1_300)
SHORT = 2


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", FEW)
def test_nothing_trips_that_nobody_broke(seed: int) -> None:
    day = Day(seed)

    assert day.live(SHORT) == [], day.given


@pytest.mark.campaign
@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", MANY)
def test_nothing_trips_that_nobody_broke_in_hundreds_of_plants(seed: int) -> None:
    day = Day(seed)

    assert day.live() == [], day.given
