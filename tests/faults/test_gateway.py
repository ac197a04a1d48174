"""Many units behind one gateway, one of them dead: row 23."""

import asyncio
from random import Random
from typing import Any

import numpy as np
import pytest

from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet, FleetLayout
from controller.image.process_image import ProcessImage
from controller.image.tag import Tag
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import load_profile
from simulators.meters import HeatMeter
from simulators.wire.bank import Bank
from simulators.wire.layouts.meters import HEAT_METER
from simulators.wire.link import Link, LooseLinks
from simulators.wire.listen import serve_units
from tests.faults.wired_plant import living

GATEWAY = ("127.9.6.1", 502)
UNITS = range(1, 21)
DEAD = 7
PERIOD_S = 1.0


@pytest.mark.fault(23)
@pytest.mark.parametrize("verb", ["stuck", "exception:11"])
async def test_one_dead_unit_of_twenty_does_not_slow_the_others(verb: str) -> None:
    links = LooseLinks()
    names = {unit: f"meter-{unit}" for unit in UNITS}
    banks = {unit: Bank(HEAT_METER, HeatMeter(), asyncio.get_running_loop().time) for unit in UNITS}
    shared = ModbusLink(*GATEWAY)
    profile = load_profile("sim_heat_meter")
    meters = [
        ModbusDevice(name, *GATEWAY, unit, profile, link=shared) for unit, name in names.items()
    ]
    counts = dict.fromkeys(names.values(), 0)
    async with (
        serve_units(banks, GATEWAY, "gateway", Link(links, names)),
        living([_polled(meter, counts) for meter in meters]),
    ):
        await asyncio.sleep(15.0)
        usual = dict(counts)
        links.set(names[DEAD], verb)
        await asyncio.sleep(15.0)
        late = {name: count - usual[name] for name, count in counts.items()}

    await shared.close()
    assert late.pop(names[DEAD]) <= 1
    assert late == {name: pytest.approx(usual[name], rel=0.2) for name in late}


def _polled(meter: ModbusDevice, counts: dict[str, int]) -> Any:  # noqa: ANN401 - a coroutine
    tags = tuple(Tag(name, "number", "", name, 0.0, 1.0, 5.0, 15.0) for name in meter.tags)
    image = ProcessImage(tags, Fleet(FleetLayout((), np.zeros(0, np.int64), 0)))
    read = meter.read

    async def counted(group: str) -> Any:  # noqa: ANN401 - the driver's own answer
        values = await read(group)
        counts[meter.name] += 1
        return values

    meter.read = counted  # type: ignore[method-assign] # counting changes nothing
    return poll_device(meter, "normal", PERIOD_S, image, lambda: None, Random(meter.name))
