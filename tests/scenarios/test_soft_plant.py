"""The soft plant shows the scan everything that a field would, in every kind of plant."""

import math
from typing import Any

import pytest

from controller.image.tag import Quality
from controller.lab.soft_plant import SoftPlant
from tests.scenarios.evening import ALL_METERS, small_plant, soft_plant

SHARE = 72 / 920
METERS: dict[str, Any] = {"devices": ALL_METERS, "boundary_meter": "boundary-meter"}
TABLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "boundary meter and feeders": METERS,
    "tank": {"tank": {"volume_m3": 300.0 * SHARE}, **METERS},
    "sole source": {"plant": {"network_role": "sole_source"}, **METERS},
    "everything": {
        "plant": {"network_role": "sole_source"},
        "tank": {"volume_m3": 20.0},
        "booster": {"kind": "heat_pump", "rated_kw": 100.0, "cop": 3.0},
        "hydraulics": {
            "primary_flow_max_lpm": 11_500.0 * SHARE,
            "district_flow_max_lpm": 4_200.0 * SHARE,
            "pumps": ["pump-1", "pump-2", "pump-3"],
            "pumps_duty": 2,
            "exchangers": 2,
        },
        **METERS,
    },
}


def shown(plant: SoftPlant) -> dict[str, float]:
    """What the scan saw last."""
    assert plant.snapshot is not None
    return dict(zip(plant.snapshot.index, plant.snapshot.values.tolist(), strict=True))


@pytest.mark.parametrize("start", ["warm", "cold"])
@pytest.mark.parametrize("name", TABLES)
def test_every_tag_of_the_field_is_known_from_the_first_second(name: str, start: str) -> None:
    plant = soft_plant(small_plant(**TABLES[name]), start="cold" if start == "cold" else "warm")

    plant.second()

    assert plant.snapshot is not None
    unknown = [tag for tag, value in shown(plant).items() if math.isnan(value)]
    assert not unknown
    assert (plant.snapshot.quality == int(Quality.GOOD)).all()


def test_orders_are_read_back_as_the_plc_has_them() -> None:
    plant = soft_plant(small_plant(**TABLES["everything"]))
    plant.second()
    values = shown(plant)

    orders = [tag for tag in values if tag.endswith((".run", "_pct", "_close", "_command"))]
    orders = [tag for tag in orders if not tag.endswith("feedback_pct")]

    assert {"network-pump.run", "mixing-valve.position_pct", "booster.power_pct"} <= set(orders)
    assert {"pump-3.run", "exchanger-2.valve_open_command"} <= set(orders)
    before = {tag: plant.world.plc.command_value(tag) for tag in orders}
    plant.world.plc.command("make-up.valve_open_command", value=True)
    plant.second()
    assert values["exchanger-2.valve_open_command"] == before["exchanger-2.valve_open_command"]
    assert shown(plant)["make-up.valve_open_command"] == 1.0


def test_the_boundary_meter_is_the_one_behind_the_mixing_valve() -> None:
    plant = soft_plant(small_plant(**TABLES["tank"]))
    plant.world.plc.command("mixing-valve.position_pct", 30.0)
    for _ in range(40):
        plant.world.step(1.0)

    plant.second()

    values = shown(plant)
    sold_c = values["boundary-meter.supply_temperature_c"]
    assert sold_c < values["heat-meter.supply_temperature_c"] - 3.0
    assert sold_c == pytest.approx(plant.world.truth()["network_supply_c"], abs=1.0)


def test_feeders_show_each_containers_power() -> None:
    plant = soft_plant(small_plant(**TABLES["boundary meter and feeders"]))
    plant.second()

    values = shown(plant)

    feeders_kw = [values[f"container-{number:02}.feeder_power_kw"] for number in range(1, 5)]
    assert sum(feeders_kw) == pytest.approx(plant.world.truth()["electric_kw"], rel=1e-6)


def test_a_cold_plant_shows_open_contactors_and_cold_water() -> None:
    plant = soft_plant(small_plant(**TABLES["everything"]), start="cold")
    plant.second()

    values = shown(plant)

    assert values["primary.hot_temperature_c"] == pytest.approx(20.0, abs=0.1)
    assert values["tank.layer_1_temperature_c"] == pytest.approx(20.0, abs=0.1)
    assert values["container-01.contactor_closed"] == 0.0
    assert values["pump-1.running"] == 0.0


def test_a_link_that_is_off_is_off_without_wires_too() -> None:
    plant = soft_plant(small_plant(**TABLES["plain"]))
    for _ in range(8):
        plant.second()
    assert plant.state.pen.holder == "ours"

    plant.world.faults.set("link:cdu", "off")
    plant.world.faults.set("link:container-01", "stuck")
    for _ in range(40):
        plant.second()

    assert plant.snapshot is not None
    assert plant.snapshot.number("primary.flow_lpm") is None
    assert plant.snapshot.number("heat-meter.power_kw") is not None
    assert plant.snapshot.fleet.quality[:18].max() == int(Quality.BAD)
    assert plant.snapshot.fleet.quality[18:].min() == int(Quality.GOOD)
    assert plant.world.plc.points()["plc.local_automatic"] is True


def test_an_order_that_is_confirmed_and_not_taken_leaves_the_plc_as_it_was() -> None:
    plant = soft_plant(small_plant(**TABLES["plain"]))
    for _ in range(8):
        plant.second()
    epoch_age_s = plant.world.plc.points()["plc.controller_age_s"]
    plant.world.faults.set("link:cdu", "write-not-taken")
    for _ in range(5):
        plant.second()

    assert plant.snapshot is not None
    assert plant.snapshot.number("primary.flow_lpm") is not None
    assert plant.world.plc.points()["plc.controller_age_s"] >= float(epoch_age_s or 0.0) + 4.0
