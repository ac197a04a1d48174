"""A plant that has been running for hours: speeds, openings and temperatures in equilibrium."""

import numpy as np

from simulators.description import PlantDescription
from simulators.district import DistrictSide
from simulators.fleet import MinerFleet
from simulators.names import container_tags, exchanger_tags, pump_tags
from simulators.plc import Plc
from simulators.primary import PrimaryLoop
from simulators.pump import speed_for_flow_pct
from simulators.thermal import WATER_KW_PER_LPM_K

LEAST_RISE_K = 5.0
LEAST_DISTRICT_PCT = 10.0
SETTLING_ROUNDS = 4


def start_warm(
    description: PlantDescription,
    fleet: MinerFleet,
    plc: Plc,
    primary: PrimaryLoop,
    district: DistrictSide,
) -> None:
    """Bring every part to the state that gives the described heat without any change."""
    running = _running_units(description, fleet)
    fleet.start_warm(running)
    _open_exchangers(description, plc, primary)
    _open_containers(description, plc, primary, running)
    _turn_pumps(description, plc, primary)
    for _ in range(SETTLING_ROUNDS):
        # What a town sends back depends on what it gets.
        _turn_district_pump(description, plc, district, fleet.coolant.heat_kw)
        if district.separator is not None:
            _turn_network_pump(description, plc, district, fleet.coolant.heat_kw)
    _warm_water(fleet, primary, district)


def _running_units(description: PlantDescription, fleet: MinerFleet) -> int:
    missing_kw = description.warm_heat_kw
    for unit, full_kw in enumerate(fleet.full_kw.tolist()):
        heat_kw = description.recovery * (full_kw - description.model.standby_kw)
        if missing_kw < 0.5 * heat_kw:
            return unit
        missing_kw -= heat_kw
    return description.units


def _open_exchangers(description: PlantDescription, plc: Plc, primary: PrimaryLoop) -> None:
    for index, tag in enumerate(exchanger_tags(description)):
        plc.command(f"{tag}.valve_open_command", value=True)
        primary.exchangers.opening[index] = 1.0
    primary.exchangers.settle()


def _open_containers(
    description: PlantDescription, plc: Plc, primary: PrimaryLoop, running: int
) -> None:
    # The first container stays open even without heat: the loop always has a way round.
    first = 0
    opening = np.zeros(len(description.containers))
    for index, (tag, container) in enumerate(
        zip(container_tags(description), description.containers, strict=True)
    ):
        used = index == 0 or first < running
        first += container.units
        plc.command(f"{tag}.contactor_close", value=True)
        plc.command(f"{tag}.valve_open_command", value=used)
        opening[index] = float(used)
    primary.valves.place(opening)


def _turn_pumps(description: PlantDescription, plc: Plc, primary: PrimaryLoop) -> None:
    units = sum(
        container.units
        for container, opening in zip(
            description.containers, primary.valves.opening.tolist(), strict=True
        )
        if opening > 0.0
    )
    duty = description.primary_pumps_duty
    resistance = primary.resistance_kpa_per_lpm2()
    speed_pct = speed_for_flow_pct(primary.curve, duty, units * description.unit_lpm, resistance)
    for tag, drive in zip(pump_tags(description)[:duty], primary.drives[:duty], strict=True):
        plc.command(f"{tag}.run", value=True)
        plc.command(f"{tag}.speed_pct", speed_pct)
        drive.speed_pct = float(plc.command_value(f"{tag}.speed_pct"))
    primary.settle_flow()


def _turn_district_pump(
    description: PlantDescription, plc: Plc, district: DistrictSide, heat_kw: float
) -> None:
    rise_k = max(LEAST_RISE_K, description.warm_supply_c - district.network.return_c)
    flow_lpm = heat_kw / rise_k / WATER_KW_PER_LPM_K
    speed_pct = 100.0 * flow_lpm / district.flow_at(100.0)
    plc.command("district-pump.run", value=True)
    plc.command("district-pump.speed_pct", min(100.0, max(LEAST_DISTRICT_PCT, speed_pct)))
    district.pump.speed_pct = float(plc.command_value("district-pump.speed_pct"))
    district.settle_flows(passing=1.0)


def _turn_network_pump(
    description: PlantDescription, plc: Plc, district: DistrictSide, heat_kw: float
) -> None:
    # An injector sends on what the exchangers give; a sole source, what the consumers take.
    network = district.network
    rise_k = heat_kw / (district.flow_lpm * WATER_KW_PER_LPM_K)
    speed_pct = network.settle(network.return_c + rise_k)
    if description.network_role == "injector":
        speed_pct = 100.0 * district.flow_lpm / description.network_flow_max_lpm
    plc.command("network-pump.run", value=True)
    plc.command("network-pump.speed_pct", min(100.0, speed_pct))
    district.network_pump.speed_pct = float(plc.command_value("network-pump.speed_pct"))
    district.settle_flows(passing=1.0)


def _warm_water(fleet: MinerFleet, primary: PrimaryLoop, district: DistrictSide) -> None:
    heat_kw, return_c = fleet.coolant.heat_kw, district.network.return_c
    conductance_kw = primary.exchangers.conductance_kw(primary.flow_lpm, district.flow_lpm)
    hot_c = return_c + heat_kw / conductance_kw
    cold_c = hot_c - heat_kw / (primary.flow_lpm * WATER_KW_PER_LPM_K)
    supply_c = return_c + heat_kw / (district.flow_lpm * WATER_KW_PER_LPM_K)
    primary.hot.fill_all(hot_c)
    primary.cold.fill_all(cold_c)
    primary.cooler.outlet_c = cold_c
    primary.exchangers.fill(supply_c)
    district.fill(supply_c, return_c)
    fleet.settle(cold_c, primary.container_lpm)
