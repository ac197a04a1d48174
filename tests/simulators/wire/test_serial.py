"""Serial devices behind a transparent gateway, and the driver that reads them through it."""

import asyncio

import pytest

from controller.lab.description import rig_addresses
from drivers.errors import NoAnswer, Refused
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import load_profile
from simulators.wire.bank import Bank, CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.meters import HEAT_METER
from simulators.wire.serial import checksum, serve_serial
from tests.scenarios.evening import small_plant
from tests.simulators.wire.hands import HandPlc

ADDRESS = ("127.1.0.9", 4001)


class Meter:
    """A device that shows one number."""

    def points(self) -> dict[str, float | bool | None]:
        """What it shows."""
        return {"flow_lpm": 123.0}


def now_s() -> float:
    return 0.0


def serial_link() -> ModbusLink:
    return ModbusLink(*ADDRESS, framing="rtu_over_tcp")


async def reply_to(request: bytes) -> bytes:
    """What comes back within a second."""
    reader, writer = await asyncio.open_connection(*ADDRESS)
    writer.write(request)
    try:
        async with asyncio.timeout(1.0):
            return await reader.read(300)
    except TimeoutError:
        return b""
    finally:
        writer.close()


def test_the_checksum_is_that_of_a_printed_exchange() -> None:
    # simplymodbus.ca, FC03: three holding registers from 107 of unit 17.
    assert checksum(bytes.fromhex("11 03 006b 0003")) == bytes.fromhex("7687")


async def test_the_driver_reads_two_devices_of_one_bus_through_one_link() -> None:
    link = serial_link()
    meter = ModbusDevice("meter", *ADDRESS, 7, load_profile("sim_heat_meter"), link=link)
    other = ModbusDevice("other", *ADDRESS, 8, load_profile("sim_heat_meter"), link=link)
    bank = Bank(HEAT_METER, Meter(), now_s)
    async with serve_serial({7: bank, 8: bank}, ADDRESS, "meters"):
        flows = [
            (await device.read("normal"))[f"{device.name}.flow_lpm"] for device in (meter, other)
        ]
        await link.close()

    assert flows == [123.0, 123.0]
    assert link.counts.connects == 1


async def test_the_driver_orders_and_is_refused_over_serial(plc: HandPlc) -> None:
    link = serial_link()
    async with serve_serial({5: CommandBank(CDU_PLC, plc, now_s)}, ADDRESS, "PLC"):
        await link.write_coils(1, [True], unit=5)
        with pytest.raises(Refused, match="illegal data address"):
            await link.read("holding", 60_000, 2, unit=5)
        await link.close()

    assert plc.told["pump-2.run"] is True


async def test_a_unit_that_is_not_there_is_silent() -> None:
    link = serial_link()
    async with serve_serial({7: Bank(HEAT_METER, Meter(), now_s)}, ADDRESS, "meter"):
        with pytest.raises(NoAnswer, match="unit 9: no answer"):
            await link.read("input", 0, 2, unit=9)
        await link.close()


@pytest.mark.parametrize(
    "noise", ["07 04 0000 0002 0000", "07 63 0000 0002 0000", "ff", "07 10 0000 0001 02 0000 ffff"]
)
async def test_noise_is_not_answered(noise: str) -> None:
    async with serve_serial({7: Bank(HEAT_METER, Meter(), now_s)}, ADDRESS, "meter"):
        assert await reply_to(bytes.fromhex(noise)) == b""


async def test_requests_in_pieces_and_glued_are_answered_in_order() -> None:
    ask = bytes.fromhex("07 04 0000 0002")
    ask += checksum(ask)
    async with serve_serial({7: Bank(HEAT_METER, Meter(), now_s)}, ADDRESS, "meter"):
        reader, writer = await asyncio.open_connection(*ADDRESS)
        for piece in (ask[:3], ask[3:] + ask):
            writer.write(piece)
            await asyncio.sleep(0.1)
        reply = await reader.readexactly(18)
        writer.close()

    assert reply[:9] == reply[9:]
    assert reply[7:9] == checksum(reply[:7])


def test_the_rig_serves_a_serial_device_where_the_plant_has_one() -> None:
    file = small_plant(2, 1)
    device = file.device[1].model_copy(update={"framing": "rtu_over_tcp", "host": "127.0.0.1"})
    addresses = rig_addresses(
        file.model_copy(update={"device": (file.device[0], device, *file.device[2:])}),
        ("127.0.0.1", 1),
    )

    assert [one.role for one in addresses.devices() if one.serial] == ["heat_meter"]
