"""What the PLC does alone: each loop by itself, on readings that a test chooses."""

import pytest

from simulators.description import Container, PlantDescription
from tests.simulators.lone_plc import LonePlc

FALLBACK_S = 10.0
SPEEDS = {"pump_1": 60.0, "pump_2": 60.0, "district_pump": 50.0}
MOTORS = ("pump-1", "pump-2", "district-pump")
BOXES = (Container("box 1", 10), Container("box 2", 10))
WHOLE = {"containers": BOXES, "primary_pumps": 3, "tank_m3": 20.0, "booster_kw": 500.0}


def abandoned(description: PlantDescription | None = None, **speeds: float) -> LonePlc:
    """A running plant in the moment before its PLC takes over."""
    lone = LonePlc(description)
    for motor in MOTORS:
        lone.plc.command(f"{motor}.run", value=True)
    for name in {"network-pump.run", "booster.run"} & set(lone.switches):
        lone.plc.command(name, value=True)
    lone.frame(1, 1, **(SPEEDS | speeds))
    lone.run(FALLBACK_S - 0.2)
    return lone


def orders(lone: LonePlc) -> dict[str, float]:
    return {name: lone.order(name) for name in lone.set_points}


def test_in_a_plant_in_balance_nothing_moves() -> None:
    lone = abandoned()
    before = orders(lone)
    lone.run(120.0)

    assert lone.shows("plc.local_automatic") is True
    assert orders(lone) == before


def test_no_order_moves_two_per_cent_in_the_first_two_seconds_whatever_it_finds() -> None:
    lone = abandoned(PlantDescription(**WHOLE, network_role="sole_source"))
    for name, value in (
        ("primary.hot_temperature_c", 95.0),
        ("primary.cold_temperature_c", 85.0),
        ("primary.flow_lpm", 10.0),
        ("district.supply_temperature_c", 95.0),
        ("network.supply_temperature_c", 30.0),
        ("network.differential_pressure_kpa", 0.0),
    ):
        lone.cards[name] = value
    before = orders(lone)
    lone.run(2.2)

    assert lone.shows("plc.local_automatic") is True
    assert {name: abs(lone.order(name) - was) < 2.0 for name, was in before.items()} == (
        dict.fromkeys(before, True)
    )


def test_a_hot_header_gets_more_flow_and_the_speed_never_falls_below_its_beginning() -> None:
    lone = abandoned()
    lone.cards["primary.hot_temperature_c"] = 79.0
    lone.run(60.0)
    raised = lone.order("pump-1.speed_pct")
    lone.cards["primary.hot_temperature_c"] = 40.0
    lone.run(600.0)

    assert raised > 62.0
    assert lone.order("pump-1.speed_pct") == lone.order("pump-2.speed_pct") == 60.0
    assert lone.order("pump-3.speed_pct") == 0.0


def test_flow_that_was_lost_is_made_good_by_speed() -> None:
    lone = abandoned()
    lone.run(1.0)
    lone.cards["primary.flow_lpm"] = 6_000.0
    lone.run(30.0)

    assert lone.order("pump-1.speed_pct") > 65.0


def test_a_lost_pump_gives_its_order_to_the_one_that_stands_by() -> None:
    lone = abandoned(pump_2=58.0)
    lone.cards["pump-3.running"] = False
    lone.run(1.0)
    lone.cards["pump-2.running"] = False
    lone.run(2.0)
    patient = lone.plc.command_value("pump-3.run")
    lone.run(2.0)

    assert patient is False
    assert lone.plc.command_value("pump-3.run") is True
    assert lone.plc.command_value("pump-2.run") is False
    assert lone.order("pump-3.speed_pct") == pytest.approx(58.0, abs=0.5)


def test_with_no_pump_to_stand_by_the_lost_one_keeps_its_order() -> None:
    lone = abandoned(PlantDescription(containers=BOXES, primary_pumps=2))
    lone.cards["pump-2.running"] = False
    lone.run(60.0)

    assert lone.plc.command_value("pump-2.run") is True


def test_a_stand_by_pump_at_local_is_not_counted_on() -> None:
    lone = abandoned()
    lone.cards["pump-3.remote"] = False
    lone.run(1.0)
    lone.cards["pump-2.running"] = False
    lone.run(10.0)

    assert lone.plc.command_value("pump-3.run") is False


@pytest.mark.parametrize(("supply_c", "rises"), [(72.0, True), (68.0, False)])
def test_the_district_pump_holds_the_supply_temperature_by_flow(
    supply_c: float, *, rises: bool
) -> None:
    lone = abandoned()
    lone.run(1.0)
    lone.cards["district.supply_temperature_c"] = supply_c
    lone.run(60.0)

    assert (lone.order("district-pump.speed_pct") > 51.0) is rises
    assert (lone.order("district-pump.speed_pct") < 49.0) is not rises


