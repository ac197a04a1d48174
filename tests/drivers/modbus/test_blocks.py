"""Registers to requests: few, never too long, never over an address that does not exist."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.blocks import read_blocks, write_blocks
from drivers.modbus.profile import Profile, Span, load_profile
from drivers.modbus.register import Register, Table


def words(*addresses: int, table: Table = "input") -> list[Register]:
    return [Register(f"r{address}", table, address, "uint16") for address in addresses]


def spans(registers: list[Register], exists: Mapping[Table, Span]) -> list[tuple[int, int]]:
    profile = Profile("p", "manual", tuple(registers), exists)
    return [(block.address, block.count) for block in read_blocks(profile, registers)]


def test_neighbours_are_read_together() -> None:
    assert spans(words(12, 10, 11), {}) == [(10, 3)]


def test_a_gap_is_read_over_where_the_profile_says_that_it_exists() -> None:
    assert spans(words(10, 20), {"input": (0, 103)}) == [(10, 11)]
    assert spans(words(10, 20), {}) == [(10, 1), (20, 1)]
    assert spans(words(10, 100), {"input": (0, 103)}) == [(10, 1), (100, 1)]


def test_no_request_is_longer_than_125_words() -> None:
    assert spans(words(*range(200)), {}) == [(0, 125), (125, 75)]


def test_a_register_is_never_cut_in_two() -> None:
    pairs = [Register(f"r{at}", "input", at, "float32") for at in range(0, 130, 2)]

    assert spans(pairs, {}) == [(0, 124), (124, 6)]


def test_the_plant_plcs_protective_points_take_two_requests() -> None:
    profile = load_profile("sim_cdu_plc")
    protective = [one for one in profile.registers if one.group == "protective"]

    blocks = read_blocks(profile, protective)

    assert [(block.table, block.address, block.count) for block in blocks] == [
        ("discrete", 0, 256),
        ("input", 0, 26),
    ]


def test_writes_never_bridge_a_gap_and_set_points_go_before_coils() -> None:
    coils = [Register(f"c{at}", "coil", at, "bool") for at in (0, 1, 8)]
    speeds = words(10, 11, 18, table="holding")

    blocks = write_blocks([*coils, *speeds])

    assert [(block.table, block.address, block.count) for block in blocks] == [
        ("holding", 10, 2),
        ("holding", 18, 1),
        ("coil", 0, 2),
        ("coil", 8, 1),
    ]


@given(st.sets(st.integers(0, 400), min_size=1))
def test_every_register_is_in_exactly_one_block_and_no_block_is_too_long(
    addresses: set[int],
) -> None:
    registers = words(*addresses)
    profile = Profile("p", "manual", tuple(registers), {"input": (0, 400)})

    blocks = read_blocks(profile, registers)

    members = [one for block in blocks for one in block.registers]
    assert sorted(one.address for one in members) == sorted(addresses)
    assert all(block.count <= 125 for block in blocks)
    assert all(
        block.address <= one.address and one.end <= block.address + block.count
        for block in blocks
        for one in block.registers
    )
