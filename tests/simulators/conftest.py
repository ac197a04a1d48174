"""Small and whole plants for the claims about the simulated world."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

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
        network_flow_max_lpm=4_200.0 * share,
        network_demand_kw=warm_heat_kw,
        exchanger_ua_kw_per_k=700.0 * share,
        dry_cooler_ua_kw_per_k=450.0 * share,
        dry_cooler_air_kw_per_k=400.0 * share,
    )


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "two exchangers, stand-by pump": {"exchangers": 2, "primary_pumps": 3},
    "no dry cooler": {"dry_cooler_ua_kw_per_k": 0.0},
    "boiler": {"booster_kw": 1_000.0},
    "tank": {"tank_m3": 300.0},
    "tank and heat pump": {
        "tank_m3": 50.0,
        "booster_kw": 800.0,
        "booster_kind": "heat_pump",
        "booster_cop": 3.5,
    },
    "sole source": {"network_role": "sole_source", "exchangers": 2},
    "sole source with everything": {
        "network_role": "sole_source",
        "tank_m3": 300.0,
        "booster_kw": 2_000.0,
        "booster_cop": 0.98,
        "exchangers": 2,
        "primary_pumps": 3,
    },
}
"""What a plant may be beside its miners."""


def pass_time(world: World, seconds: float, dt_s: float = 1.0) -> None:
    """Let the world run for a while."""
    for _ in range(round(seconds / dt_s)):
        world.step(dt_s)


@pytest.fixture
def plant() -> Callable[[float], World]:
    """The whole plant of 920 units, warm at this heat in kW."""
    return lambda warm_heat_kw: World(describe(warm_heat_kw))


@pytest.fixture
def variant() -> Callable[..., World]:
    """The whole plant at 3,000 kW, built as a variant is, or with these parts."""

    def build(name: str = "plain", *, start: str = "warm", **parts: object) -> World:
        described = replace(describe(3_000.0), **(VARIANTS[name] | parts))
        return World(described, start="cold" if start == "cold" else "warm")

    return build


@pytest.fixture(params=VARIANTS)
def any_plant(request: pytest.FixtureRequest, variant: Callable[..., World]) -> World:
    """Each variant in turn, warm at 3,000 kW."""
    return variant(request.param)


@pytest.fixture
def small() -> World:
    """Two containers of ten units; the first runs, the second sleeps behind a shut valve."""
    return World(describe(80.0, containers=2, units=10))


@pytest.fixture
def run() -> Callable[..., None]:
    """Lets a world run for some seconds."""
    return pass_time
