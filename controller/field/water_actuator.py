"""Makes the Modbus devices do what is wanted, and keeps the watchdog of those that have one.

A device with a frame gets one with every decision, heartbeat, epoch and all set-points together,
whether something differs or not: the heartbeat is what keeps its own automatic away. Everything
else is written where it differs, after the set-points, and read back.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random, SystemRandom

from controller.control.decision import Decision, Event
from controller.control.severity import Severity
from controller.field.discrepancy import Discrepancies, Reading, same
from controller.field.followed import FollowedUs
from controller.field.frame_owner import HEARTBEATS, FrameOwner
from controller.field.orders import ORDER_LIFE_S, Clock, OrderCounts
from controller.field.pulses import Pulses
from controller.field.troubles import Troubles
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Value
from drivers.errors import DeviceError, NotAllowed, Refused, TooLate, TooOften, WrongDevice
from drivers.modbus.device import ModbusDevice
from drivers.modbus.nearest import nearest, within

SHORTEST_GAP_S = 0.2
InTime = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Orders:
    """What one decision wants of one device; `differing` is what is not so yet."""

    decided_s: float
    epoch: int | None
    frame: Mapping[str, float] | None
    differing: Mapping[str, Value]
    pulses: tuple[str, ...]
    urgent: bool


class WaterActuator:
    """Keeps one device's outputs at what the newest decision wants; one write at a time."""

    def __init__(
        self,
        device: ModbusDevice,
        image: ProcessImage,
        counts: OrderCounts,
        clock: Clock,
        dice: Random | None = None,
    ) -> None:
        self.counts = counts
        # Whether another controller orders under our own epoch: only a new start helps.
        self.pen_lost = False
        self._device = device
        self._image = image
        self._clock = clock
        writable = {name: one for name, one in device.tags.items() if one.writable}
        self._pulses = Pulses([name for name, one in writable.items() if one.pulse], counts)
        self._outputs = writable.keys() - self._pulses.tags
        self._framed = frozenset() if device.frame is None else device.frame.tags
        self._discrepancies = Discrepancies(counts)
        self._followed = FollowedUs(device)
        self._owner = FrameOwner((dice or SystemRandom()).randrange(HEARTBEATS))
        self._newest: Orders | None = None
        self._work = asyncio.Event()
        self._refused_epoch: int | None = None
        self._troubles = Troubles(device.name)

    def apply(self, decision: Decision, snapshot: Snapshot) -> None:
        """Take a decision's outputs in place of those before; returns at once."""
        self._newest = None
        if not decision.writing or self.pen_lost:
            self._discrepancies.forget()
            return
        if self._framed and decision.epoch is None:
            self._troubles.had("epoch", "no frame: the device's epoch is not known")
            return
        self._troubles.over("epoch")
        outputs = self._possible(decision.outputs)
        differing = self._differing(outputs, snapshot, urgent=decision.urgent)
        frame = self._frame(outputs, snapshot, urgent=decision.urgent) if self._framed else None
        if frame is None:
            differing = {name: differing[name] for name in differing.keys() - self._framed}
        pulses = self._pulses.due(decision.outputs)
        orders = Orders(
            snapshot.now_s, decision.epoch, frame, differing, pulses, urgent=decision.urgent
        )
        if orders.frame is not None or orders.differing or orders.pulses:
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

    def _possible(self, outputs: Mapping[str, Value]) -> dict[str, Value]:
        """The wanted outputs of this device, each as near as its register can come to it."""
        possible: dict[str, Value] = {}
        for name in sorted(self._outputs & outputs.keys()):
            register = self._device.tags[name]
            possible[name] = nearest(register, outputs[name])
            if within(register, outputs[name]):
                self._troubles.over(f"range of {name}")
            else:
                text = f"{outputs[name]:g} is wanted, the register ends at {possible[name]:g}"
                self._troubles.had(f"range of {name}", text)
        return possible

    def _frame(
        self, outputs: Mapping[str, Value], snapshot: Snapshot, *, urgent: bool
    ) -> Mapping[str, float] | None:
        """Every set-point: the wanted one, or what the device has where nothing is wanted.

        What somebody else keeps changing stays what it is, or each frame would rewrite it.
        """
        values: dict[str, float] = {}
        for name in self._framed:
            found = snapshot.number(name)
            wanted = outputs.get(name, found)
            if found is not None and self._discrepancies.left(name) and not urgent:
                wanted = found
            if wanted is None:
                text = f"no frame: {name} is neither wanted nor read back"
                self._troubles.had("frame", text)
                return None
            values[name] = float(wanted)
        self._troubles.over("frame")
        return values

    def _differing(
        self, outputs: Mapping[str, Value], snapshot: Snapshot, *, urgent: bool
    ) -> dict[str, Value]:
        followed_s = self._followed.until_s(snapshot)
        if followed_s is None:
            self._discrepancies.forget()
        differing = {}
        for name, wanted in outputs.items():
            found = self._found(name, snapshot)
            if followed_s is not None:
                source_s = float(snapshot.source_s[snapshot.index[name]])
                reading = Reading(name, found, source_s, wanted)
                self._discrepancies.look(reading, followed_s, snapshot.now_s)
            # A stop is never given up, nor does it wait.
            may = self._discrepancies.may_write(name, wanted, snapshot.now_s) or urgent
            # A reading that has only grown old is no reason to write the same again.
            held = self._discrepancies.kept(name, wanted) if found is None else same(wanted, found)
            if not may or (held and not (found is None and urgent)):
                continue
            if urgent or not self._device.too_soon(name):
                differing[name] = wanted
        return differing

    def _found(self, name: str, snapshot: Snapshot) -> Value | None:
        value = snapshot.number(name)
        flag = self._device.tags[name].type == "bool"
        return bool(value) if flag and value is not None else value

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
                await self._write(orders, in_time)
        except (TooLate, TooOften, TimeoutError) as error:
            self.counts.dropped += 1
            self.counts.failed += len(orders.differing)
            self._troubles.had("late", f"the time of these orders is over {error}".strip())
        except NotAllowed as error:
            self.counts.failed += len(orders.differing)
            if self._troubles.had("not allowed", str(error)):
                self.counts.tell(Event(Severity.HIGH, self._device.name, str(error)))
        except DeviceError as error:
            self.counts.failed += len(orders.differing)
            new = self._troubles.had("write", str(error))
            # Where somebody else answers, that has been told.
            if new and not isinstance(error, WrongDevice):
                self.counts.tell(Event(Severity.HIGH, self._device.name, f"not written: {error}"))
        else:
            self._troubles.over("late", "write", "not allowed")
        finally:
            self._discrepancies.settled()

    async def _write(self, orders: Orders, in_time: InTime) -> None:
        """The frame, then what is written alone and has to be read back, then the pulses."""
        if orders.frame is not None and not await self._send_frame(orders, orders.frame, in_time):
            return
        others = {n: value for n, value in orders.differing.items() if n not in self._framed}
        if others:
            await self._send(others, in_time, urgent=orders.urgent)
        if orders.differing:
            await self._read_back(orders.differing)
        for name in orders.pulses:
            await self._give(name, in_time, urgent=orders.urgent)

    async def _send(self, values: Mapping[str, Value], in_time: InTime, *, urgent: bool) -> None:
        """Write outputs that are not in a frame; where the answer is lost, they are in doubt."""
        self._discrepancies.writing(values)
        try:
            await self._device.write(values, in_time=in_time, urgent=urgent)
        except (TooLate, TooOften, NotAllowed, Refused):
            raise
        except (DeviceError, asyncio.CancelledError):
            self._discrepancies.doubt(values, asyncio.get_running_loop().time())
            raise

    async def _give(self, name: str, in_time: InTime, *, urgent: bool) -> None:
        """Give one pulse, once."""
        self._pulses.given(name)
        self.counts.sent += 1
        try:
            await self._device.write({name: True}, in_time=in_time, urgent=urgent)
        except (TooLate, TooOften, NotAllowed):
            self._pulses.not_sent(name)
            raise
        except (DeviceError, asyncio.CancelledError) as error:
            self._pulses.lost(name, str(error) or "the time of the order was over")
            raise

    async def _send_frame(
        self, orders: Orders, frame: Mapping[str, float], in_time: InTime
    ) -> bool:
        """Send the frame if the device's frames are ours; False where nothing may follow it."""
        epoch = orders.epoch
        if epoch is None or not await self._is_ours(epoch):
            return False
        heartbeat = self._owner.next_heartbeat()
        self._discrepancies.writing(frame)
        try:
            await self._device.write_frame(
                frame, heartbeat=heartbeat, epoch=epoch, in_time=in_time, urgent=orders.urgent
            )
        except Refused as error:
            if self._refused_epoch != epoch:
                self._refused_epoch = epoch
                text = f"refuses our orders of epoch {epoch}: {error}"
                self.counts.tell(Event(Severity.HIGH, self._device.name, text))
            raise
        self._refused_epoch = None
        self._owner.taken(epoch)
        self._discrepancies.sent(frame, asyncio.get_running_loop().time())
        return True

    async def _is_ours(self, epoch: int) -> bool:
        """Whether the device obeys us under this epoch, as the frame that it has shows."""
        try:
            finding = self._owner.judge(await self._device.read_frame(), epoch)
        except Refused as error:
            self._troubles.had("frame owner", f"does not tell whose frame it has: {error}")
            return True
        if finding == "another":
            self.pen_lost = True
            self._newest = None
            text = f"another controller orders under our epoch {epoch} or a newer one"
            text += ": nothing is written until this one is started anew"
            self.counts.tell(Event(Severity.CRITICAL, self._device.name, text))
            self.counts.tell(Event(Severity.CRITICAL, "security", f"{self._device.name}: {text}"))
            return False
        if finding == "forgotten" and self._followed.tells_starts:
            # The scan sees that it has started anew, and takes it over as it stands.
            self._troubles.had("forgotten", f"has forgotten our epoch {epoch}: no orders")
            return False
        self._troubles.over("forgotten")
        return True

    async def _read_back(self, wanted: Mapping[str, Value]) -> None:
        asked_s = asyncio.get_running_loop().time()
        found: dict[str, Value | None] = {}
        try:
            for group in sorted({self._device.tags[name].group for name in wanted}):
                found |= await self._device.read(group)
        except (DeviceError, asyncio.CancelledError):
            self._discrepancies.doubt(wanted, asked_s)
            raise
        for name, value in found.items():
            self._image.put(name, value, asked_s)
        for name, value in wanted.items():
            self._discrepancies.judge(name, value, found.get(name), asked_s)
