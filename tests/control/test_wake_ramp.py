"""The wake ramp: so many units a second, and slower ones wake all the same."""

import numpy as np

from controller.control.decision import Wanted
from tests.control.small_plant import ASLEEP, SmallPlant, plant_file


def woken(scans: int, wakes_per_s: float) -> list[int]:
    """How many of eight sleepers have been woken after each scan, while all are wanted."""
    miners = {"min_on_s": 0.0, "min_off_s": 0.0, "accepted": True, "wakes_per_s": wakes_per_s}
    heat = {"demand_curve": [[-20.0, 60.0]], "max_heat_kw": 63.0}
    plant = SmallPlant(plant_file(miners=miners, heat=heat))
    plant.all_units(ASLEEP)
    plant.scan()
    wanted = (plant.scan().state.dispatch.wanted for _ in range(scans))
    return [int(np.count_nonzero(units == Wanted.NORMAL)) for units in wanted]


def test_sleepers_wake_no_faster_than_the_ramp() -> None:
    found = woken(3, wakes_per_s=2.0)

    assert np.diff([0, *found]).max() <= 2
    assert found[-1] > 0


def test_a_ramp_of_less_than_one_a_second_wakes_too() -> None:
    found = woken(13, wakes_per_s=0.25)

    assert found[-1] == 3
    assert np.diff([0, *found]).max() == 1
