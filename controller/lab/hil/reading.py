"""Reads a file of steps and tells everything that is wrong with its form, with line and remedy."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from controller.config.lines import Lines
from controller.config.secrets import without_secrets
from controller.config.validate import place_of
from controller.config.words import meant
from controller.lab.hil.given import with_given
from controller.lab.hil.problems import Problem, StepsError
from controller.lab.hil.steps import Always, Bench, Expect, OpcUaBench, Step, StepsFile

MANUAL = "deploy/reference/hil.md"
PATHS = ("plant", "link")
_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_TABLES = (StepsFile, Bench, OpcUaBench, Step, Expect, Always)
_KEYS = sorted({i.alias or key for table in _TABLES for key, i in table.model_fields.items()})
_NAMES_A_SECRET = "password_env"  # noqa: S105 - the key that names a variable


def read_steps(
    path: Path,
    given: Mapping[str, float] | None = None,
    bench: Mapping[str, str] | None = None,
) -> StepsFile:
    """The steps of a file; numbers and keys of its bench that are given here win.

    StepsError tells everything that is wrong.
    """
    text, data = _tables(path)
    lines = Lines(text)
    if bench:
        data = {**data, "bench": {**_table(data.get("bench")), **_from_outside(bench)}}
    problems = _secrets(data)
    numbers, wrong = _given(data, given or {})
    shared, unknown = with_given(data, numbers)
    problems += [*wrong, *unknown]
    try:
        file = StepsFile.model_validate({**shared, "given": numbers})
    except ValidationError as error:
        mistakes = error.errors(include_url=False, include_input=False)
        # A list of steps of which each has a mistake is not an empty one.
        written = bool(data.get("step"))
        problems += [_told(one) for one in mistakes if not (written and one["type"] == "too_short")]
    if problems:
        raise StepsError(path, at_lines(problems, lines))
    return _resolved(file, path.resolve().parent)


def at_lines(problems: list[Problem], lines: Lines) -> list[Problem]:
    """The problems with their lines, from the top of the file down."""
    placed = [Problem(one.place, one.text, one.remedy, lines[one.place]) for one in problems]
    return sorted(dict.fromkeys(placed), key=lambda one: (one.line or 0, one.place))


def _tables(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        remedy = "name a TOML file in UTF-8; deploy/hil.example.toml is one to begin with"
        raise StepsError(path, [Problem("", told, remedy)]) from error
    try:
        return text, tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        told = str(error)
        at = _LINE.search(told)
        line = int(at[1]) if at else None
        told = told[: at.start()] if at else told
        problem = Problem("", told, "mend the TOML at this place; see toml.io", line)
        raise StepsError(path, [problem]) from error


def _table(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _from_outside(bench: Mapping[str, str]) -> dict[str, object]:
    """Keys of the command line: a relative path begins where the program was started."""
    return {
        key: int(value)
        if value.isdecimal()
        else str(Path(value).absolute())
        if key in PATHS
        else value
        for key, value in bench.items()
    }


def _secrets(data: dict[str, Any]) -> list[Problem]:
    """Keys that look like a secret, but for the one that names an environment variable."""
    _, found = without_secrets(data)
    remedy = "take it out and change it: a password comes from the variable of opcua.password_env"
    return [
        Problem(place, told, remedy)
        for place, told in found
        if place.rpartition(".")[2] != _NAMES_A_SECRET and not place.startswith(("step.", "given."))
    ]


def _given(
    data: dict[str, Any], outside: Mapping[str, float]
) -> tuple[dict[str, float], list[Problem]]:
    """The named numbers; those from outside win, and must be names that the file uses."""
    own = data.get("given", {})
    if not isinstance(own, dict):
        return dict(outside), [Problem("given", "is no table", "write [given] and NAME = NUMBER")]
    problems = [
        Problem(f"given.{name}", f"{value!r} is no number", "write NAME = NUMBER")
        for name, value in own.items()
        if isinstance(value, bool) or not isinstance(value, int | float)
    ]
    problems += [
        Problem(
            "given", f"--given {name}: the file has no such number", f"it has: {', '.join(own)}"
        )
        for name in outside
        if name not in own
    ]
    numbers = {
        name: float(value)
        for name, value in own.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return {**numbers, **outside}, problems


def _told(mistake: ErrorDetails) -> Problem:
    """One mistake of form in plain words."""
    loc = tuple(part for part in mistake["loc"] if part not in {"float", "bool", "str", "[key]"})
    place, kind = place_of(loc), mistake["type"]
    text = mistake["msg"].removeprefix("Value error, ")
    text = text[:1].lower() + text[1:]
    if kind == "extra_forbidden":
        guess = meant(str(loc[-1]), _KEYS)
        return Problem(place, f"there is no such key{guess}", f"see the keys in {MANUAL}")
    if kind == "missing":
        return Problem(place, "is missing", "add it")
    if kind == "string_pattern_mismatch" and loc[-1] in {"figure", "record"} | set(_points(loc)):
        remedy = 'write DOOR:NAME, such as "rig:heat_sold_kw" or "cdu:pump-1.speed_pct"'
        return Problem(place, "is no point", remedy)
    return Problem(place, text, f"write it as {MANUAL} has it")


def _points(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The last part of a location inside `set` or `record`."""
    return loc[-1:] if {"set", "record"} & set(loc) else ()


def _resolved(file: StepsFile, folder: Path) -> StepsFile:
    """Relative paths begin at the folder of the file."""
    bench = file.bench
    update: dict[str, object] = {
        key: folder / path
        for key, path in zip(PATHS, (bench.plant, bench.link), strict=True)
        if path is not None
    }
    if bench.opcua is not None:
        keys = {"certificate": bench.opcua.certificate, "key": bench.opcua.key}
        paths = {key: folder / path for key, path in keys.items() if path is not None}
        update["opcua"] = bench.opcua.model_copy(update=paths)
    return file.model_copy(update={"bench": bench.model_copy(update=update)})
