"""How full the tank is: as a share between return and full, and as heat above the return."""

import pytest

from controller.control.tank import hot_share
from tests.control.small_plant import SmallPlant, plant_file

# 10 m³ of 0.980 kg/L and 4.19 kJ/(kg K), in kWh.
KWH_PER_K = 11.406


LAYERS = {f"tank.layer_{layer}_temperature_c": 70.0 for layer in range(1, 9)}


def tank_plant(top_c: float, bottom_c: float) -> SmallPlant:
    """A tank whose upper and lower half have these temperatures, over a return of 45 °C."""
    file = plant_file(tank={"volume_m3": 10.0, "full_c": 75.0})
    plant = SmallPlant(
        file, extra={**LAYERS, "network.return_temperature_c": 45.0, "network.flow_lpm": 40.0}
    )
    half = len(LAYERS) // 2
    for place, layer in enumerate(LAYERS):
        plant.values[layer] = top_c if place < half else bottom_c
    return plant


@pytest.mark.parametrize(
    ("top_c", "bottom_c", "above_k"), [(75.0, 45.0, 15.0), (75.0, 75.0, 30.0), (40.0, 40.0, 0.0)]
)
def test_the_charge_is_told_as_a_share_and_as_heat(
    top_c: float, bottom_c: float, above_k: float
) -> None:
    derived = tank_plant(top_c, bottom_c).scan().derived

    assert derived["tank.charge_kwh"] == pytest.approx(KWH_PER_K * above_k, rel=1e-3)
    assert derived["tank.charge_pct"] == pytest.approx(100.0 * above_k / 30.0)


def test_layers_that_are_not_known_are_left_out_and_without_any_nothing_is_told() -> None:
    plant = tank_plant(75.0, 45.0)
    plant.scan()
    for layer in list(LAYERS)[4:]:
        plant.values[layer] = None
    half = plant.scans(5).derived
    for layer in LAYERS:
        plant.values[layer] = None
    none = plant.scans(5).derived

    assert half["tank.charge_kwh"] == pytest.approx(KWH_PER_K * 30.0, rel=1e-3)
    assert none["tank.charge_kwh"] is None
    assert none["tank.charge_pct"] is None


def test_a_plant_without_a_tank_tells_no_charge() -> None:
    derived = SmallPlant().scan().derived

    assert derived["tank.charge_kwh"] is None
    assert derived["tank.charge_pct"] is None


@pytest.mark.parametrize(
    ("made_c", "made_lpm", "top_c", "taken_lpm", "share"),
    [
        # 25 of 30 K above the return are wanted, and the exchangers give more than that takes.
        (75.0, 40.0, 70.0, 40.0, 25.0 / 30.0),
        # They give a quarter of the flow at 30 K, the tank's top the rest at 25 K.
        (75.0, 10.0, 70.0, 40.0, 0.95),
        (45.0, 0.0, 75.0, 40.0, 25.0 / 30.0),
        (75.0, 40.0, 70.0, 0.0, 25.0 / 30.0),
        (60.0, 40.0, 60.0, 40.0, 1.0),
    ],
    ids=["exchangers-alone", "and-the-tank", "tank-alone", "no-flow", "too-cold"],
)
def test_hot_water_is_mixed_from_where_it_comes(
    made_c: float, made_lpm: float, top_c: float, taken_lpm: float, share: float
) -> None:
    plant = tank_plant(top_c, 45.0)
    plant.set(district__supply_temperature_c=made_c, district__flow_lpm=made_lpm)
    plant.set(network__flow_lpm=taken_lpm)

    assert hot_share(plant.snapshot(), 70.0) == pytest.approx(share)


@pytest.mark.parametrize("unknown", ["network__return_temperature_c", "network__flow_lpm"])
def test_an_unknown_return_or_flow_leaves_a_share_that_is_none_too_cold(unknown: str) -> None:
    plant = tank_plant(76.0, 45.0).set(district__supply_temperature_c=76.0, **{unknown: None})

    assert 25.0 / 31.0 <= hot_share(plant.snapshot(), 70.0) <= 1.0
