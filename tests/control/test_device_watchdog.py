"""Devices that would hold their outputs for ever: what is refused, told, and done all the same."""

from dataclasses import replace

import pytest

from controller.control.decision import Wanted
from controller.control.settings import DeviceWatchdog
from tests.control.small_plant import SmallPlant
from tests.control.watched_plant import WatchedPlant


@pytest.fixture
def plant() -> WatchedPlant:
    plant = WatchedPlant()
    plant.live(3)
    return plant


@pytest.mark.parametrize(
    ("after_s", "why"),
    [
        (0.0, "plc.fallback_after_s is 0: the device watches nobody"),
        (61.0, "plc.fallback_after_s is 61 s, expected 1 to 60 s"),
        (0.5, "plc.fallback_after_s is 0.5 s, expected 1 to 60 s"),
        (None, "plc.fallback_after_s is unknown, expected 1 to 60 s"),
    ],
)
def test_a_watchdog_that_is_not_what_it_should_be_is_told_with_its_reason(
    after_s: float | None, why: str
) -> None:
    plant = WatchedPlant()
    plant.values["plc.fallback_after_s"] = after_s

    decision = plant.live(60)

    assert not decision.writing
    assert str(decision.derived["plant.reach_reason"]).startswith(why)
    assert sum(why in event for event in plant.events) == 1


def test_the_longest_time_that_a_device_may_wait_is_the_plants() -> None:
    plant = WatchedPlant(device_watchdog_max_s=120.0)
    plant.values["plc.fallback_after_s"] = 100.0

    decision = plant.live(3)

    assert decision.writing
    assert decision.derived["plant.reach_reason"] == "none"


def test_a_watchdog_that_is_switched_off_while_we_run_ends_the_writing(plant: WatchedPlant) -> None:
    plant.values["plc.fallback_after_s"] = 0.0
    decisions = [plant.live() for _ in range(10)]
    assert not any(decision.writing for decision in decisions)
    assert sum("watches nobody" in event for event in plant.events) == 1

    plant.values["plc.fallback_after_s"] = 10.0
    decision = plant.live(3)

    assert decision.writing
    assert decision.epoch == 2
    assert decision.derived["plant.reach_reason"] == "none"


def test_what_is_being_stopped_is_stopped_although_nobody_watches(plant: WatchedPlant) -> None:
    plant.set(pump_1__running=False, pump_2__running=False)
    plant.live(3)
    plant.values["plc.fallback_after_s"] = 0.0

    decision = plant.live(10)

    assert decision.writing
    assert (decision.units == Wanted.SLEEP).all()
    assert decision.epoch == 1, "it is one pen all the time"


def test_any_device_with_a_watchdog_is_asked_for_it() -> None:
    plant = SmallPlant(extra={"valve-io.watchdog_s": 0.0})
    watchdog = DeviceWatchdog("valve-io.watchdog_s", 1.0, 30.0, 0.0)
    plant.settings = replace(plant.settings, watchdogs=(*plant.settings.watchdogs, watchdog))
    assert not plant.scans(30).writing

    plant.set(valve_io__watchdog_s=5.0)

    assert plant.scans(5).writing
