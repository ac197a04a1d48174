"""Reads one group of one Modbus device for ever, and puts what it says into the image."""

import asyncio
from collections.abc import Callable
from random import Random

import structlog

from controller.field.backoff import Backoff
from controller.field.device_life import DeviceLife
from controller.field.orders import OrderCounts
from controller.image.process_image import ProcessImage
from drivers.errors import DeviceError
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
    backoff = Backoff(period_s, dice)
    due_s = loop.time()
    while True:
        await asyncio.sleep(max(0.0, due_s - loop.time()))
        asked_s = loop.time()
        try:
            values = await device.read(group)
        except DeviceError as error:
            if life.failed(error, loop.time()):
                wake()
            due_s = loop.time() + backoff.failed()
            if backoff.failures == LOST_AFTER:
                log.warning("device lost", device=device.name, group=group, error=str(error))
            continue
        if backoff.recovered() >= LOST_AFTER:
            log.info("device back", device=device.name, group=group)
        now_s = loop.time()
        # What is ordered is held against what is read: a reading is no newer than its question.
        if life.take(values, asked_s if group == "output" else now_s):
            wake()
        # What was missed is skipped: the next reading is due at the next multiple of the period.
        due_s += period_s * max(1.0, (now_s - due_s) // period_s + 1.0)
