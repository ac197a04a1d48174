"""Who may ask for what, in which words, and that whatever is wrong with it is refused whole."""

import math
from dataclasses import replace

import pytest

from controller.control.request_table import RequestKind, request_kinds
from controller.control.state import Asked
from tests.control.small_plant import SmallPlant

ROLES = ("viewer", "operator", "engineer", "buyer", "grid", "gateway", "", "root")
MAY = {
    "heat_demand_kw": {"operator", "engineer"},
    "heat_nomination_kw": {"operator", "engineer", "buyer"},
    "district_signal_kw": {"buyer", "gateway"},
    "power_limit_kw": {"operator", "engineer"},
    "contract_limit_kw": {"engineer"},
    "grid_limit_kw": {"operator", "engineer", "grid"},
    "contract_override": {"operator", "engineer"},
    "hand:district-pump.speed_pct": {"operator", "engineer"},
}


@pytest.fixture
def plant() -> SmallPlant:
    plant = SmallPlant()
    plant.scans(2)
    return plant


def kinds(plant: SmallPlant) -> dict[str, RequestKind]:
    return dict(request_kinds(plant.settings))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(MAY))
def test_a_role_may_ask_for_its_own_requests_only(plant: SmallPlant, name: str, role: str) -> None:
    (verdict,) = plant.scan(plant.request(name, 20.0, role=role)).verdicts

    assert verdict.accepted == (role in MAY[name])
    assert [request.name for request in plant.state.requests] == [name] * verdict.accepted


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None, "", "nan", "inf", "1e999"])
@pytest.mark.parametrize("name", sorted(MAY.keys() - {"contract_limit_kw", "district_signal_kw"}))
def test_what_is_no_number_is_refused(plant: SmallPlant, name: str, value: Asked) -> None:
    (verdict,) = plant.scan(plant.request(name, value)).verdicts

    assert not verdict.accepted
    assert "needs a number" in verdict.reason
    assert plant.state.requests == ()


@pytest.mark.parametrize("value", [True, "many", "1_000", "0x10", "12 kW", "٤٥", "1,5"])
def test_a_word_is_no_number(plant: SmallPlant, value: Asked) -> None:
    assert not plant.scan(plant.request("heat_demand_kw", value)).verdicts[0].accepted


@pytest.mark.parametrize(("text", "kw"), [("45", 45.0), (" 45.5 ", 45.5), ("4.5e1", 45.0)])
def test_a_number_may_come_as_text(plant: SmallPlant, text: str, kw: float) -> None:
    decision = plant.scan(plant.request("heat_demand_kw", text))

    assert decision.derived["plant.heat_target_kw"] == kw


@pytest.mark.parametrize("end", ["low", "high"])
def test_both_ends_of_a_range_are_inside_and_more_is_not(plant: SmallPlant, end: str) -> None:
    for name in sorted(MAY):
        kind = kinds(plant)[name]
        edge, step = (kind.low, -0.001) if end == "low" else (kind.high, 0.001)
        role = min(kind.roles)

        taken = plant.scan(plant.request(name, edge, role=role)).verdicts[0]
        refused = plant.scan(plant.request(name, edge + step, role=role)).verdicts[0]

        assert taken.accepted, name
        assert not refused.accepted, name


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("heat_demnd_kw", "heat_demand_kw"),
        ("grid_limit", "grid_limit_kw"),
        ("hand:district-pump.speed", "hand:district-pump.speed_pct"),
        ("plantmode", "plant_mode"),
    ],
)
def test_an_unknown_name_is_told_what_was_perhaps_meant(
    plant: SmallPlant, asked: str, meant: str
) -> None:
    (verdict,) = plant.scan(plant.request(asked, 1.0)).verdicts

    assert not verdict.accepted
    assert f"did you mean {meant!r}" in verdict.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": "x" * 201},
        {"reason": "line\nbreak"},
        {"reason": "bell\x07"},
        {"source": "opcua:\x1b[31m"},
        {"name": "heat_demand_kw\x00"},
        {"name": "n" * 5_000},
        {"source": "s" * 201},
        {"id": "i\n"},
    ],
)
def test_words_that_do_not_belong_in_a_journal_are_refused(
    plant: SmallPlant, changes: dict[str, object]
) -> None:
    request = replace(plant.request("heat_demand_kw", 20.0), **changes)

    decision = plant.scan(request)

    assert not decision.verdicts[0].accepted
    assert plant.state.requests == ()
    assert all(event.isprintable() and len(event) < 400 for event in plant.events)


@pytest.mark.parametrize("name", ["contract_override", "hand:district-pump.speed_pct"])
@pytest.mark.parametrize("reason", ["", "   "])
def test_what_is_grave_needs_a_reason(plant: SmallPlant, name: str, reason: str) -> None:
    (verdict,) = plant.scan(plant.request(name, 20.0, reason=reason)).verdicts

    assert not verdict.accepted
    assert "needs a reason" in verdict.reason


def test_switching_off_needs_a_reason_and_running_does_not(plant: SmallPlant) -> None:
    off = plant.scan(plant.request("plant_mode", "off", reason="")).verdicts[0]
    run = plant.scan(plant.request("plant_mode", "run", reason="")).verdicts[0]

    assert "needs a reason" in off.reason
    assert "needs a reason" not in run.reason


