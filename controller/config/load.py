"""Reads plant.toml and finds everything that is wrong with it, not only the first thing."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from controller.config.findings import ConfigError, Finding, refuse
from controller.config.inventory import with_inventories
from controller.config.lines import Lines
from controller.config.plant import PlantFile
from controller.config.rules import alarms, heat, limits, places, protection, time, work_modes
from controller.config.rules.registry import RULES, overlap
from controller.config.secrets import without_secrets
from controller.config.validate import validate

__all__ = ["ConfigError", "Examination", "examine", "load_plant"]

RULE_FILES = (alarms, heat, limits, places, protection, time, work_modes)
"""Importing them notes their rules."""
DEEPEST = 32
"""Tables within tables that are read; a plant has three."""
_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True)
class Examination:
    """What a plant.toml says and what is wrong with it.

    The plant leaves out what is wrong; it is None where nothing sensible is left. `broken` names
    the keys that were left out.
    """

    path: Path
    lines: Lines
    plant: PlantFile | None
    findings: tuple[Finding, ...]
    broken: frozenset[str]

    def found(self, code: str, place: str, text: str) -> Finding:
        """A finding at a place of this file."""
        return Finding(code, place, text, self.path, self.lines[place])

    def intact(self, *keys: str) -> bool:
        """Whether none of these keys was left out."""
        return not any(overlap(key, place) for key in keys for place in self.broken)


def load_plant(path: Path) -> PlantFile:
    """The validated content of plant.toml; its relative paths are resolved against its folder."""
    examination = examine(path)
    refuse(examination.findings)
    assert examination.plant is not None, "what cannot be read has an error"  # noqa: S101
    return examination.plant


def examine(path: Path) -> Examination:
    """Everything that is wrong with a plant.toml by itself, and what is left of it."""
    text, data, wrong = _read(path)
    lines = Lines(text)
    if wrong is not None:
        return Examination(path, lines, None, (wrong,), frozenset())
    data, secrets = without_secrets(data)
    findings = [Finding("HC004", place, told, path, lines[place]) for place, told in secrets]
    plant, mistakes, broken = validate(data)
    findings += [Finding(code, place, told, path, lines[place]) for code, place, told in mistakes]
    if plant is not None:
        folder = path.resolve().parent
        plant, in_files = with_inventories(plant, path, lines)
        findings += in_files
        broken |= {"container"} if in_files else set()
        plant = _resolved(plant, folder)
        whole = Examination(path, lines, plant, (), frozenset(broken))
        findings += [
            whole.found(one.code, place, told)
            for one in RULES
            if whole.intact(*one.reads)
            for place, told in one.find(plant)
        ]
    findings.sort(key=lambda one: (str(one.file) != str(path), one.line or 0, one.code))
    return Examination(path, lines, plant, tuple(findings), frozenset(broken))


def _read(path: Path) -> tuple[str, dict[str, Any], Finding | None]:
    """Text and tables of the file, or why there are none."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return "", {}, Finding("HC001", "", error.strerror or str(error), path)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return "", {}, Finding("HC002", "", f"byte {error.start}: {error.reason}", path, line)
    data, wrong = _parsed(text, path)
    return ("" if wrong else text), data, wrong


def _parsed(text: str, path: Path) -> tuple[dict[str, Any], Finding | None]:
    try:
        data = tomllib.loads(text)
    except RecursionError:
        return {}, Finding("HC003", "", "brackets are nested too deeply", path, _nested(text))
    except ValueError as error:
        told = str(error)
        if at := _TOML_PLACE.search(told):
            told = told[: at.start()]
            return {}, Finding("HC003", "", told, path, int(at[1]), int(at[2]))
        return {}, Finding("HC003", "", told, path, text.count("\n") + 1)
    if _deep(data):
        return {}, Finding("HC003", "", "tables are nested too deeply", path, _nested(text))
    return data, None


def _deep(data: dict[str, Any]) -> bool:
    """Whether lists and tables lie in each other deeper than anything that follows can look."""
    level: list[dict[str, Any] | list[Any]] = [data]
    for _ in range(DEEPEST):
        inner = [one.values() if isinstance(one, dict) else one for one in level]
        level = [one for values in inner for one in values if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def _nested(text: str) -> int:
    """The line that opens most: the parser names no place where it gives up."""
    lines = text.split("\n")
    return max(range(len(lines)), key=lambda n: sum(map(lines[n].count, "[{."))) + 1


def _resolved(plant: PlantFile, folder: Path) -> PlantFile:
    opcua = plant.opcua.model_copy(
        update={
            "pki_dir": folder / plant.opcua.pki_dir,
            "users_file": folder / plant.opcua.users_file,
        }
    )
    miners = plant.miners.model_copy(update={"logins_file": folder / plant.miners.logins_file})
    core = plant.core.model_copy(update={"state_dir": folder / plant.core.state_dir})
    return plant.model_copy(update={"miners": miners, "opcua": opcua, "core": core})
