"""One register: words to house units and back, inside its range."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadReply
from drivers.modbus.register import Kind, Register


def register(kind: Kind = "int16", **changes: object) -> Register:
    return Register(**{"name": "x", "table": "holding", "address": 0, "type": kind, **changes})


def test_a_temperature_is_scaled_to_the_nearest_number() -> None:
    hundredths = register(scale=0.01)

    assert hundredths.decode([57]) == 0.57
    assert hundredths.decode([0xFFFF]) == -0.01
    assert hundredths.encode(0.57) == [57]


def test_an_offset_is_added_after_the_scale() -> None:
    shifted = register("uint16", scale=0.5, offset=-40.0)

    assert shifted.decode([100]) == 10.0
    assert shifted.encode(10.0) == [100]


def test_high_word_first_unless_the_profile_says_otherwise() -> None:
    assert register("uint32").decode([1, 2]) == 65_538
    assert register("uint32", word_order="low_first").decode([2, 1]) == 65_538
    assert register("uint32", word_order="low_first").encode(65_538) == [2, 1]


def test_not_available_is_none() -> None:
    assert register(not_available=(0x8000,)).decode([0x8000]) is None
    assert register("uint32", not_available=(0xFFFFFFFF,)).decode([0xFFFF, 0xFFFF]) is None


def test_nan_is_none() -> None:
    nan = list(struct.unpack(">2H", struct.pack(">f", float("nan"))))

    assert register("float32").decode(nan) is None


def test_zero_is_a_measurement() -> None:
    assert register(scale=0.01).decode([0]) == 0.0


@pytest.mark.parametrize(
    ("one", "words", "expected"),
    [
        (register(scale=0.01, low=-50.0, high=150.0, unit="°C"), [15_001], "-50 to 150 °C"),
        (register(scale=0.01, low=-50.0, high=150.0), [0x8000], "-50 to 150"),
        (register("float32", low=0.0), [0x7F80, 0], "0 to any finite number, got inf"),
        (register("float32"), [0xFF80, 0], "got -inf"),
        (register("bool"), [2], "0 or 1"),
        (register("uint32"), [1], "expected 2 words, got 1"),
        (register(), [1, 2], "expected 1 words, got 2"),
    ],
)
def test_an_impossible_value_is_refused_by_name(
    one: Register, words: list[int], expected: str
) -> None:
    with pytest.raises(BadReply, match=f"x: .*{expected}"):
        one.decode(words)


@pytest.mark.parametrize("value", [-0.01, 100.01, float("nan"), float("inf"), True])
def test_a_value_outside_the_range_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match=r"x: expected 0 to 100 %"):
        register(scale=0.01, low=0.0, high=100.0, unit="%").encode(value)


@pytest.mark.parametrize(
    ("one", "value", "expected"),
    [
        (register("uint16"), -1, "does not fit uint16"),
        (register("uint16"), 65_536, "does not fit uint16"),
        (register("float32"), 1e39, "does not fit float32"),
        (register("uint16", not_available=(0xFFFF,)), 65_535, "not available"),
        (register("bool"), 2, "on or off"),
        (register("bool", table="coil"), 0.5, "on or off"),
    ],
)
def test_a_value_that_cannot_be_written_down_is_refused(
    one: Register, value: float, expected: str
) -> None:
    with pytest.raises(ValueError, match=f"x: .*{expected}"):
        one.encode(value)


INTEGERS: dict[Kind, tuple[int, int]] = {
    "uint16": (0, 2**16 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
ORDERS = st.sampled_from(["high_first", "low_first"])


@given(st.data(), st.sampled_from(sorted(INTEGERS)), ORDERS)
def test_whole_numbers_come_back(data: st.DataObject, kind: Kind, order: str) -> None:
    value = data.draw(st.integers(*INTEGERS[kind]))
    one = register(kind, word_order=order)

    assert one.decode(one.encode(value)) == value


@given(st.integers(-(2**15), 2**15 - 1), st.sampled_from([0.01, 0.1, 0.25, 1.0, 2.0, 10.0]))
def test_scaled_numbers_come_back(raw: int, scale: float) -> None:
    one = register("int16", scale=scale)
    value = one.decode([raw & 0xFFFF])

    assert value is not None
    assert one.decode(one.encode(value)) == value
    assert one.encode(value) == [raw & 0xFFFF]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), ORDERS)
def test_short_floats_come_back(value: float, order: str) -> None:
    one = register("float32", word_order=order)

    assert one.decode(one.encode(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_long_floats_come_back(value: float) -> None:
    one = register("float64")

    assert one.decode(one.encode(value)) == value


@given(st.booleans(), st.sampled_from(["coil", "holding"]))
def test_switches_come_back(value: bool, table: str) -> None:  # noqa: FBT001 - drawn
    one = register("bool", table=table)

    assert one.decode(one.encode(value)) is value


@given(
    st.sampled_from([*sorted(INTEGERS), "float32", "float64", "bool"]),
    st.lists(st.integers(0, 0xFFFF), max_size=5),
)
def test_no_words_raise_anything_but_bad_reply(kind: Kind, words: list[int]) -> None:
    one = register(kind, scale=0.1, low=-1000.0, high=1000.0)

    try:
        value = one.decode(words)
    except BadReply:
        return

    assert value is None or -1000.0 <= value <= 1000.0
