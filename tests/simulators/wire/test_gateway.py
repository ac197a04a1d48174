"""Several devices behind one address, told apart by their unit ids."""

import asyncio
from struct import pack, unpack

import pytest

from drivers.errors import NoAnswer
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import load_profile
from simulators.wire.bank import Bank, CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.feeder_panel import FEEDER_PANEL
from simulators.wire.layouts.meters import HEAT_METER
from simulators.wire.listen import serve_units
from tests.simulators.wire.hands import HandPlc

ADDRESS = ("127.1.0.9", 502)


class Meter:
    """A device that shows one number."""

    def __init__(self, point: str, value: float) -> None:
        self._points = {point: value}

    def points(self) -> dict[str, float | bool | None]:
        """What it shows."""
        return dict(self._points)


def meter(flow_lpm: float) -> Bank:
    return Bank(HEAT_METER, Meter("flow_lpm", flow_lpm), lambda: 0.0)


async def exchange(request: bytes, length: int) -> bytes:
    reader, writer = await asyncio.open_connection(*ADDRESS)
    writer.write(request)
    async with asyncio.timeout(2):
        reply = await reader.readexactly(length)
    writer.close()
    return reply


def frame(unit: int, pdu: bytes) -> bytes:
    return pack(">HHHB", 1, 0, len(pdu) + 1, unit) + pdu


async def test_two_meters_of_one_type_answer_each_for_itself() -> None:
    async with serve_units({1: meter(100.0), 2: meter(200.0)}, ADDRESS, "meters"):
        found = [
            unpack(">f", (await exchange(frame(unit, pack(">BHH", 4, 0, 2)), 13))[9:])[0]
            for unit in (1, 2)
        ]

    assert found == [100.0, 200.0]


async def test_requests_to_several_units_on_one_connection_are_answered_in_order() -> None:
    ask = pack(">BHH", 4, 0, 2)
    async with serve_units({1: meter(100.0), 2: meter(200.0)}, ADDRESS, "meters"):
        reply = await exchange(frame(2, ask) + frame(3, ask) + frame(1, ask), 13 + 9 + 13)

    assert (reply[6], reply[13 + 6], reply[22 + 6]) == (2, 3, 1)
    assert reply[13 + 7 : 22] == b"\x84\x0b"


async def test_an_order_reaches_only_the_unit_it_is_for(plc: HandPlc) -> None:
    banks = {5: CommandBank(CDU_PLC, plc, lambda: 0.0), 6: meter(1.0)}
    async with serve_units(banks, ADDRESS, "PLC and meter"):
        refused = await exchange(frame(6, pack(">BHH", 5, 1, 0xFF00)), 9)
        before = plc.told["pump-2.run"]
        await exchange(frame(5, pack(">BHH", 5, 1, 0xFF00)), 12)

    assert refused[7:] == b"\x85\x01"
    assert (before, plc.told["pump-2.run"]) == (False, True)


@pytest.mark.real_sockets
async def test_drivers_share_a_gateway_and_a_missing_unit_is_no_answer(free_loopback) -> None:  # noqa: ANN001
    address = free_loopback()
    panel = Bank(FEEDER_PANEL, Meter("container-01.feeder_power_kw", 77.5), lambda: 0.0)
    units = [
        (1, "heat-meter", "sim_heat_meter"),
        (2, "panel", "sim_feeder_panel"),
        (3, "nobody", "sim_heat_meter"),
    ]
    meters, feeders, nobody = (
        ModbusDevice(name, *address, unit, load_profile(profile)) for unit, name, profile in units
    )
    async with serve_units({1: meter(100.0), 2: panel}, address, "gateway"):
        flow = (await meters.read("normal"))["heat-meter.flow_lpm"]
        power = (await feeders.read("normal"))["container-01.feeder_power_kw"]
        with pytest.raises(NoAnswer, match="gateway target failed to respond"):
            await nobody.read("normal")
        for device in (meters, feeders, nobody):
            await device.close()

    assert (flow, power) == (100.0, 77.5)
