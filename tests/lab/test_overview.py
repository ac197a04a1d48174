"""The overview shows what is known, marks what is doubtful, and never invents a number."""

import re
from collections.abc import Mapping
from io import StringIO

from rich.console import Console

from controller.lab.overview import LAST_EVENTS, overview
from controller.lab.shown import NOTHING
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror
from tests.lab.hand_made import HEALTHY, NOW_UTC_S, Value, make_hello, make_mirror

WIDTH, HEIGHT = 100, 32


def screen(
    mirror: Mirror,
    *,
    events: tuple[EventInfo, ...] = (),
    later_s: float = 0.0,
    story: str = "",
) -> str:
    """The overview as text, 83 s after the start."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True)
    now_utc_s = NOW_UTC_S + later_s
    console.print(overview(mirror, events, now_utc_s, since_utc_s=NOW_UTC_S - 83.0, story=story))
    return console.export_text()


def row(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if label in line)


def shown(
    changes: Mapping[str, Value] | None = None,
    *,
    events: tuple[EventInfo, ...] = (),
    later_s: float = 0.0,
    story: str = "",
) -> str:
    return screen(make_mirror(changes), events=events, later_s=later_s, story=story)


def test_heat_is_shown_with_its_source_and_what_is_missing() -> None:
    text = shown()

    assert "3,000 kW" in row(text, "wanted")
    assert "weather curve" in row(text, "asked by")
    assert "2,950 kW (-50 kW)" in row(text, "delivered")
    assert "68.0 °C (to be 67.1 °C)" in row(text, "supply")


def test_a_request_is_shown_with_the_time_it_has_left() -> None:
    text = shown(
        {
            "plant.heat_target_source": "operator (demo)",
            "plant.heat_request_expires_s": 540.0,
        }
    )

    assert "operator (demo) for 9 min" in text


def test_an_hour_is_worth_hash_and_heat_less_power() -> None:
    text = shown()

    assert "250 EUR/h" in row(text, "left over")
    assert "-143 EUR/h" in row(text, "power")
    assert "example prices" in text


def test_what_is_left_of_an_hour_is_unknown_when_one_part_is() -> None:
    text = shown({"value.heat_eur_h": None})

    assert NOTHING in row(text, "left over")
    assert "250" not in text


def test_a_bad_sample_is_a_dash_and_never_a_number() -> None:
    text = shown({"district.return_temperature_c": None, "plant.heat_delivered_kw": None})

    assert re.search(rf"return\s+{NOTHING}", text)
    assert re.search(rf"delivered\s+{NOTHING}\s", text)
    assert "45.0" not in text
    assert "2,950" not in text
    assert "-50 kW" not in text


def test_a_tag_that_was_never_announced_is_a_dash() -> None:
    values = {name: value for name, value in HEALTHY.items() if name != "primary.flow_lpm"}

    text = screen(Mirror(make_hello(values)))

    assert re.search(rf"flow\s+{NOTHING}", text)


def test_an_uncertain_sample_is_marked() -> None:
    text = screen(make_mirror(uncertain=("district.return_temperature_c",)))

    assert "~45.0 °C" in text
    assert "~68.0" not in text


def test_zero_is_shown_as_a_number() -> None:
    text = shown({"plant.heat_delivered_kw": 0.0})

    assert "0 kW (-3,000 kW)" in row(text, "delivered")


def test_every_container_has_a_row_that_counts_its_units() -> None:
    text = shown()

    first, second, every = (row(text, label) for label in (" 1 open", " 2 tripped", "all "))
    assert first.split()[:9] == ["1", "open", "5", "·", "·", "·", "·", "·", "42"]
    assert second.split()[2:8] == ["·", "1", "·", "3", "·", "1"]
    assert every.split()[1:7] == ["5", "1", "·", "3", "·", "1"]


def test_lost_flow_and_an_open_contactor_are_told_from_unknown_ones() -> None:
    lost = row(shown(), " 2 tripped")
    unknown = row(
        shown({"container-02.flow_proven": None, "container-02.contactor_closed": None}),
        " 2 tripped",
    )

    assert re.search(r"no\s+OPEN", lost)
    assert re.search(rf"{NOTHING}\s+{NOTHING}", unknown)


def test_limit_trips_and_first_out_are_told() -> None:
    text = shown(
        {
            "plant.mode": "tripped",
            "plant.limited_by": "trip: leak",
            "plant.trips": "leak, primary-flow",
            "plant.first_out": "leak: water in container-02",
        }
    )

    assert "TRIPPED" in text
    assert "trip: leak" in row(text, "limit ")
    assert "leak, primary-flow" in row(text, "trips ")
    assert "water in" in text


def test_the_loop_shows_how_late_and_how_often_it_failed() -> None:
    text = shown()

    assert "60, skipped 1" in row(text, "scans")
    assert "1.4 ms (p99), 8.0 ms (max)" in text
    assert "11,040, failed 3" in row(text, "polls")
    assert "80, proven 79, failed 1" in row(text, "orders")


def test_only_the_newest_events_are_shown_and_the_newest_last() -> None:
    events = tuple(EventInfo(NOW_UTC_S + n, 500, "plant", f"event {n}") for n in range(20))

    text = shown(events=events)

    assert re.findall(r"event (\d+)", text) == [str(n) for n in range(20 - LAST_EVENTS, 20)]
    assert "00:00:19 plant: event 19" in text


def test_it_fits_a_hundred_columns_and_thirty_two_lines_while_much_happens() -> None:
    events = tuple(EventInfo(NOW_UTC_S, 900, "plant", "x" * 200) for _ in range(20))
    worst = {
        "plant.first_out": "primary-flow: primary flow is 4961.2 L/min, 7360 is needed",
        "plant.trips": "primary-flow, leak, container-03 container-flow",
        "plant.heat_request_expires_s": 86_000.0,
        **{f"container-{n:02}.state": "tripped" for n in range(1, 11)},
    }

    text = screen(make_mirror(worst, containers=10), events=events, story="A sentence of it. " * 10)

    assert len(text.splitlines()) <= HEIGHT
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_silent_core_leaves_no_number_on_the_screen() -> None:
    text = shown(later_s=30.0)

    assert "no news from core for 30 s" in text
    assert not re.search(r"3,000|2,950|68\.0|172,948|RUNNING", text)
    assert row(text, "all ").split()[1:7] == ["·", "·", "·", "·", "·", "10"]


def test_before_the_first_report_everything_is_unknown() -> None:
    text = screen(Mirror(make_hello(HEALTHY)))

    assert "UNKNOWN" in text
    assert "no news from core" in text
    assert re.search(rf"wanted\s+{NOTHING}", text)


def test_the_time_since_the_start_and_the_story_stand_in_the_head() -> None:
    text = shown(story="Somebody wants more.")

    assert "1:23 min" in row(text, "Testby")
    assert "Somebody wants more." in text


def test_text_from_outside_is_not_taken_for_markup() -> None:
    text = shown(
        {"plant.heat_target_source": "[red]op"},
        events=(EventInfo(NOW_UTC_S, 300, "plant", "[bold]asked"),),
    )

    assert "[red]op" in text
    assert "[bold]asked" in text
