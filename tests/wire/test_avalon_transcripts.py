"""What real Avalons said, read by the driver."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers.cgminer.codec import Status, decode, status
from drivers.cgminer.dialects import dialect_for
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.telemetry import reading_of, telemetry
from drivers.errors import BadReply

TRANSCRIPTS = Path(__file__).parent / "transcripts" / "cgminer"


def bytes_of(name: str) -> bytes:
    """A reply as it came over the wire, with the NUL the files leave out."""
    return (TRANSCRIPTS / name).read_bytes() + b"\0"


def json_of(name: str) -> Any:  # noqa: ANN401 - whatever was captured
    return json.loads((TRANSCRIPTS / name).read_text(encoding="utf-8"))


def text_of_1346(when: str) -> str:
    """A captured 1346 text; where only its PS was published, the rest is of the running unit."""
    states = json_of("avalon-1346-power-states.json")
    found = next(state for state in states if state["when"].startswith(when))
    return str(found["MM ID0"]) if "MM ID0" in found else f"PS[{found['PS']}]"


def test_a_running_15_194_tells_wall_power_and_hashrate() -> None:
    reading = telemetry(decode(bytes_of("avalon-15-194-estats.json"), "estats"))

    assert reading == MinerReading(
        state=MinerState.RUNNING,
        power_kw=3.731,
        power_estimated=False,
        hashrate_ths=pytest.approx(199.24107),
        inlet_c=31.0,
        outlet_c=None,
        chip_c=78.0,
        elapsed_s=975.0,
        soft_off=0,
        errors=0,
        work_mode=1,
        serial="020100008c699117",
        model="15-194",
        firmware="24102401_25462b2_9ddf522",
    )


def test_a_1246_without_wallpower_tells_it_as_the_seventh_number_of_its_supply() -> None:
    reading = telemetry(decode(bytes_of("avalon-1246-stats.json"), "stats"))

    assert reading.power_kw == 3.504
    assert not reading.power_estimated


def test_a_nano3s_joined_reply_is_read_and_its_missing_inlet_sensor_is_none() -> None:
    replies = decode(bytes_of("avalon-nano3s-joined.json"), "summary+version+stats")

    reading = telemetry(replies)

    assert reading.inlet_c is None
    assert reading.outlet_c == 58.0
    assert reading.power_kw == 0.131
    assert reading.state is MinerState.RUNNING


@pytest.mark.parametrize("name", ["avalon-1047-joined.txt", "avalon-1047-joined-nan.txt"])
def test_a_1047_without_supply_telemetry_has_no_power_and_no_known_state(name: str) -> None:
    replies = decode(bytes_of(name), "pools+summary+stats")

    reading = telemetry(replies)

    assert reading.power_kw is None
    assert reading.hashrate_ths is None
    assert reading.state is MinerState.UNKNOWN


def test_a_bare_nan_in_a_real_reply_is_a_missing_value() -> None:
    replies = decode(bytes_of("avalon-1047-joined-nan.txt"), "pools+summary+stats")

    summary: Any = replies["summary"]["SUMMARY"]
    assert summary[0]["MHS av"] is None
    assert summary[0]["Elapsed"] == 155


def test_a_1346_runs_sleeps_and_stands_by_at_11_w() -> None:
    running = reading_of(text_of_1346("running"))
    asleep = reading_of(text_of_1346("asleep"))

    assert (running.state, running.power_kw) == (MinerState.RUNNING, 3.348)
    assert (asleep.state, asleep.power_kw, asleep.soft_off) == (MinerState.ASLEEP, 0.011, 5)


def test_a_1346_that_says_idle_while_its_boards_draw_223_a_is_still_stopping() -> None:
    supply = text_of_1346("stopping")
    text = f"Elapsed[201] SYSTEMSTATU[Work: In Idle, Hash Board: 3 ] GHSspd[0.00] {supply}"

    reading = reading_of(text)

    assert reading.state is MinerState.STOPPING
    assert reading.power_kw == 3.334


def test_a_1346_that_works_without_a_hashrate_is_starting() -> None:
    supply = text_of_1346("starting")
    text = f"Elapsed[40] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] GHSspd[0.00] {supply}"

    reading = reading_of(f"{text} SoftOFF[0]")

    assert reading.state is MinerState.STARTING
    assert reading.power_kw == 0.837


def test_a_1346_nine_seconds_after_softoff_is_asleep() -> None:
    supply = text_of_1346("9 s after")
    text = f"Elapsed[211] SYSTEMSTATU[Work: In Idle, Hash Board: 3 ] GHSspd[0.00] {supply}"

    assert reading_of(text).state is MinerState.ASLEEP


def test_the_dialect_of_a_1346_sends_what_the_makers_software_sent() -> None:
    capture = json_of("avalon-1346-sleep-wake.json")
    dialect = dialect_for(capture["version"]["VERSION"][0]["MODEL"])

    assert dialect.verified
    for verb, order in (("sleep", dialect.sleep), ("wakeup", dialect.wake)):
        assert order is not None
        assert f"{order.command}|{order.parameter}" == capture[verb]["request"]
        assert order.succeeded(Status("S", 119, "ASC 0 set OK"))
        assert "STATUS=S," in capture[verb]["response"]
        assert "Code=119," in capture[verb]["response"]


@pytest.mark.parametrize("name", ["avalon-q-softoff.json", "avalon-q-help.json"])
def test_information_118_is_an_answer_and_not_an_error(name: str) -> None:
    reply = decode(bytes_of(name), "ascset")["ascset"]

    assert status(reply).short == "I118"


def test_the_shape_of_an_avalon_q_is_refused_by_name_until_it_is_described() -> None:
    replies = decode(bytes_of("avalon-q-stats.json"), "stats")

    with pytest.raises(BadReply, match="flat text MM ID0"):
        telemetry(replies)
