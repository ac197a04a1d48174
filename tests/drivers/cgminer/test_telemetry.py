"""The flat text of a miner: every value in its range or refused with its field's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.state import state_of
from drivers.cgminer.telemetry import reading_of, telemetry
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


def test_firmware_without_softoff_tells_no_reason() -> None:
    reading = reading_of(text(SoftOFF=None))

    assert reading.soft_off is None
    assert reading.state is MinerState.RUNNING


@pytest.mark.fault(29)
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
        # Firmware without a word for it is believed where all else agrees.
        (None, 0, 2_630.0, 3.0, MinerState.RUNNING),
        (None, None, 52_126.0, None, MinerState.RUNNING),
        (None, 0, 0.0, 3.0, MinerState.STARTING),
        (None, 0, 0.0, 0.0, MinerState.UNKNOWN),
        (None, 0, 2_630.0, 0.0, MinerState.UNKNOWN),
        (None, 5, 2_630.0, 3.0, MinerState.STOPPING),
        (None, 5, 0.0, 0.0, MinerState.ASLEEP),
        (None, 5, 0.0, None, MinerState.UNKNOWN),
        (None, 0, None, 3.0, MinerState.UNKNOWN),
    ],
)
def test_the_state_is_what_words_rate_and_current_show(
    work: str | None,
    soft_off: int | None,
    rate_ghs: float | None,
    board_a: float | None,
    state: MinerState,
) -> None:
    assert state_of(work, soft_off, rate_ghs, board_a) is state


def test_a_unit_that_hashes_and_is_not_adjusted_calibrates() -> None:
    reading = reading_of(text(ADJ="0"))

    assert reading.state is MinerState.CALIBRATING
    assert reading.state.hashing
    assert reading.state.for_heat is MinerState.RUNNING
    assert reading.details.calibrated is False


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"ADJ": "1"}, MinerState.RUNNING),
        ({"ADJ": "0", "GHSspd": "0.00"}, MinerState.STARTING),
        ({"ADJ": "0", "SoftOFF": "4"}, MinerState.STOPPING),
        ({"ADJ": "0", "SYSTEMSTATU": "Work: In Fault, Hash Board: 4 "}, MinerState.FAULT),
        ({"ADJ": "?"}, MinerState.RUNNING),
    ],
)
def test_only_a_unit_that_hashes_calibrates(changes: dict[str, str], state: MinerState) -> None:
    assert reading_of(text(**changes)).state is state


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("0", MinerState.STARTING),
        ("1", MinerState.RUNNING),
        ("3", MinerState.FAULT),
        ("9", MinerState.RUNNING),  # no such number: rate and current speak for themselves
    ],
)
def test_the_number_of_the_work_state_is_read_where_the_word_is_missing(
    told: str, state: MinerState
) -> None:
    assert reading_of(text(SYSTEMSTATU=None, STATE=told)).state is state


def test_a_supply_that_says_nothing_at_all_leaves_power_and_errors_unknown() -> None:
    for supply in (None, "", "  "):
        reading = reading_of(text(PS=supply, WALLPOWER=None))
        assert (reading.power_kw, reading.errors) == (None, None)


def test_a_unit_that_idles_with_a_silent_supply_is_not_taken_for_asleep() -> None:
    silent = {"PS": "0 0 0 0 0 0", "WALLPOWER": None}
    idle = reading_of(text(SYSTEMSTATU="Work: In Idle, Hash Board: 2 ", **silent))

    assert idle.state is MinerState.UNKNOWN


def test_a_wall_power_of_zero_while_boards_draw_current_is_no_measurement() -> None:
    reading = reading_of(text(WALLPOWER="0", PS="0 1209 1187 650 7900 1188 0"))

    assert reading.power_kw == pytest.approx(7.9 / 0.93)
    assert reading.power_estimated


@pytest.mark.fault(29)
@pytest.mark.parametrize("sentinel", ["-273", "-273.0", "-273.15", "-127", "65535", "32767", "nan"])
def test_what_stands_for_a_missing_sensor_is_unknown(sentinel: str) -> None:
    reading = reading_of(text(ITemp=sentinel, HBOTemp=sentinel, TMax=sentinel))

    assert (reading.inlet_c, reading.outlet_c, reading.chip_c) == (None, None, None)


def test_the_second_sensor_speaks_where_the_first_is_missing() -> None:
    reading = reading_of(text(ITemp="-273", Temp="21", HBOTemp="-273", OTemp="44"))

    assert (reading.inlet_c, reading.outlet_c) == (21.0, 44.0)


def test_the_hottest_board_speaks_where_the_machine_tells_no_chip_temperature() -> None:
    assert reading_of(text(TMax=None, MTmax="77 81 79 80")).chip_c == 81.0


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("ECHU", "x 0"),
        ("CRC", "-1 0"),
        ("MPO", "1e999"),
        ("TA", "many"),
        ("GHSavg", "fast"),
        ("DH", "nan%"),
        ("ATA0", "-65-2264"),
        ("ECHU", "0 " * 5_000),
    ],
)
def test_what_only_informs_is_unknown_when_garbled_and_costs_no_reading(
    field: str, told: str
) -> None:
    reading = reading_of(text(**{field: told}))

    assert (reading.power_kw, reading.state) == (8.401, MinerState.RUNNING)
    assert (reading.average_ths, reading.hash_errors_pct) == (None, None)
    assert reading.details.board_errors is None
    assert reading.details.mode_powers_kw == ()


def test_a_level_may_be_negative() -> None:
    assert reading_of(text(WORKLEVEL="-1")).work_level == -1


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
