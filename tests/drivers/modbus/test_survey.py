"""A survey tells every point once: its words, its value, and why there is none."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from drivers.errors import BadReply, NoAnswer, Refused
from drivers.modbus.entry import registers_of
from drivers.modbus.profile import Profile, read_profile
from drivers.modbus.register import Register, Table
from drivers.modbus.survey import Surveyed, survey


@dataclass
class Memory:
    """A device with these words; what it refuses, garbles or does not answer."""

    words: dict[int, int] = field(default_factory=dict)
    silent: bool = False
    garbled: tuple[int, ...] = ()
    asked: list[tuple[Table, int, int, int]] = field(default_factory=list)

    async def read(self, table: Table, address: int, count: int, unit: int) -> list[int]:
        """What a link would give."""
        self.asked.append((table, address, count, unit))
        if self.silent:
            raise NoAnswer("10.0.0.1:502: no answer in 1 s")
        span = range(address, address + count)
        if any(at not in self.words for at in span):
            raise Refused("10.0.0.1:502: function 3: exception 2 (illegal data address)")
        if any(at in self.garbled for at in span):
            raise BadReply("10.0.0.1:502: expected 9 bytes, got 11")
        return [self.words[at] for at in span]


def profile(*entries: dict[str, object]) -> Profile:
    registers = tuple(
        one
        for entry in entries
        for one in registers_of({"table": "holding", "type": "uint16", **entry})
    )
    return Profile("p", "manual", registers, {"holding": ((0, 99),)})


async def rows(memory: Memory, of: Profile) -> dict[str, Surveyed]:
    return {row.register.name: row for row in await survey(memory, of, 7)}


async def test_every_point_is_told_with_its_words() -> None:
    memory = Memory(dict.fromkeys(range(4), 0) | {0: 1234, 3: 0x0204})
    found = await rows(
        memory,
        profile(
            {"name": "flow", "address": 0, "scale": 0.1},
            {"name": "status", "address": 3, "bits": {"on": 9, "alarm": 10}},
        ),
    )

    assert (found["flow"].value, found["flow"].words, found["flow"].why) == (123.4, (1234,), "")
    assert [found[bit].value for bit in ("on", "alarm")] == [True, False]
    assert memory.asked == [("holding", 0, 4, 7)]


async def test_a_refused_block_is_asked_one_by_one_and_the_missing_one_is_named() -> None:
    memory = Memory({0: 5, 2: 7})
    found = await rows(memory, profile(*({"name": f"r{n}", "address": n} for n in range(3))))

    assert [found[name].value for name in ("r0", "r1", "r2")] == [5, None, 7]
    assert "illegal data address" in found["r1"].why
    assert found["r1"].words is None


async def test_a_device_that_does_not_answer_is_asked_once() -> None:
    memory = Memory(silent=True)
    found = await rows(memory, profile({"name": "a", "address": 0}, {"name": "b", "address": 90}))

    assert len(memory.asked) == 1
    assert {row.why for row in found.values()} == {"10.0.0.1:502: no answer in 1 s"}


async def test_a_garbled_block_costs_its_points_and_no_others() -> None:
    memory = Memory({0: 5, 90: 6}, garbled=(0,))
    found = await rows(memory, profile({"name": "a", "address": 0}, {"name": "b", "address": 90}))

    assert (found["a"].value, found["a"].why) == (None, "10.0.0.1:502: expected 9 bytes, got 11")
    assert found["b"].value == 6


async def test_not_available_and_out_of_range_are_told_apart() -> None:
    memory = Memory({0: 0xFFFF, 1: 200})
    found = await rows(
        memory,
        profile(
            {"name": "a", "address": 0, "not_available": [0xFFFF]},
            {"name": "b", "address": 1, "low": 0.0, "high": 100.0, "unit": "%"},
        ),
    )

    assert found["a"].why == "the device says: not available"
    assert found["b"].why == "b: expected 0 to 100 %, got 200"
    assert found["b"].words == (200,)


async def test_a_value_whose_factor_is_refused_is_no_value() -> None:
    memory = Memory({0: 12})
    energy = {"name": "energy", "address": 0, "factor": {"address": 50, "type": "int16"}}
    found = await rows(memory, profile(energy))

    assert found["energy"].value is None
    assert "illegal data address" in found["energy"].why


async def test_what_the_manual_leaves_open_is_shown_raw_and_said(tmp_path: Path) -> None:
    path = tmp_path / "meter.toml"
    path.write_text(
        'manual = "m"\n[[register]]\nname = "flow"\ntable = "holding"\naddress = 0\n'
        'type = "uint16"\nhigh = 10.0\nask = { scale = [0.1, 0.01] }\n'
    )
    found = await rows(Memory({0: 1234}), read_profile(path))

    assert (found["flow"].value, found["flow"].why) == (1234, "open: scale (0.1 or 0.01)")


@pytest.mark.parametrize("count", [1, 300])
async def test_rows_come_in_the_order_of_their_addresses(count: int) -> None:
    registers = tuple(Register(f"r{at}", "input", at, "uint16") for at in reversed(range(count)))
    of = Profile("p", "manual", registers, {})
    found = await survey(Memory(dict.fromkeys(range(count), 1)), of, 1)

    assert [row.register.address for row in found] == list(range(count))
