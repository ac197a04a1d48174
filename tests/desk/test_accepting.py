"""From a report to orders: who is accepted, and what becomes of a file that somebody has mended."""

import asyncio
import json
from pathlib import Path

import pytest

from controller.config.findings import ConfigError
from controller.config.plant import PlantFile
from controller.desk.probing import accept, accepted_lines, probe_unit, unit_named
from controller.field.acceptance import NAME, Acceptance, Accepted, add_accepted, read_accepted
from tests.control.small_plant import plant_file

GOOD = {
    "unit": "c01-001",
    "model": "1566HA",
    "firmware": "26010101_x",
    "serial": "02ab",
    "dialect": "a1566ha",
    "capabilities": ["help", "softoff", "reboot"],
    "steps": [
        {"name": name, "passed": True, "seconds": 9.0, "told": ""}
        for name in ("look", "sleep", "wake")
    ],
    "passed": True,
}


@pytest.fixture
def plant(tmp_path: Path) -> PlantFile:
    return plant_file(core={"state_dir": str(tmp_path / "run")}, miners={"accepted": False})


def report(folder: Path, **changes: object) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps({**GOOD, **changes}))
    return path


def acceptance(plant: PlantFile) -> Acceptance:
    return Acceptance(None, read_accepted(plant.core.state_dir / NAME))


def test_what_a_probe_has_shown_may_be_commanded_and_nothing_else(
    plant: PlantFile, tmp_path: Path
) -> None:
    accept(plant, report(tmp_path), "Anna")

    accepted = acceptance(plant)
    assert accepted.accepts("1566HA", "26010101_x", "a1566ha")
    assert not accepted.accepts("1566HA", "26010102_x", "a1566ha")
    assert not accepted.accepts("1346", "26010101_x", "a1566ha")
    assert "by Anna" in accepted_lines(plant)[0]


def test_accepting_again_replaces_the_entry(plant: PlantFile, tmp_path: Path) -> None:
    accept(plant, report(tmp_path), "Anna")
    accept(plant, report(tmp_path, serial="02cd"), 'Bo "the careful" Ek')

    (entry,) = read_accepted(plant.core.state_dir / NAME)
    assert entry.by == 'Bo "the careful" Ek'


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"passed": False}, "not shown"),
        ({"steps": GOOD["steps"][:2]}, "wake"),
        ({"steps": [{"name": "look", "passed": True}]}, "sleep, wake"),
        ({"steps": [*GOOD["steps"], {"name": "mode eco", "passed": False}]}, "mode eco"),
        ({"steps": "all of them"}, "is not a report"),
        ({"firmware": ""}, "with model and firmware"),
        ({"passed": "no"}, "not shown"),
        ({"steps": [{"name": "wake", "passed": False}, *GOOD["steps"]]}, "wake"),
        ({"dialect": "a1346"}, "probe again"),
        ({"model": "S21 Hyd", "dialect": "monitoring-only"}, "probe again"),
        ({"capabilities": ["help", "reboot"]}, "does not list softoff"),
        ({"capabilities": 3}, "is not a report"),
    ],
)
def test_a_report_that_shows_less_is_refused(
    plant: PlantFile, tmp_path: Path, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(ConfigError, match=why):
        accept(plant, report(tmp_path, **changes), "Anna")

    assert not acceptance(plant).entries


def test_orders_that_were_never_probed_are_not_accepted_with_those_that_were(
    plant: PlantFile, tmp_path: Path
) -> None:
    """A later release may know a firmware better: then it speaks otherwise, and is probed again."""
    accept(plant, report(tmp_path), "Anna")

    assert not acceptance(plant).accepts("1566HA", "26010101_x", "a1566ha_later")


def test_accepting_never_loses_what_stands_in_a_file_that_cannot_be_read(
    plant: PlantFile, tmp_path: Path
) -> None:
    accept(plant, report(tmp_path), "Anna")
    path = plant.core.state_dir / NAME
    path.write_text(path.read_text() + "\n[[broken")
    broken = path.read_bytes()

    with pytest.raises(ConfigError, match="mend it first"):
        accept(plant, report(tmp_path, firmware="26010102_x"), "Bo")

    assert path.read_bytes() == broken
    path.write_bytes(broken.removesuffix(b"\n[[broken"))
    assert [entry.by for entry in read_accepted(path)] == ["Anna"]


def test_nobody_accepts_without_a_name(plant: PlantFile, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="by somebody"):
        accept(plant, report(tmp_path), "  ")


@pytest.mark.parametrize(
    "text",
    [
        "[[accepted]",
        "accepted = 3",
        "[[accepted]]\nmodel = '1566HA'",
        "[[accepted]]\nmodel='1566HA'\nfirmware=''\ndialect='d'\nreport_sha256='x'\nby='a'\nutc='u'",
        "[[accepted]]\nmodel=1\nfirmware='f'\ndialect='d'\nreport_sha256='x'\nby='a'\nutc='u'",
    ],
)
def test_a_file_that_cannot_be_trusted_accepts_nobody(plant: PlantFile, text: str) -> None:
    path = plant.core.state_dir / NAME
    path.parent.mkdir(parents=True)
    path.write_text(text)

    assert read_accepted(path) == ()


def test_what_is_written_is_read_again_whatever_is_in_it(tmp_path: Path) -> None:
    entry = Accepted("1566HA", 'f"w\\1', "a1566ha", "0" * 64, "Åsa\n[x]", "2026-01-01T00:00:00Z")

    add_accepted(tmp_path / NAME, entry)

    (read,) = read_accepted(tmp_path / NAME)
    assert (read.firmware, read.by) == ('f"w\\1', "Åsa[x]")


def test_a_unit_is_found_by_name_and_by_address(plant: PlantFile) -> None:
    assert unit_named(plant, "c02-001").host == unit_named(plant, "127.9.2.1").host
    with pytest.raises(ConfigError, match="c01-001 to c02-004"):
        unit_named(plant, "c09-001")


@pytest.mark.real_sockets
async def test_a_probe_keeps_its_report_where_core_can_start_afterwards(plant: PlantFile) -> None:
    report, path = await probe_unit(
        plant, "c01-001", print, lambda _: False, asyncio.Event(), modes=False
    )

    assert not report.passed
    assert json.loads(path.read_text())["passed"] is False
    assert "NOT passed; left untouched" in path.with_suffix(".txt").read_text()
    assert plant.core.state_dir.stat().st_mode & 0o777 == 0o700
