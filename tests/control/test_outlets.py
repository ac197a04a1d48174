"""One warm miner does not slow down a plant; many do."""

import pytest

from controller.control.outlets import FEW_SHARE, common_outlet_c
from tests.control.small_plant import RUNNING, SmallPlant, plant_file

UNITS = 120
WARM_C, USUAL_C = 83.5, 77.0
FEW = int(FEW_SHARE * UNITS)


def plant(warm: int) -> SmallPlant:
    """A plant of 120 miners, so many of which have an outlet over its warning."""
    share = UNITS / 8
    file = plant_file(
        container=[{"units": UNITS // 2, "first_address": f"127.9.{n}.1"} for n in (1, 2)],
        hydraulics={"primary_flow_max_lpm": 100.0 * share, "district_flow_max_lpm": 100.0 * share},
        heat={"demand_curve": [[-20.0, 70.0 * share], [17.0, 60.0 * share]], "max_heat_kw": 940.0},
    )
    one = SmallPlant(file).set(primary__flow_lpm=90.0 * share)
    for unit in range(warm):
        one.unit(unit, RUNNING._replace(outlet_c=WARM_C))
    return one


@pytest.mark.parametrize(("warm", "derate"), [(0, 1.0), (1, 1.0), (FEW, 1.0)])
def test_a_few_warm_miners_are_their_own_matter(warm: int, derate: float) -> None:
    one = plant(warm)

    assert one.scans(60).state.heat.derate == derate


def test_many_warm_miners_take_power_back() -> None:
    one = plant(FEW + 1)

    decision = one.scans(60)

    assert decision.state.heat.derate < 0.9
    assert decision.derived["plant.limited_by"] == "coolant too warm"


def test_what_is_told_is_what_more_than_a_few_exceed() -> None:
    few, many = plant(FEW), plant(FEW + 1)
    few.scan(), many.scan()

    assert common_outlet_c(few.snapshot(), few.settings) == USUAL_C
    assert common_outlet_c(many.snapshot(), many.settings) == WARM_C


def test_nobody_runs_and_nothing_is_told() -> None:
    one = plant(0)
    one.all_units(None)
    one.scan()

    assert common_outlet_c(one.snapshot(), one.settings) is None


def test_of_eight_miners_each_one_counts() -> None:
    one = SmallPlant()
    one.unit(0, RUNNING._replace(outlet_c=WARM_C))

    assert one.scans(60).state.heat.derate < 1.0
