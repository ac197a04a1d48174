"""The flat text of a miner: every value in its range or refused with its field's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.telemetry import reading_of, state_of, telemetry
from drivers.errors import BadReply

HYDRO = {
    "Ver": "A1566HA-460-25010101_abcdef0",
    "DNA": "0201000012345678",
    "SYSTEMSTATU": "Work: In Work, Hash Board: 4 ",
    "Elapsed": "5000",
    "ITemp": "45.5",
    "HBOTemp": "57.1",
    "TMax": "82",
    "PS": "0 1209 1187 650 7900 1188 8400",
    "WALLPOWER": "8401",
    "GHSspd": "460000.00",
    "SoftOFF": "0",
    "PVT_T0": " ".join(["66"] * 160),
    "WORKMODE": "1",
}


def text(**changes: str | None) -> str:
    fields = {**HYDRO, **changes}
    return " ".join(f"{name}[{value}]" for name, value in fields.items() if value is not None)


def test_a_hydro_unit_tells_water_in_and_out() -> None:
    reading = reading_of(text())

    assert (reading.inlet_c, reading.outlet_c, reading.chip_c) == (45.5, 57.1, 82.0)
    assert (reading.power_kw, reading.hashrate_ths) == (8.401, 460.0)
    assert (reading.model, reading.firmware) == ("A1566HA-460", "25010101_abcdef0")
    assert (reading.work_mode, reading.serial) == (1, "0201000012345678")


def test_a_field_is_not_found_inside_a_longer_name() -> None:
    reading = reading_of(text(ITemp=None, HBOTemp=None, OTemp="60", Temp="20"))

    assert (reading.inlet_c, reading.outlet_c) == (20.0, 60.0)


def test_minus_273_is_a_sensor_that_is_not_there() -> None:
    reading = reading_of(text(ITemp="-273", HBOTemp="-273", TMax="-273.0"))

    assert (reading.inlet_c, reading.outlet_c, reading.chip_c) == (None, None, None)


def test_nan_is_a_missing_value() -> None:
    reading = reading_of(text(GHSspd="nan", ITemp="-nan", WALLPOWER="nan"))

    assert reading.hashrate_ths is None
    assert reading.inlet_c is None
    assert reading.power_kw == 8.4
    assert reading.state is MinerState.UNKNOWN


def test_a_supply_without_wall_power_is_estimated_and_says_so() -> None:
    reading = reading_of(text(WALLPOWER=None, PS="0 1217 1279 221 2790 1280"))

    assert reading.power_kw == pytest.approx(3.0)
    assert reading.power_estimated


def test_a_supply_that_tells_only_zeros_tells_nothing() -> None:
    assert reading_of(text(WALLPOWER=None, PS="0 0 0 0 0 0")).power_kw is None


def test_the_supplys_error_bits_are_kept() -> None:
    assert reading_of(text(PS="2050 1209 1187 650 7900 1188 8400")).errors == 2050


def test_chips_without_power_have_no_temperature() -> None:
    asleep = reading_of(
        text(SYSTEMSTATU="Work: In Idle, Hash Board: 4 ", PS="0 1209 0 0 0 0 30", TMax="0")
    )

    assert asleep.state is MinerState.ASLEEP
    assert asleep.chip_c is None


def test_firmware_without_softoff_counts_as_not_ordered_off() -> None:
    assert reading_of(text(SoftOFF=None)).soft_off == 0


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("GHSspd", "1e999"),
        ("GHSspd", "-1"),
        ("GHSspd", "inf"),
        ("GHSspd", "fast"),
        ("GHSspd", ""),
        ("WALLPOWER", "84000"),
        ("ITemp", "-274"),
        ("ITemp", "250"),
        ("HBOTemp", "1e999"),
        ("TMax", "999"),
        ("Elapsed", "-5"),
        ("Elapsed", None),
        ("Elapsed", "nan"),
        ("SoftOFF", "256"),
        ("WORKMODE", "-1"),
        ("PS", None),
        ("PS", "0 1209 1187 650"),
        ("PS", "nan 1209 1187 650 7900 1188 8400"),
        ("PS", "0 1209 1187 650 7900 1188 1e999"),
        ("PS", "0 1209 1187 x 7900 1188 8400"),
    ],
)
def test_an_impossible_value_is_refused_with_its_fields_name(field: str, told: str | None) -> None:
    with pytest.raises(BadReply, match=field):
        reading_of(text(**{field: told}))


def test_a_text_that_ends_inside_a_field_is_refused() -> None:
    with pytest.raises(BadReply, match="cut off"):
        reading_of(text()[:-3])


@pytest.mark.parametrize(
    ("work", "soft_off", "rate_ghs", "board_a", "state"),
    [
        ("In Work", 0, 460_000.0, 650.0, MinerState.RUNNING),
        ("In Work", 0, 0.0, 34.0, MinerState.STARTING),
        ("In Init", 0, 0.0, 0.0, MinerState.STARTING),
        ("In Work", 5, 460_000.0, 650.0, MinerState.STOPPING),
        ("In Idle", 5, 0.0, 223.0, MinerState.STOPPING),
        ("In Idle", 5, 0.0, 0.0, MinerState.ASLEEP),
        ("In Idle", 0, 0.0, 0.0, MinerState.ASLEEP),
        ("In Idle", 5, 0.0, None, MinerState.UNKNOWN),
        ("In Fault", 0, 0.0, 0.0, MinerState.FAULT),
        ("In Work", 0, None, 650.0, MinerState.UNKNOWN),
        ("Lunch", 0, 1.0, 1.0, MinerState.UNKNOWN),
        (None, 0, 1.0, 1.0, MinerState.UNKNOWN),
    ],
)
def test_the_state_is_what_words_rate_and_current_show(
    work: str | None,
    soft_off: int,
    rate_ghs: float | None,
    board_a: float | None,
    state: MinerState,
) -> None:
    assert state_of(work, soft_off, rate_ghs, board_a) is state


def test_a_reply_without_estats_is_refused() -> None:
    with pytest.raises(BadReply, match="estats"):
        telemetry({"summary": {}})


@given(st.text(alphabet="PS[]TMaxElapsed 0123456789.-nie", max_size=120))
def test_no_text_raises_anything_but_bad_reply(garbage: str) -> None:
    try:
        reading = reading_of(garbage + " " + text())
    except BadReply:
        return

    assert isinstance(reading, MinerReading)
