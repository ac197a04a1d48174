"""What the miner does when it is told to sleep and to wake."""

import json

import pytest

from simulators.description import PERSONALITIES
from simulators.wire.cgminer import reply
from simulators.wire.unit import UnitView
from tests.simulators.wire.hands import HandFleet

SLEEP_ONLY, LIVE, REBOOT = map(PERSONALITIES.index, ("sleep_only", "modes_live", "modes_reboot"))


def status(raw: bytes) -> tuple[str, int, str]:
    first = json.loads(raw[:-1])["STATUS"][0]
    return first["STATUS"], first["Code"], first["Msg"]


def test_softoff_is_answered_as_captured_and_reaches_the_world(
    unit: UnitView, fleet: HandFleet
) -> None:
    raw = reply(b"ascset|0,softoff", unit)

    assert raw == b"STATUS=S,When=7211,Code=119,Msg=ASC 0 set OK,Description=cgminer 4.11.1|\0"
    assert fleet.heard == [("sleep", 0)]


def test_asleep_already_gets_the_same_reply(unit: UnitView, fleet: HandFleet) -> None:
    first = reply(b"ascset|0,softoff", unit)
    fleet.work[0], fleet.soft_off[0] = 2, 5

    assert reply(b"ascset|0,softoff", unit) == first


def test_reboot_wakes_through_json(unit: UnitView, fleet: HandFleet) -> None:
    raw = reply(b'{"command":"ascset","parameter":"0,reboot,1"}', unit)

    assert status(raw) == ("S", 119, "ASC 0 set OK")
    assert fleet.heard == [("reboot", 0)]


def test_help_lists_what_the_unit_understands(unit: UnitView) -> None:
    raw = reply(b'{"command":"ascset","parameter":"0,help"}', unit)

    assert status(raw) == ("I", 118, "ASC 0 set info: help|reboot|softoff|")


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        ("0,workmode,set,1", 120),
        ("0,fan-spd,50", 120),
        ("0,softoff,1:1753434821", 120),
        ("0,reboot", 120),
        ("0,reboot,", 120),
        ("0,reboot,-1", 120),
        ("0,reboot,301", 120),
        ("0,reboot,99999999999999999999", 120),
        ("0,reboot,1.5", 120),
        ("1,softoff", 107),
        ("0", 116),
        ("", 15),
    ],
)
def test_what_the_manual_does_not_know_is_refused_and_does_nothing(
    unit: UnitView, fleet: HandFleet, parameter: str, code: int
) -> None:
    raw = reply(json.dumps({"command": "ascset", "parameter": parameter}).encode(), unit)

    assert status(raw)[:2] == ("E", code)
    assert fleet.heard == []


def ordered(unit: UnitView, parameter: str) -> tuple[str, int, str]:
    return status(reply(json.dumps({"command": "ascset", "parameter": parameter}).encode(), unit))


def test_a_live_mode_is_set_and_told(unit: UnitView, fleet: HandFleet) -> None:
    fleet.personality[0] = LIVE

    assert ordered(unit, "0,workmode,get") == ("I", 118, "ASC 0 set info: WORKMODE[1]")
    assert ordered(unit, "0,workmode,set,2") == ("S", 119, "ASC 0 set OK")
    assert fleet.heard == [("mode-2", 0)]


def test_a_live_mode_is_refused_while_the_unit_calibrates(unit: UnitView, fleet: HandFleet) -> None:
    fleet.personality[0] = LIVE
    fleet.calibrating_s[0] = 30.0

    assert ordered(unit, "0,workmode,set,0") == (
        "E",
        120,
        "ASC 0 set failed: current mode 1 is caling",
    )
    assert fleet.heard == []


def test_a_stored_mode_is_kept_and_told(unit: UnitView, fleet: HandFleet) -> None:
    fleet.personality[0] = REBOOT
    fleet.stored_mode[0] = 0

    assert ordered(unit, "0,workmode,255") == ("I", 118, "ASC 0 set info: WORKMODE[0]")
    assert ordered(unit, "0,workmode,2") == ("I", 118, "ASC 0 set info: WORKMODE[2]")
    assert fleet.heard == [("mode-2", 0)]


@pytest.mark.parametrize(
    ("personality", "parameter", "why"),
    [
        (SLEEP_ONLY, "0,workmode,2", "not support"),
        (SLEEP_ONLY, "0,workmode,get", "not support"),
        (LIVE, "0,workmode,set,3", "error:1 not support set workmode max_mode[2]"),
        (LIVE, "0,workmode,set,-1", "error:1 not support set workmode max_mode[2]"),
        (LIVE, "0,workmode,set,", "error:1 not support set workmode max_mode[2]"),
        (LIVE, "0,workmode,2", "workmode needs get or set"),
        (LIVE, "0,workmode", "workmode needs get or set"),
        (REBOOT, "0,workmode,3", "workmode range: 0 ~ 2"),
        (REBOOT, "0,workmode,01", "workmode range: 0 ~ 2"),
        (REBOOT, "0,workmode,set,1", "workmode range: 0 ~ 2"),
        (REBOOT, "0,workmode", "workmode range: 0 ~ 2"),
    ],
)
def test_a_mode_that_the_firmware_does_not_take_is_refused_and_does_nothing(
    unit: UnitView, fleet: HandFleet, personality: int, parameter: str, why: str
) -> None:
    fleet.personality[0] = personality

    assert ordered(unit, parameter) == ("E", 120, f"ASC 0 set failed: {why}")
    assert fleet.heard == []


@pytest.mark.parametrize("personality", [LIVE, REBOOT])
def test_help_lists_work_modes_where_the_unit_has_them(
    unit: UnitView, fleet: HandFleet, personality: int
) -> None:
    fleet.personality[0] = personality

    assert ordered(unit, "0,help")[2] == "ASC 0 set info: help|reboot|softoff|workmode|"


def test_an_order_cannot_hide_in_a_join(unit: UnitView, fleet: HandFleet) -> None:
    answer = json.loads(reply(b'{"command":"summary+ascset","parameter":"0,softoff"}', unit)[:-1])

    assert answer["ascset"][0]["STATUS"][0]["Code"] == 45
    assert fleet.heard == []


def test_a_refusal_says_back_nothing_that_breaks_the_reply(unit: UnitView) -> None:
    raw = reply(b'{"command":"ascset","parameter":"0,a\\"|\\u0000b"}', unit)

    assert status(raw) == ("E", 120, "ASC 0 set failed: Unknown option: ab")
