"""Profiles of real devices: no number without its source; the plant says what is disputed."""

import tomllib
from pathlib import Path

import pytest

from drivers.modbus.profile import FOLDER, load_profile, read_profile
from drivers.modbus.units import known_units

SHIPPED = sorted(FOLDER.glob("*.toml"))
VENDORS = [path for path in SHIPPED if not path.stem.startswith(("sim_", "generic_"))]


def name_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_every_profile_can_be_read_and_names_its_manual(path: Path) -> None:
    profile = load_profile(path.stem)

    assert profile.manual
    assert profile.registers or profile.generic
    assert [one.name for one in profile.registers if not one.source] == []


@pytest.mark.parametrize("path", VENDORS, ids=name_of)
def test_every_register_of_a_real_device_names_its_own_source(path: Path) -> None:
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["register"]

    bare = [entry["name"] for entry in entries if not any(c.isdigit() for c in entry["source"])]
    unsourced = [entry["name"] for entry in entries if "source" not in entry]
    assert unsourced == []
    # A page, a register number or a file with its commit: all of them have a figure in it.
    assert bare == []


@pytest.mark.parametrize("path", VENDORS, ids=name_of)
def test_what_a_real_device_measures_has_a_unit_and_a_range(path: Path) -> None:
    for one in load_profile(path.stem).registers:
        if one.is_flag or one.states or one.group == "identity" or one.name.endswith("_code"):
            continue
        assert one.unit, one.name
        assert one.low is not None, one.name
        assert one.high is not None, one.name


def test_a_kamstrup_is_read_as_floats_with_function_3() -> None:
    given = [{"name": "flow_v1", "unit": "m3/h"}, {"name": "power", "unit": "kW"}]
    meter = read_profile(FOLDER / "kamstrup_multical.toml", given)
    points = {one.name: one for one in meter.registers}

    assert (points["power"].table, points["power"].address) == ("holding", 4)
    assert points["power"].unit == "kW"
    # 1,234.5 as float32 is 44 9A 50 00.
    assert points["power"].decode([0x449A, 0x5000]) == 1234.5
    assert points["flow_v1"].unit == "m³/h"
    assert "flow_v2" not in points


def test_a_grundfos_pump_is_run_by_a_whole_word_and_watched_by_bits() -> None:
    pump = {one.name: one for one in load_profile("grundfos_cim").registers}

    assert pump["control"].address == 100
    assert pump["control"].encode(3) == [3]
    assert pump["rotating"].decode([0b0100_0000]) is True
    assert pump["setpoint_pct"].encode(61.25) == [6125]
    assert pump["liquid_temperature"].decode([35315]) == 353.15


def test_a_disputed_number_is_asked_for() -> None:
    valve = load_profile("belimo_energy_valve")

    assert valve.open["flow"] == {"scale": (0.001, 0.01)}
    assert "flow" not in {one.name for one in valve.registers}


def test_an_abb_drive_takes_its_two_words_and_no_other() -> None:
    drive = {one.name: one for one in load_profile("abb_drives").registers}

    assert drive["control"].encode(0x047F) == [0x047F]
    assert drive["reference_pct"].encode(50.0) == [10_000]
    assert [drive[bit].decode([0x0204]) for bit in ("operating", "tripped", "remote")] == [
        True,
        False,
        True,
    ]


def test_an_ecl_is_read_as_its_public_source_reads_it() -> None:
    ecl = {one.name: one for one in load_profile("danfoss_ecl310").registers}

    assert (ecl["outdoor_c"].table, ecl["outdoor_c"].address) == ("input", 10200)
    assert ecl["outdoor_c"].decode([0xFB8A]) == -11.42
    assert not any(one.writable for one in ecl.values())


PAGE = Path(__file__).parents[3] / "deploy" / "reference" / "profiles.md"


def test_the_example_on_the_page_about_profiles_is_one(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    path = tmp_path / "example.toml"
    path.write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")

    profile = read_profile(path)

    assert {"flow_m3h", "alarm", "control", "pump-4.running"} <= {
        one.name for one in profile.registers
    }
    assert profile.open == {"power": {"unit": ("W", "kW")}}


def test_the_page_names_every_profile_and_every_unit() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert [path.stem for path in VENDORS if f"`{path.stem}`" not in text] == []
    line = text.split("Units that are converted: ")[1].split("\n\n")[0]
    words = set(line.replace("\n", " ").replace(",", " ").replace(".", " ").split())
    alone = {"Hz", "rpm", "Wh/m³"}
    assert [unit for unit in known_units() if unit not in words | alone] == []
