"""Protection: how fast a trip reaches the wire, and what random cycles and incidents give."""

import asyncio
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from controller.lab.virtual_loop import VirtualLoop
from tests.bench.rows import Row
from tests.control.protection.dice import judged
from tests.faults.incidents import drawn, play
from tests.faults.wired_plant import controlled
from tests.mutation.mutants import Mutant
from tests.mutation.run import SEED, all_mutants, score

CYCLES: Final = 20_000
INCIDENTS: Final = 24
MUTANTS: Final = 24
TRIPS: Final = 40
STEP_S: Final = 0.02


def measure() -> list[Row]:
    """Short forms of the long proofs; `make campaign` runs ten million cycles and all mutants."""
    judge = judged(SEED, CYCLES)
    broken = float(sum(judge.broken.values()))
    outcomes = [play(*one) for one in drawn(INCIDENTS)]
    named_pct = 100.0 * sum(one.named for one in outcomes) / len(outcomes)
    worst = max(len(one.raised) for one in outcomes)
    waits_ms = sorted(_trip_ms(number) for number in range(TRIPS))
    middle_ms = waits_ms[len(waits_ms) // 2]
    tried = score(_some(MUTANTS), processes=2)
    return [
        Row(
            "protection.trip_p99_ms",
            waits_ms[-1],
            "ms",
            "<= 300",
            note="from the sample of a leak in the image to the order at the PLC, virtual"
            f" time in steps of 20 ms, worst of {TRIPS}; median {middle_ms:.0f} ms",
        ),
        Row("protection.random_cycles", float(judge.cycles), "", f">= {CYCLES}"),
        Row("protection.violations", broken, "", "<= 0"),
        Row(
            "protection.mutation_pct",
            tried.percent,
            "%",
            ">= 90",
            note=f"{tried.tried} of {len(all_mutants())} mutants, drawn by seed {SEED}",
        ),
        Row(
            "protection.first_out_pct",
            named_pct,
            "%",
            ">= 95",
            note=f"{len(outcomes)} incidents in closed loop; most alarms of one: {worst}",
        ),
    ]


def _some(count: int) -> list[Mutant]:
    mutants = all_mutants()
    Random(SEED).shuffle(mutants)
    return mutants[:count]


def _trip_ms(number: int) -> float:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_trip(number))
    finally:
        loop.close()


async def _trip(number: int) -> float:
    """One leak at some moment of the second: how long until the feeder is ordered open."""
    with TemporaryDirectory() as folder:
        async with controlled(Path(folder)) as plant:
            await asyncio.sleep(number * 0.037)
            plant.world.faults.set("container-01.leak", "wet")
            seen_s = None
            while plant.world.plc.command_value("container-01.contactor_close") is not False:
                plant.world.step(STEP_S)
                await asyncio.sleep(STEP_S)
                if seen_s is None and plant.snapshot().flag("container-01.leak") is True:
                    seen_s = plant.now_s
            # Where it was seen and ordered within one step, the step is what it took at most.
            return 1_000.0 * max(plant.now_s - (seen_s or plant.now_s), STEP_S)
