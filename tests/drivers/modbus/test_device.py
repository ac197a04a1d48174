"""A device asked over a socket: its tags by group, its limits, and who it is."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from drivers.device import InTime
from drivers.errors import BadReply, NoAnswer, Refused, TooLate
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import load_profile
from tests.drivers.modbus.memory import SERIAL, Bank, Hostile

pytestmark = pytest.mark.real_sockets

FOREIGN = replace(load_profile("sim_cdu_plc"), frame=None)
"""A PLC that knows nothing of frames: it takes every set-point alone."""


@pytest.fixture
def bank(hostile: Hostile) -> Bank:
    one = Bank()
    hostile.answer = one.answer
    return one


@pytest.fixture
async def plc(hostile: Hostile) -> AsyncIterator[ModbusDevice]:
    link = ModbusLink("127.0.0.1", hostile.port, total_s=0.3)
    profile = load_profile("sim_cdu_plc")
    one = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, profile, link=link)
    yield one
    await one.close()


@pytest.fixture
async def foreign(hostile: Hostile) -> AsyncIterator[ModbusDevice]:
    link = ModbusLink("127.0.0.1", hostile.port, total_s=0.3)
    one = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, FOREIGN, link=link)
    yield one
    await one.close()


async def test_a_group_is_read_in_house_units(bank: Bank, plc: ModbusDevice) -> None:
    bank.bits |= {0: True, 64 + 16: True}

    values = await plc.read("protective")

    assert values["primary.hot_temperature_c"] == 61.23
    assert values["primary.flow_lpm"] == 900.0
    assert values["pump-1.running"] is True
    assert values["pump-2.running"] is False
    assert values["container-17.leak"] is True
    assert sum(values[f"container-{n:02}.leak"] is True for n in range(1, 33)) == 1


async def test_a_broken_sensor_is_none_and_not_a_number(bank: Bank, plc: ModbusDevice) -> None:
    values = await plc.read("protective") | await plc.read("normal")

    assert values["primary.cold_temperature_c"] is None
    assert values["district.flow_lpm"] is None
    assert values["pump-1.speed_feedback_pct"] == -5.0
    assert plc.implausible == {}
    assert bank.written == []


async def test_one_impossible_value_is_none_with_its_reason_and_the_rest_is_read(
    bank: Bank, plc: ModbusDevice
) -> None:
    bank.words[10] = 32_000

    values = await plc.read("protective")

    assert values["primary.hot_temperature_c"] is None
    assert values["primary.flow_lpm"] == 900.0
    assert "expected -50 to 200 °C, got 320" in plc.implausible["primary.hot_temperature_c"]

    bank.words[10] = 6000
    assert (await plc.read("protective"))["primary.hot_temperature_c"] == 60.0
    assert plc.implausible == {}


async def test_only_wanted_points_are_read_and_written(hostile: Hostile, bank: Bank) -> None:
    wanted = {"pump-1.running", "pump-2.running", "pump-1.run"}
    profile = load_profile("sim_cdu_plc")
    plc = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, profile, wanted=wanted)

    values = await plc.read("protective")
    with pytest.raises(ValueError, match=r"pump-2\.run"):
        await plc.write({"pump-2.run": True})
    await plc.close()

    assert values == {"pump-1.running": False, "pump-2.running": False}
    assert hostile.requests[-1][7:] == bytes.fromhex("02 0000 0002")
    assert bank.written == []


def test_a_wanted_point_that_the_profile_does_not_have_is_named() -> None:
    with pytest.raises(ValueError, match=r"plc: profile sim_cdu_plc has no .*pump-9\.run"):
        ModbusDevice("plc", "h", 502, 1, load_profile("sim_cdu_plc"), wanted={"pump-9.run"})


def test_a_point_without_equipment_belongs_to_the_device() -> None:
    meter = ModbusDevice("heat-meter", "127.0.0.1", 502, 1, load_profile("sim_heat_meter"))

    assert "heat-meter.flow_lpm" in meter.tags
    assert meter.tags["heat-meter.power_kw"].unit == "kW"


async def test_neighbours_are_written_in_one_request_and_set_points_before_coils(
    bank: Bank, foreign: ModbusDevice
) -> None:
    await foreign.write(
        {
            "pump-1.run": True,
            "pump-2.speed_pct": 42.42,
            "pump-1.speed_pct": 100,
            "pump-2.run": False,
        }
    )

    assert bank.written == ["10 00 02 00 02 04 27 10 10 92", "0f 00 00 00 02 01 01"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"pump-1.speed_pct": 100.01}, "expected 0 to 100 %"),
        ({"pump-1.speed_pct": -1.0}, "expected 0 to 100 %"),
        ({"pump-1.speed_pct": float("nan")}, "expected 0 to 100 %"),
        ({"pump-1.run": 3.0}, "on or off"),
        ({"primary.flow_lpm": 1.0}, "not a writable point"),
        ({"pump-9.run": True}, "not a writable point"),
        ({"pump-2.speed_pct": 50.0, "pump-1.speed_pct": 101.0}, "expected 0 to 100 %"),
    ],
)
async def test_an_order_that_is_not_allowed_never_reaches_the_socket(
    hostile: Hostile, foreign: ModbusDevice, values: dict[str, float], expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        await foreign.write(values)

    assert hostile.connections == 0


async def test_a_lost_echo_is_no_answer_and_the_order_is_sent_once(
    hostile: Hostile, bank: Bank, plc: ModbusDevice
) -> None:
    bank.silent_on = (5,)

    with pytest.raises(NoAnswer):
        await plc.write({"pump-1.run": True})

    assert sum(request[7] == 5 for request in hostile.requests) == 1


class Torn(ModbusLink):
    """A link that loses its connection after the first order for registers."""

    async def write_registers(
        self,
        address: int,
        words: Sequence[int],
        unit: int,
        *,
        connection: int | None = None,
        in_time: InTime | None = None,
    ) -> None:
        """Write, then lose the connection."""
        await super().write_registers(address, words, unit, connection=connection, in_time=in_time)
        await self.close()


async def test_the_rest_of_an_order_does_not_go_to_whoever_answers_next(
    hostile: Hostile, bank: Bank
) -> None:
    link = Torn("127.0.0.1", hostile.port)
    plc = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, FOREIGN, link=link)

    with pytest.raises(NoAnswer, match="before the order left"):
        await plc.write({"pump-1.speed_pct": 50.0, "pump-1.run": True})

    assert bank.written == ["10 00 02 00 01 02 13 88"]


async def test_an_order_that_is_no_longer_meant_does_not_leave(
    bank: Bank, plc: ModbusDevice
) -> None:
    with pytest.raises(TooLate, match="no longer meant"):
        await plc.write({"pump-1.run": True}, in_time=lambda: False)
    assert bank.written == []

    await plc.write({"pump-1.run": True}, in_time=lambda: True)
    assert len(bank.written) == 1


async def test_a_device_tells_who_it_is(bank: Bank, plc: ModbusDevice) -> None:
    assert await plc.identify() == {"serial_number": SERIAL, "model_code": 0xCD01, "firmware": 200}
    assert bank.written == []


async def test_another_model_at_this_address_is_neither_read_nor_written(
    hostile: Hostile, plc: ModbusDevice
) -> None:
    other = Bank(model_code=0x4E01)
    hostile.answer = other.answer

    with pytest.raises(BadReply, match=r"plc: another device at this address: .*model_code"):
        await plc.read("protective")
    with pytest.raises(BadReply, match="another device"):
        await plc.write({"pump-1.run": True})

    assert other.written == []


async def test_another_serial_number_is_another_device(hostile: Hostile, bank: Bank) -> None:
    profile = load_profile("sim_cdu_plc")
    plc = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, profile, serial_number=SERIAL + 1)

    with pytest.raises(BadReply, match=f"expected serial_number {SERIAL + 1}, got {SERIAL}"):
        await plc.read("protective")

    await plc.close()
    assert bank.written == []


async def test_a_device_exchanged_behind_a_new_connection_is_noticed_before_a_write(
    hostile: Hostile, bank: Bank, plc: ModbusDevice
) -> None:
    await plc.read("protective")
    await plc.close()
    other = Bank(model_code=0x4E01)
    hostile.answer = other.answer

    with pytest.raises(BadReply, match="another device"):
        await plc.write({"pump-1.run": True})

    assert other.written == bank.written == []


async def test_a_refusal_says_the_devices_reason(hostile: Hostile, plc: ModbusDevice) -> None:
    hostile.answer = lambda request: [Bank.frame(request, bytes([request[7] | 0x80, 2]))]

    with pytest.raises(Refused, match="illegal data address"):
        await plc.read("protective")


@pytest.mark.parametrize("unit", [0, 256, -1])
def test_a_unit_that_no_device_has_is_refused(unit: int) -> None:
    with pytest.raises(ValueError, match="expected 1 to 255"):
        ModbusDevice("plc", "127.0.0.1", 502, unit, load_profile("sim_cdu_plc"))
