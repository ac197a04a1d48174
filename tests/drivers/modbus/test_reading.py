"""The shortcut for plain registers says what the registers say, for every word."""

import math
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
        kind = dice.choice(sorted(KINDS))
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
    for _ in range(BLOCKS):
        members = registers(dice)
        count = max(register.end for register in members)
        told = [word(dice) for _ in range(count)]
        values: dict[str, Value] = {}
        implausible: dict[str, str] = {}

        BlockReader(Block("holding", 0, count, members), TAGS).read(
            struct.pack(f">{count}H", *told), values, implausible
        )

        assert values == {TAGS[one.name]: by_the_register(one, told) for one in members}
        assert all(type(value) in {float, bool, type(None)} for value in values.values())
        assert all(values[tag] is None for tag in implausible)


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 3.4e38])
def test_a_number_that_is_none_reaches_nobody(odd: float) -> None:
    register = Register("flow", "input", 0, "float32", low=0.0, high=1e6)
    values: dict[str, Value] = {}
    implausible: dict[str, str] = {}

    BlockReader(Block("input", 0, 2, (register,)), {"flow": "m.flow"}).read(
        struct.pack(">f", odd), values, implausible
    )

    assert values == {"m.flow": None}
    assert bool(implausible) == (not math.isnan(odd)), "NaN is how a device says nothing"
