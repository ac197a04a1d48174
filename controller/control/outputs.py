"""What may be written in a plant of these settings: each output with its kind, by equipment."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from controller.control.settings import FEW_PLANTS, Settings, container_tag

OutputKind = Literal["number", "flag"]

PERCENT = (0.0, 100.0)
"""Every number that is written is a percentage."""


@lru_cache(FEW_PLANTS)
def output_kinds(settings: Settings) -> Mapping[str, OutputKind]:
    """Every output that this plant has, as `equipment.point`."""
    kinds: dict[str, OutputKind] = {}
    for equipment in (*settings.hydraulics.pumps, "district-pump", *_separated(settings)):
        kinds[f"{equipment}.run"] = "flag"
        kinds[f"{equipment}.speed_pct"] = "number"
    if settings.separated:
        kinds["mixing-valve.position_pct"] = "number"
    if settings.hydraulics.dry_cooler_kw > 0.0:
        kinds["three-way-valve.position_pct"] = "number"
        kinds["dry-cooler.fan_pct"] = "number"
    if settings.booster is not None:
        kinds["booster.run"] = "flag"
        kinds["booster.power_pct"] = "number"
    kinds["make-up.valve_open_command"] = "flag"
    for number in range(1, settings.hydraulics.exchangers + 1):
        kinds[f"exchanger-{number}.valve_open_command"] = "flag"
    for container in range(settings.containers):
        kinds[container_tag(container, "contactor_close")] = "flag"
        kinds[container_tag(container, "valve_open_command")] = "flag"
    return MappingProxyType(kinds)


@lru_cache(FEW_PLANTS)
def equipment_outputs(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """The outputs of each piece of equipment."""
    grouped: dict[str, tuple[str, ...]] = {}
    for tag in output_kinds(settings):
        equipment = tag.partition(".")[0]
        grouped[equipment] = (*grouped.get(equipment, ()), tag)
    return MappingProxyType(grouped)


def _separated(settings: Settings) -> tuple[str, ...]:
    return ("network-pump",) if settings.separated else ()
