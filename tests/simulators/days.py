"""Days in the life of a plant: weather, demand, orders at random and faults, and its account."""

from dataclasses import replace
from typing import Final

import numpy as np

from simulators.demand import Homes, wanted_kw
from simulators.weather import made_up
from simulators.world import World
from tests.simulators.conftest import VARIANTS, describe

ORDER_EVERY_S: Final = 600
DAY_S: Final = 86_400
FIRST_DAYS: Final = {"winter": 20, "summer": 190}
FAULTS: Final = (("pump-1", "off"), ("district-pump", "off"), ("exchanger-1", "fouled"))


def plant_of(variant: str, containers: int, units: int) -> World:
    """A plant of this kind, tank and booster as large as its miners make them."""
    share = containers * units / 920.0
    parts = dict(VARIANTS[variant])
    for name in ("tank_m3", "booster_kw"):
        if name in parts:
            parts[name] *= share
    if "dry_cooler_ua_kw_per_k" not in parts:
        parts["dry_cooler_ua_kw_per_k"] = 450.0 * share
    return World(replace(describe(3_000.0 * share, containers, units), **parts))


def unexplained_pct(world: World, seconds: int, season: str, seed: int) -> float:
    """Energy that the account cannot explain after this time, in percent of what came in."""
    dice = np.random.default_rng([seed, seconds])
    begin_hour = 24.0 * FIRST_DAYS[season]
    weather = made_up(seed, begin_hour)
    share = world.description.units / 920.0
    demand = wanted_kw(weather, seed, begin_hour, Homes().scaled(share))
    for second in range(seconds):
        if second % 60 == 0:
            world.set_outdoor_c(weather.at(second))
            world.set_network_demand_kw(demand.at(second))
        if second % ORDER_EVERY_S == 0:
            _disturb(world, dice)
        world.step(1.0)
    truth = world.truth()
    gap_kwh = truth["energy_in_kwh"] - truth["energy_out_kwh"] - truth["energy_stored_kwh"]
    return 100.0 * abs(gap_kwh) / truth["energy_in_kwh"]


def _disturb(world: World, dice: np.random.Generator) -> None:
    """Somebody turns things, units sleep and wake, now and then something breaks."""
    plc, low, high = world.plc, 20.0, 100.0
    for point in ("pump-1.speed_pct", "district-pump.speed_pct"):
        plc.command(point, dice.uniform(low, high))
    if world.description.separated:
        plc.command("network-pump.speed_pct", dice.uniform(low, high))
        plc.command("mixing-valve.position_pct", dice.uniform(0.0, high))
    if world.description.booster_kw > 0.0:
        plc.command("booster.run", value=bool(dice.random() < 0.7))
        plc.command("booster.power_pct", dice.uniform(0.0, high))
    if world.description.dry_cooler_ua_kw_per_k > 0.0:
        plc.command("three-way-valve.position_pct", dice.uniform(0.0, high))
        plc.command("dry-cooler.fan_pct", dice.uniform(0.0, high))
    for unit in dice.integers(0, world.description.units, world.description.units // 8).tolist():
        (world.fleet.sleep if dice.random() < 0.5 else world.fleet.reboot)(unit)
    world.set_district_return_c(dice.uniform(42.0, 52.0))
    world.faults.clear()
    if dice.random() < 0.2:
        world.faults.set(*FAULTS[int(dice.integers(len(FAULTS)))])
