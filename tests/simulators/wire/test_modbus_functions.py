"""Every Modbus function of the simulated devices, and every way in which it refuses."""

from struct import pack, unpack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.wire.bank import Bank, CommandBank
from simulators.wire.functions import answer
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR
from tests.simulators.wire.hands import HandPlc


def ask(bank: Bank, function: int, first: int, second: int) -> bytes:
    return answer(pack(">BHH", function, first, second), bank)


def test_coils_read_the_commands_lowest_bit_first(bank: CommandBank) -> None:
    assert ask(bank, 1, 0, 9) == bytes([1, 2, 0b00000001, 0b1])
    assert ask(bank, 1, 32, 2) == bytes([1, 1, 0b11])
    assert ask(bank, 1, 64, 2) == bytes([1, 1, 0b01])


def test_discrete_inputs_read_the_points_and_unknown_is_zero(
    bank: CommandBank, plc: HandPlc
) -> None:
    plc.measured = {"container-01.leak": True, "container-02.leak": None, "pump-1.running": True}

    assert ask(bank, 2, 64, 3) == bytes([2, 1, 0b001])
    assert ask(bank, 2, 0, 256)[2:3] == b"\1"


def test_holding_registers_read_the_commands(bank: CommandBank, plc: HandPlc) -> None:
    plc.told |= {"hearth.heartbeat": 65_535.0, "hearth.epoch": 40_000.0}

    reply = ask(bank, 3, 0, 12)

    assert reply[:2] == bytes([3, 24])
    assert unpack(">12H", reply[2:]) == (65_535, 40_000, 6000, 0, 0, 0, 4550, 0, 0, 1234, 0, 0)


def test_input_registers_read_the_points(bank: CommandBank, plc: HandPlc) -> None:
    plc.measured = {"primary.hot_temperature_c": 79.876, "primary.cold_temperature_c": -3.2}

    assert ask(bank, 4, 10, 3) == pack(">BBhhH", 4, 6, 7988, -320, 0x8000)


def test_write_coil_echoes_and_commands(bank: CommandBank, plc: HandPlc) -> None:
    on = ask(bank, 5, 1, 0xFF00)
    off = ask(bank, 5, 32, 0x0000)

    assert (on, off) == (pack(">BHH", 5, 1, 0xFF00), pack(">BHH", 5, 32, 0))
    assert plc.told["pump-2.run"] is True
    assert plc.told["container-01.contactor_close"] is False


def test_write_register_echoes_and_commands(bank: CommandBank, plc: HandPlc) -> None:
    assert ask(bank, 6, 6, 3333) == pack(">BHH", 6, 6, 3333)
    assert plc.told["district-pump.speed_pct"] == 33.33


def test_write_coils_sets_each_bit(bank: CommandBank, plc: HandPlc) -> None:
    reply = answer(pack(">BHHBB", 15, 64, 2, 1, 0b10), bank)

    assert reply == pack(">BHH", 15, 64, 2)
    assert plc.told["container-01.valve_open_command"] is False
    assert plc.told["container-02.valve_open_command"] is True


def test_write_registers_sets_each_register(bank: CommandBank, plc: HandPlc) -> None:
    reply = answer(pack(">BHHBHH", 16, 8, 2, 4, 2500, 10000), bank)

    assert reply == pack(">BHH", 16, 8, 2)
    assert plc.told["three-way-valve.position_pct"] == 25.0
    assert plc.told["dry-cooler.fan_pct"] == 100.0


@pytest.mark.parametrize("function", [0, 7, 8, 20, 22, 23, 24, 43, 100, 127])
def test_an_unknown_function_is_exception_1(bank: CommandBank, function: int) -> None:
    assert answer(bytes([function, 0, 0]), bank) == bytes([function | 0x80, 1])


@pytest.mark.parametrize("function", [1, 2, 3, 5, 6])
def test_a_function_that_a_meter_does_not_offer_is_exception_1(plc: HandPlc, function: int) -> None:
    for layout in (HEAT_METER, OUTDOOR_SENSOR):
        meter = Bank(layout, plc, lambda: 0.0)

        assert ask(meter, function, 0, 1) == bytes([function | 0x80, 1])


