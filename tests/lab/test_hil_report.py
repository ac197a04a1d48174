"""The report of a run: one page and one file with the same content, and no secret in either."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from controller.lab.hil.outcome import (
    AlwaysResult,
    Judged,
    Outcome,
    Series,
    Setting,
    StepResult,
)
from controller.lab.hil.report.page import clock, page, write_json, write_page
from controller.lab.hil.report.plots import MOST_POINTS, thinned
from controller.lab.hil.told import lines_of, verdict

LOOKS = 120
NAN = float("nan")


def judged(figure: str, *, passed: bool, **more: object) -> Judged:
    given = {"wanted": "at least 50", "unit": "kW", "low": 50.0, "high": None} | more
    return Judged(figure, within_s=60.0, for_s=10.0, passed=passed, **given)


@pytest.fixture
def outcome() -> Outcome:
    """Three steps: passed, failed, not run; a number with a gap, and words."""
    times = [float(second) for second in range(LOOKS)]
    return Outcome(
        name="Plant <A> & co",
        line="A line",
        file="steps.toml",
        begun_utc="2026-01-01T00:00:00Z",
        ended_utc="2026-01-01T00:02:00Z",
        speed=2.0,
        connected={"rig": "control port 8028", "opcua": "opc.tcp://127.0.0.1:4840/hearth"},
        given={"full_heat_kw": 160.0},
        steps=[
            StepResult(
                "Demand rises",
                "It gets warm.",
                "passed",
                0.0,
                60.0,
                set=[Setting("link:heat_demand_kw", "95", done=True)],
                expect=[
                    judged("rig:heat_kw", passed=True, measured=96.2, reached_after_s=41.0)
                ],
            ),
            StepResult(
                "Stop",
                "",
                "failed",
                60.0,
                120.0,
                asked=Setting("a person", "Press the stop", done=True),
                expect=[judged("rig:heat_kw", passed=False, why="did not come within 60 s")],
            ),
            StepResult("Last", ""),
        ],
        result="failed",
        lasted_s=120.0,
        always=[
            AlwaysResult(
                "rig:outlet_c", "at most 85", "°C", None, 85.0, passed=False, looks=120,
                misses=2, first_miss_s=70.0, first_miss=86.1, lowest=60.0, highest=86.1,
            )
        ],
        restored=[Setting("fault:pump-1", "mended", done=False, why="the rig is gone")],
        figures=[
            Series("rig:heat_kw", "kW", times, [None, *(float(n) for n in range(1, LOOKS))]),
            Series("link:plant.mode", "", times, ["running"] * 60 + ["tripped"] * 60),
            Series("rig:never_kw", "kW", times, [None] * LOOKS),
        ],
    )  # fmt: skip


class Tags(HTMLParser):
    """Which elements open and close, and what they load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        if tag not in {"meta", "br", "link", "use", "path"}:
            self.open.append(tag)
        self.loads += [
            value or "" for name, value in attrs if name in {"src", "href", "xlink:href"}
        ]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        if tag not in {"use", "path"}:
            assert self.open.pop() == tag


def test_the_page_is_whole_escaped_and_loads_nothing_from_elsewhere(outcome: Outcome) -> None:
    text = page(outcome)
    tags = Tags()
    tags.feed(text)

    assert tags.open == []
    assert [load for load in tags.loads if not load.startswith("#")] == []
    assert "<script" not in text
    assert "Plant &lt;A&gt; &amp; co" in text
    assert "@import" not in text


def test_the_page_tells_every_step_with_value_and_time_and_plots_what_was_seen(
    outcome: Outcome,
) -> None:
    text = page(outcome)
    words = " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style.*?</style>", "", text)).split())

    for told in (
        "FAILED",
        "1 of 3 steps passed",
        "96.2 kW",
        "41 s",
        "did not come within 60 s",
        "By hand: Press the stop",
        "86.1 at 1:10",
        "the rig is gone",
        "full_heat_kw 160 (given)",
    ):
        assert told in words, told
    assert text.count("<svg") == 2
    assert "rig:never_kw" not in text


def test_plots_take_the_colour_of_the_page(outcome: Outcome) -> None:
    drawings = re.findall(r"(?s)<svg.*?</svg>", page(outcome))

    assert all("currentColor" in one and "#000000" not in one for one in drawings)
    assert all("fill: #ffffff" not in one for one in drawings)
    assert ">tripped<" in drawings[1]


def test_the_same_run_gives_the_same_page(outcome: Outcome) -> None:
    assert page(outcome) == page(outcome)


def test_json_has_everything_by_stable_names(outcome: Outcome, tmp_path: Path) -> None:
    write_json(outcome, tmp_path / "deep" / "run.json")
    told = json.loads((tmp_path / "deep" / "run.json").read_text(encoding="utf-8"))

    assert told["schema"] == 1
    assert set(told) == {
        "schema", "name", "line", "file", "begun_utc", "ended_utc", "speed", "connected", "given",
        "steps", "result", "why", "lasted_s", "always", "restored", "figures",
    }  # fmt: skip
    assert told["steps"][0]["expect"][0] == {
        "figure": "rig:heat_kw", "wanted": "at least 50", "unit": "kW", "low": 50.0, "high": None,
        "within_s": 60.0, "for_s": 10.0, "passed": True, "measured": 96.2, "reached_after_s": 41.0,
        "lowest": None, "highest": None, "why": "",
    }  # fmt: skip
    assert told["figures"][1]["values"][-1] == "tripped"


def test_a_run_that_never_looked_has_a_report_too(outcome: Outcome, tmp_path: Path) -> None:
    bare = Outcome("A", "", "a.toml", "", 1.0, {}, {}, [StepResult("one", "")])

    write_page(bare, tmp_path / "run.html")

    assert "ABORTED" in (tmp_path / "run.html").read_text(encoding="utf-8")
    assert verdict(bare) == "ABORTED: 1 not run"
    assert verdict(outcome).startswith("FAILED: 1 passed, 1 failed, 1 not run; 1 of 1")
    assert lines_of(outcome.steps[1])[1] == (
        "    NOT rig:heat_kw at least 50: no value: did not come within 60 s"
    )
    assert [clock(time_s) for time_s in (0.0, 59.6, 3725.0)] == ["0:00", "1:00", "62:05"]


def test_a_long_run_is_thinned_without_losing_its_peaks() -> None:
    numbers = [0.0] * 50_000
    numbers[12_345], numbers[33_333] = 9.0, NAN

    points = list(thinned([float(n) for n in range(50_000)], numbers))

    assert len(points) <= 2 * MOST_POINTS
    assert (12_345.0, 9.0) in points
    assert any(y != y for _, y in points)  # noqa: PLR0124 - a gap stays one
