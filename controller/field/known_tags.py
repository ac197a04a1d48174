"""What Hearth knows of a tag by its name: unit, number or switch, and whether protection needs it.

The maps of the simulated devices bear every tag that Hearth uses, so they are the list of them.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from controller.control.settings import Settings
from drivers.modbus.profile import load_profile
from drivers.modbus.register import Register

_UNITS: Final = {
    "kw": "kW",
    "kwh": "kWh",
    "c": "°C",
    "k": "K",
    "lpm": "L/min",
    "kpa": "kPa",
    "pct": "%",
    "s": "s",
    "m3": "m³",
    "us_cm": "µS/cm",
}
"""House units by the ending of a tag's name."""


@dataclass(frozen=True, slots=True)
class Known:
    """A tag that Hearth decides with."""

    flag: bool
    protective: bool


def house_unit(tag: str) -> str:
    """The unit that ends a tag's name; nothing where none does."""
    words = tag.partition(".")[2].split("_")
    endings = ("_".join(words[first:]) for first in range(1, len(words)))
    return next((_UNITS[ending] for ending in endings if ending in _UNITS), "")


def known_tag(tag: str, settings: Settings) -> Known | None:
    """What Hearth does with this tag of this plant; None where it only shows it."""
    equipment, _, point = tag.partition(".")
    if equipment in (settings.heat_meter, settings.boundary_meter):
        return _points("sim_heat_meter").get(point)
    if equipment == settings.outdoor:
        return _points("sim_outdoor_sensor").get(point)
    if equipment in settings.hydraulics.pumps:
        tag = f"pump-1.{point}"
    return _points("sim_cdu_plc").get(_any(tag)) or _points("sim_feeder_panel").get(_any(tag))


@cache
def _points(profile: str) -> dict[str, Known]:
    return {_any(one.name): _known(one) for one in load_profile(profile).registers}


def _known(register: Register) -> Known:
    return Known(register.is_flag, register.group == "protective")


def _any(tag: str) -> str:
    """The name with its numbers left open: pump-2 is a pump as pump-1 is."""
    return re.sub(r"\d+", "0", tag)
