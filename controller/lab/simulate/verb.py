"""`hearth simulate`: what was asked, a progress bar, and what comes of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID

from controller.config.load import ConfigError
from controller.lab.simulate.baselines import BASELINES, How
from controller.lab.simulate.kpis import Kpi
from controller.lab.simulate.outcome import Outcome, as_csv, as_json, judged, table, write
from controller.lab.simulate.record import Record
from controller.lab.simulate.run import Task, simulate, simulate_in_pieces
from simulators.course_file import utc_s

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the results go, and how they are made."""

    json_file: Path | None
    report: Path | None
    csv_file: Path | None
    baselines: bool
    workers: int


def begin_of(text: str) -> float:
    """The beginning of a day (UTC) as seconds; ConfigError where it is no date."""
    try:
        return utc_s(datetime.fromisoformat(text))
    except ValueError:
        raise ConfigError(f"--from: {text!r} is no date like 2026-01-15") from None


def run(task: Task, wanted: Wanted, say: Say) -> Outcome:
    """Simulate, write what is wanted, and say the figures."""
    for path in (wanted.json_file, wanted.report, wanted.csv_file):
        if path is not None and path.is_dir():
            raise ConfigError(f"{path} is a folder; name a file in it")
    hows: list[How] = ["hearth", *(BASELINES if wanted.baselines else ())]
    figures: dict[str, list[Kpi]] = {}
    record: Record | None = None
    with Progress(console=Console(stderr=True)) as bar:
        for how in hows:
            line = bar.add_task(how, total=1.0)
            one = replace(task, how=how)
            if wanted.workers > 1:
                found = simulate_in_pieces(one, wanted.workers)
            else:
                found = simulate(one, partial(_show, bar, line))
            bar.update(line, completed=1.0)
            figures[how] = judged(one, found)
            record = found if record is None else record
    assert record is not None, "there is always one way"  # noqa: S101
    outcome = Outcome(task, record, figures)
    for told in table(outcome):
        say(told)
    _write(outcome, wanted)
    return outcome


def _show(bar: Progress, line: TaskID, done: float) -> None:
    bar.update(line, completed=done)


def _write(outcome: Outcome, wanted: Wanted) -> None:
    if wanted.json_file is not None:
        write(wanted.json_file, as_json(outcome))
    if wanted.csv_file is not None:
        write(wanted.csv_file, as_csv(outcome.record))
    if wanted.report is not None:
        # Loaded only now: most runs never draw.
        from controller.lab.simulate.report.page import page  # noqa: PLC0415

        write(wanted.report, page(outcome))
