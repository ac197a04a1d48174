"""Set-points written as one frame: all of them, in one request, or not a byte of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from drivers.errors import BadReply, NoAnswer, Refused
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import load_profile
from tests.drivers.modbus.memory import Bank, Hostile

pytestmark = pytest.mark.real_sockets

PROFILE = load_profile("sim_cdu_plc")
WANTED = ("pump-1.speed_pct", "pump-2.speed_pct", "district-pump.speed_pct", "pump-1.run")
VALUES = {"pump-1.speed_pct": 61.0, "pump-2.speed_pct": 0, "district-pump.speed_pct": 45.5}
BYTES = "10 00 00 00 0c 18 00 07 00 03 17 d4 00 00 00 00 00 00 11 c6" + 5 * " 00 00"


@pytest.fixture
def bank(hostile: Hostile) -> Bank:
    one = Bank()
    hostile.answer = one.answer
    return one


@pytest.fixture
async def plc(hostile: Hostile) -> AsyncIterator[ModbusDevice]:
    link = ModbusLink("127.0.0.1", hostile.port, total_s=0.3)
    wanted = [*WANTED, "primary.flow_lpm"]
    one = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, PROFILE, wanted=wanted, link=link)
    yield one
    await one.close()


async def test_a_frame_is_one_request_and_what_is_not_installed_is_zero(
    bank: Bank, plc: ModbusDevice
) -> None:
    await plc.write_frame(VALUES, heartbeat=7, epoch=3)

    assert bank.written == [BYTES]


async def test_heartbeat_and_epoch_fill_their_whole_word(bank: Bank, plc: ModbusDevice) -> None:
    await plc.write_frame(VALUES, heartbeat=65_535, epoch=40_000)

    assert bank.written[0].startswith("10 00 00 00 0c 18 ff ff 9c 40")


def test_the_frame_names_the_set_points_that_are_wanted_and_nothing_else(
    plc: ModbusDevice,
) -> None:
    assert plc.frame is not None
    assert plc.frame.tags == set(VALUES)


async def test_a_device_whose_profile_has_no_frame_refuses_and_writes_as_before(
    hostile: Hostile, bank: Bank
) -> None:
    foreign = replace(PROFILE, frame=None)
    plc = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, foreign, wanted=WANTED)

    with pytest.raises(ValueError, match="no frame: use write"):
        await plc.write_frame(VALUES, heartbeat=7, epoch=3)
    await plc.write({"pump-1.speed_pct": 61.0})
    await plc.close()

    assert plc.frame is None
    assert bank.written == ["10 00 02 00 01 02 17 d4"]


async def test_a_set_point_of_the_frame_is_never_written_alone(
    hostile: Hostile, plc: ModbusDevice
) -> None:
    with pytest.raises(
        ValueError, match=r"pump-1\.speed_pct is taken only in a frame: use write_f"
    ):
        await plc.write({"pump-1.run": True, "pump-1.speed_pct": 61.0})

    assert hostile.connections == 0


async def test_coils_beside_the_frame_are_written_as_before(bank: Bank, plc: ModbusDevice) -> None:
    await plc.write({"pump-1.run": True})

    assert bank.written == ["05 00 00 ff 00"]


@pytest.mark.parametrize(
    ("values", "heartbeat", "epoch", "expected"),
    [
        ({"pump-1.speed_pct": 61.0}, 7, 3, r"lacks \['district-pump.speed_pct', 'pump-2"),
        (VALUES | {"pump-3.speed_pct": 0.0}, 7, 3, r"not set-points .*pump-3\.speed_pct"),
        (VALUES | {"pump-1.run": 1.0}, 7, 3, r"not set-points .*pump-1\.run"),
        (VALUES | {"pump-1.speed_pct": 100.01}, 7, 3, "expected 0 to 100 %"),
        (VALUES | {"pump-1.speed_pct": -0.01}, 7, 3, "expected 0 to 100 %"),
        (VALUES | {"pump-1.speed_pct": float("nan")}, 7, 3, "expected 0 to 100 %"),
        (VALUES | {"pump-1.speed_pct": True}, 7, 3, "expected 0 to 100 %"),
        (VALUES, 65_536, 3, r"hearth\.heartbeat: .*does not fit"),
        (VALUES, -1, 3, r"hearth\.heartbeat: .*does not fit"),
        (VALUES, 7, 65_536, r"hearth\.epoch: .*does not fit"),
        (VALUES, 7, -1, r"hearth\.epoch: .*does not fit"),
    ],
)
async def test_a_frame_that_cannot_be_never_reaches_the_socket(
    hostile: Hostile,
    plc: ModbusDevice,
    values: dict[str, float],
    heartbeat: int,
    epoch: int,
    expected: str,
) -> None:
    with pytest.raises(ValueError, match=expected):
        await plc.write_frame(values, heartbeat=heartbeat, epoch=epoch)

    assert hostile.connections == 0


async def test_a_refused_frame_says_the_devices_reason_and_is_sent_once(
    hostile: Hostile, bank: Bank, plc: ModbusDevice
) -> None:
    def refuse(request: bytes) -> list[bytes]:
        if request[7] == 16:
            return [Bank.frame(request, b"\x90\x03")]
        return bank.answer(request)

    hostile.answer = refuse

    with pytest.raises(Refused, match="function 16: exception 3"):
        await plc.write_frame(VALUES, heartbeat=7, epoch=3)

    assert sum(request[7] == 16 for request in hostile.requests) == 1


async def test_a_frame_without_an_answer_is_sent_once(
    hostile: Hostile, bank: Bank, plc: ModbusDevice
) -> None:
    bank.silent_on = (16,)

    with pytest.raises(NoAnswer):
        await plc.write_frame(VALUES, heartbeat=7, epoch=3)

    assert sum(request[7] == 16 for request in hostile.requests) == 1


@pytest.mark.parametrize("echo", ["10 00 00 00 0b", "10 00 01 00 0c", "10 00 00 00 0c 00"])
async def test_another_echo_is_a_bad_reply(
    hostile: Hostile, bank: Bank, plc: ModbusDevice, echo: str
) -> None:
    def wrong(request: bytes) -> list[bytes]:
        if request[7] == 16:
            return [Bank.frame(request, bytes.fromhex(echo))]
        return bank.answer(request)

    hostile.answer = wrong

    with pytest.raises(BadReply, match="expected"):
        await plc.write_frame(VALUES, heartbeat=7, epoch=3)


async def test_another_device_at_this_address_gets_no_frame(
    hostile: Hostile, plc: ModbusDevice
) -> None:
    other = Bank(model_code=0x4E01)
    hostile.answer = other.answer

    with pytest.raises(BadReply, match="another device"):
        await plc.write_frame(VALUES, heartbeat=7, epoch=3)

    assert other.written == []


async def test_the_heartbeat_is_never_read_and_the_epoch_is(bank: Bank, hostile: Hostile) -> None:
    bank.words |= {0: 9, 1: 3}
    plc = ModbusDevice("plc", "127.0.0.1", hostile.port, 1, PROFILE)

    values = [name for group in ("protective", "normal") for name in await plc.read(group)]
    output = await plc.read("output")
    await plc.close()

    assert "hearth.heartbeat" not in {*values, *output}
    assert output["hearth.epoch"] == 3.0
