"""Byte orders, bits, states, flags, patterns that mean nothing, factors and units beside."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadReply
from drivers.modbus.entry import registers_of
from drivers.modbus.meaning import Flag
from drivers.modbus.register import Kind, Register

# 123.456 as float32 is 42 F6 E9 79.
A, B, C, D = 0x42, 0xF6, 0xE9, 0x79
CODES = {"uint16": "H", "int16": "h", "uint32": "I", "int32": "i", "uint64": "Q", "int64": "q"}


def entry(**changes: object) -> Register:
    whole = {"name": "x", "table": "holding", "address": 0, "type": "uint16", **changes}
    return registers_of(whole)[0]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("ABCD", [A << 8 | B, C << 8 | D]),
        ("CDAB", [C << 8 | D, A << 8 | B]),
        ("BADC", [B << 8 | A, D << 8 | C]),
        ("DCBA", [D << 8 | C, B << 8 | A]),
    ],
)
def test_all_four_orders_of_a_float_are_read_and_written(order: str, words: list[int]) -> None:
    one = entry(type="float32", order=order)

    assert one.decode(words) == pytest.approx(123.456)
    assert one.encode(one.decode(words)) == words


def test_a_word_alone_may_have_its_bytes_swapped() -> None:
    assert entry(byte_order="low_first").decode([0x3412]) == 0x1234


@given(
    st.data(),
    st.sampled_from(sorted(CODES)),
    st.sampled_from(["ABCD", "CDAB", "BADC", "DCBA"]),
    st.sampled_from([1.0, 0.1, 0.01, 0.001, 0.5, 1.0 / 60.0, 1000.0 / 60.0, -0.1]),
    st.sampled_from([0.0, -273.15, 40.0]),
)
def test_what_was_read_is_written_as_the_same_words(
    data: st.DataObject, kind: Kind, order: str, scale: float, offset: float
) -> None:
    one = entry(type=kind, order=order, scale=scale, offset=offset)
    # A float holds whole numbers up to 2^53 exactly; a scale costs a little of that.
    bits = min(8 * struct.calcsize(CODES[kind]), 40)
    raw = data.draw(st.integers(0, 2**bits - 1))
    number = struct.pack(">Q", raw)[-struct.calcsize(CODES[kind]) :]
    words = list(struct.unpack(f"{'<' if order in {'BADC', 'DCBA'} else '>'}{one.length}H", number))
    words = words[::-1] if order in {"CDAB", "DCBA"} else words

    value = one.decode(words)

    assert one.encode(value) == words


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["ABCD", "CDAB", "BADC", "DCBA"]),
)
def test_long_floats_come_back_in_any_order(value: float, order: str) -> None:
    one = entry(type="float64", order=order)

    assert one.decode(one.encode(value)) == value


@given(st.integers(0, 0xFFFF), st.integers(0, 15))
def test_a_named_bit_is_on_exactly_when_it_is_set(word: int, bit: int) -> None:
    (one,) = registers_of(
        {"name": "s", "table": "input", "address": 0, "type": "uint16", "bits": {"alarm": bit}}
    )

    assert one.name == "alarm"
    assert one.is_flag
    assert one.decode([word]) is bool(word >> bit & 1)


def test_a_bit_of_a_long_word_follows_its_order() -> None:
    assert entry(type="uint32", bit=16).decode([1, 0]) is True
    assert entry(type="uint32", bit=16, order="CDAB").decode([0, 1]) is True


def test_an_inverted_switch_is_on_when_it_is_off() -> None:
    closed_at_rest = entry(table="discrete", type="bool", inverted=True)

    assert closed_at_rest.decode([0]) is True
    assert closed_at_rest.decode([1]) is False
    assert entry(table="coil", type="bool", inverted=True, writable=True).encode(1) == [0]


def test_a_state_is_one_of_its_numbers_and_any_other_is_refused() -> None:
    mode = entry(states={"0": "auto", "4": "least", "0x06": "most"})

    assert mode.decode([4]) == 4
    assert mode.state(6) == "most"
    with pytest.raises(BadReply, match=r"expected one of 0 \(auto\), .*, got 5"):
        mode.decode([5])


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (entry(type="int16", not_available=[-32768]), [0x8000]),
        (entry(type="int16", not_available=[0x7FFF]), [0x7FFF]),
        (entry(type="int16", scale=0.1, sentinels=[3276.7]), [0x7FFF]),
        (entry(type="int16", sentinels=[-999]), [0x10000 - 999]),
        (entry(type="int16", scale=0.1, sentinels=[-999.0]), [0x10000 - 9990]),
        (entry(type="float32", sentinels=[-999.0]), list(struct.unpack(">2H", b"\xc4\x79\xc0\0"))),
        (entry(type="float32", not_available=[0x7F7FFFFF]), [0x7F7F, 0xFFFF]),
        (entry(type="float32", order="DCBA", not_available=[0x7F7FFFFF]), [0xFFFF, 0x7F7F]),
        (entry(type="float32", order="CDAB"), [0, 0x7FC0]),
        (entry(type="uint32", order="CDAB", not_available=[0xFFFFFFFE]), [0xFFFE, 0xFFFF]),
        (entry(states={"0": "auto"}, not_available=[0xFFFF]), [0xFFFF]),
        (entry(bit=3, not_available=[0xFFFF]), [0xFFFF]),
    ],
)
def test_what_means_not_available_is_nothing(one: Register, words: list[int]) -> None:
    assert one.decode(words) is None


def test_a_number_beside_a_sentinel_is_a_measurement() -> None:
    one = entry(type="int16", scale=0.1, sentinels=[3276.7])

    assert one.decode([0x7FFE]) == 3276.6


def flag(**how: object) -> Register:
    return Register("x", "holding", 0, "uint16", flag=Flag(**how))


def test_a_number_tells_on_and_off_by_values_of_its_own() -> None:
    run = flag(on=(0x047F,), off=(0x047E, 0))

    assert run.decode([0x047F]) is True
    assert run.decode([0]) is False
    assert run.decode([7]) is None
    assert run.encode(1) == [0x047F]
    assert run.encode(0) == [0x047E]


def test_without_values_for_off_all_others_are_off_and_a_limit_is_exceeded_or_not() -> None:
    assert flag(on=(2.0, 3.0)).decode([9]) is False
    assert flag(above=95.0).decode([96]) is True
    assert flag(above=95.0).decode([95]) is False


ENERGY = {
    "type": "int32",
    "unit": "kWh",
    "factor": {"address": 9, "type": "int16", "means": "power_of_ten"},
    "unit_code": {"address": 8, "codes": {"2": "kWh", "3": "MWh", "0x08": "GJ"}},
}


@pytest.mark.parametrize(
    ("factor", "unit", "expected"),
    [(0, 2, 1234.0), (-2, 2, 12.34), (1, 3, 12_340_000.0), (0xFFFF, 8, 123.4 / 3.6 * 1000.0)],
)
def test_factor_and_unit_beside_the_value_are_applied(
    factor: int, unit: int, expected: float
) -> None:
    beside = {"x factor": [factor & 0xFFFF], "x unit_code": [unit]}

    assert entry(**ENERGY).decode([0, 1234], beside) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("factor", "unit", "expected"),
    [(0, 7, "unit 7 is none of 2, 3, 8"), (300, 2, "10 to the power of 300")],
)
def test_a_unit_or_factor_that_cannot_be_is_refused(factor: int, unit: int, expected: str) -> None:
    with pytest.raises(BadReply, match=expected):
        entry(**ENERGY).decode([0, 1], {"x factor": [factor], "x unit_code": [unit]})


def test_a_repeated_entry_repeats_what_lies_beside_it() -> None:
    whole = {"table": "input", "address": 0, **ENERGY, "name": "e{n}", "repeat": 2, "step": 20}
    first, second = registers_of(whole)

    assert [one.register.address for one in second.beside] == [29, 28]
    assert [one.register.name for one in first.beside] == ["e1 factor", "e1 unit_code"]


@given(
    st.sampled_from([*CODES, "float32", "float64"]),
    st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=4),
    st.sampled_from(["ABCD", "DCBA"]),
    st.integers(0, 0xFFFF),
)
def test_no_words_raise_anything_but_bad_reply(
    kind: Kind, words: list[int], order: str, aside: int
) -> None:
    one = entry(**ENERGY | {"type": kind}, order=order, low=-1e6, high=1e6)
    try:
        value = one.decode(words, {"x factor": [aside], "x unit_code": [aside % 9]})
    except BadReply:
        return

    assert value is None or -1e6 <= value <= 1e6
