"""Miners' water, tank and booster against formulas worked out by hand."""

import math

import numpy as np
import pytest

from simulators.booster import Booster
from simulators.coolant import Coolant
from simulators.description import Container, PlantDescription
from simulators.separator import TANK_LAYERS_KEPT, Separator
from simulators.thermal import WATER_KJ_PER_L_K, WATER_KW_PER_LPM_K

PLANT = PlantDescription((Container("a", 4), Container("b", 4)), tank_m3=100.0)
BOX_OF = np.repeat([0, 1], 4)
BOX_LPM = np.array([43.2, 21.6])


def test_a_unit_follows_its_inlet_with_its_heat_capacity_over_its_flow() -> None:
    coolant = Coolant(PLANT, BOX_OF)
    coolant.heat_from(np.full(8, 8.4))
    coolant.fill(60.0, BOX_LPM)
    rise_k = 0.95 * (8.4 - 0.03) / (10.8 * WATER_KW_PER_LPM_K)

    for _ in range(30):
        coolant.step(1.0, BOX_LPM, 50.0)

    constant_s = 14.0 / (10.8 * WATER_KW_PER_LPM_K)
    expected_c = 50.0 + rise_k + 10.0 * math.exp(-30.0 / constant_s)
    assert coolant.outlet_c[0] == pytest.approx(expected_c, abs=1e-9)
    # Half the flow: twice the rise and twice the time.
    expected_c = 50.0 + 2.0 * rise_k + 10.0 * math.exp(-30.0 / (2.0 * constant_s))
    assert coolant.outlet_c[7] == pytest.approx(expected_c, abs=1e-9)


@pytest.mark.parametrize("sleepers", [0, 1, 3, 7])
def test_sleepers_dilute_the_header_by_their_share_of_the_flow(sleepers: int) -> None:
    coolant, lpm = Coolant(PLANT, BOX_OF), np.array([43.2, 43.2])
    power_kw = np.full(8, 8.4)
    power_kw[:sleepers] = 0.03
    coolant.heat_from(power_kw)
    coolant.fill(60.0, lpm)

    carried_kw = coolant.step(1.0, lpm, 60.0)

    header_c = 60.0 + carried_kw / (86.4 * WATER_KW_PER_LPM_K)
    hottest_k = float(coolant.outlet_c.max()) - 60.0
    assert header_c - 60.0 == pytest.approx(hottest_k * (8 - sleepers) / 8)


def test_a_unit_without_flow_warms_by_its_power_over_its_heat_capacity() -> None:
    coolant = Coolant(PLANT, BOX_OF)
    coolant.heat_from(np.full(8, 8.4))
    coolant.fill(60.0, BOX_LPM)
    before_c = coolant.outlet_c.copy()

    coolant.step(10.0, np.zeros(2), 20.0)

    warmed_k = 0.95 * (8.4 - 0.03) / 14.0 * 10.0
    assert coolant.outlet_c - before_c == pytest.approx(np.full(8, warmed_k))


@pytest.mark.parametrize("turned_over", [0.5, 0.8, 1.0, 1.2])
def test_a_front_leaves_the_tank_as_from_tanks_in_a_row(turned_over: float) -> None:
    tank = Separator(PLANT)
    tank.fill(45.0, 45.0)
    lpm = 2_000.0
    seconds = round(turned_over * 100_000.0 / (lpm / 60.0))

    for _ in range(seconds):
        tank.charge(1.0, lpm, 75.0)

    # So many equal mixed volumes in a row: Poisson's sum.
    count, passed = TANK_LAYERS_KEPT, TANK_LAYERS_KEPT * turned_over
    terms = (math.exp(-passed + k * math.log(passed) - math.lgamma(k + 1)) for k in range(count))
    assert tank.bottom_c == pytest.approx(45.0 + 30.0 * (1.0 - sum(terms)), abs=0.15)


def test_an_overturn_mixes_only_what_is_below_warmer_water() -> None:
    tank = Separator(PLANT)
    tank.layers_c = np.linspace(70.0, 39.0, TANK_LAYERS_KEPT)
    before_c, mean_c = tank.layers_c.copy(), float(tank.layers_c.mean())

    tank.layers_c[8] = 80.0
    tank.charge(1e-6, 1.0, 80.0)

    assert tank.layers_c.mean() == pytest.approx(mean_c + (80.0 - before_c[8]) / TANK_LAYERS_KEPT)
    assert tank.layers_c[9:] == pytest.approx(before_c[9:], abs=1e-6)
    # 70 to 63 °C stood above it in eight layers: it rises until what is above is as warm.
    mixed_c = (80.0 + 63.0 + 64.0 + 65.0 + 66.0 + 67.0) / 6.0
    assert tank.layers_c[:9] == pytest.approx([70.0, 69.0, 68.0, *[mixed_c] * 6], abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "cop", "seconds"), [("electric_boiler", 0.98, 12), ("heat_pump", 3.2, 105)]
)
def test_a_boosters_lift_is_its_heat_over_the_flow(kind: str, cop: float, seconds: int) -> None:
    described = PlantDescription(
        PLANT.containers,
        tank_m3=100.0,
        booster_kind="heat_pump" if kind == "heat_pump" else "electric_boiler",
        booster_kw=1_000.0,
        booster_cop=cop,
    )
    booster = Booster(described)
    booster.water.temperature_c = 60.0

    for _ in range(seconds):
        booster.step(1.0, 100.0, 60.0, 2_000.0)
    ramped_kw = booster.heat_kw
    for _ in range(300):
        carried_kj = booster.step(1.0, 100.0, 60.0, 2_000.0)

    lift_k = 1_000.0 / (2_000.0 / 60.0 * WATER_KJ_PER_L_K)
    assert ramped_kw == pytest.approx(1_000.0)
    assert booster.water.temperature_c == pytest.approx(60.0 + lift_k, abs=0.01)
    assert carried_kj == pytest.approx(1_000.0, rel=1e-4)
    assert booster.electric_kw == pytest.approx(1_000.0 / cop)
