"""Frames survive any cutting of the stream, and nothing else is taken for one."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.link.frames import (
    BadFrame,
    Splitter,
    bodies,
    decode_from_core,
    decode_to_core,
    encode,
)
from controller.link.messages import Request, Verdict

texts = st.text(max_size=50)
numbers = st.none() | st.floats(allow_nan=False)
values = st.one_of(numbers, st.booleans(), texts)
requests = st.builds(Request, texts, texts, texts, texts, values, texts, st.floats(0, 1e6))


@given(st.lists(requests, max_size=5), st.lists(st.integers(0, 400), max_size=8))
def test_requests_come_out_as_they_went_in_however_the_stream_is_cut(
    wishes: list[Request], cuts: list[int]
) -> None:
    stream = b"".join(encode(wish) for wish in wishes)
    splitter = Splitter()

    out = [body for piece in cut(stream, cuts) for body in splitter.feed(piece)]

    read = [decode_to_core(body) for body in out]
    assert read == wishes
    assert [type(wish.value) for wish in read] == [type(wish.value) for wish in wishes]
    assert not splitter.inside_a_frame


@given(st.binary(max_size=200))
def test_rubbish_is_refused_by_name_or_waited_for(rubbish: bytes) -> None:
    splitter = Splitter(cap_bytes=100)

    try:
        for body in splitter.feed(rubbish):
            decode_to_core(body)
    except BadFrame:
        refused = True
    else:
        refused = False

    assert refused or splitter.inside_a_frame or rubbish == b""


def test_a_frame_over_the_cap_is_refused_from_its_length_alone() -> None:
    splitter = Splitter(cap_bytes=1000)

    with pytest.raises(BadFrame, match="over 1000 B"):
        splitter.feed((1001).to_bytes(4, "big"))


def test_a_message_over_the_cap_is_not_sent() -> None:
    verdict = Verdict("1", accepted=True, reason="x" * (16 * 1024 * 1024))

    with pytest.raises(BadFrame, match="Verdict"):
        encode(verdict)


def test_a_request_is_not_a_message_of_core() -> None:
    body = encode(Request("1", "a", "b", "c", 1.0, "", 60.0))[4:]

    with pytest.raises(BadFrame, match="not a message of core"):
        decode_from_core(body)


async def test_a_stream_that_ends_inside_a_frame_is_refused() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(encode(Verdict("1", accepted=True, reason=""))[:-1])
    stream.feed_eof()

    with pytest.raises(BadFrame, match="middle of a frame"):
        _ = [body async for body in bodies(stream, None)]


async def test_a_silent_stream_times_out() -> None:
    stream = asyncio.StreamReader()

    with pytest.raises(TimeoutError):
        _ = [body async for body in bodies(stream, 0.01)]


def cut(stream: bytes, sizes: Sequence[int]) -> list[bytes]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(stream[at : at + size])
        at += size
    return [*pieces, stream[at:]]
