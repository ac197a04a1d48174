"""Exchanger and dry cooler against the `ht` library, pumps and fans against their laws."""

from itertools import product

import ht
import numpy as np
import pytest

from simulators.dry_cooler import DryCooler, crossflow_effectiveness
from simulators.pump import PumpCurve, electric_kw, group_flow_lpm
from simulators.thermal import WATER_KW_PER_LPM_K, PlateExchanger
from simulators.valve import equal_percentage, installed

UA_KW_PER_K = 700.0
PRIMARY_LPM, DISTRICT_LPM = 9_860.0, 3_735.0
GRID = list(
    product(
        (0.12, 0.3, 0.6, 1.0, 1.17),
        (0.12, 0.35, 0.7, 1.0, 1.1),
        ((80.0, 45.0), (70.0, 40.0), (60.0, 55.0)),
        (1.0, 0.6),
    )
)


def film_ua(primary_share: float, district_share: float, clean: float) -> float:
    """Two films in a row, each with its flow's power 0.8, equal at the rated flows."""
    resistance = 0.5 / primary_share**0.8 + 0.5 / district_share**0.8
    return clean * UA_KW_PER_K / resistance


def test_the_exchanger_agrees_with_ht_within_half_a_percent_on_a_wide_grid() -> None:
    plates = PlateExchanger(UA_KW_PER_K, PRIMARY_LPM, DISTRICT_LPM)
    for primary, district, (hot_c, cold_c), clean in GRID:
        flows_kw_per_k = [
            share * rated_lpm * WATER_KW_PER_LPM_K
            for share, rated_lpm in ((primary, PRIMARY_LPM), (district, DISTRICT_LPM))
        ]

        ours_kw = (hot_c - cold_c) * plates.conductance_kw(
            primary * PRIMARY_LPM, district * DISTRICT_LPM, clean
        )
        theirs = ht.effectiveness_NTU_method(
            mh=flows_kw_per_k[0],
            mc=flows_kw_per_k[1],
            Cph=1.0,
            Cpc=1.0,
            subtype="counterflow",
            Thi=hot_c,
            Tci=cold_c,
            UA=film_ua(primary, district, clean),
        )

        assert ours_kw == pytest.approx(theirs["Q"], rel=0.005)


def test_the_exchangers_ends_fit_its_heat_by_the_logarithmic_mean() -> None:
    plates = PlateExchanger(UA_KW_PER_K, PRIMARY_LPM, DISTRICT_LPM)
    for primary, district, (hot_c, cold_c), clean in GRID:
        heat_kw = (hot_c - cold_c) * plates.conductance_kw(
            primary * PRIMARY_LPM, district * DISTRICT_LPM, clean
        )
        back_c = hot_c - heat_kw / (primary * PRIMARY_LPM * WATER_KW_PER_LPM_K)
        supply_c = cold_c + heat_kw / (district * DISTRICT_LPM * WATER_KW_PER_LPM_K)

        mean_k = ht.LMTD(hot_c, back_c, cold_c, supply_c)
        assert heat_kw == pytest.approx(film_ua(primary, district, clean) * mean_k, rel=0.005)


@pytest.mark.parametrize("ratio", [0.1, 0.4, 0.75, 1.0])
@pytest.mark.parametrize("transfer_units", [0.3, 1.0, 2.5])
def test_crossflow_agrees_with_ht(transfer_units: float, ratio: float) -> None:
    theirs = ht.effectiveness_from_NTU(
        NTU=transfer_units, Cr=ratio, subtype="crossflow approximate"
    )

    assert crossflow_effectiveness(transfer_units, ratio) == pytest.approx(theirs, rel=0.005)


# BAC TDFS1238N: 2,931 kW from water at 46.1 to 40.55 °C into air of 35 °C, 117.7 kW of fans.
BAC_KW = 2_931.0
BAC_LPM = BAC_KW / ((46.1 - 40.55) * WATER_KW_PER_LPM_K)


def bac_cooler(fan_pct: float) -> DryCooler:
    cooler = DryCooler(ua_kw_per_k=615.0, air_kw_per_k=520.0)
    cooler.fan_pct = fan_pct
    return cooler


def test_a_cooler_of_the_records_size_gives_the_records_heat() -> None:
    cooler = bac_cooler(100.0)

    assert cooler.reject_kw(46.1, BAC_LPM, 35.0) == pytest.approx(BAC_KW, rel=0.02)
    assert cooler.outlet_c == pytest.approx(40.55, abs=0.15)
    assert cooler.fans_kw == pytest.approx(117.7)


def test_hot_water_needs_less_than_a_hundredth_of_its_heat_for_fans() -> None:
    heat_kw, fan_pct = 0.0, 0.0
    while heat_kw < 8_000.0:
        fan_pct += 1.0
        heat_kw = bac_cooler(fan_pct).reject_kw(80.0, BAC_LPM, 25.0)

    assert bac_cooler(fan_pct).fans_kw < 0.01 * heat_kw


def test_half_the_fan_speed_costs_an_eighth() -> None:
    assert bac_cooler(50.0).fans_kw == pytest.approx(117.7 / 8.0)
    assert bac_cooler(0.0).reject_kw(80.0, BAC_LPM, 25.0) > 0.0


def test_pumps_follow_the_affinity_laws() -> None:
    curve, resistance = PumpCurve.for_group(2, 11_500.0), 250.0 / 11_500.0**2
    full_lpm, part_lpm = (group_flow_lpm(curve, [n, n], resistance) for n in (100.0, 70.0))
    full_kpa, part_kpa = resistance * full_lpm**2, resistance * part_lpm**2

    assert part_lpm / full_lpm == pytest.approx(0.7)
    assert part_kpa / full_kpa == pytest.approx(0.7**2)
    power = electric_kw(part_lpm, part_kpa) / electric_kw(full_lpm, full_kpa)
    assert power == pytest.approx(0.7**3)
    # 690 m³/h over 2.5 bar: 68 kW at the shaft.
    assert electric_kw(full_lpm, full_kpa) == pytest.approx(68.4 / 0.9, rel=0.01)


def test_an_equal_percentage_valve_changes_by_one_factor_all_along_its_stroke() -> None:
    openings = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
    passed = equal_percentage(openings)

    assert passed[1:] / passed[:-1] == pytest.approx([50.0**0.2] * 4)
    assert equal_percentage(np.array([0.0])) == [0.0]
    below, above = equal_percentage(np.array([0.015 - 1e-9, 0.015 + 1e-9]))
    assert below == pytest.approx(above, rel=1e-5)


@pytest.mark.parametrize("authority", [0.1, 0.3, 1.0])
def test_an_installed_valve_and_its_row_add_as_resistances(authority: float) -> None:
    opening = np.array([0.3, 0.6, 0.9])
    own = 50.0 ** (opening - 1.0)

    # Pressure drops in a row: what the valve takes grows with 1/own².
    drops = authority / own**2 + (1.0 - authority)
    assert installed(opening, authority) == pytest.approx(1.0 / np.sqrt(drops))
    assert installed(np.array([0.0, 1.0]), authority) == pytest.approx([0.0, 1.0])
