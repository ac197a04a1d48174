"""Replies of a real WhatsMiner with one thing changed: a sound reading, or a refusal by name."""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from drivers.cgminer.reading import MinerReading
from drivers.errors import BadReply
from drivers.whatsminer.dialects import dialect_for
from drivers.whatsminer.telemetry import reading_of

TRANSCRIPTS = Path(__file__).parent / "transcripts" / "whatsminer"
LIMITS = {
    "power_kw": (0.0, 30.0),
    "hashrate_ths": (0.0, 10_000.0),
    "inlet_c": (-50.0, 150.0),
    "outlet_c": (-50.0, 150.0),
    "chip_c": (-50.0, 200.0),
    "board_c": (-50.0, 200.0),
    "elapsed_s": (0.0, 4.0e9),
}


def said(part: str) -> Any:  # noqa: ANN401 - whatever was captured
    return json.loads((TRANSCRIPTS / f"m63s-{part}.json").read_text(encoding="utf-8"))["msg"]


def places(node: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every key of nested tables."""
    if not isinstance(node, dict):
        return [path]
    return [path, *(place for key, value in node.items() for place in places(value, (*path, key)))]


WHOLE = {
    "info": said("info"),
    "summary": said("summary")["summary"],
    "setting": said("setting"),
}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=True),
    st.text(max_size=80),
    st.sampled_from(["nan", "1e999", "-273", "0x10", "\u0661", [], {}, [[1]], [None], "9" * 5_000]),
)


@given(st.sampled_from([place for place in places(WHOLE) if len(place) > 1]), VALUES)
def test_one_changed_value_is_a_sound_reading_or_a_bad_reply(
    place: tuple[str, ...], value: object
) -> None:
    changed = json.loads(json.dumps(WHOLE))
    node = changed
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value

    try:
        reading = reading_of(
            changed["info"], changed["summary"], changed["setting"], 1.8e9, dialect_for("M65S")
        )
    except BadReply:
        return
    check(reading)


def check(reading: MinerReading) -> None:
    """Every number is one that can be, and texts are short."""
    for name, (low, high) in LIMITS.items():
        told = getattr(reading, name)
        assert told is None or (math.isfinite(told) and low <= told <= high), name
    for name in ("model", "firmware", "serial"):
        told = getattr(reading, name)
        assert told is None or (len(told) <= 64 and told.isprintable()), name
    assert len(msgspec.json.encode(reading)) < 4_096
