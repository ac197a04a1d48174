"""The machine of modes and trips, enumerated: every mode with every order in every situation."""

from collections import defaultdict
from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest

from controller.control.modes import LONGEST_START_S, MAINTENANCE, ORDERS, Stance, stand
from controller.control.state import Mode, PlantState
from controller.image.process_image import Snapshot
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant

EDGES: dict[Mode, set[Mode]] = {
    "tracking": {"tracking", "tripped"},
    "off": {"off", "starting", "maintenance", "tripped"},
    "standby": {"standby", "starting", "stopping", "maintenance", "tripped"},
    "starting": {"starting", "running", "standby", "stopping", "tripped"},
    "running": {"running", "starting", "stopping", "tripped"},
    "stopping": {"stopping", "starting", "standby", "off", "tripped"},
    "maintenance": {"maintenance", "off", "tripped"},
    "tripped": {"tripped", "starting", "stopping"},
}
"""From each mode to those that one step may lead to: all of them occur, and no others."""


class Situation:
    """What the plant shows, as far as the machine looks at it."""

    def __init__(self, *, dark: bool, warm: bool, mains: bool, wet: bool) -> None:
        self.plant = SmallPlant(
            extra={"safety.mains_present": mains, "primary.suction_pressure_kpa": 180.0}
        )
        self.dark = dark
        self.plant.all_units(ASLEEP if dark else RUNNING)
        self.plant.set(primary__hot_temperature_c=77.0 if warm else 30.0)
        if not wet:
            self.plant.set(primary__suction_pressure_kpa=80.0)
        self.snapshot: Snapshot = self.plant.snapshot()

    def state(self, mode: Mode, order: str | None, since_s: float) -> PlantState:
        """The machine in this mode, since so long, with this order."""
        now_s = self.snapshot.now_s
        dark_since_s = now_s - since_s if self.dark else None
        return replace(
            self.plant.state,
            mode=mode,
            order=order,  # type: ignore[arg-type]
            mode_since_s=now_s - since_s,
            dark_since_s=dark_since_s,
            started_s=0.0,
            last_s=now_s,
        )


SITUATIONS = [
    Situation(dark=dark, warm=warm, mains=mains, wet=wet)
    for dark, warm, mains, wet in product((True, False), repeat=4)
]


def every() -> list[tuple[Mode, str | None, bool, Situation, PlantState, Stance]]:
    """Every step there is."""
    found = []
    for here, mode, order, tripped, since_s in product(
        SITUATIONS, get_args(Mode), (*ORDERS, None), (True, False), (1.0, LONGEST_START_S + 1.0)
    ):
        state = here.state(mode, order, since_s)
        after, stance, _ = stand(here.snapshot, state, here.plant.settings, tripped=tripped)
        found.append((mode, order, tripped, here, after, stance))
    return found


@pytest.fixture(scope="module")
def steps() -> list[tuple[Mode, str | None, bool, Situation, PlantState, Stance]]:
    return every()


def test_every_edge_occurs_and_no_other(steps: list) -> None:
    seen: dict[Mode, set[Mode]] = defaultdict(set)
    for mode, _, _, _, after, _ in steps:
        seen[mode].add(after.mode)

    assert dict(seen) == EDGES


def test_a_trip_wins_over_every_order_in_every_mode(steps: list) -> None:
    for _, _, tripped, _, after, stance in steps:
        if tripped:
            assert after.mode == "tripped"
            assert not stance.hash_allowed
            assert stance.pumps_wanted


def test_hash_runs_only_where_the_plant_was_ordered_to_run(steps: list) -> None:
    for _, order, _, _, after, stance in steps:
        if stance.hash_allowed:
            assert after.mode in ("running", "starting")
            assert after.mode == "running" or order in ("run", None)
            assert not stance.missing or after.mode == "running"


def test_pumps_stand_still_only_without_power(steps: list) -> None:
    for _, _, _, here, after, stance in steps:
        if stance.pumps_may_stop:
            assert here.dark
            assert after.mode in ("off", "maintenance", "starting")


def test_maintenance_begins_from_rest_alone(steps: list) -> None:
    for mode, order, _, _, after, _ in steps:
        if after.mode == "maintenance":
            assert mode in ("off", "standby", "maintenance")
            assert order in MAINTENANCE


def test_a_plant_that_has_tripped_starts_only_by_a_start(steps: list) -> None:
    for mode, _, tripped, _, after, _ in steps:
        if mode == "tripped" and not tripped:
            assert after.mode != "running"
            assert after.mode_since_s == pytest.approx(after.last_s, abs=1e-6)


def test_a_stop_ends_only_when_the_power_has_been_gone_for_the_post_run(steps: list) -> None:
    post_run_s = SITUATIONS[0].plant.settings.hydraulics.post_run_s
    for mode, _, _, here, after, _ in steps:
        if mode == "stopping" and after.mode in ("off", "standby"):
            assert here.dark
            assert after.dark_since_s is not None
            assert here.snapshot.now_s - after.dark_since_s >= post_run_s


def test_there_are_as_many_as_there_should_be(steps: list) -> None:
    assert len(steps) == len(SITUATIONS) * len(get_args(Mode)) * (len(ORDERS) + 1) * 2 * 2
    assert np.isfinite([after.mode_since_s for *_, after, _ in steps]).all()
