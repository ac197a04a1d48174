"""A Modbus device with a will of its own, between real eyes and hands, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from random import Random
from typing import Literal

import numpy as np

from controller.field.device_life import DeviceLife
from controller.field.orders import OrderCounts
from controller.field.water_actuator import WaterActuator
from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet, FleetLayout
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Tag, Value
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import Profile, load_profile
from tests.drivers.modbus.memory import READS, Bank
from tests.field.bench_plant import running
from tests.field.hands import decision

PROFILE = replace(load_profile("sim_cdu_plc"), frame=None)
"""The registers of the plant's PLC without its frame: a device as any other."""

OUTPUTS = ("pump-1.run", "pump-2.run", "container-01.contactor_close", "pump-1.speed_pct")
SPEED, RUN = 2, 0
PERIODS_S = {"protective": 0.5, "normal": 1.0, "output": 1.0}


class Obstinate(Bank):
    """Takes what it is told, or not; answers, or not, or something else."""

    def __init__(self) -> None:
        super().__init__()
        self.takes = True
        self.answers = True
        self.beats = True
        self.echoes_wrong = False
        self.coils = dict.fromkeys(range(96), False)
        self.holdings = dict.fromkeys(range(12), 0)

    def answer(self, request: bytes) -> list[bytes]:
        """Read from its memory, or take what is written as it likes."""
        self.words[0] = int(asyncio.get_running_loop().time()) % 65_536 if self.beats else 0
        if request[7] in READS:
            return super().answer(request)
        if self.takes:
            self._take(request)
        told = super().answer(request)
        if self.echoes_wrong:
            told = [told[0][:-1] + bytes([told[0][-1] ^ 1])]
        return told if self.answers else []

    def read(self, function: int, address: int, count: int) -> bytes:
        """What it holds and what it measures are different tables."""
        kept_bits, kept_words = self.bits, self.words
        self.bits = self.coils if function == 1 else kept_bits
        self.words = self.holdings if function == 3 else kept_words
        try:
            return super().read(function, address, count)
        finally:
            self.bits, self.words = kept_bits, kept_words

    def writes(self, function: int) -> int:
        """How often it was written with this function."""
        return sum(text.startswith(f"{function:02x}") for text in self.written)

    def _take(self, request: bytes) -> None:
        function, address = request[7], int.from_bytes(request[8:10], "big")
        if function == 5:
            self.coils[address] = request[10] == 0xFF
            return
        for at in range(int.from_bytes(request[10:12], "big")):
            if function == 15:
                self.coils[address + at] = bool(request[13 + at // 8] >> at % 8 & 1)
            else:
                word = request[13 + 2 * at : 15 + 2 * at]
                self.holdings[address + at] = int.from_bytes(word, "big")


class Bench:
    """The device with its driver, pollers and actuator."""

    def __init__(self, profile: Profile, periods_s: Mapping[str, float]) -> None:
        self.bank = Obstinate()
        self._periods_s = periods_s
        wanted = {*OUTPUTS, "plc.heartbeat", "primary.hot_temperature_c", "primary.flow_lpm"}
        self.device = ModbusDevice("plc", "127.0.0.1", 502, 1, profile, wanted=wanted)
        layout = FleetLayout(("c01-001",), np.zeros(1, np.int64), 1)
        self.image = ProcessImage([_tag(name) for name in sorted(wanted)], Fleet(layout))
        self.counts = OrderCounts()
        self.woken = 0
        self.water = WaterActuator(self.device, self.image, self.counts, self._now_s, Random(7))
        self.life = DeviceLife(self.device, self.image, self.counts)

    async def want(self, seconds: int = 1, *, urgent: bool = False, **outputs: Value) -> None:
        """Decide the same once a second; `pump_1__run` is pump-1.run."""
        for _ in range(seconds):
            self.water.apply(decision(None, urgent=urgent, **outputs), self.snapshot())
            await asyncio.sleep(1.0)

    def snapshot(self) -> Snapshot:
        """The image as a scan would see it now."""
        return self.image.freeze(self._now_s(), 0.0)

    def told(self, source: str) -> list[str]:
        """The events of this source so far."""
        return [event.text for event in self.counts.news if event.source == source]

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Serve, poll and write for as long as the block lasts, two seconds before it included."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 502)
        polls = [
            poll_device(self.device, group, period_s, self.image, self._wake, Random(7), self.life)
            for group, period_s in self._periods_s.items()
        ]
        try:
            async with running(*polls, self.water.run()):
                await asyncio.sleep(2.0)
                yield
        finally:
            await self.device.close()
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            while request := await reader.read(300):
                for piece in self.bank.answer(request):
                    writer.write(piece)
        writer.close()

    def _wake(self) -> None:
        self.woken += 1

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()


@asynccontextmanager
async def bench(
    profile: Profile = PROFILE, periods_s: Mapping[str, float] = PERIODS_S
) -> AsyncIterator[Bench]:
    """A device of this profile at work."""
    one = Bench(profile, periods_s)
    async with one.alive():
        yield one


def changed(name: str, **keys: object) -> Profile:
    """The profile with one register that is different."""
    registers = tuple(
        replace(one, **keys) if one.name == name else one  # type: ignore[arg-type]
        for one in PROFILE.registers
    )
    return replace(PROFILE, registers=registers)


def _tag(name: str) -> Tag:
    number = name.endswith(("_pct", "_c", "_lpm", "heartbeat"))
    kind: Literal["number", "flag"] = "number" if number else "flag"
    return Tag(name, kind, "", name, 0.0, 100.0, 1.5, 3.0, protective=name not in OUTPUTS)
