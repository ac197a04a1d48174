"""Runs files of steps, says what went wrong in them, and plays somebody else's controller."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pymodbus.client import AsyncModbusTcpClient

from controller.lab.hil.outcome import Outcome
from controller.lab.hil.verb import checked_steps, run_steps
from controller.lab.rig import RigAddresses
from tests.lab.hil_bench import Helper

PUMP_2 = 3
"""Address of pump 2's speed in the manual of the PLC, in hundredths of a per cent."""


async def run(
    folder: Path, text: str, *, stop: asyncio.Event | None = None, said: list[str] | None = None
) -> Outcome:
    """What has come of the steps of this text."""
    path = folder / "steps.toml"
    path.write_text(text, encoding="utf-8")
    file = checked_steps(path)
    say = [].append if said is None else said.append
    end = stop or asyncio.Event()
    return await run_steps(path, file, Helper(), say, end, folder / "report")


def failures(outcome: Outcome) -> list[str]:
    """What has not passed, for a test's message."""
    told = [
        f"{step.name}: {one.figure} {one.measured} {one.why}"
        for step in outcome.steps
        for one in (*step.until, *step.expect)
        if not one.passed
    ]
    refused = [one.why for step in outcome.steps for one in step.set if not one.done]
    return [*told, *refused, *(one.why for one in outcome.restored if not one.done)]


@asynccontextmanager
async def foreign_controller(
    addresses: RigAddresses, speed_pct: float, *, frames: bool = False
) -> AsyncIterator[None]:
    """Somebody else's controller: it holds one pump, by plain writes or by frames."""
    host, port = addresses.cdu or ("", 0)

    async def hold() -> None:
        async with AsyncModbusTcpClient(host, port=port) as client:
            first = list((await client.read_holding_registers(0, count=12)).registers)
            beat = 0
            while True:
                beat += 1
                words: list[Any] = [beat, 1, *first[2:]]
                words[PUMP_2] = round(100.0 * speed_pct)
                if frames:
                    await client.write_registers(0, words)
                else:
                    await client.write_register(PUMP_2, words[PUMP_2])
                    await client.write_coil(1, value=True)
                await asyncio.sleep(0.5)

    async with asyncio.TaskGroup() as group:
        holding = group.create_task(hold(), name="foreign controller")
        yield
        holding.cancel()
