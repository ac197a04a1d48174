"""What a checked Modbus reading costs, beside bare pymodbus and libmodbus, and a plant of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from random import Random
from statistics import median
from typing import Final

import numpy as np
import uvloop
from pymodbus.client import AsyncModbusTcpClient

from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet, FleetLayout
from controller.image.process_image import ProcessImage
from controller.image.tag import Tag
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register
from tests.bench.libmodbus import Libmodbus, Missing
from tests.bench.modbus_server import served
from tests.bench.rows import Row

HOST: Final = "127.0.0.1"
REGISTERS: Final = 100
REQUESTS: Final = 3_000
ROUNDS: Final = 5
MOST_OF_PYMODBUS: Final = 1.25
DEVICES: Final = 100
REGISTERS_EACH: Final = 50
WINDOW_S: Final = 5.0


def measure() -> list[Row]:
    """One request of 100 holding registers, and 100 devices with 5,000 registers a second."""
    with served() as port:
        try:
            libmodbus = Libmodbus()
        except Missing as why:
            print(f"modbus.request_cpu_us.libmodbus is left out: {why}")  # noqa: T201
            libmodbus = None
        rows = _request_rows(port, libmodbus)
        share = uvloop.run(_plant_share(port))
    polled = DEVICES * REGISTERS_EACH
    note = f"{DEVICES} devices, {polled} registers in columns of 50, once a second into the image"
    return [*rows, Row("modbus.plant_cpu_share", share, "cores", "<= 0.15", note=note)]


def _request_rows(port: int, libmodbus: Libmodbus | None) -> list[Row]:
    """In turn, so that what else the machine does meets all of them alike."""
    taken: dict[str, list[float]] = {"ours": [], "pymodbus": [], "libmodbus": []}
    for _ in range(ROUNDS):
        taken["ours"].append(uvloop.run(_ours_us(port)))
        taken["pymodbus"].append(uvloop.run(_pymodbus_us(port)))
        if libmodbus is not None:
            taken["libmodbus"].append(libmodbus.request_us(port, REGISTERS, REQUESTS))
    found = {name: median(values) for name, values in taken.items() if values}
    ours = found.pop("ours")
    note = f"{REGISTERS} holding registers over loopback, uvloop, median of {ROUNDS} x {REQUESTS}"
    goal = f"<= {MOST_OF_PYMODBUS * found['pymodbus']:.4g}"
    decoded = f"{note}; checked and decoded to values; the goal is 1.25 x bare pymodbus"
    mine = Row("modbus.request_cpu_us", ours, "us", goal, found, decoded)
    peers = [
        Row(f"modbus.request_cpu_us.{name}", value, "us", "> 0", note=f"{note}; bare words")
        for name, value in found.items()
    ]
    return [mine, *peers]


async def _cpu_us(ask: Callable[[], Awaitable[object]]) -> float:
    await ask()
    before_s = time.process_time()
    for _ in range(REQUESTS):
        await ask()
    return (time.process_time() - before_s) / REQUESTS * 1e6


async def _ours_us(port: int) -> float:
    device = _device("meter", port, REGISTERS)
    try:
        return await _cpu_us(lambda: device.read("normal"))
    finally:
        await device.close()


async def _pymodbus_us(port: int) -> float:
    client = AsyncModbusTcpClient(HOST, port=port)
    await client.connect()
    try:
        return await _cpu_us(lambda: client.read_holding_registers(0, count=REGISTERS, device_id=1))
    finally:
        client.close()


async def _plant_share(port: int) -> float:
    devices = [_device(f"meter-{n}", port, REGISTERS_EACH) for n in range(DEVICES)]
    tags = tuple(
        Tag(name, "number", "°C", name, 0.0, 7_000.0, 5.0, 15.0)
        for device in devices
        for name in device.tags
    )
    image = ProcessImage(tags, Fleet(FleetLayout(("c01-001",), np.zeros(1, dtype=np.int64), 1)))
    shares: list[float] = []
    async with asyncio.TaskGroup() as group:
        pollers = [
            group.create_task(
                poll_device(device, "normal", 1.0, image, lambda: None, Random(n)),
                name=device.name,
            )
            for n, device in enumerate(devices)
        ]
        await asyncio.sleep(2.0)
        for _ in range(ROUNDS):
            before_s = time.process_time()
            await asyncio.sleep(WINDOW_S)
            shares.append((time.process_time() - before_s) / WINDOW_S)
        for poller in pollers:
            poller.cancel()
    asked = sum(device.counts.answers for device in devices)
    if asked < 0.9 * DEVICES * ROUNDS * WINDOW_S:
        raise RuntimeError(f"only {asked} readings in {ROUNDS * WINDOW_S:g} s")
    for device in devices:
        await device.close()
    return median(shares)


def _device(name: str, port: int, registers: int) -> ModbusDevice:
    columns = tuple(
        Register(f"t{n}_c", "holding", n, "uint16", 0.1, unit="°C", low=0.0, high=7_000.0)
        for n in range(registers)
    )
    return ModbusDevice(name, HOST, port, 1, Profile("bench", "made up", columns, {}))
