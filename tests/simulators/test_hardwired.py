"""The relays that open feeder contactors: with any controller, with none, and until they let go."""

import pytest

from tests.simulators.lone_plc import LonePlc

BOX = "container-01"
OTHER = "container-02"


@pytest.fixture
def lone() -> LonePlc:
    """Two containers under load."""
    one = LonePlc()
    for box in (BOX, OTHER):
        one.plc.command(f"{box}.contactor_close", value=True)
    one.run(1.0)
    assert one.plc.contactors_closed.tolist() == [True, True]
    return one


def state(lone: LonePlc, box: str = BOX) -> tuple[object, object]:
    return lone.shows(f"{box}.contactor_closed"), lone.shows(f"{box}.hardwired_trip")


def close_anew(lone: LonePlc, box: str = BOX) -> None:
    lone.plc.command(f"{box}.contactor_close", value=False)
    lone.run(1.0)
    lone.plc.command(f"{box}.contactor_close", value=True)
    lone.run(1.0)


def test_a_leak_opens_the_contactor_of_its_container_at_once(lone: LonePlc) -> None:
    lone.cards[f"{BOX}.leak"] = True
    lone.run(0.2)

    assert state(lone) == (False, True)
    assert state(lone, OTHER) == (True, False)
    assert lone.plc.contactors_closed.tolist() == [False, True]
    assert lone.plc.command_value(f"{BOX}.contactor_close") is True


@pytest.mark.parametrize("card", ["safety.emergency_stop_released", "safety.mains_present"])
def test_emergency_stop_and_mains_loss_open_all(lone: LonePlc, card: str) -> None:
    lone.cards[card] = False
    lone.run(0.2)
    lone.cards[card] = True
    lone.run(5.0)

    assert lone.plc.contactors_closed.tolist() == [False, False]
    assert (state(lone), state(lone, OTHER)) == ((False, True), (False, True))


def test_a_feeder_that_draws_power_without_flow_is_opened_after_ten_seconds(lone: LonePlc) -> None:
    lone.cards[f"{BOX}.flow_proven"] = False
    lone.run(9.8)
    before = state(lone)
    lone.run(0.2)

    assert (before, state(lone)) == ((True, False), (False, True))


def test_flow_that_comes_back_in_time_starts_the_ten_seconds_anew(lone: LonePlc) -> None:
    for _ in range(3):
        lone.cards[f"{BOX}.flow_proven"] = False
        lone.run(9.0)
        lone.cards[f"{BOX}.flow_proven"] = True
        lone.run(0.2)

    assert state(lone) == (True, False)


@pytest.mark.parametrize(("share", "opened"), [(0.05, False), (0.051, True)])
def test_sleeping_miners_may_stand_without_flow(
    lone: LonePlc, share: float, *, opened: bool
) -> None:
    lone.feeder_kw[:] = share * 84.0
    lone.cards[f"{BOX}.flow_proven"] = False
    lone.run(60.0)

    assert state(lone) == (not opened, opened)


def test_a_broken_rope_and_a_broken_flow_switch_are_on_the_safe_side(lone: LonePlc) -> None:
    lone.faults.set(f"{BOX}.leak", "off")
    lone.faults.set(f"{OTHER}.flow_proven", "off")
    lone.run(11.0)

    assert lone.plc.contactors_closed.tolist() == [False, False]


def test_a_trip_stays_when_its_reason_is_gone(lone: LonePlc) -> None:
    lone.cards[f"{BOX}.leak"] = True
    lone.run(1.0)
    lone.cards[f"{BOX}.leak"] = False
    lone.run(600.0)
    lone.plc.command(f"{BOX}.contactor_close", value=True)
    lone.run(1.0)

    assert state(lone) == (False, True)


def test_opened_and_closed_again_without_a_reason_it_lets_go(lone: LonePlc) -> None:
    lone.cards[f"{BOX}.leak"] = True
    lone.run(1.0)
    lone.cards[f"{BOX}.leak"] = False
    close_anew(lone)

    assert state(lone) == (True, False)


def test_an_edge_that_comes_while_the_reason_is_there_is_lost(lone: LonePlc) -> None:
    lone.cards[f"{BOX}.leak"] = True
    close_anew(lone)
    lone.cards[f"{BOX}.leak"] = False
    lone.run(1.0)
    lost = state(lone)
    close_anew(lone)

    assert (lost, state(lone)) == ((False, True), (True, False))


def test_an_edge_between_two_cycles_counts(lone: LonePlc) -> None:
    lone.cards[f"{BOX}.leak"] = True
    lone.run(1.0)
    lone.cards[f"{BOX}.leak"] = False
    lone.plc.command(f"{BOX}.contactor_close", value=False)
    lone.plc.command(f"{BOX}.contactor_close", value=True)
    lone.run(0.2)

    assert state(lone) == (True, False)


def test_a_contactor_that_is_ordered_open_is_not_tripped(lone: LonePlc) -> None:
    lone.plc.command(f"{BOX}.contactor_close", value=False)
    lone.cards[f"{BOX}.leak"] = True
    lone.run(1.0)

    assert state(lone) == (False, False)


def test_closed_onto_a_leak_it_opens_in_the_next_cycle(lone: LonePlc) -> None:
    lone.plc.command(f"{BOX}.contactor_close", value=False)
    lone.cards[f"{BOX}.leak"] = True
    lone.run(1.0)
    lone.plc.command(f"{BOX}.contactor_close", value=True)
    lone.run(0.2)

    assert state(lone) == (False, True)


def test_the_relays_need_no_controller(lone: LonePlc) -> None:
    lone.frame(1, 1)
    lone.run(30.0)
    assert lone.shows("plc.local_automatic") is True

    lone.cards[f"{BOX}.leak"] = True
    lone.run(0.2)

    assert state(lone) == (False, True)


def test_a_container_at_local_is_tripped_and_not_let_go_by_orders(lone: LonePlc) -> None:
    lone.faults.set(BOX, "local")
    lone.cards[f"{BOX}.leak"] = True
    lone.run(1.0)
    lone.cards[f"{BOX}.leak"] = False
    close_anew(lone)

    assert state(lone) == (False, True)
    lone.faults.clear(BOX)
    close_anew(lone)
    assert state(lone) == (True, False)


def test_permissives_that_somebody_bridged_trip_on_nothing_but_lost_mains(lone: LonePlc) -> None:
    lone.faults.set(f"{BOX}.hardwired_trip", "bridged")
    lone.cards |= {f"{BOX}.leak": True, f"{BOX}.flow_proven": False}
    lone.cards["safety.emergency_stop_released"] = False
    lone.run(20.0)
    bridged = state(lone)
    lone.cards["safety.mains_present"] = False
    lone.run(0.2)

    assert (bridged, state(lone)) == ((True, False), (False, True))
