"""The demonstration's site is complete, private, and out of the way of whoever is there already."""

import shlex
import socket
import stat
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509

from controller.config.load import ConfigError, load_plant
from controller.config.plant import PlantFile
from controller.config.settings import miner_addresses, scan_settings
from controller.field.devices import build_field
from controller.gateway.users import load_users
from controller.lab import places
from controller.lab.demo_site import CLIENT_URI, Site, write_site
from controller.lab.description import describe, rig_addresses
from controller.lab.places import Places, free_places, is_free
from controller.lab.site_text import SIMPLE
from tests.harness.loopback import FreeLoopback

SOMEWHERE = Places(
    miners=IPv4Address("127.10.0.0"),
    miner_port=4028,
    cdu_port=20_001,
    heat_meter_port=20_002,
    outdoor_port=20_003,
    boundary_meter_port=20_005,
    feeder_panel_port=20_006,
    control_port=20_004,
    opcua_port=4840,
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of two containers of five."""
    return write_site(tmp_path / "site", containers=2, units=5, places=SOMEWHERE)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_its_plant_is_read_and_has_every_tag_that_is_needed(site: Site) -> None:
    plant = load_plant(site.config)

    field = build_field(plant, scan_settings(plant))

    assert len(field.miners) == 10
    assert plant.miners.accepted is True
    assert plant.miners.min_off_s == 120.0


def test_the_rig_and_the_controller_look_for_each_other_at_the_same_places(site: Site) -> None:
    plant = load_plant(site.config)

    addresses = rig_addresses(plant, ("127.0.0.1", site.control_port))

    assert addresses.miners == miner_addresses(plant)
    assert addresses.miners[0] == ("127.10.1.1", 4028)
    assert addresses.miners[-1] == ("127.10.2.5", 4028)
    assert addresses.cdu == ("127.0.0.1", 20_001)


def test_the_simple_plant_of_full_size_is_the_default_plant(tmp_path: Path) -> None:
    site = write_site(tmp_path, places=SOMEWHERE, variant=SIMPLE)

    plant = load_plant(site.config)

    assert describe(plant).units == 920
    assert plant.heat == PlantFile.model_fields["heat"].get_default(call_default_factory=True)
    assert plant.hydraulics == type(plant.hydraulics)(pumps_duty=2)
    assert plant.plant.site_power_kw == 8_000.0


def test_a_small_plant_has_small_pumps_and_little_heat(site: Site) -> None:
    plant = load_plant(site.config)

    assert plant.heat.max_heat_kw == pytest.approx(7_340.0 / 92, abs=0.1)
    assert plant.hydraulics.primary_flow_max_lpm == pytest.approx(125.0)


def test_only_we_may_look_into_it(site: Site) -> None:
    assert mode(site.folder) == 0o700
    assert mode(site.folder / "users.toml") == 0o600
    assert mode(site.client_key) == 0o600


def test_its_link_is_where_core_puts_it(site: Site) -> None:
    assert site.link == load_plant(site.config).core.state_dir / "link.sock"


def test_its_operator_gets_a_new_password_each_time(site: Site, tmp_path: Path) -> None:
    other = write_site(tmp_path / "other", containers=1, units=1, places=SOMEWHERE)

    users = load_users(load_plant(site.config).opcua.users_file)

    assert users["operator"].role == "operator"
    assert len(site.password) == 20
    assert other.password != site.password
    assert site.password not in site.config.read_text()
    assert site.password not in (site.folder / "users.toml").read_text()


def test_its_client_is_trusted_and_says_who_asyncuas_tools_are(site: Site) -> None:
    pem = site.client_certificate.read_bytes()

    certificate = x509.load_pem_x509_certificate(pem)

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [CLIENT_URI]
    trusted = load_plant(site.config).opcua.pki_dir / "trusted"
    assert [file.read_bytes() for file in trusted.iterdir()] == [pem]


def test_its_command_survives_the_shell(site: Site) -> None:
    line = site.opcua_command("uaread", "-n", "ns=2;s=plant.heat_delivered_kw")

    words = shlex.split(line)

    assert words[-2:] == ["-n", "ns=2;s=plant.heat_delivered_kw"]
    assert words[words.index("-u") + 1] == "opc.tcp://127.0.0.1:4840/hearth"
    assert words[words.index("--password") + 1] == site.password


@pytest.mark.real_sockets
def test_a_taken_port_and_a_taken_miner_are_passed_over(free_loopback: FreeLoopback) -> None:
    host, opcua_port = free_loopback()
    miner, miner_port = free_loopback()
    network = IPv4Address(int(IPv4Address(miner)) & 0xFFFF_0000)
    with socket.create_server((str(network + 256 + 1), miner_port)):
        found = free_places(1, 2, miners=network, miner_port=miner_port, opcua_port=opcua_port)

    assert host != miner
    assert found.miners == network + 65_536
    assert found.first_address(1) == network + 65_536 + 257


@pytest.mark.real_sockets
def test_the_next_port_is_taken_when_the_wanted_one_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]

        found = free_places(1, 1, opcua_port=taken)

        assert not is_free("127.0.0.1", taken)
    assert found.opcua_port > taken


def test_no_port_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = iter([0, 0, 1, 0, 1, 2, 2, 3, 4, 5, 5, 6])
    monkeypatch.setattr(places.secrets, "randbelow", lambda _below: next(dice))
    monkeypatch.setattr(places, "is_free", lambda _host, _port: True)

    found = free_places(2, 5, opcua_port=None)

    ports = {getattr(found, name) for name in Places.__slots__ if name.endswith("_port")}
    assert ports == {4028, *range(20_000, 20_007)}


def test_when_everything_is_taken_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "is_free", lambda _host, _port: False)

    with pytest.raises(ConfigError, match="4840 to 5039 are all taken"):
        free_places(1, 1)
