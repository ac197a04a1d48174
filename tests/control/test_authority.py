import pytest

from controller.control.authority import let_go
from controller.control.decision import Wanted
from controller.control.pen import following, newer
from tests.control.small_plant import SmallPlant
from tests.control.watched_plant import PLC, WatchedPlant


@pytest.fixture
def plant() -> WatchedPlant:
    plant = WatchedPlant()
    plant.live(3)
    assert plant.state.pen.holder == "ours"
    return plant


def test_a_take_over_has_an_epoch_of_its_own(plant: WatchedPlant) -> None:
    decision = plant.live()

    assert decision.epoch == 1
    assert decision.derived["plant.authority"] == "ours"
    assert decision.derived["plant.epoch"] == 1.0


@pytest.mark.parametrize(
    ("one", "other", "is_newer"),
    [(1, 0, True), (0, 1, False), (5, 5, False), (1, 65_535, True), (65_535, 1, False)],
)
def test_epochs_are_compared_as_serial_numbers(one: int, other: int, *, is_newer: bool) -> None:
    assert newer(one, other) is is_newer


@pytest.mark.parametrize(("epoch", "after"), [(0, 1), (7, 8), (65_535, 1)])
def test_the_next_epoch_is_never_zero(epoch: int, after: int) -> None:
    assert following(epoch) == after


def test_after_the_last_epoch_the_pen_is_taken_and_kept() -> None:
    plant = WatchedPlant()
    plant.values["plc.epoch"] = 65_535.0

    decision = plant.live(20)

    assert decision.epoch == 1
    assert decision.writing


def test_a_gap_makes_the_plant_be_read_anew(plant: WatchedPlant) -> None:
    after = plant.live(dt_s=6.0)
    assert not after.writing
    assert (after.units == Wanted.FREE).all()
    assert plant.live().writing is False, "a reply of before the gap may still have come in"

    decision = plant.live(3)

    assert decision.writing
    assert decision.epoch == 2
    assert any("no scan for 6.0 s" in event for event in plant.events)


def test_units_that_were_not_heard_since_the_gap_hold_the_plant_back(plant: WatchedPlant) -> None:
    for unit in range(8):
        plant.unit(unit, None)

    plant.live(dt_s=6.0)

    assert not plant.live(8).writing


def test_a_short_delay_is_no_gap(plant: WatchedPlant) -> None:
    assert plant.live(dt_s=4.5).writing
    assert plant.state.pen.epoch == 1


def test_rare_scans_are_no_gaps() -> None:
    plant = WatchedPlant(scan_s=5.0)
    plant.live(4, dt_s=5.0)

    assert plant.live(dt_s=6.0).writing
    assert plant.state.pen.epoch == 1


def test_a_plc_in_local_automatic_is_taken_over_anew_as_it_stands(plant: WatchedPlant) -> None:
    plant.live(5)
    plant.fall_back()
    plant.set(district_pump__speed_pct=71.0)
    assert plant.live().derived["plant.authority"] == "local automatic"

    decision = plant.live()

    assert decision.epoch == 2
    assert decision.outputs["district-pump.speed_pct"] == pytest.approx(71.0, abs=0.1)


def test_a_plc_that_refuses_the_take_over_is_asked_again(plant: WatchedPlant) -> None:
    plant.live(5)
    plant.fall_back()
    plant.live(2)
    plant.values["plc.epoch"], plant.values["plc.local_automatic"] = 1.0, True

    decisions = [plant.scan() for _ in range(8)]

    assert any(not decision.writing for decision in decisions)
    assert decisions[-1].epoch == 2


def test_whose_pen_is_taken_by_another_writes_nothing_any_more(plant: WatchedPlant) -> None:
    plant.values["plc.epoch"] = 2.0
    decisions = [plant.live() for _ in range(60)]

    assert not any(decision.writing for decision in decisions)
    assert all((decision.units == Wanted.FREE).all() for decision in decisions)
    assert decisions[-1].derived["plant.authority"] == "taken by another"
    assert sum("another controller has the pen" in event for event in plant.events) == 1


