"""Any combination of equipment at any size is a plant that can be read, described and built."""

from ipaddress import IPv4Address
from itertools import product
from pathlib import Path

import pytest

from controller.config.load import load_plant
from controller.lab.description import describe, rig_addresses
from controller.lab.facts import facts
from controller.lab.places import Places, shape
from controller.lab.site_text import FULL, SIMPLE, Variant, plant_text
from simulators.world import World

SOMEWHERE = Places(
    miners=IPv4Address("127.10.0.0"),
    miner_port=4028,
    cdu_port=20_001,
    heat_meter_port=20_002,
    outdoor_port=20_003,
    control_port=20_004,
    opcua_port=4840,
    boundary_meter_port=20_005,
    feeder_panel_port=20_006,
)


def written(folder: Path, containers: int, units: int, variant: Variant) -> Path:
    file = folder / "plant.toml"
    file.write_text(plant_text(containers, units, SOMEWHERE, variant), encoding="utf-8")
    return file


@pytest.mark.parametrize("miners", [1, 3, 40, 228, 920])
@pytest.mark.parametrize("variant", [FULL, SIMPLE])
def test_a_plant_of_any_size_can_be_built(tmp_path: Path, miners: int, variant: Variant) -> None:
    plant = load_plant(written(tmp_path, *shape(miners), variant))

    description = describe(plant)
    world = World(description)
    world.step(0.1)

    share = miners / 920
    assert description.units == miners
    assert description.tank_m3 == pytest.approx(300.0 * share if variant.tank else 0.0, rel=0.02)
    assert description.booster_kw == pytest.approx(
        1_500.0 * share if variant.booster else 0.0, rel=0.02
    )
    assert world.truth()["hottest_unit_outlet_c"] < 85.0


@pytest.mark.parametrize(
    ("role", "tank", "booster", "dry_cooler"),
    tuple(product(("injector", "sole_source"), (True, False), ("heat_pump", None), (True, False))),
)
def test_every_combination_of_equipment_is_a_plant(
    tmp_path: Path, *, role: str, tank: bool, booster: str | None, dry_cooler: bool
) -> None:
    variant = Variant(
        network_role=role,  # type: ignore[arg-type] # one of the two
        tank=tank,
        booster=booster,  # type: ignore[arg-type] # one of the kinds
        dry_cooler=dry_cooler,
        pumps=1,
        pumps_duty=1,
        exchangers=1,
        boundary_meter=tank,
        feeder_panel=dry_cooler,
    )

    plant = load_plant(written(tmp_path, 1, 3, variant))

    description = describe(plant)
    assert description.network_role == role
    assert description.separated == variant.separated == (tank or role == "sole_source")
    assert (description.tank_m3 > 0.0) == tank
    assert (description.booster_kw > 0.0) == (booster is not None)
    assert (description.dry_cooler_ua_kw_per_k > 0.0) == dry_cooler
    addresses = rig_addresses(plant, ("127.0.0.1", 20_004))
    assert (addresses.boundary_meter is not None) == tank
    assert (addresses.feeder_panel is not None) == dry_cooler
    World(description).step(0.1)


def test_the_facts_for_strangers_name_every_device_and_miner(tmp_path: Path) -> None:
    plant = load_plant(written(tmp_path, 2, 3, FULL))

    told = facts(plant)

    devices, miners = told["devices"], told["miners"]
    assert isinstance(devices, list)
    assert isinstance(miners, list)
    assert {device["kind"] for device in devices} == {
        "sim_cdu_plc",
        "sim_heat_meter",
        "sim_outdoor_sensor",
        "sim_feeder_panel",
    }
    assert (miners[-1]["name"], miners[-1]["host"]) == ("c02-003", "127.10.2.3")
    assert told["roles"] == {
        "heat_meter": "heat-meter",
        "boundary_meter": "boundary-meter",
        "outdoor": "outdoor",
    }
