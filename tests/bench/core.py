"""The core under full load: 920 miners and the plant's devices over real sockets for a minute."""

import asyncio
from typing import Final

import uvloop

from controller.lab.processes import Usage, read_usage
from tests.bench.rows import Row
from tests.system.real_plant import RealPlant, real_plant

SECONDS: Final = 60.0


def measure() -> list[Row]:
    """Lateness of the scan, and what the core's process costs, gateway and rig beside it."""
    return uvloop.run(_measure())


async def _measure() -> list[Row]:
    async with real_plant(containers=10, units=92) as plant:
        pid = plant.core_pid
        scans, polls = plant.number("loop.scans"), plant.number("poll.polls")
        before = _usage(pid)
        await asyncio.sleep(SECONDS)
        after = _usage(pid)
        return _rows(plant, before, after, scans, polls)


def _rows(plant: RealPlant, before: Usage, after: Usage, scans: float, polls: float) -> list[Row]:
    polls_per_s = (plant.number("poll.polls") - polls) / SECONDS
    note = (
        f"920 miners, {polls_per_s:.0f} polls/s of summary+estats, {SECONDS:.0f} s,"
        f" {plant.number('loop.scans') - scans:.0f} scans, rig and gateway on the same machine"
    )
    share = (after.cpu_s - before.cpu_s) / SECONDS
    late = plant.number("loop.lateness_p99_ms")
    return [
        Row("core.lateness_p99_ms", late, "ms", "<= 20", note=note),
        Row(
            "core.lateness_max_ms", plant.number("loop.lateness_max_ms"), "ms", "<= 250", note=note
        ),
        Row("core.scan_ms", plant.number("loop.scan_ms"), "ms", "<= 50", note=f"{note}; median"),
        Row("core.cpu_share", share, "cores", "<= 0.4", note=note),
        Row("core.rss_mb", after.peak_mb, "MB", "<= 300", note=f"{note}; peak"),
    ]


def _usage(pid: int) -> Usage:
    usage = read_usage(pid)
    if usage is None:
        raise RuntimeError(f"the core's process {pid} is gone")
    return usage
