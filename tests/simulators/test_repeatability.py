"""The same seed and the same orders give the same bytes, and no order gives a NaN."""

import hashlib
import json
import math
from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.description import Container, PlantDescription
from simulators.faults import Faults
from simulators.world import World

Run = Callable[..., None]

TINY = PlantDescription(
    (Container("a", 4), Container("b", 3)),
    primary_flow_max_lpm=90.0,
    primary_volume_l=150.0,
    district_flow_max_lpm=32.0,
    exchanger_ua_kw_per_k=5.0,
    dry_cooler_ua_kw_per_k=3.5,
    dry_cooler_air_kw_per_k=3.0,
    warm_heat_kw=30.0,
)
POSITIONS = (
    "pump-1.speed_pct",
    "pump-2.speed_pct",
    "district-pump.speed_pct",
    "three-way-valve.position_pct",
    "dry-cooler.fan_pct",
)
SWITCHES = (
    "pump-1.run",
    "district-pump.run",
    "container-01.contactor_close",
    "container-01.valve_open_command",
    "container-02.valve_open_command",
)
BREAKABLE = tuple(
    (target, verb) for target in Faults(TINY).targets() for verb in Faults(TINY).verbs(target)
)

ORDERS = st.one_of(
    st.tuples(st.sampled_from(POSITIONS), st.floats(0.0, 100.0)),
    st.tuples(st.sampled_from(SWITCHES), st.booleans()),
    st.tuples(st.sampled_from(("sleep", "wake")), st.integers(0, 6)),
    st.tuples(st.just("break"), st.sampled_from(BREAKABLE)),
    st.tuples(st.sampled_from(("outdoor", "return")), st.floats(-40.0, 60.0)),
    st.tuples(st.just("wait"), st.integers(1, 120)),
)


def obey(world: World, order: tuple[str, float]) -> None:
    """Carry out one drawn order."""
    match order:
        case ("sleep", unit):
            world.fleet.sleep(unit)
        case ("wake", unit):
            world.fleet.reboot(unit)
        case ("break", target):
            world.faults.set(*target)
        case ("outdoor", value):
            world.set_outdoor_c(value)
        case ("return", value):
            world.set_district_return_c(value)
        case ("wait", seconds):
            for _ in range(seconds):
                world.step(1.0)
        case (point, value):
            world.plc.command(point, value)


def fingerprint(seed: int) -> str:
    """Everything a world shows in five eventful minutes, as one number."""
    world = World(TINY, seed)
    digest = hashlib.sha256()
    for second in range(300):
        if second == 60:
            world.fleet.sleep(1)
            world.fleet.reboot(5)
            world.plc.command("pump-1.speed_pct", 61.7)
        world.step(1.0)
        shown = (world.plc.points(), world.heat_meter.points(), world.truth())
        digest.update(json.dumps(shown).encode())
        digest.update(world.fleet.outlet_c.tobytes())
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert fingerprint(7) == fingerprint(7)


def test_another_seed_gives_another_plant() -> None:
    assert fingerprint(7) != fingerprint(8)


@settings(max_examples=40)
@given(st.lists(ORDERS, min_size=1, max_size=25), st.sampled_from((0.02, 0.7, 2.0)))
def test_no_order_makes_a_nan_or_loses_energy(orders: list[tuple[str, float]], dt_s: float) -> None:
    world = World(TINY)

    for order in orders:
        obey(world, order)
        world.step(dt_s)

    truth = world.truth()
    readings = [*world.plc.points().values(), *world.heat_meter.points().values()]
    fleet = world.fleet
    columns = (fleet.power_kw, fleet.hashrate_ths, fleet.inlet_c, fleet.outlet_c, fleet.chip_c)
    gap_kwh = truth["energy_in_kwh"] - truth["energy_out_kwh"] - truth["energy_stored_kwh"]
    assert all(math.isfinite(value) for value in truth.values())
    assert all(value is None or math.isfinite(value) for value in readings)
    assert all(np.isfinite(column).all() for column in columns)
    assert abs(gap_kwh) <= 1e-9 * (1.0 + truth["energy_in_kwh"])
    assert json.dumps(truth)
