"""Makes the Modbus devices do what is wanted, and keeps the watchdog of those that have one.

A device with a frame gets one with every decision, heartbeat, epoch and all set-points together,
whether something differs or not: the heartbeat is what keeps its own automatic away. Everything
else is written where it differs, after the set-points, and read back.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from controller.control.decision import Decision, Event, Severity
from controller.field.discrepancy import Discrepancies, same
from controller.field.orders import ORDER_LIFE_S, Clock, OrderCounts
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Value
from drivers.errors import DeviceError, Refused, TooLate
from drivers.modbus.device import ModbusDevice

log = structlog.get_logger()

SHORTEST_GAP_S = 0.2
HEARTBEATS = 65_536


@dataclass(frozen=True, slots=True)
class Orders:
    """What one decision wants of one device; `differing` is what is not so yet."""

    decided_s: float
    epoch: int | None
    frame: Mapping[str, float] | None
    differing: Mapping[str, Value]


class WaterActuator:
    """Keeps one device's outputs at what the newest decision wants; one write at a time."""

    def __init__(
        self, device: ModbusDevice, image: ProcessImage, counts: OrderCounts, clock: Clock
    ) -> None:
        self.counts = counts
        self._device = device
        self._image = image
        self._clock = clock
        self._outputs = {name for name, register in device.tags.items() if register.writable}
        self._framed = frozenset() if device.frame is None else device.frame.tags
        self._discrepancies = Discrepancies(counts)
        self._newest: Orders | None = None
        self._work = asyncio.Event()
        self._heartbeat = 0
        self._refused_epoch: int | None = None
        self._troubles: set[str] = set()

    def apply(self, decision: Decision, snapshot: Snapshot) -> None:
        """Take a decision's outputs in place of those before; returns at once."""
        self._newest = None
        if not decision.writing:
            self._discrepancies.forget_writes()
            return
        if self._framed and decision.epoch is None:
            self._trouble("epoch", "no frame: the device's epoch is not known")
            return
        self._well("epoch")
        frame = self._frame(decision, snapshot) if self._framed else None
        differing = self._differing(decision, snapshot)
        if frame is None:
            differing = {name: differing[name] for name in differing.keys() - self._framed}
        orders = Orders(snapshot.now_s, decision.epoch, frame, differing)
        if orders.frame is not None or orders.differing:
            self._newest = orders
            self._work.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            orders, self._newest = self._newest, None
            if orders is not None:
                await self._carry_out(orders)
                await asyncio.sleep(SHORTEST_GAP_S)

    def _frame(self, decision: Decision, snapshot: Snapshot) -> Mapping[str, float] | None:
        """Every set-point: the wanted one, or what the device has where nothing is wanted."""
        values: dict[str, float] = {}
        for name in self._framed:
            value = decision.outputs.get(name, snapshot.number(name))
            if value is None:
                self._trouble("frame", f"no frame: {name} is neither wanted nor read back")
                return None
            values[name] = float(value)
        self._well("frame")
        return values

    def _differing(self, decision: Decision, snapshot: Snapshot) -> dict[str, Value]:
        for name in self._discrepancies.watched:
            source_s = float(snapshot.source_s[snapshot.index[name]])
            self._discrepancies.look(name, snapshot.number(name), source_s, snapshot.now_s)
        differing = {}
        for name in sorted(self._outputs & decision.outputs.keys()):
            wanted, found = decision.outputs[name], snapshot.number(name)
            # A stop is never given up.
            may = self._discrepancies.may_write(name, wanted, snapshot.now_s) or decision.urgent
            if may and not (found is not None and same(wanted, found)):
                differing[name] = wanted
        return differing

    async def _carry_out(self, orders: Orders) -> None:
        """All that is still meant, within the life of the orders; no answer ends it early."""

        def in_time() -> bool:
            return self._clock() - orders.decided_s <= ORDER_LIFE_S

        if not in_time():
            self.counts.dropped += 1
            return
        left_s = ORDER_LIFE_S - (self._clock() - orders.decided_s)
        self.counts.sent += len(orders.differing)
        try:
            async with asyncio.timeout(left_s):
                if orders.frame is not None:
                    await self._send_frame(orders, orders.frame, in_time)
                others = {
                    name: value
                    for name, value in orders.differing.items()
                    if name not in self._framed
                }
                if others:
                    await self._device.write(others, in_time=in_time)
                if orders.differing:
                    self._read_back(orders.differing, await self._device.read("output"))
        except (TooLate, TimeoutError) as error:
            self.counts.dropped += 1
            self.counts.failed += len(orders.differing)
            self._trouble("late", f"the time of these orders is over {error}".strip())
        except DeviceError as error:
            self.counts.failed += len(orders.differing)
            self._trouble("write", str(error))
        else:
            self._well("late")
            self._well("write")

    async def _send_frame(
        self, orders: Orders, frame: Mapping[str, float], in_time: Callable[[], bool]
    ) -> None:
        self._heartbeat = self._heartbeat % (HEARTBEATS - 1) + 1
        epoch = orders.epoch
        if epoch is None:
            return
        try:
            await self._device.write_frame(
                frame, heartbeat=self._heartbeat, epoch=epoch, in_time=in_time
            )
        except Refused as error:
            if self._refused_epoch != epoch:
                self._refused_epoch = epoch
                text = f"refuses our orders of epoch {epoch}: {error}"
                self.counts.tell(Event(Severity.HIGH, self._device.name, text))
            raise
        self._refused_epoch = None
        self._discrepancies.sent(frame, asyncio.get_running_loop().time())

    def _read_back(self, wanted: Mapping[str, Value], found: Mapping[str, Value | None]) -> None:
        now_s = asyncio.get_running_loop().time()
        for name, value in found.items():
            self._image.put(name, value, now_s)
        for name, value in wanted.items():
            self._discrepancies.judge(name, value, found.get(name), now_s)

    def _trouble(self, kind: str, text: str) -> None:
        """Say once what keeps us from writing."""
        if kind not in self._troubles:
            self._troubles.add(kind)
            log.warning("not written", device=self._device.name, why=text)

    def _well(self, kind: str) -> None:
        """Say once that it is over."""
        if kind in self._troubles:
            self._troubles.discard(kind)
            log.info("written again", device=self._device.name, after=kind)
