"""Small and whole plants for the claims about the simulated world."""

from collections.abc import Callable

import pytest

from simulators.description import Container, PlantDescription
from simulators.world import World


def describe(warm_heat_kw: float, containers: int = 10, units: int = 92) -> PlantDescription:
    """A plant of equal containers; pumps, exchanger and pipes grow with it."""
    share = containers * units / 920.0
    return PlantDescription(
        containers=tuple(Container(f"box {number}", units) for number in range(containers)),
        warm_heat_kw=warm_heat_kw,
        primary_flow_max_lpm=11_500.0 * share,
        primary_volume_l=20_000.0 * share,
        district_flow_max_lpm=4_200.0 * share,
        exchanger_ua_kw_per_k=700.0 * share,
        dry_cooler_ua_kw_per_k=450.0 * share,
        dry_cooler_air_kw_per_k=400.0 * share,
    )


def pass_time(world: World, seconds: float, dt_s: float = 1.0) -> None:
    """Let the world run for a while."""
    for _ in range(round(seconds / dt_s)):
        world.step(dt_s)


@pytest.fixture
def plant() -> Callable[[float], World]:
    """The whole plant of 920 units, warm at this heat in kW."""
    return lambda warm_heat_kw: World(describe(warm_heat_kw))


@pytest.fixture
def small() -> World:
    """Two containers of ten units; the first runs, the second sleeps behind a shut valve."""
    return World(describe(80.0, containers=2, units=10))


@pytest.fixture
def run() -> Callable[..., None]:
    """Lets a world run for some seconds."""
    return pass_time
