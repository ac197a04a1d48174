from pathlib import Path

import pytest

from controller.config.load import ConfigError, load_plant
from controller.config.settings import fleet_layout, miner_addresses, scan_settings
from controller.field.devices import build_field

MINIMAL = """
[[container]]
units = 3
first_address = "10.20.1.1"
[[container]]
units = 2
first_address = "10.20.2.254"
"""
DEVICES = "\n".join(
    f'[[device]]\nname = "{name}"\nprofile = "sim_{profile}"\nhost = "10.0.0.{n}"\n'
    for n, (name, profile) in enumerate(
        (("cdu", "cdu_plc"), ("heat-meter", "heat_meter"), ("outdoor", "outdoor_sensor"))
    )
)


def write(folder: Path, text: str) -> Path:
    path = folder / "plant.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_containers_become_units_with_names_and_addresses(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path, MINIMAL + DEVICES))

    assert fleet_layout(plant).names == ("c01-001", "c01-002", "c01-003", "c02-001", "c02-002")
    assert miner_addresses(plant)[2:] == (
        ("10.20.1.3", 4028),
        ("10.20.2.254", 4028),
        ("10.20.2.255", 4028),
    )


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path, MINIMAL + DEVICES))

    assert plant.core.state_dir == tmp_path / "run"
    assert plant.opcua.users_file == tmp_path / "users.toml"


def test_miners_are_not_accepted_unless_an_engineer_says_so(tmp_path: Path) -> None:
    assert load_plant(write(tmp_path, MINIMAL + DEVICES)).miners.accepted is False


def test_the_server_listens_on_this_machine_unless_told_otherwise(tmp_path: Path) -> None:
    assert load_plant(write(tmp_path, MINIMAL + DEVICES)).opcua.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[plant]\nnam = 'x'", "plant.nam"),
        ("[miners]\noutlet_trip_c = 80.0", "outlet_warn_c"),
        ("[miners]\nflow_trip_lpm = 11.0", "flow_trip_lpm"),
        ("[miners]\nrated_kw = nan", "miners.rated_kw"),
        ("[miners]\ninlet_max_c = 69.0", "cold_header_setpoint_c"),
        ("[hydraulics]\noutlet_setpoint_c = 83.0", "outlet_setpoint_c"),
        ("[heat]\ndemand_curve = [[5.0, 1.0], [0.0, 2.0]]", "demand_curve"),
        ("[heat]\nrecovery_low = 0.99\nrecovery_high = 0.9", "recovery_low"),
        ("[core]\nscan_s = 60", "core.scan_s"),
        ("[opcua]\nport = 70000", "opcua.port"),
        ("heat_meter = 'no-such'", "heat_meter"),
        ("x = ", "Invalid value"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    whole = text + MINIMAL + DEVICES

    with pytest.raises(ConfigError, match=place) as caught:
        load_plant(write(tmp_path, whole))

    assert "plant.toml" in str(caught.value)


def test_a_missing_file_names_an_example(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"plant\.example\.toml"):
        load_plant(tmp_path / "plant.toml")


def test_a_tag_that_no_device_provides_is_named(tmp_path: Path) -> None:
    text = MINIMAL + DEVICES.replace("sim_outdoor_sensor", "sim_heat_meter")
    plant = load_plant(write(tmp_path, text))

    with pytest.raises(ConfigError, match=r"outdoor\.temperature_c"):
        build_field(plant, scan_settings(plant))


def test_a_profile_that_does_not_exist_is_named(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path, MINIMAL + DEVICES.replace("sim_cdu_plc", "no_such")))

    with pytest.raises(ConfigError, match="no_such"):
        build_field(plant, scan_settings(plant))


def test_only_installed_equipment_is_asked_for(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path, MINIMAL + DEVICES))

    names = {tag.name for tag in build_field(plant, scan_settings(plant)).tags}

    assert "container-02.leak" in names
    assert "container-03.leak" not in names
    assert "pump-3.running" not in names


def test_more_pumps_than_the_scan_has_room_for_are_refused(tmp_path: Path) -> None:
    pumps = ", ".join(f'"pump-{number}"' for number in range(1, 10))

    with pytest.raises(ConfigError, match=r"hydraulics\.pumps"):
        load_plant(write(tmp_path, f"{MINIMAL}{DEVICES}\n[hydraulics]\npumps = [{pumps}]\n"))
