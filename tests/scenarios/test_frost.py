"""The coldest day: all heat is wanted, at the edge of what the water's limits allow.

Whatever cannot be as warm as the network wants goes out less warm: none of it is thrown away, and
nobody's power is taken back.
"""

from itertools import repeat
from typing import Any

import pytest

from controller.lab.simulate.courses import Courses
from controller.lab.simulate.run import Simulation, Task
from simulators.hours import Hours
from tests.scenarios.any_plant import boosters
from tests.scenarios.evening import ALL_METERS, small_plant
from tests.scenarios.test_sole_source import SHARE, WINTER_UTC_S

FROST_C = -35.0
SETTLE_S, WATCH_S = 2_700, 900
SOLE = {"network_role": "sole_source"}
HOT = {"supply_curve": [[-26.0, 88.0], [15.0, 72.0]]}
HEAT_PUMP, BOILER = boosters(SHARE)
TANK = {"volume_m3": 300.0 * SHARE}
MUCH_WATER: dict[str, Any] = {
    "miners": {"flow_floor_lpm": 25.0, "flow_trip_lpm": 20.0},
    "hydraulics": {"primary_flow_max_lpm": 27_000.0 * SHARE},
}
COOL: dict[str, Any] = {
    "miners": {"outlet_warn_c": 68.0, "outlet_trip_c": 72.0, "inlet_max_c": 58.0},
    "hydraulics": {
        "outlet_setpoint_c": 65.0,
        "cold_header_setpoint_c": 56.0,
        "cold_header_reject_c": 50.0,
        "district_flow_max_lpm": 7_000.0 * SHARE,
    },
    "heat": {"supply_curve": [[-26.0, 70.0], [15.0, 70.0]]},
    "network": {"flow_max_lpm": 7_000.0 * SHARE},
}
KINDS: dict[str, dict[str, Any]] = {
    "tank": {"tank": TANK},
    "sole source": {"plant": SOLE},
    "sole source and boiler": {"plant": SOLE, "booster": BOILER},
    "boiler, hot network": {"booster": BOILER, "heat": HOT},
    "heat pump, tank, hot network": {"booster": HEAT_PUMP, "heat": HOT, "tank": TANK},
    "much water": MUCH_WATER,
    "cool miners, boiler, tank": {**COOL, "booster": BOILER, "tank": {**TANK, "full_c": 60.0}},
}


def plant(kind: str) -> Simulation:
    tables = {**KINDS[kind]}
    site = {"site_power_kw": 9_500.0 * SHARE, **tables.pop("plant", {})}
    file = small_plant(devices=ALL_METERS, boundary_meter="boundary-meter", plant=site, **tables)
    one = Simulation(Task(file, 1.0, 7, WINTER_UTC_S, "seed:7"))
    most_kw = one.plant.settings.heat.max_heat_kw
    one.courses = Courses(Hours(repeat(FROST_C)), Hours(repeat(most_kw)), None)
    return one


IN_SHORT = ("tank", "sole source", "cool miners, boiler, tank")


@pytest.mark.parametrize("kind", IN_SHORT)
def test_all_heat_goes_out(kind: str) -> None:
    judge(plant(kind))


@pytest.mark.campaign
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - set(IN_SHORT)))
def test_all_heat_goes_out_of_others(kind: str) -> None:
    judge(plant(kind))


def judge(one: Simulation) -> None:
    """What is wanted is sold once all is warm, nothing is rejected, and nobody sleeps for it."""
    for _ in range(SETTLE_S):
        one.second()
    before = one.plant.world.truth()
    for _ in range(WATCH_S):
        decision = one.second()
    after = one.plant.world.truth()

    hours = WATCH_S / 3_600.0
    sold_kw = (after["energy_sold_kwh"] - before["energy_sold_kwh"]) / hours
    rejected_kw = (after["energy_rejected_kwh"] - before["energy_rejected_kwh"]) / hours
    wanted_kw = one.plant.settings.heat.max_heat_kw
    assert sold_kw == pytest.approx(wanted_kw, rel=0.03)
    assert rejected_kw <= 0.02 * wanted_kw
    assert decision.derived["plant.limited_by"] in ("none", "installed units")
    assert int(decision.state.dispatch.sleeps.max()) <= 2
