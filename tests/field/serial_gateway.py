"""A gateway whose serial line carries one request at a time, and meters behind it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np

from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet, FleetLayout
from controller.image.process_image import ProcessImage
from controller.image.tag import Tag
from drivers.modbus.connection import Framing
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register
from tests.drivers.modbus.oracle import rtu, tcp
from tests.field.bench_plant import running

FLOW = Register("flow_lpm", "input", 0, "uint16", low=0.0, high=60_000.0)
METER = Profile("meter", "made up for this test", (FLOW,), {})
PLACE = ("127.0.0.1", 5020)


@dataclass
class SerialGateway:
    """Each unit answers after its time; None is silence, which the line bears for `patience_s`.

    Then the gateway answers with exception `code`, 11 being that the unit does not.

    With a patience of None the gateway is no wiser than a wire: it goes on at once. A serial one is
    transparent: frames with checksum pass it unchanged.
    """

    takes_s: Callable[[int], float | None]
    patience_s: float | None = None
    code: int = 11
    serial: bool = False
    asked_s: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client."""
        self.connections += 1
        try:
            while frame := await reader.readexactly(8 if self.serial else 12):
                body = frame[:6] if self.serial else frame[6:]
                self.asked_s[body[0]].append(asyncio.get_running_loop().time())
                reply = await self._answer(body[0], body[1])
                if reply:
                    writer.write(
                        rtu(reply) if self.serial else tcp(int.from_bytes(frame[:2], "big"), reply)
                    )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, unit: int, function: int) -> bytes:
        takes_s = self.takes_s(unit)
        if takes_s is not None:
            await asyncio.sleep(takes_s)
            return bytes((unit, function, 2, unit, 7))
        if self.patience_s is None:
            return b""
        await asyncio.sleep(self.patience_s)
        return bytes((unit, function | 0x80, self.code))

    def periods_s(self, unit: int, since_s: float) -> list[float]:
        """Times between two requests to a unit."""
        times = [at_s for at_s in self.asked_s[unit] if at_s >= since_s]
        return [after - before for before, after in pairwise(times)]


class Meters:
    """Meters behind the gateway, their pollers and the image that these fill."""

    def __init__(self, units: int, framing: Framing, period_s: float = 1.0) -> None:
        self.link = ModbusLink(*PLACE, framing=framing, dice=Random(3))
        self.devices = [
            ModbusDevice(f"meter-{unit}", *PLACE, unit, METER, link=self.link)
            for unit in range(1, units + 1)
        ]
        tags = tuple(
            Tag(name, "number", "L/min", name, 0.0, 60_000.0, 5.0, 15.0)
            for device in self.devices
            for name in device.tags
        )
        self.image = ProcessImage(
            tags, Fleet(FleetLayout(("c01-001",), np.zeros(1, dtype=np.int64), 1))
        )
        self.lives = [
            poll_device(device, "normal", period_s, self.image, lambda: None, Random(unit))
            for unit, device in enumerate(self.devices, 1)
        ]

    def good(self) -> list[bool]:
        """Whether each meter's reading is known now."""
        snapshot = self.image.freeze(asyncio.get_running_loop().time(), 0.0)
        return [
            snapshot.number(name) is not None for device in self.devices for name in device.tags
        ]


@asynccontextmanager
async def metered(gateway: SerialGateway, units: int) -> AsyncIterator[Meters]:
    """So many meters, polled once a second for as long as the block lasts."""
    server = await asyncio.start_server(gateway.serve, *PLACE)
    meters = Meters(units, "rtu_over_tcp" if gateway.serial else "tcp")
    async with running(*meters.lives):
        yield meters
    await meters.link.close()
    server.close()
    await server.wait_closed()
    # What the serial line still carries comes to its end.
    await asyncio.sleep(2.0)
