"""The answer to what was sent, and nothing else, byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadReply, Busy, Misasked, NoAnswer, Refused
from drivers.modbus.counts import LinkCounts
from drivers.modbus.frame import EXCEPTIONS, MOST_FOREIGN, BadFrame, TcpInbox, refusal

# Transaction 7, unit 1: two input registers from address 10, answered by 0x0102 and 0x0304.
SENT = bytes.fromhex("0007 0000 0006 01 04 000a 0002")
GOOD = bytes.fromhex("0007 0000 0007 01 04 04 0102 0304")
# Nine coils from address 0, in two bytes.
SENT_BITS = bytes.fromhex("0008 0000 0006 01 01 0000 0009")
GOOD_BITS = bytes.fromhex("0008 0000 0005 01 01 02 ff01")
# One holding register at 20 set to 4,242 by function 16.
SENT_WRITE = bytes.fromhex("0009 0000 0009 01 10 0014 0001 02 1092")
GOOD_WRITE = bytes.fromhex("0009 0000 0006 01 10 0014 0001")


ZERO = frozenset({1})


def inbox(sent: bytes, zero_answers: frozenset[int] = frozenset()) -> TcpInbox:
    """An inbox that awaits the answer to this."""
    one = TcpInbox(LinkCounts(), zero_answers)
    one.expect(sent)
    return one


def answer(sent: bytes, heard: bytes) -> bytes | None:
    """What is taken for the answer when all of this comes at once."""
    return inbox(sent).hear(heard)


@pytest.mark.parametrize(
    ("sent", "heard"), [(SENT, GOOD), (SENT_BITS, GOOD_BITS), (SENT_WRITE, GOOD_WRITE)]
)
def test_the_right_answer_is_taken(sent: bytes, heard: bytes) -> None:
    assert answer(sent, heard) == heard[6:]


@pytest.mark.parametrize("sent_heard", [(SENT, GOOD), (SENT_WRITE, GOOD_WRITE)])
def test_an_answer_in_any_two_pieces_is_waited_for(sent_heard: tuple[bytes, bytes]) -> None:
    sent, heard = sent_heard
    for cut in range(1, len(heard)):
        one = inbox(sent)

        assert one.hear(heard[:cut]) is None
        assert one.hear(heard[cut:]) == heard[6:]
        assert one.clean()


def test_a_late_answer_to_an_earlier_request_is_stepped_over_and_counted() -> None:
    late = bytes.fromhex("0006 0000 0007 01 04 04 0909 0909")
    counts = LinkCounts()
    one = TcpInbox(counts)
    one.expect(SENT)

    assert one.hear(late) is None
    assert one.hear(late[:5]) is None
    assert one.hear(late[5:] + GOOD) == GOOD[6:]
    assert counts.discarded == 2


def test_of_two_glued_answers_one_is_used_and_one_counted() -> None:
    counts = LinkCounts()
    one = TcpInbox(counts)
    one.expect(SENT)

    assert one.hear(GOOD + GOOD) == GOOD[6:]
    assert one.clean()
    assert counts.discarded == 1


def test_what_is_not_modbus_behind_an_answer_ends_the_stream_and_not_the_answer() -> None:
    one = inbox(SENT)

    assert one.hear(GOOD + b"HTTP/1.1 400") == GOOD[6:]
    assert not one.clean()


def test_half_a_frame_behind_an_answer_spoils_the_stream() -> None:
    one = inbox(SENT)

    assert one.hear(GOOD + GOOD[:8]) == GOOD[6:]
    assert not one.clean()


def test_transaction_0_answers_nothing() -> None:
    assert answer(SENT, b"\0\0" + GOOD[2:]) is None


def test_transaction_0_is_taken_from_a_unit_that_is_known_for_it_and_checked_as_well() -> None:
    assert inbox(SENT, ZERO).hear(b"\0\0" + GOOD[2:]) == GOOD[6:]
    with pytest.raises(BadFrame, match="13 bytes, got 11"):
        inbox(SENT, ZERO).hear(bytes.fromhex("0000 0000 0005 01 04 02 0102"))
    assert inbox(SENT, frozenset({2})).hear(b"\0\0" + GOOD[2:]) is None


def test_a_second_answer_with_transaction_0_spoils_the_stream() -> None:
    one = inbox(SENT, ZERO)

    assert one.hear(2 * (b"\0\0" + GOOD[2:])) == GOOD[6:]
    assert not one.clean()


def test_frames_of_other_transactions_without_end_are_babble() -> None:
    with pytest.raises(BadFrame, match="65 frames of other transactions"):
        answer(SENT, (b"\0\x05" + GOOD[2:]) * (MOST_FOREIGN + 1))


def test_a_wrong_length_is_refused_before_the_frame_is_there() -> None:
    with pytest.raises(BadFrame, match="13 bytes, got 256"):
        answer(SENT, bytes.fromhex("0007 0000 00fa 01 04"))


def test_an_exception_is_an_answer() -> None:
    refused = bytes.fromhex("0007 0000 0003 01 84 02")

    assert answer(SENT, refused) == refused[6:]


@pytest.mark.parametrize(
    ("sent", "heard", "expected"),
    [
        (SENT, "0007 0000 0007 02 04 04 0102 0304", "unit 1, got 2"),
        (SENT, "0007 0000 0007 01 03 04 0102 0304", "function 4, got 3"),
        (SENT, "0007 0000 0003 01 83 02", "function 4, got 131"),
        (SENT, "0007 0000 0005 01 04 02 0102", "13 bytes, got 11"),
        (SENT, "0007 0000 0009 01 04 06 0102 0304 0506", "13 bytes, got 15"),
        (SENT, "0007 0000 0003 01 04 00", "13 bytes, got 9"),
        (SENT, "0007 0000 0008 01 04 05 0102 0304 05", "13 bytes, got 14"),
        (SENT, "0007 0000 0007 01 04 05 0102 0304", "byte count 4, got 5"),
        (SENT, "0007 0000 0004 01 84 02 00", "9 bytes, got 10"),
        (SENT_BITS, "0008 0000 0004 01 01 01 ff", "11 bytes, got 10"),
        (SENT_WRITE, "0009 0000 0006 01 10 0015 0001", "echo 00 14 00 01, got 00 15 00 01"),
        (SENT_WRITE, "0009 0000 0006 01 10 0014 0002", "echo 00 14 00 01, got 00 14 00 02"),
        (SENT, "0007 0001 0007 01 04 04 0102 0304", "Modbus TCP frame"),
        (SENT, "0007 0000 0002 01 04", "Modbus TCP frame"),
        (SENT, "0007 0000 00ff 01 04 04", "Modbus TCP frame"),
        (SENT, "474554202f20485454502f312e31", "Modbus TCP frame"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(sent: bytes, heard: str, expected: str) -> None:
    with pytest.raises(BadReply, match=expected):
        answer(sent, bytes.fromhex(heard))


@pytest.mark.parametrize("code", sorted(EXCEPTIONS.keys() - {10, 11}))
def test_an_exception_is_a_refusal_by_its_name(code: int) -> None:
    error = refusal("plc:502", 4, code)

    assert isinstance(error, Refused)
    assert EXCEPTIONS[code] in str(error)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1, Misasked),
        (2, Misasked),
        (3, Misasked),
        (5, Busy),
        (6, Busy),
        (4, Refused),
        (119, Refused),
    ],
)
def test_a_wrong_configuration_a_busy_device_and_a_broken_one_are_told_apart(
    code: int, kind: type[Refused]
) -> None:
    assert type(refusal("plc:502", 4, code)) is kind


def test_an_unknown_exception_says_its_number() -> None:
    assert "exception 119 (unknown exception)" in str(refusal("plc:502", 4, 119))


@pytest.mark.parametrize("code", [10, 11])
def test_a_gateway_whose_device_is_silent_is_no_answer(code: int) -> None:
    assert isinstance(refusal("plc:502", 4, code), NoAnswer)


@given(st.sampled_from([SENT, SENT_BITS, SENT_WRITE]), st.binary(max_size=300))
def test_no_bytes_raise_anything_but_bad_reply(sent: bytes, garbage: bytes) -> None:
    for heard in (garbage, sent[:4] + garbage, sent[:7] + garbage):
        try:
            body = answer(sent, heard)
        except BadReply:
            continue

        assert body is None or body[:1] == sent[6:7]
