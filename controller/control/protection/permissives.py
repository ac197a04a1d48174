"""Permissives: what must be so before something may begin, and what of it is missing, in words.

Unknown is missing. An instrument that this plant does not have asks for nothing.
"""

from collections.abc import Iterator

import numpy as np

from controller.control.container_flags import where_off
from controller.control.dew_point import DEW_POINT, least_inlet_c
from controller.control.protection.causes import (
    EMERGENCY_STOP,
    HEATING_KW,
    MAINS,
    SUCTION,
    no_flow,
)
from controller.control.settings import Settings
from controller.control.state import Order
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot

DARK_SHARE = 0.05
"""Units that are not heard, up to this share of the installed power, are not waited for."""


def missing_for_pumps(snapshot: Snapshot, settings: Settings) -> tuple[str, ...]:
    """What the pumps lack to run: water at their suction."""
    return tuple(_suction(snapshot, settings))


def missing_for_heat(snapshot: Snapshot, settings: Settings) -> tuple[str, ...]:
    """What the units lack to hash: mains, flow, a dry inlet, somewhere for the heat to go."""
    return tuple(_heat(snapshot, settings))


def missing_for_maintenance(
    kind: Order, snapshot: Snapshot, settings: Settings, *, dark: bool
) -> tuple[str, ...]:
    """What a kind of maintenance lacks: no power, and standing pumps or water to vent with."""
    missing = [] if dark else ["the miners' power is not proven to be gone"]
    if kind == "vent":
        return (*missing, *_suction(snapshot, settings))
    missing += [
        f"{pump} is not proven to stand still"
        for pump in settings.hydraulics.pumps
        if snapshot.flag(f"{pump}.running") is not False
    ]
    return tuple(missing)


def is_dark(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether the miners' power is proven to be gone: nobody who is heard heats, and few are not.

    What a unit said before its contactor was proven open is not asked any more.
    """
    told_kw = snapshot.fleet.power_kw[_fed(snapshot, settings)]
    return not (told_kw > HEATING_KW).any() and is_low(snapshot, settings)


def is_low(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether nearly all of the miners' power is proven to be gone.

    A unit that is not heard counts at its rating.
    """
    told_kw = snapshot.fleet.power_kw
    power_kw = np.where(np.isnan(told_kw), settings.rated_kw, told_kw)[_fed(snapshot, settings)]
    return float(power_kw.sum()) <= DARK_SHARE * float(settings.rated_kw.sum())


def _fed(snapshot: Snapshot, settings: Settings) -> Flags:
    """The units whose contactor is not proven open."""
    return ~where_off(snapshot, "contactor_closed", settings)[settings.container_of]


def open_exchangers(snapshot: Snapshot, settings: Settings) -> int:
    """How many exchangers pass water; a single one without a valve always does."""
    count = settings.hydraulics.exchangers
    return sum(
        snapshot.flag(f"exchanger-{number}.valve_open") is True
        or not snapshot.has(f"exchanger-{number}.valve_open")
        for number in range(1, count + 1)
    )


def _heat(snapshot: Snapshot, settings: Settings) -> Iterator[str]:
    for tag, words in ((EMERGENCY_STOP, "emergency stop"), (MAINS, "mains")):
        if snapshot.has(tag) and snapshot.flag(tag) is not True:
            yield f"{words}: {tag} is not proven"
    yield from _suction(snapshot, settings)
    obstacle = no_flow(snapshot, settings)
    if obstacle is not None:
        yield obstacle
    yield from _dew_point(snapshot, settings)
    if not open_exchangers(snapshot, settings) and settings.hydraulics.dry_cooler_kw <= 0.0:
        yield "no exchanger is open and there is no dry cooler"


def _suction(snapshot: Snapshot, settings: Settings) -> list[str]:
    if not snapshot.has(SUCTION):
        return []
    least_kpa = settings.hydraulics.suction_start_kpa
    suction_kpa = snapshot.number(SUCTION)
    if suction_kpa is not None and suction_kpa >= least_kpa:
        return []
    told = "unknown" if suction_kpa is None else f"{suction_kpa:.0f} kPa"
    return [f"suction pressure is {told}, it must be {least_kpa:.0f} kPa: fill the loop"]


def _dew_point(snapshot: Snapshot, settings: Settings) -> Iterator[str]:
    if not snapshot.has(DEW_POINT):
        return
    dew_c, least_c = snapshot.number(DEW_POINT), least_inlet_c(snapshot, settings)
    cold_c = snapshot.number("primary.cold_temperature_c")
    margin_k = settings.protection.dew_point_margin_k
    if least_c is None or cold_c is None or not cold_c >= least_c:
        inlet = "unknown" if cold_c is None else f"{cold_c:.1f} °C"
        dew = "unknown" if dew_c is None else f"{dew_c:.1f} °C"
        yield f"cold header is {inlet}, it must be {margin_k:.0f} K above the dew point {dew}"
