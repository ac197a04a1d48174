"""Alarms of the last minutes: rate, floods and chatter, as an operator has heard them."""

from controller.control.alarms.state import Transition
from controller.record.alarm_rate import RATE_FIGURES, AlarmRate

UTC_S = 1_767_225_600.0


def raised(name: str, at_s: float, *, quiet: bool = False) -> Transition:
    return Transition(UTC_S + at_s, name, "raised", 1, quiet=quiet)


def after(*steps: Transition, at_s: float) -> dict[str, object]:
    rate = AlarmRate()
    for step in steps:
        rate.note([step], step.utc_s)
    rate.note([], UTC_S + at_s)
    return dict(rate.figures(UTC_S + at_s))


def test_every_figure_has_its_tag() -> None:
    assert list(after(at_s=0.0)) == [name for name, _, _ in RATE_FIGURES]


def test_it_counts_what_was_heard_and_forgets_after_an_hour() -> None:
    steps = [raised(f"a{n}", 60.0 * n) for n in range(8)]
    quiet = raised("q", 100.0, quiet=True)

    assert after(*steps, quiet, at_s=480.0)["alarms.last_10min"] == 8.0
    assert after(*steps, at_s=900.0)["alarms.last_10min"] == 3.0
    assert after(*steps, at_s=3_700.0)["alarms.last_hour"] == 6.0


def test_a_flood_begins_with_more_than_ten_and_ends_below_five() -> None:
    burst = [raised(f"a{n}", float(n)) for n in range(11)]

    assert after(*burst[:10], at_s=20.0)["alarms.flood"] is False
    assert after(*burst, at_s=20.0)["alarms.flood"] is True
    assert after(*burst, at_s=606.0)["alarms.flood"] is True
    assert after(*burst, at_s=608.0)["alarms.flood"] is False


def test_three_times_in_a_minute_is_chatter() -> None:
    often = [raised("door", 20.0 * n) for n in range(3)]
    seldom = [raised("door", 31.0 * n) for n in range(3)]

    assert after(*often, at_s=50.0)["alarms.chattering"] == "door"
    assert after(*seldom, at_s=90.0)["alarms.chattering"] == ""
    assert after(*often, at_s=3_700.0)["alarms.chattering"] == ""
