"""Exchanged words and another device, seen in what is read, without a new connection."""

import struct
from collections.abc import AsyncIterator, Callable

import pytest

from drivers.errors import WrongDevice
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import load_profile
from drivers.modbus.register import Register
from drivers.modbus.word_order import told_low_words_first
from tests.drivers.modbus.memory import Bank, Hostile

pytestmark = pytest.mark.real_sockets

Order = Callable[[list[int]], list[int]]
VALUES = {0: 812.5, 2: 68.0, 4: 45.25, 6: 1290.0}


def fill(bank: Bank, values: dict[int, float], order: Order) -> None:
    """Float32 values into the meter's memory, words in this order."""
    for address, value in values.items():
        words = order(list(struct.unpack(">2H", struct.pack(">f", value))))
        bank.words[address], bank.words[address + 1] = words


def as_told(words: list[int]) -> list[int]:
    return words


def exchanged(words: list[int]) -> list[int]:
    return words[::-1]


@pytest.fixture
def bank(hostile: Hostile) -> Bank:
    one = Bank(model_code=0x4E01)
    one.words |= {12: 1082, 13: 2001, 14: 0x4E01, 15: 100, 8: 1, 9: 2, 10: 0, 11: 0}
    hostile.answer = one.answer
    return one


@pytest.fixture
async def meter(hostile: Hostile) -> AsyncIterator[ModbusDevice]:
    one = ModbusDevice("meter", "127.0.0.1", hostile.port, 1, load_profile("sim_heat_meter"))
    yield one
    await one.close()


async def test_a_meter_that_tells_low_words_first_is_not_believed_from_the_first_reading_on(
    bank: Bank, meter: ModbusDevice
) -> None:
    fill(bank, VALUES, exchanged)

    with pytest.raises(WrongDevice, match="make sense only with words swapped"):
        await meter.read("normal")

    fill(bank, VALUES, as_told)
    assert (await meter.read("normal"))["meter.power_kw"] == 1290.0


@pytest.mark.parametrize("broken", [3e38, 1e-30, float("nan")])
async def test_one_strange_value_among_sound_ones_is_that_sensors_alone(
    bank: Bank, meter: ModbusDevice, broken: float
) -> None:
    fill(bank, VALUES | {2: broken}, as_told)

    values = await meter.read("normal")

    assert values["meter.flow_lpm"] == 812.5


async def test_an_empty_meter_says_nothing_about_its_words(bank: Bank, meter: ModbusDevice) -> None:
    fill(bank, dict.fromkeys(VALUES, 0.0), exchanged)

    assert (await meter.read("normal"))["meter.power_kw"] == 0.0


async def test_another_device_behind_the_same_connection_is_refused_with_the_next_reading(
    hostile: Hostile, bank: Bank, meter: ModbusDevice
) -> None:
    fill(bank, VALUES, as_told)
    await meter.read("normal")
    bank.words[13] += 1

    with pytest.raises(WrongDevice, match="who answered first told serial_number"):
        await meter.read("normal")

    assert hostile.connections == 1


async def test_who_answers_costs_no_request_where_it_lies_near(
    hostile: Hostile, bank: Bank, meter: ModbusDevice
) -> None:
    fill(bank, VALUES, as_told)
    await meter.read("normal")
    before = len(hostile.requests)
    await meter.read("normal")

    assert len(hostile.requests) == before + 1


@pytest.mark.parametrize("kind", ["int32", "uint32", "int64", "float64"])
def test_numbers_with_a_range_tell_the_order_of_their_words_too(kind: str) -> None:
    register = Register("energy", "input", 0, kind, low=1.0, high=50_000.0)  # type: ignore[arg-type]
    words = register.encode(40_000)

    assert told_low_words_first([(register, words[::-1])])
    assert not told_low_words_first([(register, words)])
    assert not told_low_words_first([(register, words), (register, words[::-1])])


def test_a_number_that_may_be_anything_tells_nothing() -> None:
    register = Register("energy", "input", 0, "uint32")

    assert not told_low_words_first([(register, [5, 0])])
