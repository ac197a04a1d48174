"""Any part of a plant may be real: the rig leaves it alone and plays the rest."""

from pathlib import Path

import pytest

from controller.config.load import ConfigError, load_plant
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, miner_addresses
from controller.desk.site import examine_site
from controller.lab.description import describe, rig_addresses
from controller.lab.loopback_copy import write_copy
from controller.lab.real import Real, real_parts
from simulators.world import World
from tests.tidy.sources import ROOT

CONTROL = ("127.0.0.1", 1)
EXAMPLE = ROOT / "deploy" / "plant.example.toml"
DEVICES = {
    "cdu": "sim_cdu_plc",
    "heat-meter": "sim_heat_meter",
    "outdoor": "sim_outdoor_sensor",
}
SMALL = """
[hydraulics]
primary_flow_max_lpm = 120.0
district_flow_max_lpm = 60.0
[[heat.schedule]]
days = ["mon"]
from = "05:00"
to = "08:30"
heat_kw = 10.0
[[container]]
addresses = ["10.9.1.5", "10.9.1.7-10.9.1.8"]
port = 4029
[[container]]
units = 2
first_address = "10.9.2.1"
"""


def small_text(host: str = "10.9.0.{number}") -> str:
    devices = "".join(
        f'[[device]]\nname = "{name}"\nprofile = "{profile}"\nhost = "{host.format(number=n)}"\n'
        for n, (name, profile) in enumerate(DEVICES.items(), 1)
    )
    return SMALL + devices


@pytest.fixture
def small(tmp_path: Path) -> PlantFile:
    (tmp_path / "plant.toml").write_text(small_text(), encoding="utf-8")
    return load_plant(tmp_path / "plant.toml")


def test_a_device_a_container_or_one_miner_is_named(small: PlantFile) -> None:
    real = real_parts(small, ["heat-meter", "container-2", "c01-003"])

    assert real == Real(frozenset({"heat-meter"}), frozenset({2, 3, 4}))
    assert real_parts(small, ["container-02"]) == real_parts(small, ["container-2"])


@pytest.mark.parametrize("word", ["heat-metre", "container-3", "c01-009", ""])
def test_what_is_not_there_cannot_be_real(small: PlantFile, word: str) -> None:
    with pytest.raises(ConfigError, match=r"no such part.*cdu.*container-02.*c01-001 to c02-002"):
        real_parts(small, [word])


def test_what_is_real_is_not_served_and_may_stand_anywhere() -> None:
    plant = load_plant(EXAMPLE)
    every = [f"container-{number}" for number in range(1, 11)]
    names = [device.name for device in plant.device]

    served = rig_addresses(plant, CONTROL, real_parts(plant, [*every, *names]))

    assert served.devices() == ()
    assert set(served.miners) == {None}


def test_what_is_neither_real_nor_on_loopback_is_refused_with_both_remedies(
    small: PlantFile,
) -> None:
    with pytest.raises(ConfigError, match=r"--loopback FOLDER.*--real cdu"):
        rig_addresses(small, CONTROL)
    with pytest.raises(ConfigError, match=r"--loopback FOLDER.*--real container-N"):
        rig_addresses(small, CONTROL, real_parts(small, list(DEVICES)))


def test_a_plc_of_another_make_is_real_when_it_is_said_to_be(tmp_path: Path) -> None:
    text = small_text("127.9.0.{number}").replace("10.9.", "127.9.")
    (tmp_path / "plant.toml").write_text(text.replace("sim_cdu_plc", "sim_feeder_panel"))
    plant = load_plant(tmp_path / "plant.toml")

    with pytest.raises(ConfigError, match="--real NAME"):
        rig_addresses(plant, CONTROL)

    served = rig_addresses(plant, CONTROL, real_parts(plant, ["cdu"]))
    assert [device.role for device in served.devices()] == ["heat_meter", "outdoor"]
    assert served.cdu is None


def test_a_real_container_neither_heats_nor_draws_in_the_simulated_world(small: PlantFile) -> None:
    world = World(describe(small))
    before_kw = world.fleet.power_kw.copy()

    world.faults.leave_out([0, 1, 2])
    for _ in range(100):
        world.step(0.2)
    world.faults.clear()
    for _ in range(100):
        world.step(0.2)

    assert before_kw[:3].max() > 1.0
    assert world.fleet.power_kw[:3].max() == 0.0
    assert world.fleet.power_kw[3:].max() > 0.0
    assert world.faults.active() == {}


def told(path: Path) -> set[tuple[str, str, str]]:
    """What `check` says of a plant, but for the lines."""
    return {(one.code, one.place, one.text) for one in examine_site(path).findings}


@pytest.mark.real_sockets
def test_a_copy_at_loopback_addresses_is_the_same_plant(small: PlantFile, tmp_path: Path) -> None:
    real = real_parts(small, ["heat-meter", "c01-002"])

    path = write_copy(small, real, tmp_path / "here", tmp_path / "plant.toml")
    copy = load_plant(path)

    assert told(path) == told(tmp_path / "plant.toml")
    hosts = {device.name: device.host for device in copy.device}
    assert hosts == {"cdu": "127.0.0.1", "heat-meter": "10.9.0.2", "outdoor": "127.0.0.1"}
    assert fleet_layout(copy).names == fleet_layout(small).names
    assert [host.startswith("127.") for host, _ in miner_addresses(copy)] == [
        True, False, True, True, True,
    ]  # fmt: skip
    assert miner_addresses(copy)[1] == ("10.9.1.7", 4029)
    assert (copy.heat, copy.hydraulics) == (small.heat, small.hydraulics)
    assert copy.core.state_dir == tmp_path / "here" / "run"
    assert copy.opcua.users_file == small.opcua.users_file
    assert len(rig_addresses(copy, CONTROL, real).devices()) == 2


def test_a_copy_never_replaces_its_original(small: PlantFile, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name another"):
        write_copy(small, Real(), tmp_path, tmp_path / "plant.toml")

    assert "10.9.0.1" in (tmp_path / "plant.toml").read_text(encoding="utf-8")
