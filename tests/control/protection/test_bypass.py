"""Bypass: by an engineer, with a reason, for a time, one of a group, and never what is never."""

from pathlib import Path

import pytest

from controller.control.decision import Decision
from controller.control.request_table import BYPASS
from controller.core.memory import Memory
from tests.control.small_plant import SmallPlant

EXTRA = {"primary.conductivity_us_cm": 50.0, "primary.inlet_pressure_kpa": 300.0}


def plant() -> SmallPlant:
    made = SmallPlant(extra=EXTRA)
    made.scans(3)
    return made


def bypass(
    on: SmallPlant, key: str, *, role: str = "engineer", reason: str = "calibration", h: float = 4.0
) -> Decision:
    until_s = on.now_s + 3_600.0 * h
    request = on.request(BYPASS + key, role=role, reason=reason, until_s=until_s)
    return on.scan(request)


def accepted(decision: Decision) -> bool:
    return decision.verdicts[0].accepted


def test_a_bypassed_row_stops_nothing_until_its_end() -> None:
    one = plant()
    assert accepted(bypass(one, "conductivity", h=1.0))
    one.set(primary__conductivity_us_cm=900.0)

    assert not one.scans(120).state.protection.trips
    one.scan(dt_s=3_600.0)
    assert [trip.cause for trip in one.scans(90).state.protection.trips] == ["conductivity"]


def test_it_can_be_ended_early() -> None:
    one = plant()
    bypass(one, "conductivity")
    one.scan(one.request("withdraw", f"{BYPASS}conductivity", role="engineer"))
    one.set(primary__conductivity_us_cm=900.0)

    assert one.scans(90).state.protection.trips


@pytest.mark.parametrize(
    ("role", "reason", "h", "told"),
    [
        ("operator", "calibration", 4.0, "role 'operator' may not"),
        ("engineer", "", 4.0, "needs a reason"),
        ("engineer", "calibration", 12.1, "within 12 h"),
    ],
)
def test_only_an_engineer_with_a_reason_and_not_for_long(
    role: str, reason: str, h: float, told: str
) -> None:
    decision = bypass(plant(), "conductivity", role=role, reason=reason, h=h)

    assert not accepted(decision)
    assert told in decision.verdicts[0].reason


@pytest.mark.parametrize("cause", ["emergency-stop", "primary-flow", "low-suction"])
def test_some_may_never_be_bypassed(cause: str) -> None:
    verdict = bypass(plant(), cause).verdicts[0]

    assert not verdict.accepted
    assert verdict.reason == f"{cause} may never be bypassed"


def test_one_of_a_group_at_a_time() -> None:
    one = plant()
    assert accepted(bypass(one, "container-01.leak"))
    second = bypass(one, "container-02.leak")

    assert not accepted(second)
    assert "one at a time of bypass of leak" in second.verdicts[0].reason
    assert accepted(bypass(one, "conductivity")), "another group"
    assert accepted(bypass(one, "container-01.leak", h=1.0)), "the same one anew"


def test_it_is_shown_for_as_long_as_it_stands() -> None:
    one = plant()
    told = str(bypass(one, "conductivity").derived["protection.bypassed"])

    assert told.startswith("conductivity by opcua:anna, 240 min: calibration")
    one.scan(dt_s=4 * 3_600.0)
    assert one.scans(3).derived["protection.bypassed"] == ""


def test_a_bypass_of_one_container_leaves_the_others_protected() -> None:
    one = plant()
    bypass(one, "container-01.leak")
    one.set(container_01__leak=True, container_02__leak=True)

    trips = one.scans(3).state.protection.trips
    assert [(trip.cause, trip.container) for trip in trips] == [("leak", 1)]


def test_it_survives_a_restart_with_its_end(tmp_path: Path) -> None:
    one = plant()
    bypass(one, "conductivity", h=2.0)
    snapshot = one.snapshot()
    memory = Memory(tmp_path)
    memory.keep(one.state, snapshot)
    memory.requests._write()  # noqa: SLF001 - what its task does

    again = SmallPlant(extra=EXTRA)
    again.now_s = one.now_s + 600.0
    utc_s = again.snapshot().utc_s
    told: list[str] = []
    again.state = Memory(tmp_path).restore(
        again.state, again.settings, again.now_s, utc_s, told.append
    )

    (kept,) = again.state.requests
    assert kept.name == f"{BYPASS}conductivity"
    assert kept.until_s == pytest.approx(one.state.requests[0].until_s, abs=0.1)
    assert told == []