@pytest.mark.parametrize(("had_c", "kept_c"), [(66.0, 66.0), (50.0, 70.0), (90.0, 70.0)])
def test_the_supply_temperature_that_is_kept_is_a_sensible_one(had_c: float, kept_c: float) -> None:
    lone = abandoned()
    lone.cards["district.supply_temperature_c"] = had_c
    lone.run(0.4)
    lone.cards["district.supply_temperature_c"] = kept_c
    lone.run(20.0)
    before = lone.order("district-pump.speed_pct")
    lone.run(120.0)

    assert lone.order("district-pump.speed_pct") == before


@pytest.mark.parametrize(
    ("cold_c", "hot_c", "opens"), [(71.9, 79.9, False), (74.0, 79.0, True), (70.0, 82.0, True)]
)
def test_what_is_too_hot_goes_to_the_dry_cooler(
    cold_c: float, hot_c: float, *, opens: bool
) -> None:
    lone = abandoned()
    lone.cards |= {"primary.cold_temperature_c": cold_c, "primary.hot_temperature_c": hot_c}
    lone.run(60.0)

    assert (lone.order("three-way-valve.position_pct") > 2.0) is opens
    assert (lone.order("dry-cooler.fan_pct") > 2.0) is opens


def test_an_injectors_booster_fades_and_is_switched_off() -> None:
    lone = abandoned(PlantDescription(**WHOLE))
    lone.frame(2, 1)
    lone.plc.take_frame(orders(lone) | {"booster.power_pct": 20.0}, 3, 1)
    lone.run(FALLBACK_S + 20.0)
    half_way = (lone.order("booster.power_pct"), lone.plc.command_value("booster.run"))
    lone.run(30.0)

    assert half_way == (pytest.approx(10.0, abs=0.5), True)
    assert (lone.order("booster.power_pct"), lone.plc.command_value("booster.run")) == (0.0, False)


def test_the_only_source_holds_its_booster_and_its_differential_pressure() -> None:
    lone = abandoned(PlantDescription(**WHOLE, network_role="sole_source"))
    present = {"booster.power_pct": 20.0, "network-pump.speed_pct": 40.0}
    lone.plc.take_frame(orders(lone) | present, 3, 1)
    lone.run(FALLBACK_S + 0.2)
    lone.cards["network.differential_pressure_kpa"] = 40.0
    lone.run(30.0)

    assert lone.order("booster.power_pct") == 20.0
    assert lone.order("network-pump.speed_pct") > 42.0


def test_an_injectors_network_pump_keeps_its_speed() -> None:
    lone = abandoned(PlantDescription(**WHOLE), network_pump=40.0)
    lone.run(1.0)
    lone.cards["network.differential_pressure_kpa"] = 5.0
    lone.run(120.0)

    assert lone.order("network-pump.speed_pct") == 40.0


@pytest.mark.parametrize(("network_c", "opens"), [(71.0, True), (68.0, False)])
def test_the_mixing_valve_holds_the_networks_supply_temperature(
    network_c: float, *, opens: bool
) -> None:
    lone = abandoned(PlantDescription(**WHOLE))
    lone.run(1.0)
    lone.cards["network.supply_temperature_c"] = network_c
    lone.run(60.0)

    assert (lone.order("mixing-valve.position_pct") > 3.0) is opens


def test_make_up_water_is_shut_off_and_what_carries_current_stays() -> None:
    lone = LonePlc()
    for name in ("make-up.valve_open_command", "container-01.contactor_close"):
        lone.plc.command(name, value=True)
    lone.plc.command("container-02.valve_open_command", value=True)
    lone.plc.command("exchanger-1.valve_open_command", value=True)
    lone.frame(1, 1)
    lone.run(30.0)

    assert lone.plc.command_value("make-up.valve_open_command") is False
    assert lone.plc.command_value("container-01.contactor_close") is True
    assert lone.plc.command_value("container-02.valve_open_command") is True
    assert lone.plc.command_value("exchanger-1.valve_open_command") is True


def test_a_plant_that_stands_still_is_not_started() -> None:
    lone = LonePlc()
    lone.frame(1, 1)
    lone.cards["primary.hot_temperature_c"] = 90.0
    lone.run(120.0)

    assert [lone.plc.command_value(f"{motor}.run") for motor in MOTORS] == [False] * 3
    assert lone.order("pump-1.speed_pct") == 0.0


@pytest.mark.parametrize(
    "name",
    [
        "primary.hot_temperature_c",
        "primary.cold_temperature_c",
        "primary.flow_lpm",
        "district.supply_temperature_c",
        "network.supply_temperature_c",
        "network.differential_pressure_kpa",
    ],
)
def test_a_broken_sensor_moves_nothing(name: str) -> None:
    lone = abandoned(PlantDescription(**WHOLE, network_role="sole_source"))
    lone.run(1.0)
    before = orders(lone)
    lone.faults.set(name, "off")
    lone.run(120.0)

    assert orders(lone) == before


def test_without_any_temperature_flow_alone_is_kept() -> None:
    lone = abandoned()
    for name in ("primary.hot_temperature_c", "primary.cold_temperature_c"):
        lone.faults.set(name, "off")
    lone.run(1.0)
    lone.cards["primary.flow_lpm"] = 5_000.0
    lone.run(30.0)

    assert lone.order("pump-1.speed_pct") > 65.0
    assert lone.order("three-way-valve.position_pct") == 0.0
