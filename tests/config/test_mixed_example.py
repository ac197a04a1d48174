"""The example of a plant of two makes is valid, and what it says of logins is true."""

import shutil
from pathlib import Path

import pytest

from controller.clock.now import utc_s
from controller.config.load import load_plant
from controller.config.miner_list import accepted_models, listed_miners
from controller.config.settings import scan_settings
from controller.desk.check import OK, WRONG, check
from controller.field.units import unit_drivers
from controller.lab.description import describe, rig_addresses
from controller.lab.loopback_copy import write_copy
from controller.lab.real import NOTHING_REAL
from drivers.whatsminer.miner import WhatsMiner

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.mixed.example.toml"
LOGINS = '[trim]\naccount = "super"\npassword = "geheim 12"\n'


def site(folder: Path, *, mode: int = 0o600) -> Path:
    """The example with the file of logins that it speaks of."""
    logins = folder / "logins.toml"
    logins.write_text(LOGINS, encoding="utf-8")
    logins.chmod(mode)
    return Path(shutil.copy(EXAMPLE, folder / "plant.toml"))


def test_it_is_read_without_a_complaint(tmp_path: Path) -> None:
    said: list[str] = []

    assert check(site(tmp_path), said.append, strict=False) == OK, said


def test_without_its_logins_it_is_refused(tmp_path: Path) -> None:
    said: list[str] = []

    assert check(site(tmp_path, mode=0o644), said.append, strict=False) == WRONG
    assert "HC113" in "".join(said)
    assert "geheim" not in "".join(said)


def test_each_make_has_its_driver_port_and_room(tmp_path: Path) -> None:
    plant = load_plant(site(tmp_path))
    units, settings = unit_drivers(plant, utc_s), scan_settings(plant)

    assert {one.port for one in listed_miners(plant)} == {4028, 4433}
    assert sum(isinstance(unit, WhatsMiner) for unit in units) == 12
    assert set(settings.trim_from[:184]) == {1.0}
    assert set(settings.trim_from[184:]) == {0.5}
    assert accepted_models(plant) == frozenset()


@pytest.mark.real_sockets
def test_a_copy_for_the_rig_finds_the_logins_of_the_original(tmp_path: Path) -> None:
    original = site(tmp_path)
    path = write_copy(load_plant(original), NOTHING_REAL, tmp_path / "copy", original)

    plant = load_plant(path)
    addresses = rig_addresses(plant, ("127.0.0.1", 1))

    assert {miner.port for miner in listed_miners(plant)} == {4028, 4433}
    assert addresses.passwords[-12:] == ("geheim 12",) * 12
    assert set(addresses.passwords[:-12]) == {""}
    assert "geheim" not in f"{addresses} {describe(plant)}"
