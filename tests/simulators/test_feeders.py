"""The feeder panel counts what each container draws."""

from collections.abc import Callable

import numpy as np
import pytest

from simulators.description import Container, PlantDescription
from simulators.feeders import FeederPanel
from simulators.world import World

Run = Callable[..., None]


def test_feeders_add_up_to_the_plants_electricity(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(3_000.0)

    run(world, 600.0)

    points, truth = world.feeder_panel.points(), world.truth()
    shown_kw = [float(points[f"container-{n:02d}.feeder_power_kw"] or 0.0) for n in range(1, 11)]
    counted_kwh = [float(points[f"container-{n:02d}.feeder_energy_kwh"] or 0) for n in range(1, 11)]
    assert sum(shown_kw) == pytest.approx(truth["electric_kw"], rel=1e-6)
    assert sum(counted_kwh) == pytest.approx(truth["energy_in_kwh"], abs=1.0)
    assert shown_kw[0] > 92 * 8.0
    assert shown_kw[9] == pytest.approx(92 * 0.03)


def test_an_open_contactor_leaves_nothing_on_its_feeder(small: World, run: Run) -> None:
    small.plc.command("container-01.contactor_close", value=False)

    run(small, 2.0)

    points = small.feeder_panel.points()
    assert points["container-01.feeder_power_kw"] == 0.0
    assert points["container-02.feeder_power_kw"] == pytest.approx(0.3)


def test_the_counter_of_32_bits_begins_again_at_its_end() -> None:
    panel = FeederPanel(PlantDescription((Container("a", 1), Container("b", 2))))
    whole_kwh = 2**32 / 10.0

    panel.step(3_600.0, np.array([whole_kwh + 12.34, 1.0, 2.0]))

    points = panel.points()
    assert points["container-01.feeder_energy_kwh"] == pytest.approx(12.3)
    assert points["container-02.feeder_energy_kwh"] == 3.0


def test_mains_lost_leaves_every_miner_dark_and_the_water_moving(small: World, run: Run) -> None:
    small.plc.command("dry-cooler.fan_pct", 80.0)
    run(small, 10.0)
    before_lpm = small.truth()["primary_flow_lpm"]
    small.faults.set("mains", "off")

    run(small, 20.0)

    truth, points = small.truth(), small.plc.points()
    assert truth["electric_kw"] == 0.0
    assert truth["primary_flow_lpm"] == before_lpm
    assert points["safety.mains_present"] is False
    assert points["pump-1.running"] is True
    assert points["dry-cooler.fan_feedback_pct"] == 0.0
