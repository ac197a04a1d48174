"""A tank charges from the top, discharges from the top, and keeps hot water over cold."""

from collections.abc import Callable

import numpy as np
import pytest

from simulators.description import Container, PlantDescription
from simulators.separator import Separator
from simulators.thermal import WATER_KJ_PER_L_K
from simulators.world import World

Run = Callable[..., None]

PLANT = PlantDescription((Container("a", 92),), tank_m3=100.0)


@pytest.fixture
def tank() -> Separator:
    """100 m³, all of it at 45 °C."""
    tank = Separator(PLANT)
    tank.fill(45.0, 45.0)
    return tank


def test_what_goes_in_is_what_is_stored(tank: Separator) -> None:
    before_kj = tank.stored_kj()

    for _ in range(600):
        tank.charge(1.0, 1_000.0, 70.0)

    stored_kj = tank.stored_kj() - before_kj
    assert stored_kj == pytest.approx(10_000.0 * WATER_KJ_PER_L_K * 25.0, rel=1e-9)
    assert tank.bottom_c == pytest.approx(45.0, abs=1e-6)


def test_a_half_charged_tank_is_hot_above_and_cold_below(tank: Separator) -> None:
    for _ in range(3_000):
        tank.charge(1.0, 1_000.0, 70.0)

    layers_c = tank.layers_c
    assert tank.top_c == pytest.approx(70.0, abs=0.01)
    assert tank.bottom_c == pytest.approx(45.0, abs=0.1)
    assert (np.diff(layers_c) <= 0.002 + 1e-9).all()
    # Most of the height is one or the other; what lies between is a third of it.
    between = (layers_c > 47.5) & (layers_c < 67.5)
    assert between.sum() <= 11


def test_a_tank_gives_its_hot_water_first(tank: Separator) -> None:
    for _ in range(3_000):
        tank.charge(1.0, 1_000.0, 70.0)

    drawn_c = []
    for _ in range(3_000):
        drawn_c.append(tank.top_c)
        tank.discharge(1.0, 1_000.0, 45.0)

    assert min(drawn_c[:1_200]) > 69.0
    assert min(drawn_c[:1_800]) > 66.0
    assert drawn_c[-1] < 60.0


def test_warm_water_under_cold_water_rises_and_mixes(tank: Separator) -> None:
    for _ in range(1_000):
        tank.charge(1.0, 1_000.0, 70.0)
    before_kj = tank.stored_kj()

    tank.charge(60.0, 1_000.0, 30.0)

    added_kj = 1_000.0 * WATER_KJ_PER_L_K * (30.0 - 45.0)
    assert tank.stored_kj() - before_kj == pytest.approx(added_kj, rel=1e-6)
    assert (np.diff(tank.layers_c) <= 0.002 + 1e-9).all()


def test_a_full_tank_loses_little_to_the_room(tank: Separator) -> None:
    tank.fill(70.0, 70.0)
    before_kj = tank.stored_kj()

    lost_kj = sum(tank.lose(60.0, 22.0) for _ in range(60))

    assert before_kj - tank.stored_kj() == pytest.approx(lost_kj, rel=1e-6)
    assert tank.top_c == pytest.approx(70.0 - 0.0005 * 48.0, abs=0.001)


def test_the_header_of_a_small_plant_holds_at_least_fifty_litres() -> None:
    described = PlantDescription((Container("a", 3),), network_role="sole_source")
    small, whole = Separator(described), Separator(PlantDescription((Container("a", 920),)))
    for header in (small, whole):
        header.fill(10.0, 10.0)

    assert small.stored_kj() == pytest.approx(50.0 * WATER_KJ_PER_L_K * 10.0)
    assert whole.stored_kj() == pytest.approx(2_000.0 * WATER_KJ_PER_L_K * 10.0)


def test_the_sensors_show_the_height_from_the_top(tank: Separator) -> None:
    tank.fill(70.0, 45.0)

    assert tank.sensors_c(8) == [70.0] * 4 + [45.0] * 4


@pytest.mark.parametrize(
    ("top_c", "bottom_c", "charge_pct"), [(76.0, 76.0, 100.0), (76.0, 45.0, 50.0), (45.0, 30.0, 0)]
)
def test_the_charge_counts_from_return_water_to_a_full_tank(
    tank: Separator, top_c: float, bottom_c: float, charge_pct: float
) -> None:
    tank.fill(top_c, bottom_c)

    assert tank.charge_pct(76.0, 45.0) == pytest.approx(charge_pct)
    assert tank.charge_pct(45.0, 45.0) == 0.0


def test_a_plant_that_produces_more_than_it_sells_charges_its_tank(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank")
    before = world.truth()
    half_pct = float(world.plc.command_value("network-pump.speed_pct")) / 2.0
    world.plc.command("network-pump.speed_pct", half_pct)

    run(world, 3_600.0)

    after = world.truth()
    surplus_kwh = after["energy_delivered_kwh"] - after["energy_sold_kwh"]
    height_m3 = (after["district_flow_lpm"] - after["network_flow_lpm"]) * 60.0 / 1_000.0
    assert after["heat_sold_kw"] == pytest.approx(1_500.0, rel=0.01)
    assert surplus_kwh == pytest.approx(1_500.0, rel=0.02)
    risen_pct = height_m3 / 300.0 * (68.0 - 45.0) / (76.0 - 45.0) * 100.0
    charged_pct = after["tank_charge_pct"] - before["tank_charge_pct"]
    assert charged_pct == pytest.approx(risen_pct, rel=0.03)
    assert after["district_return_c"] == pytest.approx(45.0, abs=0.1)


def test_a_tank_goes_on_selling_when_the_exchangers_get_no_flow(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank")
    world.plc.command("district-pump.run", value=False)

    run(world, 1_800.0)

    truth = world.truth()
    assert truth["heat_delivered_kw"] == 0.0
    assert truth["heat_sold_kw"] == pytest.approx(3_000.0, rel=0.01)
    assert truth["network_supply_c"] == pytest.approx(68.0, abs=0.3)
    # An hour and a quarter of the network's flow was in the upper half; half an hour is gone.
    assert truth["tank_charge_pct"] == pytest.approx(37.1 - 1_904 * 30 / 3_000 * 23 / 31, abs=0.7)


def test_a_full_tank_sends_hot_water_back_to_the_exchangers(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank", tank_m3=20.0)
    world.plc.command("network-pump.speed_pct", 10.0)

    run(world, 1_800.0)

    truth = world.truth()
    assert truth["tank_bottom_c"] > 60.0
    assert truth["district_return_c"] > 55.0
    assert truth["network_return_c"] == 45.0


def test_the_plc_sees_the_charge_fall_through_the_layers(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank", tank_m3=60.0)
    world.plc.command("network-pump.run", value=False)
    run(world, 600.0)
    seen_c = [world.plc.points()[f"tank.layer_{layer}_temperature_c"] for layer in range(1, 9)]

    # 19 m³ of hot water on top of 30 m³: the fifth and sixth of eight sensors are hot now.
    assert min(float(value) for value in seen_c[:6]) > 65.0
    assert float(seen_c[7]) < 50.0