def test_whose_pen_is_taken_by_another_stays_silent_also_when_that_one_dies(
    plant: WatchedPlant,
) -> None:
    plant.values["plc.epoch"] = 2.0
    plant.live(3)
    plant.fall_back()

    assert not plant.live(30).writing


def test_a_danger_does_not_give_the_pen_back(plant: WatchedPlant) -> None:
    plant.values["plc.epoch"] = 2.0
    plant.live(3)
    plant.set(pump_1__running=False, pump_2__running=False)

    assert not plant.live(3).writing


def test_another_that_came_during_a_gap_keeps_the_pen(plant: WatchedPlant) -> None:
    plant.values["plc.epoch"] = 2.0
    plant.live(dt_s=15.0)

    decision = plant.live(10)

    assert not decision.writing
    assert decision.derived["plant.authority"] == "taken by another"


def test_a_plc_that_has_started_anew_is_no_other_controller(plant: WatchedPlant) -> None:
    plant.values["plc.epoch"] = 40_000.0
    plant.values["plc.boot_count"] = 4.0
    assert not plant.live().writing

    decision = plant.live(2)

    assert decision.writing
    assert decision.epoch == 40_001


def test_a_silent_plc_is_named_and_taken_over_when_it_answers() -> None:
    plant = WatchedPlant()
    plant.values.update(dict.fromkeys(PLC))
    decision = plant.live(17)
    assert decision.derived["plant.authority"] == "plc silent"
    assert decision.epoch is None

    plant.values.update(PLC)
    decision = plant.live(3)

    assert decision.epoch == 1


def test_a_plc_that_falls_silent_is_named(plant: WatchedPlant) -> None:
    plant.values.update(dict.fromkeys(PLC))

    decision = plant.live(17)

    assert decision.derived["plant.authority"] == "plc silent"
    assert decision.writing, "the miners are still ours to stop"


def test_a_plc_that_watches_nobody_is_not_ordered() -> None:
    plant = WatchedPlant()
    plant.values["plc.fallback_after_s"] = 0.0
    decision = plant.live(60)
    assert not decision.writing
    assert decision.derived["plant.authority"] == "plc without watchdog"
    assert sum("watches nobody" in event for event in plant.events) == 1

    plant.values["plc.fallback_after_s"] = 10.0

    assert plant.live(3).writing


def test_a_pen_that_turned_out_to_be_anothers_too_is_let_go_for_good(plant: WatchedPlant) -> None:
    plant.state = let_go(plant.state)

    decisions = [plant.live() for _ in range(30)]

    assert not any(decision.writing for decision in decisions)
    assert all((decision.units == Wanted.FREE).all() for decision in decisions)
    assert decisions[-1].derived["plant.authority"] == "taken by another"


def test_a_known_danger_acts_although_nobody_watches() -> None:
    plant = WatchedPlant()
    plant.values["plc.fallback_after_s"] = 0.0
    plant.set(pump_1__running=False, pump_2__running=False)

    assert (plant.live(3).units == Wanted.SLEEP).all()


def test_a_known_danger_ends_the_tracking_after_a_gap(plant: WatchedPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)

    plant.live(dt_s=8.0)
    decision = plant.live(2)

    assert decision.writing
    assert (decision.units == Wanted.SLEEP).all()


def test_a_dry_run_beside_another_controller_goes_on_deciding() -> None:
    plant = WatchedPlant(reach="dry-run")
    plant.live(3)
    plant.values["plc.epoch"] = 9.0
    plant.fall_back()

    decision = plant.live(5)

    assert decision.derived["plant.authority"] == "dry-run"
    assert decision.derived["plant.mode"] == "running"
    assert decision.epoch is None


def test_a_foreign_plc_without_an_epoch_is_ordered_without_one() -> None:
    plant = SmallPlant()

    decision = plant.scans(5)

    assert decision.writing
    assert decision.epoch is None
    assert decision.derived["plant.authority"] == "ours"
