"""What the miner does when it is told to sleep and to wake."""

import json

import pytest

from simulators.wire.cgminer import reply
from simulators.wire.unit import UnitView
from tests.simulators.wire.hands import HandFleet


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


def test_an_order_cannot_hide_in_a_join(unit: UnitView, fleet: HandFleet) -> None:
    answer = json.loads(reply(b'{"command":"summary+ascset","parameter":"0,softoff"}', unit)[:-1])

    assert answer["ascset"][0]["STATUS"][0]["Code"] == 45
    assert fleet.heard == []


def test_a_refusal_says_back_nothing_that_breaks_the_reply(unit: UnitView) -> None:
    raw = reply(b'{"command":"ascset","parameter":"0,a\\"|\\u0000b"}', unit)

    assert status(raw) == ("E", 120, "ASC 0 set failed: Unknown option: ab")
