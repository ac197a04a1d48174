"""Modbus programs that are not ours: mbpoll, and a client and a server on libmodbus.

Foreign clients read and write the simulated devices; our driver reads and writes a foreign server.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.errors import Refused
from drivers.modbus.device import ModbusDevice
from drivers.modbus.entry import registers_of
from drivers.modbus.profile import Profile
from simulators.wire.bank import Bank, CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.meters import HEAT_METER
from simulators.wire.listen import serve_units
from tests.harness.loopback import FreeLoopback
from tests.simulators.lone_plc import LonePlc

pytestmark = [pytest.mark.system, pytest.mark.real_sockets]

SOURCES = Path(__file__).parent / "libmodbus"
HEADER = Path("/usr/include/modbus/modbus.h")
WITHIN_S = 20.0
HAVE_MBPOLL = shutil.which("mbpoll") is not None
HAVE_LIBMODBUS = shutil.which("cc") is not None and HEADER.is_file()
needs_mbpoll = pytest.mark.skipif(not HAVE_MBPOLL, reason="mbpoll: see deploy/foreign.sh")
needs_libmodbus = pytest.mark.skipif(
    not HAVE_LIBMODBUS, reason="cc and libmodbus-dev: see deploy/foreign.sh"
)

Address = tuple[str, int]


class Meter:
    """A heat meter that stands still."""

    def points(self) -> dict[str, float | None]:
        """Its points, one of which it does not have."""
        return {
            "flow_lpm": 1234.5,
            "supply_temperature_c": 75.25,
            "return_temperature_c": None,
            "power_kw": 3210.5,
            "energy_kwh": 6553.7,
        }


@pytest.fixture
def lone() -> LonePlc:
    return LonePlc()


@pytest.fixture
async def devices(lone: LonePlc, free_loopback: FreeLoopback) -> AsyncIterator[Address]:
    """The simulated PLC as unit 1 and a heat meter as unit 7 of one address."""
    address = free_loopback()
    banks: dict[int, Bank] = {
        1: CommandBank(CDU_PLC, lone.plc, lambda: lone.now_s),
        7: Bank(HEAT_METER, Meter(), lambda: lone.now_s),
    }
    async with serve_units(banks, address, "devices"):
        yield address


async def run(*words: str) -> tuple[int, str]:
    """A foreign program's exit code, and all it says."""
    process = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(WITHIN_S):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def mbpoll(address: Address, unit: int, form: str, at: int, *more: str) -> tuple[int, str]:
    """One poll or write, addresses counted from 0, floats with the high word first."""
    host, port = address
    asked = ("-a", str(unit), "-t", form, "-0", "-r", str(at), "-B", "-1", "-p", str(port))
    flags = [word for word in more if word.startswith("-")]
    values = [word for word in more if not word.startswith("-")]
    return await run("mbpoll", "-m", "tcp", *asked, *flags, host, *values)


def told(output: str) -> list[float]:
    """The numbers that mbpoll prints, each after its address."""
    return [
        float(found) for found in re.findall(r"^\[\d+\]:\s+([-\d.nae+]+)", output, re.MULTILINE)
    ]


async def compiled(folder: Path, name: str) -> Path:
    """One of the C programs."""
    program = folder / name
    words = (str(SOURCES / f"{name}.c"), "-o", str(program), f"-I{HEADER.parent}", "-lmodbus")
    code, output = await run("cc", "-Wall", "-Wextra", "-Werror", *words)
    assert code == 0, output
    return program


@needs_mbpoll
async def test_mbpoll_reads_the_simulated_devices(devices: Address) -> None:
    code, output = await mbpoll(devices, 7, "3:float", 0, "-c2")
    assert code == 0, output
    assert told(output)[:2] == pytest.approx([1234.5, 75.25])
    _, output = await mbpoll(devices, 1, "1", 0, "-c4")
    assert told(output) == [1.0, 1.0, 1.0, 0.0], "three pumps run, and there is no fourth"


@needs_mbpoll
async def test_mbpoll_writes_the_simulated_plc_and_is_refused_what_is_out_of_range(
    lone: LonePlc, devices: Address
) -> None:
    code, output = await mbpoll(devices, 1, "4", 2, "6125")
    assert code == 0, output
    assert lone.order("pump-1.speed_pct") == 61.25
    await mbpoll(devices, 1, "0", 0, "1")
    assert lone.order("pump-1.run") == 1.0

    code, output = await mbpoll(devices, 1, "4", 2, "10001")
    assert "Illegal data value" in output
    assert lone.order("pump-1.speed_pct") == 61.25


