"""The register tables as bytes: floats, counters, identities, broken and absent sensors."""

from struct import pack, unpack

import pytest

from simulators.wire.bank import Bank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.feeder_panel import FEEDER_PANEL
from simulators.wire.layouts.layout import Layout
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR


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


def test_a_feeder_reads_as_float_and_a_counter_that_wraps_and_an_absent_one_as_nan() -> None:
    values = {
        "container-02.feeder_power_kw": 772.5,
        "container-02.feeder_energy_kwh": 2**32 / 10 + 0.1,
    }

    words = read(FEEDER_PANEL, values)

    assert words[8:16] == pack(">fI", 772.5, 1)
    assert words[:4] == pack(">f", float("nan"))
    assert words[4:8] == b"\xff" * 4


@pytest.mark.parametrize("value", [0, 1, 65_534, 65_535])
def test_a_number_that_wraps_goes_through_every_value(value: int) -> None:
    words = read(CDU_PLC, {"plc.heartbeat": float(value), "plc.epoch": float(value)})

    assert words[:2] == words[4:6] == pack(">H", value)


def test_an_age_stops_before_it_looks_not_available() -> None:
    assert read(CDU_PLC, {"plc.controller_age_s": 70_000.0})[6:8] == pack(">H", 65_534)


def test_identity_is_at_its_addresses() -> None:
    assert unpack(">IHH", read(CDU_PLC, {})[200:])[1] == 0xCD01
    assert unpack(">IHH", read(HEAT_METER, {})[24:])[1] == 0x4E01
    assert unpack(">IHH", read(FEEDER_PANEL, {})[256:])[1] == 0x5E01
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
