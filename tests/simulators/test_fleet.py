"""What a miner does when it is told to sleep or wake, and when it loses its mains."""

from collections.abc import Callable

import numpy as np

from simulators.firmware import Work
from simulators.world import World

Run = Callable[..., None]


def test_a_sleeping_units_power_is_gone_in_nine_seconds(small: World, run: Run) -> None:
    before_kw = float(small.fleet.power_kw[3])

    small.fleet.sleep(3)
    run(small, 9.0, dt_s=0.5)

    assert before_kw > 8.0
    assert small.fleet.power_kw[3] == 0.03
    assert small.fleet.soft_off[3] == 5
    assert small.fleet.work[3] == Work.IDLE


def test_hashing_ends_at_once_while_power_still_falls(small: World, run: Run) -> None:
    small.fleet.sleep(3)
    run(small, 2.0)

    assert small.fleet.hashrate_ths[3] == 0.0
    assert 1.0 < small.fleet.power_kw[3] < 8.0


def test_waking_is_dead_for_a_minute_and_near_full_by_370_seconds(small: World, run: Run) -> None:
    small.faults.set("container-02.hardwired_trip", "bridged")
    small.plc.command("container-02.valve_open_command", value=True)
    run(small, 20.0)
    small.fleet.reboot(15)

    run(small, 59.0)
    dead_kw = float(small.fleet.power_kw[15])
    run(small, 311.0)

    assert dead_kw == 0.03
    assert small.fleet.power_kw[15] > 0.95 * small.fleet.full_kw[15]
    assert small.fleet.soft_off[15] == 0
    assert small.fleet.work[15] == Work.WORKING


def test_waking_to_four_fifths_takes_two_to_six_minutes_and_differs(
    plant: Callable[[float], World],
) -> None:
    world = plant(0.0)
    for unit in range(92):
        world.fleet.reboot(unit)

    reached_s = np.full(92, np.inf)
    for second in range(1, 500):
        world.step(1.0)
        there = world.fleet.power_kw[:92] >= 0.8 * world.fleet.full_kw[:92]
        reached_s = np.where(there & np.isinf(reached_s), second, reached_s)

    assert reached_s.min() >= 120.0
    assert reached_s.max() <= 360.0
    assert reached_s.std() > 20.0
    assert np.array_equal(world.fleet.power_kw[:92], world.fleet.full_kw[:92])


def test_a_unit_that_wakes_behind_a_shut_valve_is_stopped_by_its_chips(
    small: World, run: Run
) -> None:
    small.faults.set("container-02.hardwired_trip", "bridged")
    small.fleet.reboot(15)

    run(small, 400.0)

    assert small.fleet.work[15] == Work.FAULT
    assert small.fleet.power_kw[15] == 0.03


def test_a_reboot_silences_the_unit_for_eight_seconds_and_restarts_its_time(
    small: World, run: Run
) -> None:
    small.fleet.reboot(2)

    run(small, 7.0)
    silent = not small.fleet.api_up[2]
    run(small, 3.0)

    assert silent
    assert small.fleet.api_up[2]
    assert 0.0 < small.fleet.elapsed_s[2] <= 3.0


def test_a_command_during_the_silence_never_arrives(small: World, run: Run) -> None:
    small.fleet.reboot(2)
    run(small, 2.0)

    small.fleet.sleep(2)

    assert [command for _, _, command in small.fleet.commands] == ["wake"]
    assert small.fleet.soft_off[2] == 0


def test_a_second_softoff_changes_nothing(small: World, run: Run) -> None:
    small.fleet.sleep(3)
    run(small, 20.0)

    small.fleet.sleep(3)
    run(small, 1.0)

    assert small.fleet.power_kw[3] == 0.03
    assert len(small.fleet.commands) == 2


def test_every_command_is_logged_with_its_time(small: World, run: Run) -> None:
    run(small, 3.0)

    small.fleet.sleep(4)
    small.fleet.reboot(5)

    assert list(small.fleet.commands) == [(3.0, 4, "sleep"), (3.0, 5, "wake")]


def test_without_mains_power_is_gone_at_once(small: World, run: Run) -> None:
    small.plc.command("container-01.contactor_close", value=False)
    run(small, 0.02, dt_s=0.02)

    assert not small.fleet.power_kw[:10].any()
    assert not small.fleet.api_up[:10].any()
    assert not small.fleet.elapsed_s[:10].any()
    assert small.fleet.api_up[10:].all()


def test_mains_return_starts_even_those_that_slept(small: World, run: Run) -> None:
    small.fleet.sleep(0)
    run(small, 20.0)
    small.plc.command("container-01.contactor_close", value=False)
    run(small, 60.0)

    small.plc.command("container-01.contactor_close", value=True)
    run(small, 480.0)

    assert (small.fleet.work[:10] == Work.WORKING).all()
    assert np.array_equal(small.fleet.power_kw[:10], small.fleet.full_kw[:10])
    assert not small.fleet.soft_off[:10].any()


def test_a_hot_chip_stops_its_unit_until_a_reboot(small: World, run: Run) -> None:
    small.faults.set("container-01.hardwired_trip", "bridged")
    small.plc.command("container-01.valve_open_command", value=False)
    run(small, 120.0)
    stopped = small.fleet.work[:10].copy()
    small.plc.command("container-01.valve_open_command", value=True)
    run(small, 300.0)
    still = small.fleet.work[:10].copy()
    small.fleet.reboot(0)
    run(small, 300.0)

    assert (stopped == Work.FAULT).all()
    assert (still == Work.FAULT).all()
    assert small.fleet.work[0] == Work.WORKING
    assert small.fleet.api_up.all()


def test_a_unit_that_trips_again_while_it_boots_is_heard_again(small: World, run: Run) -> None:
    small.faults.set("container-01.hardwired_trip", "bridged")
    small.plc.command("container-01.valve_open_command", value=False)
    run(small, 90.0)
    small.fleet.coolant.outlet_c[0] = 115.0
    small.fleet.reboot(0)

    run(small, 30.0, dt_s=0.5)

    assert small.fleet.work[0] == Work.FAULT
    assert small.fleet.api_up[0]


def test_units_have_their_own_identity_and_power(plant: Callable[[float], World]) -> None:
    fleet = plant(3_000.0).fleet

    assert fleet.names[0] == "c01-001"
    assert fleet.names[-1] == "c10-092"
    assert len(set(fleet.serials)) == 920
    assert len(set(fleet.macs)) == 920
    assert all(len(serial) == 16 for serial in fleet.serials)
    assert 8.4 * 0.985 <= fleet.full_kw.min() < fleet.full_kw.max() <= 8.4 * 1.015
