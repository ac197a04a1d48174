"""What no instrument shows, told part by part."""

from simulators.district import DistrictSide
from simulators.firmware import Work
from simulators.fleet import MinerFleet
from simulators.primary import PrimaryLoop
from simulators.thermal import WATER_KW_PER_LPM_K

Truth = dict[str, float | int | bool]


def fleet_truth(fleet: MinerFleet, inlet_c: float) -> Truth:
    """Power, heat, hash rate and temperatures of the miners."""
    working = fleet.work == Work.WORKING
    # With nothing running, the hottest running outlet is as warm as its inlet.
    running_c = float(fleet.outlet_c.max(where=working, initial=inlet_c))
    return {
        "electric_kw": float(fleet.power_kw.sum()),
        "heat_miners_kw": fleet.coolant.heat_kw,
        "hash_ths": float(fleet.hashrate_ths.sum()),
        "running_units": int(working.sum()),
        "hottest_unit_outlet_c": float(fleet.outlet_c.max()),
        "hottest_running_outlet_c": running_c,
        "hottest_chip_c": float(fleet.chip_c.max()),
    }


def primary_truth(primary: PrimaryLoop) -> Truth:
    """Water of the primary loop."""
    return {
        "heat_rejected_kw": primary.rejected_kw,
        "primary_pumps_kw": primary.pumps_kw,
        "fans_kw": primary.cooler.fans_kw,
        "primary_hot_c": primary.hot.inlet_c,
        "primary_cold_c": primary.cold.outlet_c,
        "primary_flow_lpm": primary.flow_lpm,
        "suction_kpa": primary.pressure.suction_kpa,
        "inlet_kpa": primary.inlet_kpa,
        "conductivity_us_cm": primary.pressure.conductivity_us_cm,
        "valves_open": sum(primary.valves.at_open_end()),
        "exchangers_open": sum(primary.exchangers.at_open_end()),
    }


def district_truth(district: DistrictSide, produced_c: float, full_c: float) -> Truth:
    """Water from the exchangers to the network and back, with separator and booster."""
    network, separator, booster = district.network, district.separator, district.booster
    rise_k = produced_c - district.inlet_c
    sold_kw = district.sold_kw
    charge_pct = 0.0
    if separator is not None:
        charge_pct = separator.charge_pct(full_c, network.return_c)
    return {
        "heat_delivered_kw": district.flow_lpm * WATER_KW_PER_LPM_K * rise_k,
        "heat_sold_kw": sold_kw,
        "heat_shortfall_kw": network.shortfall_kw(),
        "district_supply_c": produced_c,
        "district_return_c": district.inlet_c,
        "district_flow_lpm": district.flow_lpm,
        "district_pumps_kw": district.pumps_kw,
        "network_supply_c": district.supply_c,
        "network_return_c": network.return_c,
        "network_flow_lpm": district.network_lpm,
        "network_dp_kpa": network.dp_kpa,
        "tank_charge_pct": charge_pct,
        "tank_top_c": district.supply_c if separator is None else separator.top_c,
        "tank_bottom_c": network.return_c if separator is None else separator.bottom_c,
        "booster_kw": 0.0 if booster is None else booster.heat_kw,
        "booster_electric_kw": 0.0 if booster is None else booster.electric_kw,
    }
