"""Captured replies with bytes lost, doubled or changed: a reading, or an error by name."""

import contextlib
import time
from math import isfinite
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.cgminer.codec import MAX_REPLY_BYTES, decode
from drivers.cgminer.host import pools_in
from drivers.cgminer.reading import MinerReading
from drivers.cgminer.telemetry import telemetry
from drivers.errors import BadReply, Refused
from tests.wire.avalon_chains import CHAINS
from tests.wire.avalon_home import HOME
from tests.wire.avalon_industrial import INDUSTRIAL

TRANSCRIPTS = Path(__file__).parent / "transcripts" / "cgminer"
REPLIES = [
    ((TRANSCRIPTS / row.file).read_bytes() + b"\0", row.command)
    for row in (*INDUSTRIAL, *HOME, *CHAINS)
]
MARKS = (b"", b"\0", b"[", b"]", b"{", b"}", b"|", b",", b'"', b"nan", b"1e999", b"-273", b"\xff")
MOST_CPU_S = 2.0


def read(raw: bytes, command: str) -> None:
    """Read these bytes: any reading holds finite numbers only, any error is one of ours."""
    try:
        replies = decode(raw, command)
        reading = telemetry(replies)
    except (BadReply, Refused):
        return
    assert isinstance(reading, MinerReading)
    for name in reading.__struct_fields__:
        value = getattr(reading, name)
        assert not isinstance(value, float) or isfinite(value), name


def mutated(raw: bytes, dice: Random) -> bytes:
    """The same reply after up to three accidents."""
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(raw))
        to = min(len(raw), at + dice.choice((0, 1, 2, 8, 200)))
        match dice.randrange(4):
            case 0:
                raw = raw[:at] or b"{"
            case 1:
                raw = raw[:at] + dice.choice(MARKS) + raw[to:]
            case 2:
                raw = raw[:to] + raw[at:]
            case _:
                raw = raw[:at] + bytes([dice.randrange(256)]) + raw[at + 1 :]
        raw = raw or b"{"
    return raw


def test_captured_replies_after_accidents_give_a_reading_or_an_error_by_name() -> None:
    dice = Random(4028)

    for _ in range(30):
        for raw, command in REPLIES:
            read(mutated(raw, dice), command)


@pytest.mark.campaign
@pytest.mark.timeout(900)
def test_captured_replies_after_a_hundred_thousand_accidents() -> None:
    dice = Random(1047)

    for _ in range(7_000):
        for raw, command in REPLIES:
            read(mutated(raw, dice), command)


def test_a_reply_cut_off_anywhere_is_no_reading() -> None:
    for raw, command in REPLIES:
        for length in range(0, len(raw.rstrip(b"\0 \n|")), max(1, len(raw) // 25)):
            with pytest.raises((BadReply, Refused)):
                telemetry(decode(raw[:length], command))


@given(st.binary(max_size=300), st.sampled_from([b"", b'{"STATUS":', b"STATUS=", b"CMD="]))
@settings(max_examples=100)
def test_no_bytes_raise_anything_but_our_errors(tail: bytes, head: bytes) -> None:
    read(head + tail, "estats")
    with contextlib.suppress(BadReply, Refused):
        pools_in(decode(head + tail, "pools")["pools"])


FLAT = b"STATUS=S,Code=1,Msg=,Description=|STATS=0,MM ID0="


@pytest.mark.parametrize(
    ("head", "unit"),
    [
        (b"", b"STATUS="),
        (b"", b"STATUS=S,Msg=|"),
        (b"", b"CMD=a|"),
        (b"STATUS=S,Msg=", b"\\|"),
        (FLAT, b"\\"),
        (FLAT, b",["),
        (FLAT, b"],"),
        (FLAT, b"A[]"),
        (b"", b'{"a":'),
        (b"{", b'"nan'),
        (b'{"a":', b"nan "),
    ],
)
def test_the_longest_reply_of_anything_is_judged_in_linear_time(head: bytes, unit: bytes) -> None:
    raw = (head + unit * (MAX_REPLY_BYTES // len(unit)))[: MAX_REPLY_BYTES - 2] + b"|\0"
    begun_s = time.process_time()

    read(raw, "estats")

    assert time.process_time() - begun_s < MOST_CPU_S
