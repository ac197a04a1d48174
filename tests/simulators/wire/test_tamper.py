"""What a broken link makes of an exchange: every verb does what its name says, and nothing else."""

import pytest

from simulators.fault_verbs import Fault, parse
from simulators.link_verbs import MODBUS
from simulators.wire.tamper import Delivery, Tamper

READ = bytes.fromhex("0007 0000 0006 03 04 000a 0002")
READ_REPLY = bytes.fromhex("0007 0000 0007 03 04 04 0102 0304")
BITS = bytes.fromhex("0007 0000 0006 03 02 0000 000a")
BITS_REPLY = bytes.fromhex("0007 0000 0005 03 02 02 ff03")
FRAME = bytes.fromhex("0008 0000 000b 03 10 0000 0002 04 0001 0002")
FRAME_REPLY = bytes.fromhex("0008 0000 0006 03 10 0000 0002")
COIL = bytes.fromhex("0009 0000 0006 03 05 0020 ff00")
ONE = bytes.fromhex("0009 0000 0006 03 06 0020 0005")
EXCHANGES = ((READ, READ_REPLY), (BITS, BITS_REPLY), (FRAME, FRAME_REPLY), (COIL, COIL), (ONE, ONE))


def fault(text: str) -> Fault:
    return parse("link:trial", text, MODBUS)


def brought(text: str, request: bytes, reply: bytes, tamper: Tamper | None = None) -> Delivery:
    """What comes back of one exchange."""
    return (tamper or Tamper(1)).deliver(fault(text), request, reply)


def data(delivery: Delivery) -> bytes:
    """All of its bytes."""
    return b"".join(chunk for _, chunk in delivery.chunks)


@pytest.mark.parametrize("text", sorted(MODBUS))
def test_every_verb_changes_what_it_names_and_is_repeatable(text: str) -> None:
    changed = {
        request: brought(text, request, reply) != Delivery(((0.0, reply),))
        for request, reply in EXCHANGES
        if text != "intermittent"
    }
    reads, writes = {READ, BITS}, {FRAME, COIL, ONE}
    expected = {READ, BITS, FRAME, COIL, ONE}
    if text.endswith("-registers"):
        expected = reads
    elif text == "echo-address":
        expected = writes
    elif text == "echo-count":
        expected = {FRAME}
    elif text == "echo-value":
        expected = {COIL, ONE}
    elif text == "write-answer-lost":
        expected = writes
    elif text in ("off", "one-client", "taken", "write-not-taken", "late-answer", "intermittent"):
        # These are of the connection, the confirmation looks right, or nothing came before.
        expected = set()

    assert {request for request, differs in changed.items() if differs} == expected
    for request, reply in EXCHANGES:
        assert brought(text, request, reply) == brought(text, request, reply)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("transaction-zero", "0000 0000 0007 03 04 04 0102 0304"),
        ("wrong-transaction", "5552 0000 0007 03 04 04 0102 0304"),
        ("wrong-unit", "0007 0000 0007 43 04 04 0102 0304"),
        ("fewer-registers", "0007 0000 0005 03 04 02 0102"),
        ("more-registers", "0007 0000 0009 03 04 06 0102 0304 0000"),
        ("zero-registers", "0007 0000 0003 03 04 00"),
        ("odd-registers", "0007 0000 0008 03 04 05 0102 0304 00"),
        ("other-function", "0007 0000 0007 03 03 04 0102 0304"),
        ("exception:2", "0007 0000 0003 03 84 02"),
        ("exception:0x77", "0007 0000 0003 03 84 77"),
        ("bad-protocol", "0007 1234 0007 03 04 04 0102 0304"),
        ("length", "0007 0000 00fa 03 04 04 0102 0304"),
        ("length:3", "0007 0000 0003 03 04 04 0102 0304"),
        ("duplicate", (READ_REPLY + READ_REPLY).hex()),
        ("half-frame-fin", READ_REPLY[:6].hex()),
        ("stuck", ""),
    ],
)
def test_a_read_is_answered_so(text: str, reply: str) -> None:
    assert data(brought(text, READ, READ_REPLY)) == bytes.fromhex(reply)


@pytest.mark.parametrize(
    ("text", "request_", "reply"),
    [
        ("echo-address", FRAME, "0008 0000 0006 03 10 0001 0002"),
        ("echo-count", FRAME, "0008 0000 0006 03 10 0000 0003"),
        ("echo-address", COIL, "0009 0000 0006 03 05 0021 ff00"),
        ("echo-value", COIL, "0009 0000 0006 03 05 0020 0000"),
        ("echo-value", ONE, "0009 0000 0006 03 06 0020 0006"),
        ("exception", FRAME, "0008 0000 0003 03 90 04"),
    ],
)
def test_a_write_is_confirmed_so(text: str, request_: bytes, reply: str) -> None:
    honest = {FRAME: FRAME_REPLY}.get(request_, request_)

    assert data(brought(text, request_, honest)) == bytes.fromhex(reply)


def test_a_write_that_is_not_taken_looks_as_if_it_were() -> None:
    tamper, verb = Tamper(1), fault("write-not-taken")

    assert [tamper.passes(verb, request) for request in (READ, FRAME, COIL)] == [True, False, False]
    assert data(tamper.deliver(verb, FRAME, b"")) == FRAME_REPLY
    assert data(tamper.deliver(verb, COIL, b"")) == COIL


def test_a_write_whose_answer_is_lost_reached_the_device() -> None:
    tamper, verb = Tamper(1), fault("write-answer-lost")

    assert tamper.passes(verb, FRAME)
    assert tamper.deliver(verb, FRAME, FRAME_REPLY) == Delivery()


@pytest.mark.parametrize("text", ["stuck", "exception"])
def test_what_the_device_shall_not_hear_it_does_not_hear(text: str) -> None:
    assert not Tamper(1).passes(fault(text), COIL)


def test_a_late_answer_comes_before_the_right_one_or_alone() -> None:
    later = b"\x00\x0a" + READ_REPLY[2:]
    for text, expected in (("late-answer", READ_REPLY + later), ("one-behind", READ_REPLY)):
        tamper = Tamper(1)
        brought(text, READ, READ_REPLY, tamper)

        assert data(brought(text, READ, later, tamper)) == expected


def test_bytes_and_answers_come_at_their_times() -> None:
    slow = brought("slow", READ, READ_REPLY)
    late = brought("delayed:3s", READ, READ_REPLY)

    assert [after_s for after_s, _ in slow.chunks] == [0.05] * len(READ_REPLY)
    assert data(slow) == READ_REPLY
    assert late == Delivery(((3.0, READ_REPLY),))


def test_half_a_frame_ends_the_connection() -> None:
    assert brought("half-frame-fin", READ, READ_REPLY).end == "fin"
    assert brought("half-frame-reset", READ, READ_REPLY).end == "reset"


def test_an_intermittent_link_loses_its_share() -> None:
    tamper = Tamper(1)
    kept = [bool(brought("intermittent:0.25", READ, READ_REPLY, tamper).chunks) for _ in range(400)]

    assert 0.68 < sum(kept) / len(kept) < 0.82


def test_what_is_glued_behind_belongs_to_nobody() -> None:
    both = data(brought("glued", READ, READ_REPLY))

    assert both[: len(READ_REPLY)] == READ_REPLY
    assert both[len(READ_REPLY) :][:2] != READ_REPLY[:2]
    assert both[len(READ_REPLY) :][2:] == READ_REPLY[2:]
