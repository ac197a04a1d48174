"""Registers to requests: few, never too long, never over an address that does not exist."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.blocks import Block, read_blocks, write_blocks
from drivers.modbus.entry import registers_of
from drivers.modbus.limits import Limits
from drivers.modbus.profile import Profile, Span, load_profile
from drivers.modbus.register import Register, Table


def words(*addresses: int, table: Table = "input") -> list[Register]:
    return [Register(f"r{address}", table, address, "uint16") for address in addresses]


def spans(
    registers: list[Register], exists: Mapping[Table, tuple[Span, ...]]
) -> list[tuple[int, int]]:
    profile = Profile("p", "manual", tuple(registers), exists)
    return [(block.address, block.count) for block in read_blocks(profile, registers)]


def test_neighbours_are_read_together() -> None:
    assert spans(words(12, 10, 11), {}) == [(10, 3)]


def test_a_gap_is_read_over_where_the_profile_says_that_it_exists() -> None:
    assert spans(words(10, 20), {"input": ((0, 103),)}) == [(10, 11)]
    assert spans(words(10, 20), {}) == [(10, 1), (20, 1)]
    assert spans(words(10, 100), {"input": ((0, 103),)}) == [(10, 1), (100, 1)]


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


def with_limits(ones: list[Register], exists: object, **limits: object) -> list[Block]:
    profile = Profile("p", "manual", tuple(ones), exists, limits=Limits(**limits))
    return list(read_blocks(profile, ones))


def test_a_gap_that_reaches_into_what_does_not_exist_is_not_read_over() -> None:
    exists = {"input": ((0, 12), (14, 30))}

    assert spans(words(10, 12), exists) == [(10, 3)]
    assert spans(words(10, 16), exists) == [(10, 1), (16, 1)]


def test_what_is_forbidden_is_never_touched() -> None:
    blocks = with_limits(words(10, 12, 14), {"input": ((0, 30),)}, forbidden={"input": ((13, 13),)})

    assert [(block.address, block.count) for block in blocks] == [(10, 3), (14, 1)]


def test_a_device_that_takes_short_requests_gets_short_requests() -> None:
    blocks = with_limits(words(*range(20)), {}, read_words=8)

    assert [block.count for block in blocks] == [8, 8, 4]


def test_a_device_that_takes_one_register_a_request_gets_one_but_its_bits_together() -> None:
    long = Register("long", "input", 2, "uint32")
    bits = [Register(f"b{bit}", "input", 9, "uint16", bit=bit) for bit in range(3)]

    blocks = with_limits([*words(0, 1), long, *bits], {"input": ((0, 30),)}, registers=1)

    assert [(block.address, block.count) for block in blocks] == [(0, 1), (1, 1), (2, 2), (9, 1)]
    assert len(write_blocks(words(0, 1, table="holding"), Limits(registers=1))) == 2


def test_what_tells_factor_and_unit_is_read_with_its_value() -> None:
    (energy,) = registers_of(
        {
            "name": "e",
            "table": "holding",
            "address": 10,
            "type": "int32",
            "unit": "kWh",
            "factor": {"address": 20},
            "unit_code": {"table": "input", "address": 5, "codes": {"2": "kWh"}},
        }
    )

    blocks = with_limits([energy], {})

    assert [(block.table, block.address) for block in blocks] == [
        ("holding", 10),
        ("holding", 20),
        ("input", 5),
    ]


@given(
    st.sets(st.integers(0, 400), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 30)), max_size=4),
    st.integers(4, 125),
    st.integers(0, 40),
)
def test_no_block_is_too_long_or_touches_what_it_may_not(
    addresses: set[int], holes: list[tuple[int, int]], longest: int, gap: int
) -> None:
    forbidden = {"input": tuple((at, at + more) for at, more in holes)}
    limits = Limits(read_words=longest, gap_words=gap, forbidden=forbidden)
    registers = [
        one for one in words(*addresses) if not limits.forbids("input", one.address, one.address)
    ]
    profile = Profile("p", "manual", tuple(registers), {"input": ((0, 400),)}, limits=limits)

    blocks = read_blocks(profile, registers)

    members = [one for block in blocks for one in block.registers]
    assert sorted(one.address for one in members) == sorted(one.address for one in registers)
    for block in blocks:
        touched = set(range(block.address, block.address + block.count))
        assert block.count <= longest
        assert not any(touched & set(range(at, at + more + 1)) for at, more in holes)
        assert {one.address for one in block.registers} <= touched
        idle = [at not in addresses for at in sorted(touched)]
        assert "1" * (gap + 1) not in "".join(str(int(one)) for one in idle)
