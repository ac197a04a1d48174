"""The head of the overview: mode, authority, and everything that needs a person."""

import pytest

from controller.lab.shown import NOTHING
from tests.lab.drawn import part, row, shown
from tests.lab.hand_made import PUMP_1


def test_the_time_since_the_start_and_the_story_stand_in_the_head() -> None:
    text = shown(story="Somebody wants more.")

    assert "1:23 min" in text.splitlines()[0]
    assert "10 of 10 heard" in text.splitlines()[0]
    assert "00:00:00 UTC" in text.splitlines()[0]
    assert "Somebody wants more." in text


def test_a_healthy_plant_asks_for_no_attention() -> None:
    above, _, _ = shown(PUMP_1).partition("miners")

    assert [line.strip() for line in above.splitlines()[1:-1]] == [""]


def test_trips_and_what_came_first_are_told() -> None:
    text = shown(
        {
            "plant.mode": "tripped",
            "plant.limited_by": "trip: leak",
            "plant.trips": "leak, primary-flow",
            "plant.first_out": "leak: container-02.leak is wet",
        }
    )

    assert "TRIPPED" in text.splitlines()[0]
    assert "first out: leak: container-02.leak is wet" in text
    assert "tripped: leak, primary-flow" in text
    assert part(text, "trips") == "leak, primary-flow"
    assert part(text, "held by") == "trip: leak"


def test_what_a_start_waits_for_is_told_in_full() -> None:
    missing = (
        "suction pressure is 40 kPa, it must be 120 kPa: fill the loop;"
        " no primary pump is known to run;"
        " cold header is 9.0 °C, it must be 3 K above the dew point 8.0 °C"
    )

    text = shown({"plant.mode": "starting", "plant.missing": missing})

    told = " ".join(text.split("miners")[0].split())
    assert "STARTING" in told
    assert f"waits for: {missing}" in told


@pytest.mark.parametrize("reach", ["limited", "dry-run"])
def test_a_program_that_may_not_write_everything_says_so(reach: str) -> None:
    head = shown({"plant.reach": reach}).splitlines()[0]

    assert reach in head
    assert "automatic" not in head


@pytest.mark.parametrize(
    "holder", ["local automatic", "taken by another", "plc silent", "plc without watchdog"]
)
def test_a_plant_that_we_do_not_order_says_who_does(holder: str) -> None:
    assert f"automatic, {holder}" in shown({"plant.authority": holder}).splitlines()[0]


def test_an_authority_that_is_not_known_is_a_dash() -> None:
    head = shown({"plant.reach": None, "plant.authority": None}).splitlines()[0]

    assert f"RUNNING   {NOTHING}" in head


def test_what_people_hold_is_told_above_and_at_its_place() -> None:
    by_hand = "pump-1.speed_pct = 40.0 by operator (anna), 50 min"
    held = PUMP_1 | {"pump-1.control": "hand", "plant.by_hand": by_hand}

    text = shown(held | {"dry-cooler.control": "local", "three-way-valve.control": "local"})

    assert f"by hand: {by_hand}" in text
    assert "local: dry-cooler, three-way-valve" in text
    assert "hand" in row(text, "pump-1 ")


def test_what_does_not_follow_and_pumps_that_fail_are_told() -> None:
    text = shown({"commands.left": "pump-2.run", "plant.pumps_failed": "pump-2"})

    assert "do not follow: pump-2.run" in text
    assert "pumps failed: pump-2" in text


def test_the_loop_shows_how_late_and_how_often_it_failed() -> None:
    text = shown()

    assert part(text, "scans") == "60, skipped 1"
    assert part(text, "late") == "0.2 / 1.4 / 8.0 ms (p50, p99, max)"
    assert part(text, "polls") == "11,040, failed 3"
    assert part(text, "orders") == "80, proven 79, failed 1, old 0"


def test_a_request_is_shown_with_what_stands_of_it_and_why() -> None:
    text = shown(
        {
            "request.heat_demand_kw.verdict": "accepted, but not below contracted heat of 2500 kW",
            "request.heat_demand_kw.source": "operator (anna)",
            "request.heat_demand_kw.asked": 1_000.0,
            "request.heat_demand_kw.accepted": 2_500.0,
            "request.heat_demand_kw.expires_s": 7_200.0,
        },
        width=150,
    )

    assert part(text, "heat_demand_kw") == "1,000 → 2,500 kW"
    assert "accepted, but not below contracted heat" in text


def test_a_refused_order_and_a_lapsed_request_are_shown_as_such() -> None:
    text = shown(
        {
            "request.plant_mode.verdict": "refused: no reason is given",
            "request.plant_mode.source": "op",
            "request.plant_mode.asked": "off",
            "request.power_limit_kw.verdict": "accepted",
            "request.power_limit_kw.source": "op",
            "request.power_limit_kw.asked": 3_000.0,
            "request.power_limit_kw.accepted": None,
            "request.power_limit_kw.expires_s": None,
        }
    )

    assert part(text, "plant_mode") == "off"
    assert "refused: no reason is given  op" in text
    assert part(text, "power_limit_kw") == "3,000 → lapsed"


def test_before_anybody_has_asked_that_is_said() -> None:
    assert "nothing has been asked yet" in shown()
