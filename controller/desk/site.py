"""Checks that a plant.toml and its devices fit: profiles, tags, pumps, fence, times."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from controller.config.findings import Finding, refuse
from controller.config.load import Examination, examine
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.config.words import meant
from controller.control.causes import CONDUCTIVITY, EMERGENCY_STOP, MAINS, SUCTION
from controller.control.needs import needed_tags
from controller.control.permissives import DEW_POINT
from controller.control.settings import Settings
from controller.field.devices import PROTECTIVE_AGES_S, periods_of, points_of
from controller.image.tag import Tag
from drivers.modbus.register import Register

HARD_WIRED_FLOW_TRIP_S = 10.0
"""The relays of a feeder open so long after flow is lost (manual of the plant's PLC)."""
MOST_NAMED = 6
UNWATCHED = {
    EMERGENCY_STOP: "Hearth does not see an emergency stop",
    MAINS: "after a power cut miners start before Hearth knows of flow",
    SUCTION: "pumps that draw air are not stopped",
    CONDUCTIVITY: "foul water is not noticed",
    DEW_POINT: "units may start while their inlet is wet with dew",
}

Found = Iterator[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Point:
    """One tag that a device provides."""

    device: str
    tag: Tag
    register: Register
    period_s: float


@dataclass(frozen=True, slots=True)
class Site:
    """A whole examined site: what is wrong with it, and the tags that it has."""

    examination: Examination
    settings: Settings | None
    points: tuple[Point, ...]
    findings: tuple[Finding, ...]


def examine_site(path: Path) -> Site:
    """Everything that is wrong with a plant.toml, by itself and with its devices."""
    examination = examine(path)
    plant = examination.plant
    if plant is None or not examination.intact("container", "hydraulics.pumps"):
        return Site(examination, None, (), examination.findings)
    settings = scan_settings(plant)
    points, wrong = _points(plant, settings)
    found = [examination.found(code, place, text) for code, place, text in wrong]
    whole = not wrong and examination.intact("device", "heat_meter", "boundary_meter", "outdoor")
    for code, place, text in _rules(plant, settings, points, whole=whole):
        if examination.intact(place) or code == "HC207":
            found.append(examination.found(code, place, text))
    return Site(examination, settings, points, (*examination.findings, *found))


def load_site(path: Path) -> PlantFile:
    """The plant of a plant.toml without errors; ConfigError tells all of them."""
    site = examine_site(path)
    refuse(site.findings)
    assert site.examination.plant is not None, "what cannot be read has an error"  # noqa: S101
    return site.examination.plant


def _points(
    plant: PlantFile, settings: Settings
) -> tuple[tuple[Point, ...], list[tuple[str, str, str]]]:
    points: list[Point] = []
    wrong: list[tuple[str, str, str]] = []
    for number, device in enumerate(plant.device, 1):
        provided, mistakes = points_of(device, settings)
        periods_s = periods_of(device)
        wrong += [(one.code, f"device.{number}.{one.key}", one.text) for one in mistakes]
        points += [
            Point(device.name, tag, register, periods_s[register.group])
            for tag, register in provided
        ]
    return tuple(points), wrong


def _rules(
    plant: PlantFile, settings: Settings, points: tuple[Point, ...], *, whole: bool
) -> Found:
    """The rules that need to know the tags; those of what is missing only where all are known."""
    names = {point.tag.name for point in points}
    yield from _doubled(plant, points)
    yield from _protection(plant)
    if whole:
        yield from _missing(plant, settings, names)
        yield from _fence(plant, names)
        yield from _unwatched(names)


def _unwatched(names: set[str]) -> Found:
    """Instruments that a plant can do without, and what it is then not protected against."""
    for tag, danger in UNWATCHED.items():
        if tag not in names:
            yield "HC212", "device", f"no device provides {tag}: {danger}"


def _missing(plant: PlantFile, settings: Settings, names: set[str]) -> Found:
    """Tags that nobody provides, a line for each piece of equipment."""
    missing = needed_tags(settings) - names
    devices = {device.name for device in plant.device}
    roles = {plant.heat_meter, plant.boundary_meter, plant.outdoor}
    pumps = plant.hydraulics.pumps
    known = {name.partition(".")[0] for name in names}
    by_equipment: dict[str, list[str]] = {}
    for tag in sorted(missing):
        by_equipment.setdefault(tag.partition(".")[0], []).append(tag)
    for equipment, tags in by_equipment.items():
        if equipment in roles and equipment not in devices | known:
            continue  # The name itself is wrong, and that is told already.
        told = ", ".join(tags[:MOST_NAMED]) + (", ..." if len(tags) > MOST_NAMED else "")
        if equipment in pumps and equipment not in known:
            told += f": no device knows {equipment}{meant(equipment, known)}"
            yield "HC207", "hydraulics.pumps", told
        elif equipment in devices:
            number = [device.name for device in plant.device].index(equipment) + 1
            yield "HC207", f"device.{number}.profile", f"does not provide {told}"
        else:
            yield "HC207", _why(equipment), f"no device provides {told}"


def _why(equipment: str) -> str:
    """The key because of which equipment is needed."""
    kind = equipment.rstrip("0123456789-")
    because = {
        "network": "plant.network_role",
        "network-pump": "plant.network_role",
        "mixing-valve": "plant.network_role",
        "booster": "booster",
        "tank": "tank",
        "exchanger": "hydraulics.exchangers",
        "three-way-valve": "hydraulics.dry_cooler_kw",
        "dry-cooler": "hydraulics.dry_cooler_kw",
        "container": "container",
    }
    return because.get(kind, "device")


def _doubled(plant: PlantFile, points: tuple[Point, ...]) -> Found:
    counts = Counter(point.tag.name for point in points)
    providers: dict[tuple[str, ...], list[str]] = {}
    for name, count in counts.items():
        if count > 1:
            of = tuple(point.device for point in points if point.tag.name == name)
            providers.setdefault(of, []).append(name)
    names = [device.name for device in plant.device]
    for devices, tags in providers.items():
        if len(set(devices)) == 1 and names.count(devices[0]) > 1:
            continue  # Two devices with one name, which is told already.
        told = ", ".join(tags[:MOST_NAMED]) + (", ..." if len(tags) > MOST_NAMED else "")
        number = len(names) - names[::-1].index(devices[-1])
        yield "HC208", f"device.{number}", f"{' and '.join(devices)} provide {told}"


def _fence(plant: PlantFile, names: set[str]) -> Found:
    equipment = {name.partition(".")[0] for name in names}
    for name in plant.core.fence:
        if name not in equipment:
            yield "HC603", "core.fence", f"there is no {name!r}{meant(name, equipment)}"


def _protection(plant: PlantFile) -> Found:
    """A reading may be old, then its cause must stand, and then a scan must see it."""
    for key in ("flow_delay_s", "container_flow_delay_s"):
        whole_s = PROTECTIVE_AGES_S[1] + getattr(plant.protection, key) + plant.core.scan_s
        if whole_s > HARD_WIRED_FLOW_TRIP_S:
            told = f"up to {whole_s:g} s; the relays take {HARD_WIRED_FLOW_TRIP_S:g} s"
            yield "HC506", f"protection.{key}", told
