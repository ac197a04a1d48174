"""Miners polled by us and by others: the same ready replies, the same machine, medians of five."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, Final

from controller.lab.description import describe
from simulators.wire.cgminer import reply
from simulators.wire.unit import UnitView
from simulators.world import World
from tests.bench.miner_server import CLIENT, UPTIME_S, Missing, compiled, served
from tests.bench.rows import Row
from tests.scenarios.evening import small_plant

RUNS: Final = 5
OURS: Final = "summary+estats"
ASKED: Final = (
    OURS,
    "estats",
    "stats",
    "litestats",
    "summary",
    "version",
    "pools",
    "devs",
    "devdetails",
    "config",
    "coin",
)
PORT: Final = 4028
POLLS: Final = 6_000
TOGETHER: Final = 64
PEERS: Final = Path(".venv-peers/bin/python")


def measure() -> list[Row]:
    """CPU time of a poll beside that of others, and ten thousand miners in one process."""
    replies = ready_replies()
    note = f"reply of {len(replies[OURS]):,} B, median of {RUNS}"
    with served(replies) as port:
        told = [_fleet("together", port, 2_000, POLLS, TOGETHER) for _ in range(RUNS)]
        poll_us = median(float(one) for one in told)
        big = json.loads(_fleet("paced", port, 10_000, 5.0, 30.0))
    peers = {name: took_us for name, took_us in _others(replies).items() if took_us is not None}
    rows = [
        Row(
            "asic.poll_cpu_us", poll_us, "us", "<= 180", peers, note=f"{TOGETHER} at a time; {note}"
        )
    ]
    rows += [_beside(name, peers.get(name), poll_us, times) for name, times in TIMES.items()]
    goals = {
        "on_time_pct": (">= 99.9", "%"),
        "lateness_p99_ms": ("<= 5", "ms"),
        "cpu_share": ("<= 0.6", "cores"),
        "rss_mb": ("<= 400", "MB"),
    }
    told = "10,000 miners every 5 s in one process for 30 s"
    return rows + [
        Row(f"asic.fleet10k.{name}", big[name], unit, goal, note=told)
        for name, (goal, unit) in goals.items()
    ]


TIMES: Final = {"c": 3.0, "pyasic_rs": 4.0, "pyasic": 20.0}
"""How many times of a C client we may be, and how many times cheaper than the others."""


def _beside(name: str, took_us: float | None, ours_us: float, times: float) -> Row:
    """What another one takes; its goal says how far we must be from it."""
    goal = f">= {ours_us / times:.1f}" if name == "c" else f">= {ours_us * times:.1f}"
    told = f"at least a {times:g}th of ours" if name == "c" else f"at least {times:g} times ours"
    return Row(f"asic.poll_cpu_us.{name}", took_us, "us", goal, note=told)


def ready_replies() -> dict[str, bytes]:
    """What a simulated unit that hashes answers to every read command."""
    world = World(describe(small_plant(1, 1)), 7)
    world.fleet.reboot(0)
    for _ in range(1_200):
        world.step(0.5)
    world.fleet.elapsed_s[0] = UPTIME_S
    unit = UnitView(world.fleet, 0, world.description.model)
    return {name: reply(json.dumps({"command": name}).encode(), unit) for name in ASKED}


def _fleet(how: str, *numbers: float) -> str:
    """A poller in a process of its own, which has a processor for itself."""
    command = [sys.executable, "-m", "tests.bench.asic_fleet", how, *map(str, numbers)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _others(replies: dict[str, bytes]) -> dict[str, float | None]:
    """The same poll by a bare C client and by two libraries, which know one port only."""
    with served(replies, PORT) as port:
        return {"c": _c_client(port), "pyasic": _peer("pyasic"), "pyasic_rs": _peer("pyasic_rs")}


def _c_client(port: int) -> float | None:
    with tempfile.TemporaryDirectory(prefix="miner-client-") as folder:
        try:
            program = compiled(CLIENT, Path(folder), "client")
        except Missing:
            return None
        request = json.dumps({"command": OURS}, separators=(",", ":"))
        command = [str(program), *map(str, (port, 2_000, POLLS, TOGETHER)), request]
        return median(float(_said(command)) for _ in range(RUNS))


def _peer(name: str) -> float | None:
    """CPU time of one reading by a library of others; None where it is not installed."""
    if not PEERS.exists():
        return None
    script = Path(__file__).with_name("asic_peers.py")
    return median(float(_said([str(PEERS), str(script), name])) for _ in range(RUNS))


def _said(command: list[str]) -> str:
    def first_processor() -> None:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

    told: Any = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=first_processor,
    )
    return str(told.stdout).strip().splitlines()[-1]
