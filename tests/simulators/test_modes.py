"""Work modes: how a unit's power follows them, and that a unit remembers its own."""

import pytest

from simulators.description import Container, MinerModel, Personality, PlantDescription
from simulators.world import World

ECO, NORMAL, BOOST = 0, 1, 2
RATED_KW = 8.4


def world_of(personality: Personality) -> World:
    description = PlantDescription(
        (Container("container-01", 4),),
        model=MinerModel(personality=personality),
        primary_flow_max_lpm=60.0,
        district_flow_max_lpm=20.0,
        primary_volume_l=90.0,
        exchanger_ua_kw_per_k=3.0,
        dry_cooler_ua_kw_per_k=2.0,
        dry_cooler_air_kw_per_k=2.0,
        warm_heat_kw=30.0,
    )
    return World(description, seed=3)


def pass_s(world: World, seconds: int) -> None:
    for _ in range(seconds):
        world.step(1.0)


def share(world: World, unit: int = 0) -> float:
    """The unit's power against its own full power in normal mode."""
    return float(world.fleet.power_kw[unit]) / RATED_KW


def test_a_live_mode_settles_within_minutes_without_a_restart() -> None:
    world = world_of("modes_live")
    before = share(world)
    elapsed_s = world.fleet.elapsed_s[0]

    world.fleet.set_mode(0, ECO)
    pass_s(world, 5)
    early = share(world)
    pass_s(world, 300)

    assert before == pytest.approx(1.0, abs=0.02)
    assert before > early > 5.2 / RATED_KW
    assert share(world) == pytest.approx(5.2 / RATED_KW, abs=0.02)
    assert world.fleet.elapsed_s[0] == pytest.approx(elapsed_s + 305.0)
    assert share(world, 1) == pytest.approx(1.0, abs=0.02), "its neighbour does not care"


def test_a_stored_mode_waits_for_the_next_start() -> None:
    world = world_of("modes_reboot")
    world.fleet.set_mode(0, BOOST)
    pass_s(world, 300)
    waiting = share(world)

    world.fleet.reboot(0)
    pass_s(world, 600)

    assert waiting == pytest.approx(1.0, abs=0.02)
    assert share(world) == pytest.approx(9.6 / RATED_KW, abs=0.03)


def test_a_mode_outlives_sleep_and_the_loss_of_mains() -> None:
    world = world_of("modes_live")
    world.fleet.set_mode(0, ECO)
    pass_s(world, 60)
    world.fleet.sleep(0)
    pass_s(world, 60)
    world.fleet.reboot(0)
    pass_s(world, 600)
    woken = share(world)
    world.fleet.feed(world.fleet.container_of < 0)
    pass_s(world, 30)
    world.fleet.feed(world.fleet.container_of >= 0)
    pass_s(world, 600)

    assert woken == pytest.approx(5.2 / RATED_KW, abs=0.02)
    assert share(world) == pytest.approx(5.2 / RATED_KW, abs=0.02)


def test_heat_follows_the_mode_and_the_account_closes() -> None:
    world = world_of("modes_live")
    world.fleet.set_mode(0, ECO)
    pass_s(world, 400)

    truth = world.truth()

    stored = float(truth["energy_stored_kwh"])
    out = float(truth["energy_out_kwh"])
    assert float(truth["energy_in_kwh"]) == pytest.approx(out + stored, abs=1e-6)
