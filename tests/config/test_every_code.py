"""Every mistake that Hearth knows is made once, and told with its place and its remedy."""

import re
import shutil
from pathlib import Path

import pytest

import controller
from controller.config.codes import CODES
from controller.config.rules.registry import RULES
from controller.control.causes import MAINS
from controller.desk.check import OK, WARNED, WRONG, check
from controller.desk.site import examine_site
from drivers.modbus import profile
from tests.config import mistakes_of_sense, mistakes_of_the_file
from tests.config.broken_plant import Mistake, plant_with

MISTAKES = (*mistakes_of_the_file.MISTAKES, *mistakes_of_sense.MISTAKES)
ELSEWHERE = {"HC001", "HC212"}
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


def test_instruments_that_protection_misses_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A PLC that tells all that is needed, and nothing that Hearth can do without."""
    text = (profile.FOLDER / "sim_cdu_plc.toml").read_text(encoding="utf-8")
    head, *registers = text.split("[[register]]")
    kept = [one for one in registers if f'name = "{MAINS}"' not in one]
    assert len(kept) == len(registers) - 1
    folder = tmp_path / "profiles"
    shutil.copytree(profile.FOLDER, folder)
    bare = "[[register]]".join([head, *kept])
    (folder / "plc_without_mains.toml").write_text(bare, encoding="utf-8")
    monkeypatch.setattr(profile, "FOLDER", folder)
    devices = {"cdu": 'profile = "plc_without_mains"\nhost = "10.20.0.10"'}

    (finding,) = examine_site(Mistake("", "", devices=devices).write(tmp_path)).findings

    assert (finding.code, finding.place) == ("HC212", "device")
    assert f"no device provides {MAINS}" in finding.text
    assert finding.line is not None


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
