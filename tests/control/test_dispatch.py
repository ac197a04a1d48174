from dataclasses import replace

import numpy as np
import pytest

from controller.control.decision import Decision, Wanted
from controller.control.state import PlantState, Request
from controller.image.fleet import UnitState
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant, plant_file


def plant_at(heat_kw: float, **miners: object) -> SmallPlant:
    """A plant whose weather curve always wants this heat, with short dwell times unless given."""
    dwell = {"min_on_s": 0.0, "min_off_s": 0.0, "accepted": True, **miners}
    heat = {"demand_curve": [[-20.0, heat_kw]], "max_heat_kw": 63.0}
    return SmallPlant(plant_file(miners=dwell, heat=heat))


def running(plant: SmallPlant) -> int:
    return int(np.count_nonzero(plant.state.dispatch.wanted == Wanted.NORMAL))


def obeyed(plant: SmallPlant, *requests: Request) -> Decision:
    """One scan, and every unit does at once what it is told."""
    decision = plant.scan(*requests)
    for unit, wanted in enumerate(decision.units.tolist()):
        plant.unit(unit, RUNNING if wanted == Wanted.NORMAL else ASLEEP)
    return decision


def test_too_many_units_are_put_to_sleep_at_once() -> None:
    plant = plant_at(4 * 8.4 * 0.95)

    plant.scan()

    assert running(plant) == 4


def test_whole_containers_are_emptied_first() -> None:
    plant = plant_at(5 * 8.4 * 0.95)

    decision = plant.scan()

    assert sorted(np.add.reduceat(decision.units == Wanted.NORMAL, [0, 4])) == [1, 4]


def test_units_that_have_just_started_are_not_put_to_sleep() -> None:
    plant = plant_at(0.0, min_on_s=900.0)
    plant.all_units(RUNNING)
    for unit in range(8):
        plant.unit(unit, RUNNING, elapsed_s=60.0)

    assert (plant.scans(2).units == Wanted.NORMAL).all()


def test_the_ceiling_does_not_wait_for_dwell() -> None:
    file = plant_file(
        plant={"site_power_kw": 20.0},
        miners={"min_on_s": 900.0, "accepted": True},
        heat={"demand_curve": [[-20.0, 60.0]], "max_heat_kw": 63.0},
    )
    plant = SmallPlant(file)
    for unit in range(8):
        plant.unit(unit, RUNNING, elapsed_s=60.0)

    decision = plant.scan()

    assert running(plant) == 2
    assert decision.derived["plant.limited_by"] == "site power limit"


def test_a_unit_sleeps_for_its_dwell_before_it_wakes_again() -> None:
    plant = plant_at(60.0, min_off_s=600.0)
    plant.scan()
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.scan()
    plant.all_units(ASLEEP).set(pump_1__running=True, pump_2__running=True)
    plant.scans(10)
    plant.scan(plant.request("trip_reset"))

    assert not np.any(plant.scans(500).units == Wanted.NORMAL)
    assert np.any(plant.scans(120).units == Wanted.NORMAL)


def test_nobody_wakes_in_a_container_without_proven_flow() -> None:
    plant = plant_at(60.0)
    plant.all_units(ASLEEP).set(container_01__flow_proven=False)

    decision = plant.scans(10)

    assert not (decision.units[:4] == Wanted.NORMAL).any()
    assert (decision.units[4:] == Wanted.NORMAL).all()


def test_nobody_wakes_in_a_container_that_is_stopped() -> None:
    plant = plant_at(60.0)
    plant.all_units(ASLEEP).set(container_01__leak=True)

    wanted = [plant.scan().state.dispatch.wanted[:4].copy() for _ in range(12)]

    assert plant.state.protection.trips
    assert not np.any(wanted[6:])
    assert (plant.state.dispatch.sleeps[:4] <= 1).all()


def test_an_empty_container_is_shut_after_its_post_run_and_the_last_one_never() -> None:
    plant = plant_at(0.0)
    plant.scan()
    plant.all_units(ASLEEP)

    early, late = plant.scans(170), plant.scans(30)

    valves = ["container-01.valve_open_command", "container-02.valve_open_command"]
    assert all(early.outputs[valve] for valve in valves)
    assert [late.outputs[valve] for valve in valves].count(True) == 1


def test_a_dead_unit_is_replaced() -> None:
    plant = plant_at(4 * 8.4 * 0.95)
    plant.scan()
    dead, sleepers = plant.state.dispatch.wanted == Wanted.NORMAL, 0
    for unit in np.flatnonzero(~dead):
        plant.unit(int(unit), ASLEEP)
        sleepers += 1
    plant.unit(int(np.flatnonzero(dead)[0]), None)

    plant.scans(100)

    assert running(plant) == 5
    assert sleepers == 4


def test_a_lost_switch_wakes_nobody_else() -> None:
    plant = plant_at(4 * 8.4 * 0.95)
    plant.scan()
    on = plant.state.dispatch.wanted == Wanted.NORMAL
    for unit in range(8):
        plant.unit(unit, None if on[unit] else ASLEEP)

    plant.scans(40)

    assert running(plant) == 4


def test_a_seventh_sleep_of_the_day_is_not_ordered() -> None:
    plant = plant_at(0.0, sleeps_per_day=1)
    plant.scan()
    once = plant.state.dispatch.sleeps.copy()
    plant.state = _all_wanted_on(plant)

    plant.scans(5)

    assert (once == 1).all()
    assert running(plant) == 8