@pytest.mark.parametrize("mode", ["fill", "vent", "strainer"])
def test_maintenance_is_an_engineers_order(plant: SmallPlant, mode: str) -> None:
    (verdict,) = plant.scan(plant.request("plant_mode", mode)).verdicts

    assert not verdict.accepted
    assert "engineer" in verdict.reason


@pytest.mark.parametrize("mode", ["Run", "explode", 1.0, None, True])
def test_an_unknown_mode_is_refused_with_the_modes_there_are(
    plant: SmallPlant, mode: Asked
) -> None:
    (verdict,) = plant.scan(plant.request("plant_mode", mode)).verdicts

    assert not verdict.accepted
    assert plant.state.requests == ()


@pytest.mark.parametrize(
    ("name", "hours"), [("heat_demand_kw", 24), ("hand:district-pump.run", 12)]
)
def test_a_request_stands_no_longer_than_its_kind_may(
    plant: SmallPlant, name: str, hours: int
) -> None:
    end_s = plant.now_s + 1.0 + hours * 3_600.0
    value = 20.0 if "kw" in name else True

    late = plant.scan(plant.request(name, value, until_s=end_s + 2.0)).verdicts[0]
    fine = plant.scan(plant.request(name, value, until_s=end_s)).verdicts[0]

    assert f"within {hours} h" in late.reason
    assert fine.accepted


def test_a_request_that_comes_twice_is_decided_once(plant: SmallPlant) -> None:
    request = plant.request("heat_demand_kw", 30.0)
    first = plant.scan(request, request)
    plant.scan(plant.request("heat_demand_kw", 40.0))

    again = plant.scan(request)

    assert [verdict.accepted for verdict in first.verdicts] == [True, False]
    assert "decided already" in again.verdicts[0].reason
    assert again.derived["plant.heat_target_kw"] == 40.0


def test_a_refused_request_leaves_the_one_that_stands(plant: SmallPlant) -> None:
    plant.scan(plant.request("heat_demand_kw", 30.0))

    decision = plant.scan(plant.request("heat_demand_kw", math.nan))

    assert decision.derived["plant.heat_target_kw"] == 30.0
    assert decision.derived["request.heat_demand_kw.accepted"] == 30.0
    assert decision.derived["request.heat_demand_kw.asked"] is None
    assert str(decision.derived["request.heat_demand_kw.verdict"]).startswith("refused")


@pytest.mark.parametrize("name", sorted(MAY))
def test_whatever_stands_can_be_withdrawn_by_its_name(plant: SmallPlant, name: str) -> None:
    role = min(MAY[name])
    plant.scan(plant.request(name, 20.0, role=role))

    decision = plant.scan(plant.request("withdraw", name, role=role))

    assert decision.verdicts[0].accepted
    assert plant.state.requests == ()


@pytest.mark.parametrize("name", ["plant_mode", "trip_reset", "withdraw", "nonsense", ""])
def test_what_cannot_stand_cannot_be_withdrawn(plant: SmallPlant, name: str) -> None:
    assert not plant.scan(plant.request("withdraw", name)).verdicts[0].accepted


@pytest.mark.parametrize(
    ("name", "owner"), [("heat_nomination_kw", "buyer"), ("grid_limit_kw", "grid")]
)
def test_what_its_owner_has_asked_nobody_else_changes_or_withdraws(
    plant: SmallPlant, name: str, owner: str
) -> None:
    plant.scan(plant.request(name, 30.0, role=owner))

    replaced = plant.scan(plant.request(name, 5.0)).verdicts[0]
    withdrawn = plant.scan(plant.request("withdraw", name)).verdicts[0]

    assert not replaced.accepted
    assert not withdrawn.accepted
    assert [request.value for request in plant.state.requests] == [30.0]
    assert plant.scan(plant.request("withdraw", name, role=owner)).verdicts[0].accepted


def test_asked_accepted_and_why_are_told_apart(plant: SmallPlant) -> None:
    plant.scan(plant.request("heat_nomination_kw", 40.0, role="buyer", source="rest:city"))

    decision = plant.scan(plant.request("heat_demand_kw", 10.0))

    told = {
        point: decision.derived[f"request.heat_demand_kw.{point}"]
        for point in ("asked", "accepted", "verdict", "source")
    }
    assert told == {
        "asked": 10.0,
        "accepted": 40.0,
        "verdict": "accepted, but not below contracted heat of 40 kW",
        "source": "opcua:anna",
    }
    assert decision.verdicts[0].reason == told["verdict"]


def test_a_lapse_and_a_withdrawal_are_told(plant: SmallPlant) -> None:
    plant.scan(plant.request("heat_demand_kw", 10.0))
    plant.scan(plant.request("power_limit_kw", 40.0))
    plant.scan(plant.request("withdraw", "power_limit_kw"))

    decision = plant.scans(600)

    assert decision.derived["request.heat_demand_kw.verdict"] == "lapsed"
    assert decision.derived["request.power_limit_kw.verdict"] == "withdrawn by opcua:anna"
    assert decision.derived["request.heat_demand_kw.accepted"] is None


def test_the_verdict_on_a_reset_reaches_its_tag(plant: SmallPlant) -> None:
    decision = plant.scan(plant.request("trip_reset"))

    (verdict,) = decision.verdicts
    assert verdict.reason in str(decision.derived["request.trip_reset.verdict"])
