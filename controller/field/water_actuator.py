"""Makes the Modbus devices do what is wanted: only differences, then read back."""

import asyncio
from collections.abc import Mapping

import structlog

from controller.control.decision import Decision
from controller.field.miner_actuator import OrderCounts
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Value
from drivers.errors import DeviceError
from drivers.modbus.device import ModbusDevice

log = structlog.get_logger()

# A set-point that differs by less is not worth a write.
DEADBAND_PCT = 0.1
SHORTEST_GAP_S = 0.2


class WaterActuator:
    """Keeps one device's outputs at what the last decision wants."""

    def __init__(self, device: ModbusDevice, image: ProcessImage, counts: OrderCounts) -> None:
        self.counts = counts
        self._device = device
        self._image = image
        self._outputs = {name for name, register in device.tags.items() if register.writable}
        self._wanted: dict[str, Value] = {}
        self._work = asyncio.Event()
        self._troubled: set[str] = set()

    def apply(self, decision: Decision, snapshot: Snapshot) -> None:
        """Take a decision's outputs; returns at once."""
        if not decision.writing:
            return
        mine = {name: decision.outputs[name] for name in self._outputs & decision.outputs.keys()}
        self._wanted = {
            name: value for name, value in mine.items() if _differs(snapshot, name, value)
        }
        if self._wanted:
            self._work.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            wanted, self._wanted = self._wanted, {}
            await self._write(wanted)
            await asyncio.sleep(SHORTEST_GAP_S)

    async def _write(self, wanted: Mapping[str, Value]) -> None:
        self.counts.sent += len(wanted)
        try:
            await self._device.write(wanted)
            found = await self._device.read("output")
        except DeviceError as error:
            self.counts.failed += len(wanted)
            log.warning("write failed", device=self._device.name, error=str(error))
            return
        now_s = asyncio.get_running_loop().time()
        for name, value in found.items():
            self._image.put(name, value, now_s)
        for name, value in wanted.items():
            self._judge(name, value, found.get(name))

    def _judge(self, name: str, wanted: Value, found: Value | None) -> None:
        """Say once when an output does not take what was written, and once when it does again."""
        if found is not None and _same(wanted, found):
            self.counts.verified += 1
            if name in self._troubled:
                self._troubled.discard(name)
                log.info("output follows again", tag=name)
            return
        self.counts.failed += 1
        if name not in self._troubled:
            self._troubled.add(name)
            log.warning("output does not follow", tag=name, wanted=wanted, found=found)


def _differs(snapshot: Snapshot, name: str, wanted: Value) -> bool:
    """Whether the value read back is not the wanted one; an unknown output is written again."""
    found = snapshot.number(name)
    return found is None or not _same(wanted, found)


def _same(wanted: Value, found: Value) -> bool:
    if isinstance(wanted, bool):
        return wanted == bool(found)
    return abs(float(wanted) - float(found)) <= DEADBAND_PCT
