"""The figures that decisions are made with; `controller.config` builds them and holds defaults."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from controller.control.alarms.definition import Alarm
from controller.control.protection.row import Row
from controller.control.voting import Voted

Curve = tuple[tuple[float, float], ...]
"""Points (x, y) with rising x; straight lines between them, flat beyond the ends."""


@dataclass(frozen=True, slots=True)
class WorkMode:
    """One work mode of a model, at its rating."""

    name: str
    power_kw: float
    hashrate_ths: float


@dataclass(frozen=True, slots=True)
class UnitLimits:
    """What one miner stands, and how it may be switched."""

    outlet_warn_c: float
    outlet_trip_c: float
    chip_trip_c: float
    inlet_max_c: float
    flow_floor_lpm: float
    flow_trip_lpm: float
    standby_kw: float
    min_on_s: float
    min_off_s: float
    sleeps_per_day: int
    wakes_per_s: float
    wake_limit_s: float
    follow_limit_s: float
    mode_hold_s: float


@dataclass(frozen=True, slots=True)
class ProtectionLimits:
    """When the plant is stopped, how long a cause must stand, and what follows."""

    flow_delay_s: float
    container_flow_delay_s: float
    temperature_delay_s: float
    contactor_after_s: float
    obeyed_fraction: float
    clear_s: float
    reclose_flow_s: float
    reclose_apart_s: float
    start_flow_s: float
    suction_trip_kpa: float
    inlet_trip_kpa: float
    head_trip_kpa: float
    restarts_per_h: int
    pressure_delay_s: float
    conductivity_trip_us_cm: float
    conductivity_delay_s: float
    dew_point_margin_k: float


@dataclass(frozen=True, slots=True)
class HydraulicSettings:
    """Pumps, flows and temperatures that the cooling loops work with."""

    pumps: tuple[str, ...]
    pumps_duty: int
    exchangers: int
    primary_volume_m3: float
    suction_fill_kpa: float
    suction_start_kpa: float
    primary_flow_max_lpm: float
    district_flow_max_lpm: float
    pump_min_pct: float
    pump_safe_pct: float
    pump_turn_h: float
    district_min_pct: float
    outlet_setpoint_c: float
    cold_header_setpoint_c: float
    cold_header_reject_c: float
    dry_cooler_kw: float
    post_run_s: float
    supply_max_c: float


@dataclass(frozen=True, slots=True)
class TankSettings:
    """The buffer tank; its state of charge counts from the return temperature to `full_c`."""

    volume_m3: float
    full_c: float
    low_pct: float
    high_pct: float


@dataclass(frozen=True, slots=True)
class BoosterSettings:
    """What lifts the supply temperature; `rated_kw` is heat."""

    kind: Literal["electric_boiler", "heat_pump"]
    rated_kw: float
    cop: float


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What the plant is to the network, and the pump that feeds it from the separator."""

    role: Literal["injector", "sole_source"]
    flow_max_lpm: float
    differential_pressure_kpa: float
    return_max_c: float
    pump_ramp_pct_per_s: float


@dataclass(frozen=True, slots=True)
class ScheduledHeat:
    """Heat for a part of the week, in seconds of local time since Monday's midnight.

    A part that ends before it begins goes on over the week's end.
    """

    from_s: float
    to_s: float
    heat_kw: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """The week's scheduled heat, and the local time it is written in.

    `offsets` are pairs (UTC from which it holds, seconds that local time is ahead of UTC).
    """

    parts: tuple[ScheduledHeat, ...] = ()
    offsets: tuple[tuple[float, float], ...] = ((-math.inf, 0.0),)


@dataclass(frozen=True, slots=True)
class HeatSettings:
    """Where the heat target comes from and what a kilowatt of electricity becomes."""

    demand_curve: Curve
    supply_curve: Curve
    outdoor_filter_s: float
    outdoor_fallback_c: float
    max_heat_kw: float
    recovery: float
    recovery_low: float
    recovery_high: float
    recovery_filter_s: float
    ramp_kw_per_min: float
    supply_ramp_k_per_h: float
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Prices:
    """What an hour is worth: example prices until the plan brings real ones."""

    power_eur_mwh: float
    heat_eur_mwh: float
    hash_eur_ths_day: float


