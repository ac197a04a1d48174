"""From plant.toml to what the scan is given: no default lives here, none is repeated."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from controller.config.alarms import plant_alarms
from controller.config.gains import LOOPS
from controller.config.matrix import plant_matrix, plant_votes
from controller.config.miner_list import listed_miners
from controller.config.miners import Container, WorkModes
from controller.config.plant import PlantFile
from controller.config.schedule import week_parts
from controller.config.zone import zone_offsets
from controller.control.settings import (
    BoosterSettings,
    DeviceWatchdog,
    Gains,
    HeatSettings,
    HydraulicSettings,
    NetworkSettings,
    Prices,
    ProtectionLimits,
    Schedule,
    Settings,
    TankSettings,
    UnitLimits,
    WorkMode,
)
from controller.image.fleet import FleetLayout

# Half of the time after which the PLC gives its controller up; more where scans are rare.
SHORTEST_GAP_S = 5.0
SCANS_IN_A_GAP = 2.0
PLC_WATCHDOG = "plc.fallback_after_s"
"""The tag with the time after which a PLC runs the water by itself."""
WATER_M3_PER_KW = 2.6e-3
"""Primary water for each rated kW: 20 m³ for 920 units of 8.4 kW."""


def fleet_layout(plant: PlantFile) -> FleetLayout:
    """Every miner by name: c03-017 is the seventeenth of the third container."""
    miners = listed_miners(plant)
    modes = tuple(tuple(mode.name for mode in listed) for listed in _modes(plant))
    return FleetLayout(
        tuple(miner.name for miner in miners),
        np.array([miner.container for miner in miners], np.int64),
        len(plant.container),
        modes if any(modes) else (),
    )


def miner_addresses(plant: PlantFile) -> tuple[tuple[str, int], ...]:
    """Where each miner answers, in the order of the layout."""
    return tuple((miner.host, miner.port) for miner in listed_miners(plant))


def unit_powers_kw(plant: PlantFile) -> NDArray[np.float64]:
    """The rated power of each miner, in the order of the layout."""
    rated_kw = [container.rated_kw or plant.miners.rated_kw for container in plant.container]
    counts = [container.units for container in plant.container]
    return np.repeat(np.array(rated_kw, np.float64), counts)


def _modes(plant: PlantFile) -> tuple[tuple[WorkMode, ...], ...]:
    """The work modes of each container; another model than the usual one has only its own."""
    return tuple(
        tuple(WorkMode(**mode.model_dump()) for mode in _own(container.modes, container, plant))
        for container in plant.container
    )


def _own(
    modes: tuple[WorkModes, ...] | None, container: Container, plant: PlantFile
) -> tuple[WorkModes, ...]:
    if modes is not None:
        return modes
    usual = container.model in (None, plant.miners.model) and container.rated_kw is None
    return plant.miners.modes if usual else ()


def _trim_from(plant: PlantFile) -> NDArray[np.float64]:
    """The least share of its rating that each miner may be set to, 1 where it may not be set."""
    usual_pct = plant.miners.trim_from_pct
    shares = [
        (usual_pct if container.trim_from_pct is None else container.trim_from_pct) / 100.0
        for container in plant.container
    ]
    return np.repeat(np.array(shares), [container.units for container in plant.container])


def scan_settings(plant: PlantFile) -> Settings:
    """The figures that decisions are made with."""
    layout, rated_kw = fleet_layout(plant), unit_powers_kw(plant)
    modes = _modes(plant)
    unit = plant.miners.model_dump(
        exclude={"model", "accepted", "rated_kw", "modes", "trim_from_pct", "logins_file", "pools"}
    )
    water = plant.hydraulics.model_dump()
    water["pumps_duty"] = plant.hydraulics.pumps_duty or len(plant.hydraulics.pumps)
    if plant.hydraulics.primary_volume_m3 is None:
        water["primary_volume_m3"] = WATER_M3_PER_KW * float(rated_kw.sum())
    settings = Settings(
        container_of=layout.container_of,
        rated_kw=rated_kw,
        containers=layout.containers,
        site_power_kw=plant.plant.site_power_kw,
        autostart=plant.plant.autostart,
        start_limit_s=plant.core.start_limit_s,
        gap_s=max(SHORTEST_GAP_S, SCANS_IN_A_GAP * plant.core.scan_s),
        dry_run=plant.core.reach == "dry-run",
        heat_meter=plant.heat_meter,
        boundary_meter=plant.boundary_meter or plant.heat_meter,
        outdoor=plant.outdoor,
        unit=UnitLimits(**unit),
        protection=ProtectionLimits(**plant.protection.model_dump()),
        hydraulics=HydraulicSettings(**water),
        network=NetworkSettings(role=plant.plant.network_role, **plant.network.model_dump()),
        tank=None if plant.tank is None else TankSettings(**plant.tank.model_dump()),
        booster=None if plant.booster is None else BoosterSettings(**plant.booster.model_dump()),
        heat=_heat(plant),
        prices=Prices(**plant.prices.model_dump()),
        watchdogs=(DeviceWatchdog(PLC_WATCHDOG, 1.0, plant.core.device_watchdog_max_s),),
        modes=modes if any(modes) else (),
        trim_from=_trim_from(plant),
        lacking=frozenset(),
        matrix=plant_matrix(plant),
        voted=plant_votes(plant),
        gains=_gains(plant),
    )
    return replace(settings, alarms=plant_alarms(plant, settings))


def _gains(plant: PlantFile) -> dict[str, Gains]:
    figures = plant.loops.model_dump()
    return {loop: Gains(figures[f"{loop}_gain"], figures[f"{loop}_integral_s"]) for loop in LOOPS}


def _heat(plant: PlantFile) -> HeatSettings:
    figures = plant.heat.model_dump(exclude={"schedule"})
    entries = plant.heat.schedule
    offsets = zone_offsets(plant.plant.timezone) if entries else Schedule().offsets
    return HeatSettings(**figures, schedule=Schedule(week_parts(entries), offsets))
