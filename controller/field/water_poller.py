"""Reads one group of one Modbus device for ever, and puts what it says into the image."""

import asyncio
from collections.abc import Callable
from random import Random

import structlog

from controller.field.backoff import Backoff
from controller.field.device_life import DeviceLife
from controller.field.orders import OrderCounts
from controller.image.process_image import ProcessImage
from drivers.errors import Busy, DeviceError, Misasked, Resting
from drivers.modbus.device import ModbusDevice

log = structlog.get_logger()

# So many failures in a row, and the log says once that the device is lost.
LOST_AFTER = 3


async def poll_device(
    device: ModbusDevice,
    group: str,
    period_s: float,
    image: ProcessImage,
    wake: Callable[[], None],
    dice: Random,
    life: DeviceLife | None = None,
) -> None:
    """Poll until cancelled; a protective change wakes the scan, silence is left to age.

    The pollers of one device share its `life`.
    """
    life = life or DeviceLife(device, image, OrderCounts())
    loop = asyncio.get_running_loop()
    troubles = Troubles(device, group, Backoff(period_s, dice), life)
    # The first reading is due at once, the others at a moment of the period that is this one's own:
    # what is polled together would wait for each other for ever.
    due_s = loop.time() - period_s * dice.random()
    while True:
        await asyncio.sleep(max(0.0, due_s - loop.time()))
        asked_s = loop.time()
        try:
            values = await device.read(group)
        except DeviceError as error:
            if life.failed(error, loop.time()):
                wake()
            due_s = loop.time() + troubles.failed(error, period_s)
            continue
        troubles.ended()
        now_s = loop.time()
        # What is ordered is held against what is read: a reading is no newer than its question.
        if life.take(values, asked_s if group == "output" else now_s):
            wake()
        # What was missed is skipped: the next reading is due at the next multiple of the period.
        due_s += period_s * max(1.0, (now_s - due_s) // period_s + 1.0)
        rest_s = device.slow_rest_s(group)
        troubles.slow(rest_s)
        due_s = max(due_s, now_s + rest_s)


class Troubles:
    """Failures in a row of one group, and what the log has already said of them."""

    def __init__(
        self, device: ModbusDevice, group: str, backoff: Backoff, life: DeviceLife
    ) -> None:
        self._backoff = backoff
        self._group = group
        self._life = life
        self._log = log.bind(device=device.name, group=group)
        self._device = device
        self._slow = False

    def failed(self, error: DeviceError, period_s: float) -> float:
        """Say once what is lost, and give the time until the next attempt."""
        wait_s = self._backoff.failed()
        if self._backoff.failures == LOST_AFTER:
            said = "device misasked" if isinstance(error, Misasked) else "device lost"
            self._log.warning(said, error=str(error), link=self._device.counts.told())
            self._life.lost(self._group, error)
        match error:
            case Resting():
                # The link knows best when another attempt is worth the others' time.
                return error.for_s
            case Busy():
                return period_s
            case _:
                return wait_s

    def ended(self) -> None:
        """Say once that it is back."""
        if self._backoff.recovered() >= LOST_AFTER:
            self._log.info("device back")
            self._life.back(self._group)

    def slow(self, rest_s: float) -> None:
        """Say once that it is read less often because it is slow, and once that it is not."""
        if self._slow != (rest_s > 0.0):
            self._slow = not self._slow
            if self._slow:
                self._log.warning("device slow, read less often", rest_s=round(rest_s, 3))
            else:
                self._log.info("device no longer slow")
