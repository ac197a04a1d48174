"""The figures are those of the tags, and nothing that is unknown becomes a number."""

import asyncio
import json
import os
import sys

import pytest

from controller.lab.figures import MeanErrors, Tracking, figures
from controller.lab.processes import Usage, child_named, parse_usage, read_usage
from controller.link.mirror import Mirror
from tests.lab.hand_made import HEALTHY, NOW_UTC_S, make_hello, make_mirror, make_report

# Captured on Linux 6.1 from a `sleep` whose file was named "a) b"; the memory line is its own.
STAT = (
    "4242 (a) b) S 1 4242 4242 0 -1 4194560 91 0 0 0 137 24 5 6 20 0 1 0 4157 2314240 352"
    " 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0"
)
STATUS = "Name:\ta) b\nState:\tS (sleeping)\nVmPeak:\t    9999 kB\nVmHWM:\t    1408 kB\n"


def watched(errors_kw: list[float], every_s: float = 1.0) -> Tracking:
    """A tracking that saw these errors, and 184 polls a second."""
    tracking = Tracking()
    for turn, error_kw in enumerate(errors_kw):
        values = HEALTHY | {
            "plant.heat_target_kw": 3_000.0,
            "plant.heat_delivered_kw": 3_000.0 + error_kw,
            "poll.polls": 184.0 * turn * every_s,
        }
        mirror = Mirror(make_hello(values))
        mirror.apply(make_report(values, utc_s=NOW_UTC_S + turn * every_s))
        tracking.note(mirror)
    return tracking


def test_cpu_time_and_peak_memory_are_read_whatever_the_name() -> None:
    usage = parse_usage(STAT, STATUS, ticks_per_s=100)

    assert usage.cpu_s == pytest.approx(1.61)
    assert usage.peak_mb == pytest.approx(1.441792)


@pytest.mark.parametrize(("stat", "status"), [("", STATUS), ("1 (x) S 1", STATUS), (STAT, "")])
def test_half_a_process_is_refused(stat: str, status: str) -> None:
    with pytest.raises(ValueError, match="process"):
        parse_usage(stat, status, ticks_per_s=100)


def test_our_own_usage_is_read() -> None:
    usage = read_usage(os.getpid())

    assert usage is not None
    assert usage.peak_mb > 10.0


def test_a_process_that_is_no_more_has_no_usage() -> None:
    assert read_usage(2**22 + 1) is None
    assert child_named(2**22 + 1, "gateway") is None


@pytest.mark.system
async def test_a_child_is_found_by_its_verb() -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", "gateway", stdin=asyncio.subprocess.PIPE
    )
    try:
        assert child_named(os.getpid(), "gateway") == child.pid
        assert child_named(os.getpid(), "no such verb") is None
    finally:
        child.kill()
        await child.wait()


def test_errors_that_cancel_within_a_mean_do_not_count() -> None:
    errors = MeanErrors(10.0)

    for second in range(31):
        errors.add(50.0 if second % 2 else -50.0, float(second))

    assert errors.means == 3
    assert errors.rmse() == pytest.approx(0.0)


def test_a_standing_error_counts_in_full() -> None:
    errors = MeanErrors(10.0)

    for second in range(31):
        errors.add(-70.0, float(second))

    assert errors.rmse() == pytest.approx(70.0)


def test_before_the_first_mean_is_complete_there_is_no_error() -> None:
    errors = MeanErrors(10.0)

    for second in range(10):
        errors.add(70.0, float(second))

    assert errors.rmse() is None


def test_a_gap_ends_a_mean_without_counting_it() -> None:
    errors = MeanErrors(10.0)

    errors.add(1_000.0, 0.0)
    for second in range(100, 111):
        errors.add(5.0, float(second))

    assert errors.means == 1
    assert errors.rmse() == pytest.approx(5.0)


def test_a_short_run_is_judged_by_ten_seconds() -> None:
    tracking = watched([40.0] * 60)

    assert tracking.rmse() == (pytest.approx(40.0), 10.0)
    assert tracking.polls_per_s() == pytest.approx(184.0)


def test_a_long_run_is_judged_by_five_minutes() -> None:
    tracking = watched([40.0] * 400, every_s=2.5)

    assert tracking.rmse() == (pytest.approx(40.0), 300.0)


def test_a_silent_heat_meter_adds_nothing_to_the_error() -> None:
    tracking = Tracking()

    tracking.note(make_mirror({"plant.heat_delivered_kw": None}))

    assert tracking.rmse() == (None, 10.0)
    assert tracking.polls_per_s() is None


def test_the_figures_are_those_of_the_tags() -> None:
    usages = {"core": Usage(1.5, 74.0), "gateway": None}

    told = figures(make_mirror(), watched([10.0] * 30), usages, {"unsafe_outputs": 0})

    assert told["scans"] == 60.0
    assert told["lateness_p99_ms"] == 1.4
    assert told["commands"] == {"sent": 80.0, "verified": 79.0, "failed": 1.0}
    assert told["tracking_rmse_kw"] == pytest.approx(10.0)
    assert told["processes"] == {"core": {"cpu_s": 1.5, "peak_mb": 74.0}, "gateway": None}
    assert told["truth"] == {"unsafe_outputs": 0}


def test_what_is_unknown_is_null_in_the_file() -> None:
    told = figures(Mirror(make_hello(HEALTHY)), Tracking(), {}, None)

    text = json.dumps(told, allow_nan=False)

    assert '"delivered_kw": null' in text
    assert '"truth": null' in text
