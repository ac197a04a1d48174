"""The frame on the wire: twelve registers at once, taken whole or refused whole."""

from struct import pack

import pytest

from simulators.watchdog import Busy
from simulators.wire.bank import CommandBank
from simulators.wire.functions import answer
from tests.simulators.wire.hands import HandPlc

SOUND = (7, 3, 6100, 0, 0, 0, 4600, 0, 500, 0, 0, 0)


def write(bank: CommandBank, start: int, words: tuple[int, ...]) -> bytes:
    """FC 16 over these words, and what comes back."""
    return answer(pack(f">BHHB{len(words)}H", 16, start, len(words), 2 * len(words), *words), bank)


def changed(at: int, word: int) -> tuple[int, ...]:
    return (*SOUND[:at], word, *SOUND[at + 1 :])


def test_a_frame_is_one_order_with_its_heartbeat_and_epoch(bank: CommandBank, plc: HandPlc) -> None:
    reply = write(bank, 0, SOUND)

    assert reply == pack(">BHH", 16, 0, 12)
    assert plc.frames == [(7, 3)]
    assert plc.told["pump-1.speed_pct"] == 61.0
    assert plc.told["district-pump.speed_pct"] == 46.0
    assert plc.told["three-way-valve.position_pct"] == 5.0


def test_heartbeat_and_epoch_use_their_whole_word(bank: CommandBank, plc: HandPlc) -> None:
    write(bank, 0, (65_535, 32_768, *SOUND[2:]))

    assert plc.frames == [(65_535, 32_768)]


@pytest.mark.parametrize(
    "words",
    [changed(2, 10_001), changed(6, 0xFFFF), changed(9, 0x8000), changed(4, 1), changed(11, 100)],
)
def test_a_frame_with_one_impossible_value_is_exception_3_and_nothing_is_taken(
    bank: CommandBank, plc: HandPlc, words: tuple[int, ...]
) -> None:
    before = dict(plc.told)

    assert write(bank, 0, words) == b"\x90\x03"
    assert plc.told == before
    assert plc.frames == []


@pytest.mark.parametrize(
    ("start", "words"),
    [(0, SOUND[:1]), (0, SOUND[:2]), (0, SOUND[:11]), (1, SOUND[1:]), (1, SOUND[1:2])],
)
def test_heartbeat_and_epoch_alone_or_with_some_are_exception_3(
    bank: CommandBank, plc: HandPlc, start: int, words: tuple[int, ...]
) -> None:
    assert write(bank, start, words) == b"\x90\x03"
    assert plc.frames == []


@pytest.mark.parametrize("address", [0, 1])
def test_function_6_cannot_write_heartbeat_or_epoch(bank: CommandBank, address: int) -> None:
    assert answer(pack(">BHH", 6, address, 1), bank) == b"\x86\x03"


def test_a_longer_frame_touches_what_does_not_exist(bank: CommandBank) -> None:
    assert write(bank, 0, (*SOUND, 0)) == b"\x90\x02"


def test_a_frame_that_the_plc_does_not_accept_is_exception_3(
    bank: CommandBank, plc: HandPlc
) -> None:
    plc.refusal = ValueError("epoch 3 is older than 4")

    assert write(bank, 0, SOUND) == b"\x90\x03"


def test_a_plain_write_that_the_armed_plc_does_not_take_is_exception_3(
    bank: CommandBank, plc: HandPlc
) -> None:
    plc.refusal = ValueError("armed")

    assert write(bank, 2, SOUND[2:]) == b"\x90\x03"
    assert answer(pack(">BHH", 6, 2, 100), bank) == b"\x86\x03"


def test_a_coil_that_comes_without_a_living_controller_is_exception_6(
    bank: CommandBank, plc: HandPlc
) -> None:
    plc.refusal = Busy("no controller")

    assert answer(pack(">BHH", 5, 0, 0xFF00), bank) == b"\x85\x06"
    assert answer(pack(">BHHBB", 15, 32, 2, 1, 0b11), bank) == b"\x8f\x06"


def test_set_points_of_what_is_not_installed_read_0_and_take_only_0(
    bank: CommandBank, plc: HandPlc
) -> None:
    before = dict(plc.told)

    assert answer(pack(">BHH", 6, 4, 0), bank) == pack(">BHH", 6, 4, 0)
    assert answer(pack(">BHH", 6, 4, 1), bank) == b"\x86\x03"
    assert answer(pack(">BHH", 3, 4, 1), bank) == b"\x03\x02\x00\x00"
    assert plc.told == before
