"""What real Avalons said, read by the driver."""

import json
from pathlib import Path
from typing import Any

import pytest

from drivers.cgminer.codec import Status, decode, status
from drivers.cgminer.dialects import dialect_for, dialects
from drivers.cgminer.reading import MinerState
from drivers.cgminer.telemetry import reading_of

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


def test_a_1346_that_the_makers_software_put_to_sleep_tells_code_6_after_its_start() -> None:
    after = json_of("avalon-1346-sleep-wake.json")["after_sleep"]

    reading = reading_of(after["STATS"][0]["MM ID0"])

    assert (reading.state, reading.soft_off) == (MinerState.ASLEEP, 6)
    assert (reading.power_kw, reading.elapsed_s) == (0.011, 474.0)


PRIVILEGED = {
    "privilege|0,enable_privilege,0": ("I118", "Privilege mode enabled! Enjoy it!"),
    "privilege|0,setfreq,500,525,550,575,1": ("S119", "ASC 0 set OK"),
    "privilege|0,setvolt,1260": ("I118", "PS[0 1205 1381 166 2201 1260]"),
    "privilege|0,settemp,105": ("S119", "ASC 0 set OK"),
    "privilege|0,get_hash_comm_state": ("I118", "Hash comm status:[ 0 OK! 1 OK!]"),
    "privilege|0,savesettings": ("I118", "Save privilege arguments success! "),
    "privilege|0,get_DH": ("I118", "DH[0.115% 0.138%]"),
    "privilege|0,get_GHSmm": ("I118", "GHSmm[18703.54 18706.64]"),
    "privilege|0,get_temp_status": ("I118", "TMax[66] Tmin[50] TAvg[58]"),
}


def test_every_reply_of_the_privileged_manual_is_read_in_the_notation_with_bars() -> None:
    captured = json_of("avalon-104x-privilege.json")

    said = {
        request: status(decode(reply.encode() + b"\0", "privilege")["privilege"])
        for request, reply in captured.items()
    }

    assert said.keys() == PRIVILEGED.keys()
    for request, (short, message) in PRIVILEGED.items():
        assert said[request].short == short
        assert said[request].message.removeprefix("ASC 0 set info: ") == message


@pytest.mark.parametrize(
    ("file", "dialect", "verb"),
    [
        ("avalon-q-softoff.json", "q", "sleep"),
        ("avalon-q-softon.json", "q", "wake"),
        ("avalon-q-workmode.json", "q", "set_mode"),
        ("avalon-1066-ascset-hashpower-off.txt", "a10", "sleep"),
        ("avalon-1066-ascset-workmode-set.txt", "a10", "set_mode"),
    ],
)
def test_a_captured_answer_is_what_the_dialect_takes_for_success(
    file: str, dialect: str, verb: str
) -> None:
    end = b"|\0" if file.endswith(".txt") else b"\0"
    said = status(decode((TRANSCRIPTS / file).read_bytes() + end, "ascset")["ascset"])
    known = dialects()[dialect]
    mode = known.set_mode.order if known.set_mode is not None else None
    order = {"sleep": known.sleep, "wake": known.wake, "set_mode": mode}[verb]

    assert order is not None
    assert order.succeeded(said)


def test_an_avalon_q_lists_every_word_that_its_dialect_uses() -> None:
    said = status(decode(bytes_of("avalon-q-help.json"), "ascset")["ascset"])

    assert dialects()["q"].words <= set(said.message.rpartition(": ")[2].split("|"))


@pytest.mark.parametrize(
    ("verb", "told", "within_s"), [("sleep", 1753434821, 5), ("wake", 1753434757, 5)]
)
def test_an_order_with_a_time_is_stamped_as_the_captured_one(
    verb: str, told: int, within_s: int
) -> None:
    order = {"sleep": dialects()["q"].sleep, "wake": dialects()["q"].wake}[verb]
    word = {"sleep": "softoff", "wake": "softon"}[verb]

    assert order is not None
    assert order.at(told - within_s).parameter == f"0,{word},1:{told}"
