"""Promises of the scan over very many random cycles, on plants of different kinds.

The short form runs always; `make campaign` runs a hundred thousand cycles and more.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest

from controller.control.decision import Decision, Wanted
from controller.control.fleet_view import rated_kw_at
from controller.control.loops.memory import loop_states
from controller.control.loops.state import LoopState
from controller.control.loops.table import loops
from controller.control.scan import LONGEST_STEP_S
from tests.control.small_plant import RUNNING, SmallPlant, plant_file
from tests.control.wanderer import Wanderer

SITE_KW = 50.0
MIN_ON_S, MIN_OFF_S, SLEEPS = 40.0, 30.0, 6
DWELL = {
    "accepted": True,
    "min_on_s": MIN_ON_S,
    "min_off_s": MIN_OFF_S,
    "sleeps_per_day": SLEEPS,
    "mode_hold_s": 20.0,
    "follow_limit_s": 10.0,
}
MODES = [
    {"name": "eco", "power_kw": 5.2, "hashrate_ths": 310.0},
    {"name": "normal", "power_kw": 8.4, "hashrate_ths": 460.0},
]
LAYERS = {f"tank.layer_{layer}_temperature_c": 70.0 for layer in range(1, 9)}
BOOSTER = {"rated_kw": 20.0}
MOST_INTEGRAL = 400.0
DAY_S = 86_400.0

KINDS = ("injector", "tank", "sole-source", "modes-and-trim")


def plant_of(kind: str) -> SmallPlant:
    site = {"site_power_kw": SITE_KW}
    match kind:
        case "tank":
            file = plant_file(plant=site, miners=DWELL, tank={"volume_m3": 10.0})
            return SmallPlant(file, extra={**LAYERS, "network.flow_lpm": 40.0})
        case "sole-source":
            role = {**site, "network_role": "sole_source"}
            return SmallPlant(plant_file(plant=role, miners=DWELL, booster=BOOSTER))
        case "modes-and-trim":
            containers = [
                {"units": 4, "first_address": "127.9.1.1", "modes": MODES},
                {"units": 4, "first_address": "127.9.2.1", "trim_from_pct": 60.0},
            ]
            return SmallPlant(plant_file(plant=site, miners=DWELL, container=containers))
        case _:
            return SmallPlant(plant_file(plant=site, miners=DWELL))


def story(kind: str, seed: int, cycles: int) -> Iterator[tuple[Wanderer, Decision]]:
    wanderer = Wanderer(plant_of(kind), seed)
    for _ in range(cycles):
        yield wanderer, wanderer.cycle()


def nothing_above_the_ceiling(wanderer: Wanderer, decision: Decision) -> None:
    settings = wanderer.plant.settings
    power_kw = rated_kw_at(decision.state.dispatch, settings)
    wanted_kw = float(power_kw[decision.units == Wanted.NORMAL].sum())
    ceiling_kw = decision.derived.get("plant.power_ceiling_kw", math.inf)
    assert isinstance(ceiling_kw, float)
    assert wanted_kw <= min(SITE_KW, ceiling_kw) + 1e-9


def outputs_are_numbers_in_range_and_water_moves(wanderer: Wanderer, decision: Decision) -> None:
    for name, value in decision.outputs.items():
        assert isinstance(value, bool) or 0.0 <= value <= 100.0, name
    if decision.writing and (decision.units == Wanted.NORMAL).any():
        least_pct = wanderer.plant.settings.hydraulics.pump_min_pct
        pumps = [n for n in (1, 2) if decision.outputs[f"pump-{n}.run"] is True]
        assert pumps
        assert all(decision.outputs[f"pump-{n}.speed_pct"] >= least_pct for n in pumps)


def nothing_told_is_no_number(decision: Decision) -> None:
    for name, value in decision.derived.items():
        assert not isinstance(value, float) or math.isfinite(value), name


def contracted_heat_is_the_floor(decision: Decision) -> None:
    target, floor = (decision.derived.get(f"plant.heat_{w}_kw") for w in ("target", "floor"))
    if isinstance(target, float) and isinstance(floor, float):
        assert target >= floor - 1e-9


def nothing_winds_up(decision: Decision) -> None:
    loops = (decision.state.cooling, decision.state.network)
    for loop in loops:
        for name in (field.name for field in fields(loop)):
            memory = getattr(loop, name)
            if isinstance(memory, LoopState):
                assert abs(memory.pi.integral) <= MOST_INTEGRAL, name


def no_change_of_mode_is_a_bump(wanderer: Wanderer, decision: Decision) -> None:
    before, settings = wanderer.before, wanderer.plant.settings
    assert before is not None
    if "tracking" in (before.state.mode, decision.state.mode):
        return
    was, now = (loop_states(one.state, settings) for one in (before, decision))
    last_s = before.state.last_s
    dt_s = min(wanderer.plant.now_s - (0.0 if last_s is None else last_s), LONGEST_STEP_S)
    for name, loop in loops(settings).items():
        left, found = was[name].output, now[name].output
        # What the master and a cold network are given has other reasons too.
        if name in ("outlet", "heat") or left is None or found is None:
            continue
        if was[name].mode != now[name].mode:
            assert abs(found - left) <= loop.output_pct_per_s * dt_s + 1e-6, name


class Dwell:
    """When each unit slept and woke, by the wishes alone."""

    def __init__(self, units: int) -> None:
        self.slept_s = np.full(units, -np.inf)
        self.woke_s = np.full(units, -np.inf)
        self.sleeps: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(units, np.int64))

    def watch(self, wanderer: Wanderer, decision: Decision) -> None:
        """Compare the wishes with those of the cycle before."""
        before = wanderer.before
        assert before is not None
        was, now = before.state.dispatch.wanted, decision.state.dispatch.wanted
        now_s = wanderer.plant.now_s
        tracked = "tracking" in (before.state.mode, decision.state.mode)
        slept = (was == Wanted.NORMAL) & (now == Wanted.SLEEP)
        woken = (was == Wanted.SLEEP) & (now == Wanted.NORMAL)
        if not tracked:
            # A unit that runs by itself is kept, not woken.
            by_order = woken & (wanderer.plant.image.fleet.freeze(now_s).state == 4)
            assert (now_s - self.slept_s[by_order] >= MIN_OFF_S - 1e-6).all()
            # One that starts by itself is put to sleep as often as it takes.
            sleeps = self.sleeps[decision.state.dispatch.day]
            assert (sleeps[by_order] < SLEEPS).all()
            sleeps += slept
        self.slept_s[slept], self.woke_s[woken] = now_s, now_s


def go_through(kind: str, seed: int, cycles: int) -> None:
    dwell = Dwell(8)
    for wanderer, decision in story(kind, seed, cycles):
        nothing_above_the_ceiling(wanderer, decision)
        outputs_are_numbers_in_range_and_water_moves(wanderer, decision)
        nothing_told_is_no_number(decision)
        contracted_heat_is_the_floor(decision)
        nothing_winds_up(decision)
        no_change_of_mode_is_a_bump(wanderer, decision)
        dwell.watch(wanderer, decision)


@pytest.mark.parametrize("kind", KINDS)
def test_the_promises_hold_whatever_happens(kind: str) -> None:
    go_through(kind, seed=1, cycles=1_500)


@pytest.mark.campaign
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2, 7))
def test_the_promises_hold_over_a_hundred_thousand_cycles(kind: str, seed: int) -> None:
    go_through(kind, seed, cycles=6_000)


@pytest.mark.parametrize("kind", KINDS)
def test_a_plant_that_is_well_again_comes_back(kind: str) -> None:
    """After a thousand wild cycles everything is mended and reset: heat is made again."""
    wanderer = Wanderer(plant_of(kind), 9)
    for _ in range(1_000):
        wanderer.cycle()
    plant = wanderer.plant
    plant.values |= wanderer.healthy
    plant.now_s += DAY_S
    decision = wanderer.decision
    for second in range(900):
        for unit, wanted in enumerate(decision.units.tolist()):
            if wanted == Wanted.FREE:
                plant.unit(unit, RUNNING)
        wanderer.odd.clear()
        wanderer.obey()
        asked = [plant.request("heat_demand_kw", 30.0), plant.request("trip_reset")]
        decision = wanderer.decision = plant.scan(*(asked if second % 60 == 30 else []))

    assert decision.derived["plant.mode"] == "running"
    assert (decision.units == Wanted.NORMAL).any()
