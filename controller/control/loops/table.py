"""The loops of a plant: what each of them holds, what it moves, how fast, and within what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from controller.control.pi import PiTuning
from controller.control.settings import FEW_PLANTS, Settings

OUTPUT_RAMP_PCT_PER_S = 2.0
"""How fast an output moves to where a person wants it, and away from it after a change of mode."""
RAMP_K_PER_S = 0.05
"""How fast a temperature's set-point moves when it changes hands: 3 K in a minute."""
FULL_SCALE_S = 100.0
"""Other set-points cross their whole range in this time."""
LEAST_PRESSURE_PCT = 5.0
"""The pump that holds the pressure is never slower."""
PRESSURE_RANGE = (0.25, 2.0)
"""Set-points of the pressure that a person may ask for, as shares of the plant's own."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop. A person's set-point lies from `low` to `high`, in `unit`, as its value does.

    The set-point moves by `ramp_per_s` when it changes hands, the output by `output_pct_per_s`.
    `outputs` are the tags that follow its output; a master loop has none of its own.
    """

    name: str
    holds: str
    value: str
    unit: str
    outputs: tuple[str, ...]
    low: float
    high: float
    ramp_per_s: float
    tuning: PiTuning
    output_pct_per_s: float = OUTPUT_RAMP_PCT_PER_S


@lru_cache(FEW_PLANTS)
def loops(settings: Settings) -> Mapping[str, Loop]:
    """Every loop of this plant by its name."""
    found = [_outlet(settings), _flow(settings), _supply(settings)]
    if settings.hydraulics.dry_cooler_kw > 0.0:
        found.append(_reject(settings))
    if settings.separated:
        found.append(_pressure(settings) if _sole(settings) else _heat(settings))
        found.append(_mixing(settings))
    if settings.booster is not None:
        found.append(_booster(settings))
    return MappingProxyType({loop.name: loop for loop in found})


def supply_tag(settings: Settings) -> str:
    """The temperature that the network is given."""
    if settings.separated:
        return "network.supply_temperature_c"
    return f"{settings.boundary_meter}.supply_temperature_c"


def _sole(settings: Settings) -> bool:
    return settings.network.role == "sole_source"


def _tuning(settings: Settings, name: str, low: float = 0.0) -> PiTuning:
    gains = settings.gains[name]
    return PiTuning(gains.gain, gains.integral_s, low, 100.0)


def _outlet(settings: Settings) -> Loop:
    """The master of the primary flow: its output is the share of the room above the floor."""
    return Loop(
        "outlet",
        "outlet of the hottest running unit",
        "plant.hottest_outlet_c",
        "°C",
        (),
        settings.hydraulics.cold_header_setpoint_c,
        settings.unit.outlet_warn_c,
        RAMP_K_PER_S,
        _tuning(settings, "outlet"),
    )


def _flow(settings: Settings) -> Loop:
    most_lpm = settings.hydraulics.primary_flow_max_lpm
    return Loop(
        "flow",
        "primary flow",
        "primary.flow_lpm",
        "L/min",
        tuple(f"{pump}.speed_pct" for pump in settings.hydraulics.pumps),
        0.0,
        most_lpm,
        most_lpm / FULL_SCALE_S,
        _tuning(settings, "flow", settings.hydraulics.pump_min_pct),
    )


def _supply(settings: Settings) -> Loop:
    high_c = settings.hydraulics.supply_max_c
    if settings.tank is not None:
        high_c = max(high_c, settings.tank.full_c)
    return Loop(
        "supply",
        "supply behind the exchangers",
        "district.supply_temperature_c",
        "°C",
        ("district-pump.speed_pct",),
        min(settings.network.return_max_c, high_c),
        high_c,
        RAMP_K_PER_S,
        _tuning(settings, "supply", settings.hydraulics.district_min_pct),
    )


def _reject(settings: Settings) -> Loop:
    return Loop(
        "reject",
        "cold header",
        "primary.cold_temperature_c",
        "°C",
        ("three-way-valve.position_pct",),
        settings.hydraulics.cold_header_reject_c,
        settings.unit.inlet_max_c,
        RAMP_K_PER_S,
        _tuning(settings, "reject"),
    )


def _heat(settings: Settings) -> Loop:
    most_kw = settings.heat.max_heat_kw
    return Loop(
        "heat",
        "heat that is sold",
        f"{settings.boundary_meter}.power_kw",
        "kW",
        ("network-pump.speed_pct",),
        0.0,
        most_kw,
        most_kw / FULL_SCALE_S,
        _tuning(settings, "heat"),
        settings.network.pump_ramp_pct_per_s,
    )


def _pressure(settings: Settings) -> Loop:
    kpa = settings.network.differential_pressure_kpa
    low, high = (share * kpa for share in PRESSURE_RANGE)
    return Loop(
        "pressure",
        "differential pressure of the consumers",
        "network.differential_pressure_kpa",
        "kPa",
        ("network-pump.speed_pct",),
        low,
        high,
        kpa / FULL_SCALE_S,
        _tuning(settings, "pressure", LEAST_PRESSURE_PCT),
        settings.network.pump_ramp_pct_per_s,
    )


def _mixing(settings: Settings) -> Loop:
    return _delivery(settings, "mixing", "mixing-valve.position_pct")


def _booster(settings: Settings) -> Loop:
    return _delivery(settings, "booster", "booster.power_pct")


def _delivery(settings: Settings, name: str, output: str) -> Loop:
    high_c = settings.hydraulics.supply_max_c
    return Loop(
        name,
        "supply that the network is given",
        supply_tag(settings),
        "°C",
        (output,),
        min(settings.network.return_max_c, high_c),
        high_c,
        RAMP_K_PER_S,
        _tuning(settings, name),
    )
