"""The simulated world alone: how fast it runs, whether its energy closes, how well a pipe fits."""

import time
from typing import Final

from simulators.world import World
from tests.bench.rows import Row
from tests.simulators.bench_pipe import BENCH_TESTS, rmse_k
from tests.simulators.conftest import VARIANTS
from tests.simulators.days import DAY_S, plant_of, unexplained_pct

STEPS: Final = 2_000
REPEATS: Final = 7
REFERENCE: Final = "plain"
DEAREST: Final = "sole source with everything"
SEED: Final = 1


def measure() -> list[Row]:
    """Speed of 920 units, the account of a day of every kind of plant, the pipe of a test bench."""
    speed = {name: _speedup(name) for name in (REFERENCE, "tank", DEAREST)}
    others = ", ".join(f"{name} {value:.0f}" for name, value in speed.items())
    errors = {name: _day_pct(name) for name in VARIANTS}
    worst_day = max(errors, key=lambda name: errors[name])
    fits = {name: rmse_k(name) for name in BENCH_TESTS}
    worst_fit = max(fits, key=lambda name: fits[name])
    return [
        Row(
            "world.speedup",
            speed[REFERENCE],
            "x",
            ">= 5000",
            note=f"920 units, steps of 1 s, processor time, best of {REPEATS}; {others}",
        ),
        Row(
            "world.energy_error_pct",
            errors[worst_day],
            "%",
            "<= 0.1",
            note=f"a winter day of 92 units with orders and faults at random; worst of"
            f" {len(errors)} kinds of plant: {worst_day}",
        ),
        Row(
            "world.pipe_rmse_k",
            fits[worst_fit],
            "K",
            "<= 0.8",
            note=f"{len(fits)} steps of the Liège test bench, worst: {worst_fit}",
        ),
    ]


def _speedup(variant: str) -> float:
    """Plant seconds for each second of the processor, undisturbed."""
    world = plant_of(variant, containers=10, units=92)
    return STEPS / min(_processor_s(world) for _ in range(REPEATS))


def _processor_s(world: World) -> float:
    begun_s = time.process_time()
    for _ in range(STEPS):
        world.step(1.0)
    return time.process_time() - begun_s


def _day_pct(variant: str) -> float:
    return unexplained_pct(plant_of(variant, containers=1, units=92), DAY_S, "winter", SEED)
