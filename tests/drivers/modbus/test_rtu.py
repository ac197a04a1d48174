"""Serial frames over TCP: a checksum, a length known beforehand, and no second chances."""

import pytest

from drivers.errors import BadReply
from drivers.modbus.counts import LinkCounts
from drivers.modbus.frame import BadFrame
from drivers.modbus.rtu import RtuInbox
from tests.drivers.modbus.oracle import rtu

# Three holding registers from 107 of unit 17, as simplymodbus.ca prints the exchange (FC03).
SENT = bytes.fromhex("11 03 006b 0003 7687")
GOOD = bytes.fromhex("11 03 06 ae41 5652 4340 49ad")


def inbox() -> RtuInbox:
    one = RtuInbox(LinkCounts())
    one.expect(SENT)
    return one


def test_the_right_answer_is_taken_in_any_two_pieces() -> None:
    assert inbox().hear(GOOD) == GOOD[:-2]
    for cut in range(1, len(GOOD)):
        one = inbox()

        assert one.hear(GOOD[:cut]) is None
        assert one.hear(GOOD[cut:]) == GOOD[:-2]
        assert one.clean()


def test_an_exception_is_an_answer_of_five_bytes() -> None:
    assert inbox().hear(rtu(bytes.fromhex("11 83 02"))) == bytes.fromhex("11 83 02")


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (rtu(bytes.fromhex("12 03 06 022b 0000 0064")), "unit 17, got 18"),
        (rtu(bytes.fromhex("11 04 06 022b 0000 0064")), "function 3, got 4"),
        (rtu(bytes.fromhex("11 03 04 022b 0000")), "byte count 6, got 4"),
        (rtu(bytes.fromhex("11 03 08 022b 0000 0064 0001")), "byte count 6, got 8"),
        (GOOD[:-1] + b"\0", "checksum"),
        (GOOD[:4] + b"\x40" + GOOD[5:], "checksum"),
        (b"\0" + GOOD, "unit 17, got 0"),
        (GOOD[1:], "unit 17, got 3"),
        (SENT, "byte count 6, got 0"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(heard: bytes, expected: str) -> None:
    with pytest.raises(BadReply, match=expected):
        inbox().hear(heard)


def test_another_echo_of_a_write_is_refused() -> None:
    one = RtuInbox(LinkCounts())
    one.expect(rtu(bytes.fromhex("11 06 0001 0003")))

    with pytest.raises(BadFrame, match="echo 00 01 00 03, got 00 01 00 04"):
        one.hear(rtu(bytes.fromhex("11 06 0001 0004")))


def test_what_nobody_asked_for_is_refused_even_if_it_is_sound() -> None:
    with pytest.raises(BadFrame, match="expected silence, got 11 03 06"):
        RtuInbox(LinkCounts()).hear(GOOD)


def test_of_two_glued_answers_one_is_used_and_the_stream_is_spoilt() -> None:
    one = inbox()

    assert one.hear(GOOD + GOOD) == GOOD[:-2]
    assert not one.clean()