def test_a_unit_that_has_slept_as_often_as_it_may_is_not_woken_to_sleep_once_more() -> None:
    plant = plant_at(0.0, sleeps_per_day=1)
    plant.scan()
    plant.all_units(ASLEEP)

    plant.scans(5, plant.request("heat_demand_kw", 60.0))

    assert (plant.state.dispatch.sleeps == 1).all()
    assert running(plant) == 0


def test_a_small_error_is_acted_on_after_a_minute_of_it_and_a_large_one_at_once() -> None:
    plant = plant_at(6 * 8.4 * 0.95)
    plant.scan()

    small = plant.request("heat_demand_kw", 5.3 * 8.4 * 0.95)
    kept = [running(plant) for _ in range(60) if obeyed(plant, small)]
    for _ in range(60):
        obeyed(plant)
    later = running(plant)
    plant.scan(plant.request("heat_demand_kw", 2.0 * 8.4 * 0.95))

    assert set(kept) == {6}
    assert later == 5
    assert running(plant) == 2


def test_a_ripple_of_the_target_switches_nobody() -> None:
    plant = plant_at(6 * 8.4 * 0.95)
    plant.scan()
    switched = []

    for second in range(600):
        units = 6.0 + (0.8 if second // 20 % 2 else -0.8)
        obeyed(plant, plant.request("heat_demand_kw", units * 8.4 * 0.95))
        switched.append(running(plant))

    assert set(switched) == {6}


def test_units_that_have_slept_often_let_those_of_other_containers_go_first() -> None:
    plant = plant_at(60.0)
    plant.scan()
    sleeps = np.array([2, 2, 2, 2, 0, 0, 0, 0], np.int8)
    plant.state = replace(plant.state, dispatch=replace(plant.state.dispatch, sleeps=sleeps))

    plant.scan(plant.request("heat_demand_kw", 4 * 8.4 * 0.95))

    assert (plant.state.dispatch.wanted == [1, 1, 1, 1, 0, 0, 0, 0]).all()


def test_what_sleepers_draw_counts_as_heat_too() -> None:
    """Eight units of 0.5 kW asleep give as much as half a unit that runs."""
    plant = plant_at(4.4 * 8.4 * 0.95, standby_kw=0.5)

    decision = plant.scan()

    assert running(plant) == 4
    assert decision.derived["plant.power_committed_kw"] == pytest.approx(8 * 8.4)
    again = plant.scan()
    assert again.derived["plant.power_committed_kw"] == pytest.approx(4 * 8.4 + 4 * 0.5)


def test_a_unit_that_may_not_be_commanded_is_left_alone() -> None:
    plant = plant_at(0.0)
    plant.image.fleet.put_commandable(3, commandable=False)

    decision = plant.scans(3)

    assert decision.units[3] == Wanted.FREE


@pytest.mark.parametrize("state", [UnitState.RUNNING, UnitState.ASLEEP])
def test_taking_over_changes_nothing_when_the_target_is_met(state: UnitState) -> None:
    heat_kw = 8 * 8.4 * 0.95 if state is UnitState.RUNNING else 0.0
    plant = plant_at(min(heat_kw, 63.0))
    plant.all_units(RUNNING if state is UnitState.RUNNING else ASLEEP)

    decision = plant.scan()

    wanted = Wanted.NORMAL if state is UnitState.RUNNING else Wanted.SLEEP
    assert (decision.units == wanted).all()


def _all_wanted_on(plant: SmallPlant) -> PlantState:
    wanted = np.full(8, np.int8(Wanted.NORMAL))
    return replace(plant.state, dispatch=replace(plant.state.dispatch, wanted=wanted))


def worn_plant(heat_kw: float, *worn: int) -> SmallPlant:
    """A plant of two containers of four, in which these units have slept often in their lives."""
    plant = plant_at(heat_kw)
    for unit in worn:
        plant.image.fleet.put_wear(unit, 500.0)
    return plant


def test_of_one_container_the_least_worn_sleep_first() -> None:
    plant = worn_plant(6 * 8.4 * 0.95, 0, 5)
    asleep = np.flatnonzero(plant.scan().units == Wanted.SLEEP)

    emptied = asleep[0] // 4 * 4
    assert len(asleep) == 2
    assert set(asleep) <= set(range(emptied, emptied + 4)) - {0, 5}


def test_the_most_worn_wake_first_and_then_stay_on() -> None:
    plant = worn_plant(8 * 8.4 * 0.95, 6)
    plant.all_units(ASLEEP)
    plant.state = replace(
        plant.state,
        dispatch=replace(
            plant.state.dispatch,
            wanted=np.full(8, np.int8(Wanted.SLEEP)),
            changed_s=np.full(8, -1e6),
        ),
    )
    woken = [np.flatnonzero(plant.scan().units == Wanted.NORMAL) for _ in range(2)]

    assert len(woken[-1]) > 0
    assert 6 in woken[-1] or not set(woken[-1]) & {4, 5, 7}


def test_a_few_changes_more_or_less_are_no_difference() -> None:
    plain, little = plant_at(6 * 8.4 * 0.95), plant_at(6 * 8.4 * 0.95)
    for unit in range(8):
        little.image.fleet.put_wear(unit, float(unit))

    assert (plain.scan().units == little.scan().units).all()
