"""Writes the report of a run: a page that needs nothing but itself, and JSON with the same."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from controller.disk.whole_file import write_whole
from controller.lab.hil.limits import shown
from controller.lab.hil.outcome import Outcome

SECONDS_PER_MINUTE = 60.0
NOTHING = "\N{EN DASH}"


def write_json(outcome: Outcome, path: Path) -> None:
    """The whole run for programs."""
    text = json.dumps(outcome.as_json(), indent=1, ensure_ascii=False, allow_nan=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text + "\n")


def write_page(outcome: Outcome, path: Path) -> None:
    """The whole run for people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, page(outcome))


def page(outcome: Outcome) -> str:
    """The page's HTML; whatever stands in it was escaped, but for our own plots."""
    # Loaded only now: most programs of this house never draw.
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    from controller.lab.hil.report.plots import plots  # noqa: PLC0415

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {"shown": shown, "clock": clock, "seconds": seconds}
    template = (files("controller.lab.hil.report") / "page.html").read_text(encoding="utf-8")
    counts: Mapping[str, int] = {
        result: sum(step.result == result for step in outcome.steps)
        for result in ("passed", "failed", "aborted", "not run")
    }
    drawn = plots(outcome)
    return environment.from_string(template).render(run=outcome, counts=counts, plots=drawn)


def clock(time_s: float | None) -> str:
    """A time of the run as minutes and seconds."""
    if time_s is None:
        return NOTHING
    minutes, rest_s = divmod(round(time_s), int(SECONDS_PER_MINUTE))
    return f"{minutes}:{rest_s:02}"


def seconds(time_s: float | None) -> str:
    """A time that something took."""
    return NOTHING if time_s is None else f"{time_s:.0f} s"
