"""Simulated devices and drivers against the page that both are written from, row by row."""

import pytest

from drivers.modbus.profile import load_profile
from drivers.modbus.register import Register, Table
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.feeder_panel import FEEDER_PANEL
from simulators.wire.layouts.layout import Bit, Layout, Setting, Word
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR
from tests.wire.manual import last_addresses, points

DEVICES = ("sim_cdu_plc", "sim_heat_meter", "sim_feeder_panel", "sim_outdoor_sensor")
LAYOUTS = dict(zip(DEVICES, (CDU_PLC, HEAT_METER, FEEDER_PANEL, OUTDOOR_SENSOR), strict=True))


def table_of(device: str, heading: str) -> str:
    """Only the PLC has more tables than one."""
    return heading if device == "sim_cdu_plc" else ""


@pytest.mark.parametrize("device", DEVICES)
def test_simulated_input_registers_are_those_of_the_manual(device: str) -> None:
    manual = {
        at: (row.point, row.cells[0], row.counts)
        for at, row in points(device, table_of(device, "Input registers")).items()
    }

    words = (word for word in LAYOUTS[device].inputs if isinstance(word, Word))
    assert {word.address: (word.point, word.type, word.counts) for word in words} == manual


def test_simulated_holding_registers_are_those_of_the_manual() -> None:
    manual = {}
    for at, row in points("sim_cdu_plc", "Holding registers").items():
        low, high = (float(end) for end in row.cells[3].split(".."))
        manual[at] = Setting(at, row.point, low, high, row.counts, type=row.cells[0])

    assert {setting.address: setting for setting in CDU_PLC.holdings} == manual


@pytest.mark.parametrize(
    ("heading", "bits"), [("Discrete inputs", CDU_PLC.discretes), ("Coils", CDU_PLC.coils)]
)
def test_simulated_bits_are_those_of_the_manual(heading: str, bits: tuple[Bit, ...]) -> None:
    manual = {at: row.point for at, row in points("sim_cdu_plc", heading).items()}

    assert {bit.address: bit.point for bit in bits} == manual


def test_tables_are_as_long_as_the_manual_says() -> None:
    def lengths(layout: Layout) -> list[int]:
        each = (layout.inputs_length, layout.discretes_length)
        return [length for length in (*each, layout.holdings_length, layout.coils_length) if length]

    ours = [length for layout in LAYOUTS.values() for length in lengths(layout)]
    assert ours == [last + 1 for last in last_addresses()]


def told(device: str, table: Table) -> dict[int, Register]:
    """The profile's registers of one table, without those that say who the device is."""
    registers = load_profile(device).registers
    return {one.address: one for one in registers if one.table == table and one.group != "identity"}


@pytest.mark.parametrize("device", DEVICES)
def test_the_driver_reads_every_input_register_of_the_manual_and_no_other(device: str) -> None:
    manual = points(device, table_of(device, "Input registers"))
    profile = told(device, "input")

    assert {at: (one.name, one.type) for at, one in profile.items()} == {
        at: (row.point, row.cells[0]) for at, row in manual.items()
    }
    for at, row in manual.items():
        assert profile[at].scale == pytest.approx(float(row.cells[1]))
        assert profile[at].unit == row.cells[2]


@pytest.mark.parametrize("device", DEVICES)
def test_the_driver_knows_what_not_available_looks_like(device: str) -> None:
    patterns = {"int16": (0x8000,), "uint16": (0xFFFF,), "float32": (), "uint32": ()}
    manual = points(device, table_of(device, "Input registers"))

    for at, one in told(device, "input").items():
        always = one.name.startswith("plc.")
        assert one.not_available == (() if always else patterns[one.type]), manual[at]


def test_the_driver_writes_every_holding_register_of_the_manual() -> None:
    manual = points("sim_cdu_plc", "Holding registers")
    profile = told("sim_cdu_plc", "holding")

    assert {at: (one.name, one.type) for at, one in profile.items()} == {
        at: (row.point, row.cells[0]) for at, row in manual.items()
    }
    for at, row in manual.items():
        setting = not row.point.startswith("hearth.")
        assert profile[at].scale == pytest.approx(float(row.cells[1]))
        assert profile[at].writable is setting
        if setting:
            assert f"{profile[at].low:g}..{profile[at].high:g}" == row.cells[3]


@pytest.mark.parametrize(
    ("heading", "table", "writable"),
    [("Discrete inputs", "discrete", False), ("Coils", "coil", True)],
)
def test_the_driver_knows_every_bit_of_the_manual(
    heading: str, table: Table, *, writable: bool
) -> None:
    manual = {at: row.point for at, row in points("sim_cdu_plc", heading).items()}
    profile = told("sim_cdu_plc", table)

    assert {at: one.name for at, one in profile.items()} == manual
    assert {one.writable for one in profile.values()} == {writable}


@pytest.mark.parametrize("device", DEVICES)
def test_the_driver_touches_only_addresses_that_the_device_has(device: str) -> None:
    layout = LAYOUTS[device]
    lengths = {
        "input": layout.inputs_length,
        "discrete": layout.discretes_length,
        "holding": layout.holdings_length,
        "coil": layout.coils_length,
    }

    assert load_profile(device).exists == {
        table: ((0, length - 1),) for table, length in lengths.items() if length
    }


def test_the_frame_is_all_holding_registers_of_the_plc() -> None:
    frame = load_profile("sim_cdu_plc").frame

    assert (frame.first, frame.last) == (0, CDU_PLC.holdings_length - 1)
    assert (frame.heartbeat.name, frame.epoch.name) == (
        CDU_PLC.frame.heartbeat,
        CDU_PLC.frame.epoch,
    )