@needs_libmodbus
async def test_a_libmodbus_client_reads_and_writes_the_simulated_devices(
    lone: LonePlc, devices: Address, tmp_path: Path
) -> None:
    client = str(await compiled(tmp_path, "client"))
    host, port = devices

    async def ask(unit: int, *words: str) -> tuple[int, str]:
        return await run(client, host, str(port), str(unit), *words)

    # 1,234.5 as float32 is 44 9A 50 00; a broken sensor is not a number.
    assert await ask(7, "read", "input", "0", "2") == (0, f"{0x449A} {0x5000}\n")
    _, missing = await ask(7, "read", "input", "4", "2")
    assert int(missing.split()[0]) & 0x7FC0 == 0x7FC0
    assert (await ask(1, "write", "holding", "2", "5000", "5100"))[0] == 0
    assert await ask(1, "read", "holding", "2", "2") == (0, "5000 5100\n")
    assert (lone.order("pump-1.speed_pct"), lone.order("pump-2.speed_pct")) == (50.0, 51.0)
    assert (await ask(1, "write", "coil", "0", "1", "1"))[0] == 0
    assert await ask(1, "read", "coil", "0", "2") == (0, "1 1\n")

    code, refused = await ask(1, "read", "input", "104", "1")
    assert (code, refused) == (1, "Illegal data address\n")
    code, refused = await ask(1, "write", "holding", "2", "10001")
    assert (code, refused) == (1, "Illegal data value\n")
    code, refused = await ask(7, "write", "holding", "0", "1")
    assert (code, refused) == (1, "Illegal function\n")


@asynccontextmanager
async def libmodbus_server(program: Path, address: Address) -> AsyncIterator[None]:
    """The foreign server, ready for connections."""
    host, port = address
    process = await asyncio.create_subprocess_exec(
        str(program), host, str(port), stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(WITHIN_S):
            assert process.stdout is not None
            assert await process.stdout.readline() == b"listening\n"
        yield
    finally:
        process.kill()
        await process.wait()


def foreign_profile() -> Profile:
    """What server.c says of itself."""
    floats = [
        {"name": f"float_{order.lower()}", "address": 2 * at, "type": "float32", "order": order}
        for at, order in enumerate(("ABCD", "CDAB", "BADC", "DCBA"))
    ]
    speed = {"name": "speed_pct", "address": 10, "type": "uint16", "scale": 0.01}
    limits = {"low": 0.0, "high": 100.0, "writable": True, "group": "output"}
    level = {"name": "level", "address": 12, "type": "float32", "order": "CDAB"}
    entries = [
        *({"table": "holding", **one} for one in floats),
        {"name": "outdoor_c", "table": "input", "address": 0, "type": "int16", "scale": 0.01},
        {"name": "broken", "table": "input", "address": 1, "type": "int16", "sentinels": [32767]},
        {"name": "count", "table": "input", "address": 2, "type": "uint32"},
        {
            "name": "s",
            "table": "input",
            "address": 4,
            "type": "uint16",
            "bits": {"on": 9, "off": 8},
        },
        {"name": "di_{n}", "table": "discrete", "address": 0, "type": "bool", "repeat": 10},
        {"table": "holding", **speed, **limits},
        {"table": "holding", **level, **limits},
        {"name": "run", "table": "coil", "address": 3, "type": "bool", "writable": True}
        | {"group": "output"},
    ]
    registers = tuple(one for entry in entries for one in registers_of(entry))
    exists = {"holding": ((0, 19),), "input": ((0, 19),), "discrete": ((0, 9),), "coil": ((0, 9),)}
    return Profile("libmodbus", "server.c", registers, exists)


@needs_libmodbus
async def test_our_driver_reads_and_writes_a_libmodbus_server(
    tmp_path: Path, free_loopback: FreeLoopback
) -> None:
    address = free_loopback()
    server = await compiled(tmp_path, "server")
    async with libmodbus_server(server, address):
        device = ModbusDevice("far", *address, 1, foreign_profile())
        seen = await device.read("normal")

        for order in ("abcd", "cdab", "badc", "dcba"):
            assert seen[f"far.float_{order}"] == pytest.approx(123.456), order
        assert seen["far.outdoor_c"] == -11.42
        assert seen["far.broken"] is None
        assert seen["far.count"] == 305_419_896
        assert (seen["far.on"], seen["far.off"]) == (True, False)
        assert [seen[f"far.di_{n}"] for n in range(1, 11)] == [n % 3 == 1 for n in range(1, 11)]

        await device.write({"far.speed_pct": 61.25, "far.level": 12.5, "far.run": True})
        found = await device.read("output")
        assert found == {"far.speed_pct": 61.25, "far.level": 12.5, "far.run": True}
        await device.close()


@needs_libmodbus
async def test_what_a_libmodbus_server_does_not_have_is_refused_by_name(
    tmp_path: Path, free_loopback: FreeLoopback
) -> None:
    address = free_loopback()
    server = await compiled(tmp_path, "server")
    beyond = registers_of({"name": "x", "table": "input", "address": 20, "type": "uint16"})
    async with libmodbus_server(server, address):
        device = ModbusDevice("far", *address, 1, Profile("p", "m", tuple(beyond), {}))

        with pytest.raises(Refused, match=r"exception 2 \(illegal data address\)"):
            await device.read("normal")
        await device.close()
