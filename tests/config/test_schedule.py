"""The schedule follows the wall clock of the plant, also when the clocks are changed."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from controller.config.load import load_plant
from controller.config.rules.registry import RULES
from controller.config.settings import scan_settings
from controller.config.zone import zone_offsets
from controller.control.targets import scheduled_kw
from tests.control.small_plant import plant_file

MORNING = {"days": ["mon"], "from": "06:00", "to": "09:00", "heat_kw": 40.0}
HEAT = {"demand_curve": [[-20.0, 70.0], [17.0, 10.0]], "max_heat_kw": 63.0}


def wanted(local: str, zone: str = "Europe/Helsinki", *entries: dict[str, object]) -> float | None:
    """The scheduled heat at a local time such as 2026-03-30T06:30."""
    file = plant_file(
        plant={"timezone": zone}, heat={**HEAT, "schedule": list(entries or (MORNING,))}
    )
    moment = dt.datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    return scheduled_kw(scan_settings(file).heat.schedule, moment.timestamp())


@pytest.mark.parametrize(
    ("local", "kw"),
    [
        # Summer time begins on Sunday 29 March and ends on Sunday 25 October 2026.
        ("2026-03-23T05:59", None),
        ("2026-03-23T06:00", 40.0),
        ("2026-03-23T08:59", 40.0),
        ("2026-03-23T09:00", None),
        ("2026-03-30T05:59", None),
        ("2026-03-30T06:00", 40.0),
        ("2026-10-19T06:00", 40.0),
        ("2026-10-26T05:59", None),
        ("2026-10-26T06:00", 40.0),
        ("2026-10-27T06:30", None),
    ],
)
def test_a_morning_is_a_morning_in_winter_and_in_summer(local: str, kw: float | None) -> None:
    assert wanted(local) == kw


def test_a_night_belongs_to_the_day_it_begins() -> None:
    night = {"days": ["fri"], "from": "22:00", "to": "06:00", "heat_kw": 30.0}

    seen = [
        wanted(local, "UTC", night)
        for local in ("2026-01-02T21:59", "2026-01-02T22:00", "2026-01-03T05:59")
    ]

    assert seen == [None, 30.0, 30.0]
    assert wanted("2026-01-02T05:00", "UTC", night) is None


def test_the_night_of_the_clock_change_is_an_hour_shorter() -> None:
    night = {"days": ["sat"], "from": "22:00", "to": "06:00", "heat_kw": 30.0}
    file = plant_file(plant={"timezone": "Europe/Helsinki"}, heat={**HEAT, "schedule": [night]})
    schedule = scan_settings(file).heat.schedule
    start_s = dt.datetime(2026, 3, 28, 20, 0, tzinfo=dt.UTC).timestamp()

    minutes = sum(scheduled_kw(schedule, start_s + 60.0 * m) == 30.0 for m in range(600))

    assert minutes == 7 * 60


def test_from_and_to_alike_is_the_whole_day() -> None:
    whole = {"days": ["thu"], "from": "00:00", "to": "00:00", "heat_kw": 20.0}

    assert wanted("2026-01-01T00:00", "UTC", whole) == 20.0
    assert wanted("2026-01-01T23:59", "UTC", whole) == 20.0
    assert wanted("2026-01-02T00:00", "UTC", whole) is None


@pytest.mark.parametrize(
    "zone", ["Europe/Helsinki", "America/New_York", "Asia/Kolkata", "Africa/Casablanca"]
)
def test_local_time_agrees_with_the_time_zone_at_every_hour_of_two_years(zone: str) -> None:
    offsets = zone_offsets(zone)
    start = int(dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp())

    for utc_s in range(start, start + 2 * 365 * 86_400, 3_600):
        ahead_s = [ahead for since, ahead in offsets if since <= utc_s][-1]
        moment = dt.datetime.fromtimestamp(utc_s, ZoneInfo(zone))
        assert ahead_s == moment.utcoffset().total_seconds()


def refusal(entries: list[object]) -> str:
    """What is said against these entries, by the tables themselves or by the rules over them."""
    try:
        plant = plant_file(heat={**HEAT, "schedule": entries})
    except ValidationError as error:
        return str(error)
    return "; ".join(told for one in RULES for _, told in one.find(plant))


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([MORNING, {**MORNING, "from": "08:59"}], "overlap"),
        ([MORNING, {**MORNING, "from": "08:59", "to": "23:00"}], "overlap"),
        ([{**MORNING, "heat_kw": 64.0}], "max_heat_kw"),
        ([{**MORNING, "heat_kw": -1.0}], "greater than or equal"),
        ([{**MORNING, "days": ["someday"]}], "mon"),
        ([{**MORNING, "days": ["mon", "mon"]}], "overlap"),
        ([{**MORNING, "days": []}], "at least 1"),
        ([{**MORNING, "from": "25:00"}], "hour"),
        ([{**MORNING, "until": "9:00"}], "Extra inputs"),
    ],
)
def test_a_schedule_that_means_nothing_is_refused(entries: list[object], why: str) -> None:
    assert why in refusal(entries)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "/etc"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="no time zone"):
        plant_file(plant={"timezone": zone})


def test_a_schedule_is_read_from_the_file(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "deploy" / "plant.example.toml"
    text = example.read_text(encoding="utf-8")
    entry = '\n[[heat.schedule]]\ndays = ["sat", "sun"]\nfrom = 07:30:00\nto = "22:00"\n'
    (tmp_path / "plant.toml").write_text(text + entry + "heat_kw = 900\n", encoding="utf-8")

    (read,) = load_plant(tmp_path / "plant.toml").heat.schedule

    assert (read.days, read.from_time, read.to_time) == (
        ("sat", "sun"),
        dt.time(7, 30),
        dt.time(22),
    )
