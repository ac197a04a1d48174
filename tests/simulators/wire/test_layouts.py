"""The register tables against the manual itself: every row of it, read from its page."""

import re
from pathlib import Path
from struct import unpack

import pytest

from simulators.wire.bank import Bank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.layout import Bit, Layout, Setting, Word
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR

MANUAL = Path(__file__).parents[3] / "deploy" / "reference" / "sim_devices.md"
NUMBERS = {"n": range(1, 5), "c": range(1, 33)}


def rows(device: str, table: str = "") -> list[list[str]]:
    """The cells of each row of a table of the manual."""
    text = MANUAL.read_text(encoding="utf-8").split(f"\n## {device}")[1].split("\n## ")[0]
    if table:
        text = text.split(f"### {table}")[1].split("\n### ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def spread(address: str, point: str) -> list[tuple[int, str]]:
    """Every address and point name that a row stands for."""
    variable = re.search(r"[nc]", address)
    if variable is None:
        return [(int(address), point)]
    base = int(re.match(r"\d+", address)[0]) if address[0].isdigit() else 0
    return [
        (base + i - 1, point.replace("-cc.", f"-{i:02}.").replace("-n.", f"-{i}."))
        for i in NUMBERS[variable[0]]
    ]


def points_of(cells: list[list[str]]) -> dict[int, tuple[str, list[str]]]:
    """Address to point and the row's other cells, for rows that name a point."""
    found = {}
    for address, *others in cells:
        name = re.match(r"`([^`]+)`", others[-1])
        if name is not None:
            found |= {at: (point, others) for at, point in spread(address, name[1])}
    return found


def counts(scale: str) -> int:
    return round(1 / float(scale))


@pytest.mark.parametrize(
    ("device", "table", "layout"),
    [
        ("sim_cdu_plc", "Input registers", CDU_PLC),
        ("sim_heat_meter", "", HEAT_METER),
        ("sim_outdoor_sensor", "", OUTDOOR_SENSOR),
    ],
)
def test_input_registers_are_those_of_the_manual(device: str, table: str, layout: Layout) -> None:
    manual = {
        at: (point, others[0], counts(others[1]))
        for at, (point, others) in points_of(rows(device, table)).items()
    }

    ours = {
        word.address: (word.point, word.type, word.counts)
        for word in layout.inputs
        if isinstance(word, Word)
    }
    assert ours == manual


def test_holding_registers_are_those_of_the_manual() -> None:
    manual = {}
    for at, (point, others) in points_of(rows("sim_cdu_plc", "Holding registers")).items():
        low, high = (float(end) for end in others[3].split(".."))
        manual[at] = Setting(at, point, low, high, counts(others[1]))

    assert {setting.address: setting for setting in CDU_PLC.holdings} == manual


@pytest.mark.parametrize(
    ("table", "bits"), [("Discrete inputs", CDU_PLC.discretes), ("Coils", CDU_PLC.coils)]
)
def test_bits_are_those_of_the_manual(table: str, bits: tuple[Bit, ...]) -> None:
    manual = {at: point for at, (point, _) in points_of(rows("sim_cdu_plc", table)).items()}

    assert {bit.address: bit.point for bit in bits} == manual


def test_tables_are_as_long_as_the_manual_says() -> None:
    ends = re.findall(r"addresses 0\.\.(\d+)", MANUAL.read_text(encoding="utf-8"))

    lengths = [
        CDU_PLC.inputs_length,
        CDU_PLC.discretes_length,
        CDU_PLC.holdings_length,
        CDU_PLC.coils_length,
        HEAT_METER.inputs_length,
        OUTDOOR_SENSOR.inputs_length,
    ]
    assert lengths == [int(end) + 1 for end in ends]


def read(layout: Layout, values: dict[str, float | bool | None]) -> bytes:
    class Hand:
        def points(self) -> dict[str, float | bool | None]:
            return values

    return Bank(layout, Hand(), lambda: 0.0).inputs()


def test_a_heat_meter_reads_as_floats_and_a_counter_of_100_wh() -> None:
    values = {
        "flow_lpm": 3412.5,
        "supply_temperature_c": 68.25,
        "return_temperature_c": 45.0,
        "power_kw": 5433.0,
        "energy_kwh": 2**32 / 10 + 12.34,
    }

    flow, supply, back, power, energy = unpack(">ffffI", read(HEAT_METER, values)[:20])

    assert (flow, supply, back, power, energy) == (3412.5, 68.25, 45.0, 5433.0, 123)


def test_identity_is_at_its_addresses() -> None:
    assert unpack(">IHH", read(CDU_PLC, {})[200:])[1] == 0xCD01
    assert unpack(">IHH", read(HEAT_METER, {})[24:])[1] == 0x4E01
    assert unpack(">IHH", read(OUTDOOR_SENSOR, {})[2:])[1] == 0x0D01


def test_a_broken_sensor_reads_not_available() -> None:
    plc = read(CDU_PLC, {"primary.hot_temperature_c": None, "primary.flow_lpm": None})
    meter = read(HEAT_METER, {"flow_lpm": None})

    assert plc[20:22] == b"\x80\x00"
    assert plc[40:42] == b"\xff\xff"
    assert unpack(">f", meter[:4])[0] != unpack(">f", meter[:4])[0]


@pytest.mark.parametrize(
    ("celsius", "word"), [(400.0, b"\x7f\xff"), (-400.0, b"\x80\x01"), (-0.01, b"\xff\xff")]
)
def test_a_measurement_beyond_its_word_stops_at_the_end(celsius: float, word: bytes) -> None:
    assert read(OUTDOOR_SENSOR, {"temperature_c": celsius})[:2] == word
