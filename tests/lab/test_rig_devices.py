"""The rig serves every device of plant.toml where the drivers look for it."""

from contextlib import AsyncExitStack
from typing import Any

import pytest

from controller.config.load import ConfigError
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.field.devices import modbus_device
from controller.lab.description import describe, rig_addresses
from controller.lab.rig_devices import serve_devices
from simulators.world import World

CONTROL = ("127.0.0.1", 1)
GATEWAY = "127.9.7.1"
PROFILES = {
    "cdu": "sim_cdu_plc",
    "heat-meter": "sim_heat_meter",
    "boundary-meter": "sim_heat_meter",
    "outdoor": "sim_outdoor_sensor",
    "feeders": "sim_feeder_panel",
}
WHOLE = {
    "tank": {"volume_m3": 10.0},
    "booster": {"rated_kw": 50.0},
    "network": {"flow_max_lpm": 110.0},
    "hydraulics": {
        "pumps": ["pump-1", "pump-2", "pump-3"],
        "pumps_duty": 2,
        "exchangers": 2,
        "primary_flow_max_lpm": 250.0,
        "district_flow_max_lpm": 110.0,
    },
}
SMALL_PUMPS = {"primary_flow_max_lpm": 250.0, "district_flow_max_lpm": 110.0}
PLANTS: dict[str, dict[str, Any]] = {
    "bare": {"hydraulics": SMALL_PUMPS},
    "without dry cooler": {"hydraulics": SMALL_PUMPS | {"dry_cooler_kw": 0.0}},
    "only source": {"hydraulics": SMALL_PUMPS, "plant": {"network_role": "sole_source"}},
    "whole": WHOLE,
    "one pump": {"hydraulics": SMALL_PUMPS | {"pumps": ["pump-1"]}},
}


def plant(kind: str = "whole", devices: list[dict[str, Any]] | None = None) -> PlantFile:
    """Two containers of ten; every device is a unit behind one gateway, but for those given."""
    usual = [
        {"name": name, "profile": profile, "host": GATEWAY, "unit": unit}
        for unit, (name, profile) in enumerate(PROFILES.items(), start=1)
    ]
    chosen = usual if devices is None else devices
    measured = "boundary-meter" in {device["name"] for device in chosen}
    return PlantFile.model_validate(
        {
            "container": [{"units": 10, "first_address": f"127.9.{number}.1"} for number in (1, 2)],
            "device": chosen,
            "boundary_meter": "boundary-meter" if measured else None,
            **PLANTS[kind],
        }
    )


def separate(**changed: dict[str, Any]) -> list[dict[str, Any]]:
    """Each device at an address of its own."""
    return [
        {"name": name, "profile": profile, "host": f"127.9.8.{number}"} | changed.get(name, {})
        for number, (name, profile) in enumerate(PROFILES.items(), start=1)
    ]


@pytest.mark.parametrize("kind", PLANTS)
async def test_every_point_of_what_is_installed_has_a_value_over_the_wire(kind: str) -> None:
    file = plant(kind)
    world, settings = World(describe(file)), scan_settings(file)
    devices = [modbus_device(device, settings) for device in file.device]
    found: dict[str, object] = {}
    async with AsyncExitStack() as doors:
        await serve_devices(doors, world, rig_addresses(file, CONTROL).devices())
        for device in devices:
            for group in ("protective", "normal", "output"):
                found |= await device.read(group)
            await device.close()

    points = set(world.plc.points()) | set(world.feeder_panel.points())
    assert {name for name, value in found.items() if value is None} == set()
    assert points <= found.keys()
    assert found["heat-meter.power_kw"] == pytest.approx(world.heat_meter.power_kw, rel=1e-3)
    assert found["boundary-meter.flow_lpm"] is not None


async def test_a_frame_carries_exactly_the_set_points_that_are_installed() -> None:
    frames = {}
    for kind in PLANTS:
        file = plant(kind)
        frame = modbus_device(file.device[0], scan_settings(file)).frame
        frames[kind] = sorted(tag.partition(".")[0] for tag in frame.tags)

    bare = ["district-pump", "dry-cooler", "pump-1", "pump-2", "three-way-valve"]
    assert frames == {
        "bare": bare,
        "without dry cooler": ["district-pump", "pump-1", "pump-2"],
        "only source": sorted([*bare, "network-pump", "mixing-valve"]),
        "whole": sorted([*bare, "pump-3", "network-pump", "mixing-valve", "booster"]),
        "one pump": sorted(set(bare) - {"pump-2"}),
    }


def test_devices_are_served_where_the_plant_says_by_their_names() -> None:
    addresses = rig_addresses(plant(devices=separate()), CONTROL)

    assert [(one.role, one.address, one.unit) for one in addresses.devices()] == [
        ("cdu", ("127.9.8.1", 502), 1),
        ("heat_meter", ("127.9.8.2", 502), 1),
        ("boundary_meter", ("127.9.8.3", 502), 1),
        ("outdoor", ("127.9.8.4", 502), 1),
        ("feeder_panel", ("127.9.8.5", 502), 1),
    ]


def test_a_plant_may_do_without_boundary_meter_and_feeder_panel() -> None:
    file = plant(devices=separate()[:2] + separate()[3:4])

    roles = [device.role for device in rig_addresses(file, CONTROL).devices()]

    assert roles == ["cdu", "heat_meter", "outdoor"]


def test_a_device_of_another_make_is_left_to_itself() -> None:
    foreign = {"name": "other", "profile": "somebody_elses", "host": "10.0.0.1"}

    addresses = rig_addresses(plant(devices=[*separate(), foreign]), CONTROL)

    assert len(addresses.devices()) == len(PROFILES)


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        (separate()[1:], "needs a device with profile 'sim_cdu_plc'"),
        (separate(cdu={"host": "10.0.0.1"}), "cdu: the rig listens on loopback only"),
        (
            separate(feeders={"host": "127.9.8.1"}),
            r"feeders: cdu has the same address 127\.9\.8\.1:502",
        ),
        (
            [*separate(), {"name": "third", "profile": "sim_heat_meter", "host": "127.9.8.9"}],
            "third: the rig plays the heat meters that heat_meter and boundary_meter name",
        ),
        (
            [*separate(), {"name": "cdu-2", "profile": "sim_cdu_plc", "host": "127.9.8.9"}],
            "cdu-2: the rig has only one device with profile 'sim_cdu_plc'",
        ),
    ],
)
def test_a_device_that_cannot_be_played_is_named(
    devices: list[dict[str, Any]], expected: str
) -> None:
    with pytest.raises(ConfigError, match=expected):
        rig_addresses(plant(devices=devices), CONTROL)
