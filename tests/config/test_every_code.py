"""Every mistake that Hearth knows is made once, and told with its place and its remedy."""

import re
import shutil
from pathlib import Path

import pytest

import controller
from controller.config.codes import CODES
from controller.config.rules.registry import RULES
from controller.control.protection.causes import MAINS
from controller.desk.check import OK, WARNED, WRONG, check
from controller.desk.site import examine_site
from drivers.modbus import profile
from tests.config import (
    mistakes_of_alarms,
    mistakes_of_bindings,
    mistakes_of_heat,
    mistakes_of_protection,
    mistakes_of_sense,
    mistakes_of_the_file,
)
from tests.config.broken_plant import Mistake, plant_with

FLOW = "primary.flow_lpm"

PROFILES = (
    ("HC212", "device", f'name = "{MAINS}"', None, MAINS),
    ("HC214", "device.1.profile", "writable = true", "writable = false", "pump-1.speed_pct"),
    ("HC215", "device.1.profile", f'name = "{FLOW}"', 'type = "bool"', FLOW),
    ("HC216", "device.1.profile", 'unit = "L/min"', 'unit = "m³/h"', f"{FLOW} in m³/h"),
    ("HC217", "device.1.profile", f'name = "{FLOW}"', 'group = "normal"', FLOW),
    ("HC218", "tank", 'name = "tank.layer_', None, "layer"),
)
"""Code, place, the registers of the PLC that are changed, their new line or None, what is told."""

MISTAKES = (
    *mistakes_of_the_file.MISTAKES,
    *mistakes_of_heat.MISTAKES,
    *mistakes_of_sense.MISTAKES,
    *mistakes_of_bindings.MISTAKES,
    *mistakes_of_alarms.MISTAKES,
    *mistakes_of_protection.MISTAKES,
)
ELSEWHERE = {"HC001"} | {code for code, *_ in PROFILES}
"""Codes whose mistake is no text of plant.toml: each has a test of its own below."""

SOURCES = Path(controller.__file__).parent


def test_the_small_plant_is_without_a_doubt(tmp_path: Path) -> None:
    path = Mistake("", "").write(tmp_path)
    said: list[str] = []

    assert check(path, said.append, strict=True) == OK, said


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_once_where_it_is(mistake: Mistake, tmp_path: Path) -> None:
    path = mistake.write(tmp_path)
    known = CODES[mistake.code]
    said: list[str] = []

    code = check(path, said.append, strict=True)

    grave = known.severity == "error"
    assert code == (WRONG if grave else WARNED)
    assert len(said) == (2 if grave else 3), said
    told, remedy = said[0].split("\n")
    file, line = mistake.marked(path) or (path, None)
    if line is not None:
        assert re.match(rf"{re.escape(str(file))}:{line}(:\d+)?: ", told)
    else:
        assert told.startswith(str(tmp_path))
    what = f"{known.severity} {mistake.code}: {mistake.place}"
    assert what.rstrip() in told
    assert mistake.told in told
    assert remedy == f"    remedy: {known.remedy}"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    said: list[str] = []

    assert check(tmp_path / "plant.toml", said.append, strict=False) == WRONG
    assert "plant.toml: error HC001: No such file" in said[0]
    assert "plant.example.toml" in said[0]


@pytest.mark.parametrize(("code", "place", "which", "line", "told"), PROFILES)
def test_a_profile_that_does_not_fit_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    place: str,
    which: str,
    line: str | None,
    told: str,
) -> None:
    """The PLC's register map with some registers changed, or without them."""
    text = (profile.FOLDER / "sim_cdu_plc.toml").read_text(encoding="utf-8")
    head, *registers = text.split("[[register]]")
    assert any(which in one for one in registers)
    changed = [
        _with_line(one, line or "") if which in one else one
        for one in registers
        if line is not None or which not in one
    ]
    folder = tmp_path / "profiles"
    shutil.copytree(profile.FOLDER, folder)
    name = f"plc_{code.lower()}"
    (folder / f"{name}.toml").write_text("[[register]]".join([head, *changed]), encoding="utf-8")
    monkeypatch.setattr(profile, "FOLDER", folder)
    devices = {"cdu": f'profile = "{name}"\nhost = "10.20.0.10"'}

    findings = examine_site(Mistake("", "", {"tank": ""}, devices=devices).write(tmp_path)).findings

    assert [(one.code, one.place) for one in findings] == [(code, place)], map(str, findings)
    assert told in findings[0].text
    assert findings[0].line is not None


def _with_line(register: str, line: str) -> str:
    """The register with this line in the place of the one that has the same key."""
    key = line.partition("=")[0].strip()
    lines = [one for one in register.splitlines() if one.partition("=")[0].strip() != key]
    return "\n".join([lines[0], line, *lines[1:], ""])


def test_every_code_has_a_mistake_that_shows_it() -> None:
    shown = {mistake.code for mistake in MISTAKES} | ELSEWHERE

    assert shown == set(CODES)


def test_every_code_that_is_told_is_in_the_list_and_every_one_of_the_list_is_told() -> None:
    told = {
        code
        for path in SOURCES.rglob("*.py")
        if not path.name.startswith("codes")
        for code in re.findall(r'"(HC\d{3})"', path.read_text(encoding="utf-8"))
    }

    assert told == set(CODES)
    assert {rule.code for rule in RULES} <= set(CODES)


def test_the_small_plant_can_be_changed_at_one_place() -> None:
    changed = plant_with({"miners": "rated_kw = 9.0"}).splitlines()

    assert set(changed) ^ set(plant_with().splitlines()) == {"rated_kw = 9.0"}