@pytest.mark.parametrize(
    ("function", "first", "count"),
    [(1, 96, 1), (1, 0, 97), (2, 0, 257), (3, 12, 1), (3, 0, 13), (4, 104, 1), (4, 100, 5),
     (4, 65535, 1), (4, 65535, 125)],
)  # fmt: skip
def test_an_address_outside_the_table_is_exception_2(
    bank: CommandBank, function: int, first: int, count: int
) -> None:
    assert ask(bank, function, first, count) == bytes([function | 0x80, 2])


@pytest.mark.parametrize(
    ("function", "count"), [(1, 0), (1, 2001), (2, 0), (3, 0), (3, 126), (4, 0), (4, 126)]
)
def test_a_count_that_the_function_forbids_is_exception_3(
    bank: CommandBank, function: int, count: int
) -> None:
    assert ask(bank, function, 0, count) == bytes([function | 0x80, 3])


@pytest.mark.parametrize(
    ("function", "address"),
    [(6, 12), (6, 42), (5, 2), (5, 9), (5, 14), (5, 34), (5, 96)],
)
def test_gaps_and_missing_equipment_refuse_writing_with_exception_2(
    bank: CommandBank, plc: HandPlc, function: int, address: int
) -> None:
    before = dict(plc.told)

    assert ask(bank, function, address, 0) == bytes([function | 0x80, 2])
    assert plc.told == before


@pytest.mark.parametrize("value", [10001, 0x7FFF, 0x8000, 0xFFFF])
def test_a_value_out_of_range_is_exception_3(bank: CommandBank, plc: HandPlc, value: int) -> None:
    before = dict(plc.told)

    assert ask(bank, 6, 2, value) == bytes([0x86, 3])
    assert plc.told == before


@pytest.mark.parametrize(
    ("pdu", "code"),
    [
        (pack(">BHHBHH", 16, 8, 2, 4, 2500, 10001), 3),
        (pack(">BHHBHHH", 16, 2, 3, 6, 1, 2, 3), 3),
        (pack(">BHHBHHH", 16, 10, 3, 6, 0, 0, 0), 2),
        (pack(">BHHBB", 15, 32, 3, 1, 0b111), 2),
    ],
)
def test_several_are_written_all_or_none(
    bank: CommandBank, plc: HandPlc, pdu: bytes, code: int
) -> None:
    before = dict(plc.told)

    assert answer(pdu, bank) == bytes([pdu[0] | 0x80, code])
    assert plc.told == before


@pytest.mark.parametrize("value", [1, 0xFF, 0xFF01, 0xFFFF])
def test_a_coil_knows_only_on_and_off(bank: CommandBank, value: int) -> None:
    assert ask(bank, 5, 0, value) == bytes([0x85, 3])


@pytest.mark.parametrize(
    "pdu",
    [
        b"\x03",
        b"\x03\x00\x00\x00",
        b"\x04\x00\x00\x00\x01\x00",
        b"\x06\x00\x0a",
        pack(">BHHBH", 16, 8, 2, 4, 1),
        pack(">BHHBH", 16, 8, 1, 4, 1),
        pack(">BHHBB", 15, 0, 9, 1, 0),
        pack(">BHHB", 16, 8, 0, 0),
        pack(">BHH", 15, 0, 1),
    ],
)
def test_a_request_whose_lengths_disagree_is_exception_3(bank: CommandBank, pdu: bytes) -> None:
    assert answer(pdu, bank) == bytes([pdu[0] | 0x80, 3])


def test_the_points_are_read_once_for_each_moment(plc: HandPlc) -> None:
    now_s = [0.0]
    bank = CommandBank(CDU_PLC, plc, lambda: now_s[0])
    ask(bank, 4, 0, 10)
    ask(bank, 2, 0, 10)
    plc.measured = {"plc.heartbeat": 7.0}

    assert ask(bank, 4, 0, 1) == pack(">BBH", 4, 2, 0xFFFF)
    now_s[0] = 0.1
    assert ask(bank, 4, 0, 1) == pack(">BBH", 4, 2, 7)
    assert plc.reads == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=253))
def test_any_request_gets_an_answer_or_an_exception(bank: CommandBank, pdu: bytes) -> None:
    reply = answer(pdu, bank)

    assert reply[0] in {pdu[0], pdu[0] | 0x80}
    assert 2 <= len(reply) <= 253
