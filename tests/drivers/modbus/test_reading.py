"""The shortcut for plain registers says what the registers say, for every word."""

import struct
from random import Random

import pytest

from drivers.device import Value
from drivers.errors import BadReply
from drivers.modbus.blocks import Block
from drivers.modbus.reading import BlockReader
from drivers.modbus.register import Kind, Register

KINDS: dict[Kind, int] = {
    "bool": 1, "uint16": 1, "int16": 1, "uint32": 2, "int32": 2, "uint64": 4, "int64": 4,
    "float32": 2, "float64": 4,
}  # fmt: skip


BLOCKS = 400
TAGS = {f"r{number}": f"plc.r{number}" for number in range(12)}
ODD_WORDS = (0, 1, 0x7FFF, 0x8000, 0xFFFF, 0x7FC0, 0xFF80)


def registers(dice: Random) -> tuple[Register, ...]:
    """A block's registers in ascending order, with gaps and overlaps."""
    found: list[Register] = []
    at = 0
    for number in range(dice.randint(1, 12)):
        kind = dice.choice((*sorted(KINDS), *("uint16", "int16") * 4))
        bits = 16 * KINDS[kind]
        low, high = sorted((dice.randint(-500, 500), dice.randint(-500, 70_000)))
        marks = ((), (1 << bits - 1,), ((1 << bits) - 1, 0), (0x7FC0_0000,))
        found.append(
            Register(
                f"r{number}",
                "holding",
                at,
                kind,
                scale=dice.choice((1.0, 0.1, 0.01, 0.04, 10.0, -1.0, 0.3)),
                offset=dice.choice((0.0, -273.15)),
                low=dice.choice((None, float(low))),
                high=dice.choice((None, float(high))),
                not_available=dice.choice(marks),
                word_order=dice.choice(("high_first", "high_first", "low_first")),
            )
        )
        at = max(0, at + KINDS[kind] + dice.choice((0, 0, 0, 1, 3, -1)))
    return tuple(found)


def word(dice: Random) -> int:
    """Any word, the odd ones more often."""
    return dice.choice((dice.choice(ODD_WORDS), dice.randint(0, 0xFFFF), dice.randint(0, 0xFFFF)))


def by_the_register(register: Register, told: list[int]) -> Value:
    try:
        value = register.decode(told[register.address : register.end])
    except BadReply:
        return None
    return value if value is None or isinstance(value, bool) else float(value)


@pytest.mark.parametrize("seed", range(4))
def test_every_register_gets_the_value_it_would_give_itself(seed: int) -> None:
    dice = Random(seed)
    quick = 0
    for _ in range(BLOCKS):
        members = registers(dice)
        count = max(register.end for register in members)
        told = [word(dice) for _ in range(count)]
        values: dict[str, Value] = {}

        others = BlockReader(Block("holding", 0, count, members), TAGS).read(
            struct.pack(f">{count}H", *told), values
        )

        assert values.keys().isdisjoint({TAGS[name] for name in others})
        for one in members:
            if one.name in others:
                assert others[one.name] == told[one.address : one.end]
            else:
                quick += 1
                assert type(values[TAGS[one.name]]) is float
                assert values[TAGS[one.name]] == by_the_register(one, told)
    assert quick > BLOCKS


def test_words_that_somebody_needs_are_spelled_out() -> None:
    members = tuple(Register(f"r{n}", "holding", n, "uint16") for n in range(3))
    values: dict[str, Value] = {}

    others = BlockReader(Block("holding", 0, 3, members), TAGS, {"r1"}).read(bytes(6), values)

    assert others == {"r1": [0]}
    assert values.keys() == {"plc.r0", "plc.r2"}


def test_bits_are_words_of_0_and_1() -> None:
    coils = tuple(Register(f"r{n}", "coil", 4 + 9 * n, "bool") for n in range(2))

    others = BlockReader(Block("coil", 4, 10, coils), TAGS).read(b"\x01\xfe", {})

    assert others == {"r0": [1], "r1": [1]}
