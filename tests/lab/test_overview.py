"""The overview shows what is known, marks what is doubtful, and never invents a number."""

import re

import pytest

from controller.lab.overview import MOST_EVENTS
from controller.lab.shown import NOTHING, told, widths
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror
from tests.lab.drawn import HEIGHT, NARROW, WIDTH, part, row, screen, shown
from tests.lab.hand_made import (
    BOOSTER,
    COOLER,
    EXCHANGER_1,
    HEALTHY,
    NOW_UTC_S,
    PUMP_1,
    TANK,
    make_hello,
    make_mirror,
)


def test_heat_is_shown_with_its_source_and_what_is_missing() -> None:
    text = shown()

    assert part(text, "wanted") == "3,000 kW"
    assert part(text, "asked by") == "weather curve"
    assert part(text, "accepted") == "3,000 kW"
    assert part(text, "delivered") == "2,950 kW (-50)"
    assert part(text, "sold") == "2,900 kW"
    assert part(text, "supply") == "68.0 °C (set 67.1)"


def test_a_request_is_shown_with_the_time_it_has_left() -> None:
    asked = {"plant.heat_target_source": "operator (demo)", "plant.heat_request_expires_s": 540.0}

    assert part(shown(asked), "asked by") == "operator (demo) for 9 min"


def test_what_a_ceiling_takes_of_the_wanted_heat_is_named_with_the_ceiling() -> None:
    text = shown({"plant.heat_accepted_kw": 1_900.0, "plant.limited_by": "grid order"})

    assert part(text, "accepted") == "1,900 kW (grid order)"
    assert part(text, "held by") == "grid order"


def test_limits_are_shown_with_the_kilowatts_first() -> None:
    text = shown({"plant.limits": "grid order 2000 kW; site power limit 8000 kW; odd one"})

    assert part(text, "limits") == "2,000 kW grid order"
    assert "8,000 kW site power limit" in text
    assert "odd one" in text


def test_limits_beyond_three_are_counted() -> None:
    limits = "; ".join(f"limit {n} {n}00 kW" for n in range(1, 6))

    text = shown({"plant.limits": limits})

    assert "300 kW limit 3" in text
    assert "400 kW" not in text
    assert "and 2 higher" in text


def test_contracted_heat_is_shown_with_its_buyer_what_is_missing_and_the_day() -> None:
    text = shown(
        {
            "contract.source": "buyer (town)",
            "contract.heat_kw": 3_200.0,
            "contract.shortfall_kw": 300.0,
            "contract.shortfall_reason": "equipment",
            "contract.short": True,
            "contract.contracted_today_kwh": 9_000.0,
            "contract.shortfall_today_kwh": 120.0,
            "contract.uncertain_today_s": 45.0,
        }
    )

    assert part(text, "contracted") == "3,200 kW by buyer (town)"
    assert part(text, "missing") == "300 kW (equipment)"
    assert part(text, "today") == "short 120 kWh of 9,000 kWh"
    assert part(text, "not booked") == "45 s"
    assert "contract: short by 300 kW of 3,200 kW contracted heat: equipment" in text


def test_a_contract_that_is_not_known_is_not_told_to_be_none() -> None:
    text = shown({"contract.source": None, "contract.shortfall_kw": None})

    assert part(text, "contracted") == NOTHING
    assert part(text, "missing") == NOTHING


def test_an_hour_is_worth_hash_and_heat_less_power() -> None:
    text = shown()

    assert part(text, "an hour") == "250 EUR"
    assert "example prices" in text


@pytest.mark.parametrize("part_of_it", ["hash", "heat", "power"])
def test_what_is_left_of_an_hour_is_unknown_when_one_part_is(part_of_it: str) -> None:
    text = shown({f"value.{part_of_it}_eur_h": None})

    assert part(text, "an hour") == NOTHING


def test_a_bad_sample_is_a_dash_and_never_a_number() -> None:
    text = shown({"district.return_temperature_c": None, "plant.heat_delivered_kw": None})

    assert part(text, "return") == NOTHING
    assert part(text, "delivered") == NOTHING
    assert not re.search(r"45\.0|2,950|-50", text)


def test_a_tag_that_was_never_announced_is_a_dash() -> None:
    values = {name: value for name, value in HEALTHY.items() if name != "plant.heat_sold_kw"}

    assert part(screen(Mirror(make_hello(values))), "sold") == NOTHING


def test_an_uncertain_sample_is_marked() -> None:
    text = screen(make_mirror(uncertain=("district.return_temperature_c",)))

    assert part(text, "return") == "~45.0 °C"
    assert "~68.0" not in text


def test_zero_is_shown_as_a_number() -> None:
    assert part(shown({"plant.heat_delivered_kw": 0.0}), "delivered") == "0 kW (-3,000)"


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(-0.04, 1, "0.0"), (-0.4, 0, "0"), (-0.06, 1, "-0.1"), (-4, 0, "-4")],
)
def test_nothing_has_no_sign(value: float, digits: int, words: str) -> None:
    assert told(value, "", digits) == words


def test_only_the_newest_events_are_shown_and_the_newest_last() -> None:
    events = tuple(EventInfo(NOW_UTC_S + n, 500, "plant", f"event {n}") for n in range(20))

    text = shown(events=events, height=80)

    assert re.findall(r"event (\d+)", text) == [str(n) for n in range(20 - MOST_EVENTS, 20)]
    assert "00:00:19 plant: event 19" in text


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_it_fits_the_terminal_while_much_happens_in_a_large_plant(width: int) -> None:
    events = tuple(EventInfo(NOW_UTC_S, 900, "plant", "x" * 200) for _ in range(20))
    worst = {
        "plant.first_out": "primary-flow: primary flow is 4961.2 L/min, 7360 is needed",
        "plant.trips": "primary-flow, leak, container-03 container-flow",
        "plant.heat_request_expires_s": 86_000.0,
        **{f"container-{n:02}.state": "tripped" for n in range(1, 33)},
    }
    equipment = PUMP_1 | EXCHANGER_1 | TANK | BOOSTER | COOLER

    mirror = make_mirror(worst | equipment, containers=32)
    text = screen(mirror, events=events, story="A sentence of it. " * 6, width=width)

    assert len(text.rstrip("\n").splitlines()) <= HEIGHT
    assert max(map(len, text.splitlines())) <= width
    assert text.count("00:00:00 plant: xxx") >= 3


def test_a_silent_core_leaves_no_number_on_the_screen() -> None:
    text = shown(PUMP_1 | TANK, later_s=30.0)

    assert "no news from core for 30 s" in text
    assert not re.search(r"3,000|2,950|68\.0|172,948|RUNNING|automatic|2,614|runs", text)
    assert row(text, "all ").split()[3:9] == ["·", "·", "·", "·", "·", "10"]


def test_before_the_first_report_everything_is_unknown() -> None:
    text = screen(Mirror(make_hello(HEALTHY)))

    assert "UNKNOWN" in text
    assert "no news from core" in text
    assert part(text, "wanted") == NOTHING
    assert part(text, "trips") == NOTHING


def test_text_from_outside_is_not_taken_for_markup() -> None:
    text = shown(
        {"plant.heat_target_source": "[red]op", "plant.missing": "[bold]flow"},
        events=(EventInfo(NOW_UTC_S, 300, "plant", "[bold]asked"),),
    )

    assert "[red]op" in text
    assert "[bold]asked" in text
    assert "[bold]flow" in text


def test_the_columns_are_shared_out_to_the_last() -> None:
    assert widths(132, (1, 1)) == [66, 66]
    assert all(sum(widths(columns, (82, 50))) == columns for columns in range(80, 200))
