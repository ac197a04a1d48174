"""What `hearth hil` does with a file of steps: check it, or run it and write the report."""

import asyncio
import math
import re
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from controller.clock.now import monotonic_s, utc_s
from controller.config.lines import Lines
from controller.config.load import ConfigError
from controller.config.words import meant
from controller.lab.hil.bench import Bench
from controller.lab.hil.looker import Looker
from controller.lab.hil.outcome import Outcome, StepResult
from controller.lab.hil.person import Person, PersonAtTerminal
from controller.lab.hil.problems import Problem, StepsError
from controller.lab.hil.reading import at_lines, read_steps
from controller.lab.hil.report.page import write_json, write_page
from controller.lab.hil.run import Run, Say
from controller.lab.hil.sense import find_nonsense
from controller.lab.hil.steps import StepsFile, figures_of, points_set
from controller.lab.hil.told import verdict
from controller.lab.places import HOST
from controller.lab.rig_client import RigClient, RigError

Life = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def checked_steps(
    path: Path,
    given: Mapping[str, float] | None = None,
    only: Sequence[str] = (),
    bench: Mapping[str, str] | None = None,
) -> StepsFile:
    """The steps of a file without a mistake in form or sense; StepsError tells all mistakes."""
    file = read_steps(path, given, bench)
    if problems := find_nonsense(file):
        raise StepsError(path, at_lines(problems, Lines(path.read_text(encoding="utf-8-sig"))))
    names = [step.name for step in file.step]
    for wanted in only:
        if wanted not in names:
            raise ConfigError(f"--only: there is no step {wanted!r}{meant(wanted, names)}")
    chosen = tuple(step for step in file.step if not only or step.name in only)
    return file.model_copy(update={"step": chosen})


def given_numbers(words: Sequence[str]) -> dict[str, float]:
    """NAME=NUMBER of the command line; ConfigError where it is not that."""
    found: dict[str, float] = {}
    for word in words:
        name, _, number = word.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            found[name] = math.nan
        if not math.isfinite(found[name]):
            raise ConfigError(f"--given {word}: write NAME=NUMBER, as full_heat_kw=67")
    return found


def bench_words(words: Sequence[str]) -> dict[str, str]:
    """KEY=VALUE of the command line; ConfigError where it is not that."""
    pairs = [word.partition("=") for word in words]
    for key, equals, value in pairs:
        if not (key and equals and value):
            raise ConfigError(f"--bench {key}{equals}{value}: write KEY=VALUE, as rig=8028")
    return {key: value for key, _, value in pairs}


def rig_clock(file: StepsFile) -> str:
    """The clock that the bench's rig runs on; real time where there is no rig."""
    if file.bench.rig is None:
        return "1"
    try:
        return str(RigClient(HOST, file.bench.rig).clock()["clock"])
    except RigError as error:
        raise ConfigError(f"{error}; start it: hearth rig PLANT.toml") from error


def report_stem(path: Path, folder: Path) -> Path:
    """Where the reports of a run that begins now are written, without their endings."""
    stamp = datetime.fromtimestamp(utc_s(), UTC).strftime("%Y%m%dT%H%M%SZ")
    return folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', path.stem)}-{stamp}"


def chosen_steps(
    path: Path,
    only: Sequence[str] | None,
    given: Sequence[str] | None,
    bench: Sequence[str] | None,
) -> StepsFile:
    """The steps as the command line wants them; ConfigError tells what is wrong."""
    numbers, connected = given_numbers(given or []), bench_words(bench or [])
    return checked_steps(path, numbers, only or [], connected)


def hil_life(path: Path, file: StepsFile, folder: Path, say: Say) -> Life:
    """Run the steps and write both reports; SystemExit 1 where not all is passed."""

    async def life(stop: asyncio.Event) -> None:
        # Whoever closes the terminal wants an end too, and not a plant left broken.
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, stop.set)
        stem = report_stem(path, folder)
        outcome = await run_steps(path, file, PersonAtTerminal(say), say, stop, stem)
        say(verdict(outcome))
        if outcome.result != "passed":
            raise SystemExit(1)

    return life


async def run_steps(
    path: Path, file: StepsFile, person: Person, say: Say, stop: asyncio.Event, stem: Path
) -> Outcome:
    """What has come of the steps, also written as STEM.json and STEM.html."""
    outcome = Outcome(
        name=file.name,
        line=file.line,
        file=path.name,
        begun_utc=_utc(),
        speed=1.0,
        connected={},
        given=dict(file.given),
        steps=[StepResult(step.name, step.say) for step in file.step],
    )
    begun = False
    try:
        async with Bench(file) as bench:
            outcome.connected = bench.connected()
            if absent := await bench.unknown(figures_of(file), points_set(file)):
                raise StepsError(path, _absent(absent, path))
            begun = True
            looker = Looker(bench, file, monotonic_s)
            await Run(file, bench, looker, person, say, outcome).until(stop)
    finally:
        if begun:
            outcome.ended_utc = _utc()
            await asyncio.to_thread(_write, outcome, stem, say)
    return outcome


def _write(outcome: Outcome, stem: Path, say: Say) -> None:
    """JSON first: it is there even if a page cannot be drawn."""
    data, page = stem.with_name(stem.name + ".json"), stem.with_name(stem.name + ".html")
    write_json(outcome, data)
    write_page(outcome, page)
    say(f"report: {page} and {data.name}")


def _absent(absent: Mapping[str, str], path: Path) -> list[Problem]:
    """Points that are not there, with the first line that names each."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    found = []
    for point, why in absent.items():
        line = next((n for n, text in enumerate(lines, 1) if point in text), None)
        told = f"{point} does not answer" if point.endswith(":") else f"{point} is not there"
        found.append(Problem("", told, why, line))
    return sorted(found, key=lambda one: one.line or 0)


def _utc() -> str:
    return datetime.fromtimestamp(utc_s(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
