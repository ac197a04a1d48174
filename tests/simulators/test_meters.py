"""The heat meter holds and counts; sensors lag, and are a little off."""

from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


def test_the_heat_meter_holds_its_values_for_two_seconds(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(3_000.0)
    world.plc.command("district-pump.speed_pct", 90.0)
    run(world, 2.0)
    first = world.heat_meter.points()

    run(world, 1.0)
    held = world.heat_meter.points()
    run(world, 1.0)
    fresh = world.heat_meter.points()

    assert held == first
    assert float(fresh["flow_lpm"]) > float(first["flow_lpm"]) + 100.0


def test_the_heat_meter_counts_what_was_delivered(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(3_000.0)

    run(world, 3_600.0)

    energy_kwh = world.heat_meter.points()["energy_kwh"]
    assert energy_kwh == pytest.approx(world.truth()["energy_delivered_kwh"], rel=0.002)


def test_the_heat_meters_power_follows_from_its_own_readings(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(3_000.0)
    run(world, 10.0)

    points = world.heat_meter.points()

    spread_k = float(points["supply_temperature_c"]) - float(points["return_temperature_c"])
    kilogrammes_s = float(points["flow_lpm"]) * 0.98 / 60.0
    assert points["power_kw"] == pytest.approx(kilogrammes_s * 4.19 * spread_k, rel=1e-5)


def test_a_temperature_sensor_lags_five_seconds(small: World, run: Run) -> None:
    small.set_outdoor_c(14.26)

    run(small, 5.0, dt_s=0.5)

    temperature_c = small.outdoor.points()["temperature_c"]
    assert temperature_c == pytest.approx(4.26 + 10.0 * 0.632, abs=0.06)
    assert temperature_c == round(float(temperature_c), 2)


def test_two_sensors_at_one_place_differ_by_a_little(small: World, run: Run) -> None:
    run(small, 20.0)

    plc_c = float(small.plc.points()["district.supply_temperature_c"])
    meter_c = float(small.heat_meter.points()["supply_temperature_c"])

    assert 0.0 < abs(plc_c - meter_c) <= 0.11


def test_cards_and_counters_show_only_what_they_resolve(small: World, run: Run) -> None:
    run(small, 61.0)

    points, meter = small.plc.points(), small.heat_meter.points()
    assert float(points["primary.flow_lpm"]).is_integer()
    for name, digits in (("primary.suction_pressure_kpa", 1), ("primary.hot_temperature_c", 2)):
        assert points[name] == round(float(points[name]), digits)
    counted_kwh = float(meter["energy_kwh"])
    assert counted_kwh == round(counted_kwh, 1)
    assert 0.0 <= small.truth()["energy_delivered_kwh"] - counted_kwh < 0.2
