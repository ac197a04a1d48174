"""`hearth probe` of a Modbus device as a program: once, watched until it is ended, and refused."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from simulators.wire.listen import serve_units
from tests.harness.loopback import FreeLoopback
from tests.wire.memory_bank import MemoryBank

pytestmark = [pytest.mark.system, pytest.mark.real_sockets]

ROOT = Path(__file__).parents[2]
WITHIN_S = 40.0


@pytest.fixture
async def pump(free_loopback: FreeLoopback) -> AsyncIterator[tuple[str, int, MemoryBank]]:
    """A Grundfos module at unit 5 of a free address."""
    address = free_loopback()
    bank = MemoryBank(inputs_length=365, holdings_length=112)
    bank.put("holding", 100, 3)
    bank.put("input", 301, 123)
    async with serve_units({5: bank}, address, "pump"):
        yield (*address, bank)


async def probe(*words: str) -> asyncio.subprocess.Process:
    """The program, started."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controller", "probe", *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    """Its exit code, and what it said."""
    async with asyncio.timeout(WITHIN_S):
        output, errors = await process.communicate()
    return process.returncode or 0, output.decode(), errors.decode()


async def test_a_device_at_an_address_is_read_and_nothing_is_written(
    pump: tuple[str, int, MemoryBank],
) -> None:
    host, port, bank = pump
    where = (host, "grundfos_cim", "--unit", "5", "--port", str(port))

    code, output, errors = await ended(await probe(*where, "--json"))

    assert (code, errors) == (0, "")
    points = {point["point"]: point for point in json.loads(output)["points"]}
    assert points["flow_m3h"]["value"] == 12.3
    assert points["control"]["state"] == "run"
    assert bank.written == []


async def test_it_watches_until_it_is_ended(pump: tuple[str, int, MemoryBank]) -> None:
    host, port, bank = pump
    where = (host, "grundfos_cim", "--unit", "5", "--port", str(port))
    process = await probe(*where, "--json", "--watch")
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN_S):
        first = json.loads(await process.stdout.readline())
        bank.put("input", 301, 200)
        second = json.loads(await process.stdout.readline())
    process.send_signal(signal.SIGINT)

    code, _, _ = await ended(process)

    flows = [
        next(point["value"] for point in told["points"] if point["point"] == "flow_m3h")
        for told in (first, second)
    ]
    assert code == 0
    assert flows[0] == 12.3
    assert bank.written == []


async def test_what_cannot_be_probed_is_told_in_one_line() -> None:
    code, _, errors = await ended(await probe("127.0.0.1", "grundfos"))

    assert code == 2
    assert errors.startswith("hearth: there is no profile 'grundfos', did you mean 'grundfos_cim'?")


async def test_nobody_there_is_an_exit_code(free_loopback: FreeLoopback) -> None:
    host, port = free_loopback()

    where = (host, "sim_outdoor_sensor", "--port", str(port))
    code, output, _ = await ended(await probe(*where, "--json"))

    assert code == 1
    assert "no connection: nobody listens" in output