@dataclass(frozen=True, slots=True)
class DeviceWatchdog:
    """The tag with the time after which a device gives us up, and where that must lie."""

    tag: str
    low_s: float
    high_s: float
    disabled_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Gains:
    """Of one control loop: output in % for each unit of its error, and its integral time."""

    gain: float
    integral_s: float


FEW_PLANTS = 16
"""Of so many settings what follows from them is remembered: a process has one, a test some."""


# Compared by identity: what follows from one is remembered for it.
@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Everything a scan needs to know about this plant that does not change while it runs.

    `container_of` and `rated_kw` have one entry a unit; containers count from 0. `modes` are the
    work modes of each container's model by rising power (empty: only on and asleep), `trim_from`
    the share of its rating from which on a unit's power may be set freely (1: it may not). Two
    scans further apart than `gap_s` leave a gap in which anything may have happened. `lacking` are
    the outputs of such a plant that no device of this one takes, `device_tags` the tags by which
    each device's silence shows. `matrix` is cause and effect, `voted` the tags of several channels.
    `gains` has those of each control loop by its name.
    """

    container_of: NDArray[np.int64]
    rated_kw: NDArray[np.float64]
    containers: int
    site_power_kw: float
    autostart: bool
    start_limit_s: float
    gap_s: float
    dry_run: bool
    heat_meter: str
    boundary_meter: str
    outdoor: str
    unit: UnitLimits
    protection: ProtectionLimits
    hydraulics: HydraulicSettings
    network: NetworkSettings
    tank: TankSettings | None
    booster: BoosterSettings | None
    heat: HeatSettings
    prices: Prices
    watchdogs: tuple[DeviceWatchdog, ...]
    modes: tuple[tuple[WorkMode, ...], ...]
    trim_from: NDArray[np.float64]
    lacking: frozenset[str]
    matrix: tuple[Row, ...] = ()
    voted: Mapping[str, Voted] = field(default_factory=dict)
    alarms: tuple[Alarm, ...] = ()
    device_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gains: Mapping[str, Gains] = field(default_factory=dict)

    @property
    def separated(self) -> bool:
        """Whether a separator parts the exchangers' flow from the network's."""
        return self.tank is not None or self.network.role == "sole_source"

    @property
    def units_in(self) -> NDArray[np.int64]:
        """How many units each container holds."""
        return _units_in(self)

    @property
    def total_kw(self) -> float:
        """What all units are rated at together."""
        return _total_kw(self)


@lru_cache(FEW_PLANTS)
def _units_in(settings: Settings) -> NDArray[np.int64]:
    return np.bincount(settings.container_of, minlength=settings.containers)


@lru_cache(FEW_PLANTS)
def _total_kw(settings: Settings) -> float:
    return float(settings.rated_kw.sum())


@cache
def container_tag(container: int, point: str) -> str:
    """The name of a container's tag; containers count from 0 inside and from 1 in names."""
    return f"container-{container + 1:02}.{point}"


@cache
def container_tags(containers: int, point: str) -> tuple[str, ...]:
    """The name of this point of every container, in their order."""
    return tuple(container_tag(container, point) for container in range(containers))


def along(curve: Curve, x: float) -> float:
    """The curve's value at x."""
    if not x > curve[0][0]:
        return curve[0][1]
    if x >= curve[-1][0]:
        return curve[-1][1]
    row = bisect_right(curve, x, key=_first)
    (left_x, left_y), (right_x, right_y) = curve[row - 1], curve[row]
    return left_y + (right_y - left_y) / (right_x - left_x) * (x - left_x)


def _first(point: tuple[float, float]) -> float:
    return point[0]
