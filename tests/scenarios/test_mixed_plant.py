"""Avalons carry the load, WhatsMiners take what they leave over: in memory and in closed loop."""

from pathlib import Path

import numpy as np
import pytest

from controller.config.settings import fleet_layout, scan_settings
from controller.control.decision import Wanted
from controller.control.state import Request
from controller.field.devices import build_field
from controller.lab.description import describe
from controller.lab.soft_plant import SoftPlant
from simulators.world import World
from tests.scenarios.mixed_plant import AVALONS, TRIM_KW, logins, mixed_plant

MINUTES = 13
# To put a WhatsMiner to sleep changes the power by at least half of its rating.
LEAST_STEP_KW = 0.5 * TRIM_KW


@pytest.fixture
def plant(tmp_path: Path) -> SoftPlant:
    file = mixed_plant(logins(tmp_path))
    settings = scan_settings(file)
    tags = build_field(file, settings).tags
    return SoftPlant(World(describe(file), 7), settings, fleet_layout(file), tags)


def ask(plant: SoftPlant, heat_kw: float, minutes: int = MINUTES) -> float:
    """Let the plant follow this demand; the mean of the last five minutes, from the truth."""
    until_s = plant.world.now_s + 60.0 * minutes + 10.0
    name = f"r{plant.world.now_s:.0f}"
    asked = Request(name, "opcua:anna", "operator", "heat_demand_kw", heat_kw, "", until_s)
    sold_kw = []
    for second in range(60 * minutes):
        plant.second([asked] if second == 0 else [])
        sold_kw.append(float(plant.world.truth()["heat_sold_kw"]))
    return float(np.mean(sold_kw[-300:]))


def switches(plant: SoftPlant) -> int:
    return sum("power" not in order for _, _, order in plant.world.fleet.commands)


def test_demands_between_whole_units_are_met_within_half_the_smallest_step(
    plant: SoftPlant,
) -> None:
    assert ask(plant, 120.0, 20) == pytest.approx(120.0, abs=0.5 * LEAST_STEP_KW)
    before = switches(plant)

    for heat_kw in (124.0, 127.5):
        assert ask(plant, heat_kw) == pytest.approx(heat_kw, abs=0.5 * LEAST_STEP_KW)

    assert switches(plant) == before, "trim alone follows small changes"
    percent = plant.world.fleet.trim.percent
    assert (percent[:AVALONS] == 0).all()
    assert ((percent[AVALONS:] >= 50) & (percent[AVALONS:] <= 100)).all()
    # Not all of them need the same whole percentage: together they come nearer.
    assert np.ptp(percent[AVALONS:]) <= 1


def test_units_that_can_be_set_are_on_before_and_after_whole_ones(plant: SoftPlant) -> None:
    ask(plant, 150.0)
    ask(plant, 90.0)

    wanted = plant.state.dispatch.wanted == Wanted.NORMAL
    assert wanted[AVALONS:].all()
    assert 0 < np.count_nonzero(wanted[:AVALONS]) < AVALONS


def test_units_that_can_be_set_are_woken_where_whole_ones_alone_would_do(plant: SoftPlant) -> None:
    before = plant.world.fleet.soft_off[AVALONS:].copy()

    ask(plant, 96.0, 5)

    wanted = plant.state.dispatch.wanted == Wanted.NORMAL
    assert before.all()
    # Three reach 5.5 kW to either side of their middle, half an Avalon is 4.2.
    assert np.count_nonzero(wanted[AVALONS:]) >= 3


@pytest.mark.campaign
def test_a_day_of_small_steps_needs_few_switches(plant: SoftPlant) -> None:
    dice = np.random.default_rng(7)
    heat_kw, errors_kw = 130.0, []
    for _ in range(48):
        heat_kw = float(np.clip(heat_kw + dice.uniform(-6.0, 6.0), 100.0, 180.0))
        errors_kw.append(abs(ask(plant, heat_kw, 30) - heat_kw))

    assert np.mean(errors_kw) < 0.1 * TRIM_KW
    assert max(errors_kw) < 0.5 * TRIM_KW
    assert switches(plant) < 120
