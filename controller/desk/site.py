"""Checks that a plant.toml and its devices fit: profiles, tags, pumps, fence, times."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from controller.config.findings import Finding, refuse
from controller.config.load import Examination, examine
from controller.config.miners import Api
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.config.words import meant
from controller.control.dew_point import DEW_POINT
from controller.control.made_tags import made_tags
from controller.control.needs import needed_tags
from controller.control.protection.causes import CONDUCTIVITY, EMERGENCY_STOP, MAINS, SUCTION
from controller.control.settings import Settings
from controller.desk.files import file_rules
from controller.desk.instruments import instrument_rules, listed
from controller.desk.point import Point
from controller.field.devices import PROTECTIVE_AGES_S, periods_of, points_of
from drivers.cgminer.dialects import MONITORING_ONLY, dialect_for
from drivers.whatsminer import dialects as whatsminers

HARD_WIRED_FLOW_TRIP_S = 10.0
"""The relays of a feeder open so long after flow is lost (manual of the plant's PLC)."""
LAYERS = "tank.layer_"
UNWATCHED = {
    EMERGENCY_STOP: "Hearth does not see an emergency stop",
    MAINS: "after a power cut miners start before Hearth knows of flow",
    SUCTION: "pumps that draw air are not stopped",
    CONDUCTIVITY: "foul water is not noticed",
    DEW_POINT: "units may start while their inlet is wet with dew",
}

Found = Iterator[tuple[str, str, str]]


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
        if not mistakes:
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
    names |= {entry.tag for entry in plant.voted if names.issuperset(entry.channels)}
    yield from _doubled(plant, points)
    yield from _protection(plant)
    yield from instrument_rules(plant, settings, points)
    yield from _dialects(plant)
    yield from file_rules(plant)
    if whole:
        yield from _missing(plant, settings, names)
        yield from _fence(plant, points)
        yield from _unwatched(plant, names)
        yield from _unseen(plant, names)
        yield from _blind_alarms(plant, names | {tag.name for tag in made_tags(settings)})


def _unwatched(plant: PlantFile, names: set[str]) -> Found:
    """Instruments that a plant can do without, and what it is then not protected against."""
    for tag, danger in UNWATCHED.items():
        if tag not in names:
            yield "HC212", "device", f"no device provides {tag}: {danger}"
    if plant.tank is not None and not any(name.startswith(LAYERS) for name in names):
        yield "HC218", "tank", f"no device provides {LAYERS}1_temperature_c or another layer"


def _unseen(plant: PlantFile, names: set[str]) -> Found:
    """Interlocks and channels that look at nothing."""
    for number, interlock in enumerate(plant.interlock, 1):
        if interlock.tag not in names:
            told = f"{interlock.tag!r}{meant(interlock.tag, names)}"
            yield "HC333", f"interlock.{number}.tag", told
    for number, voted in enumerate(plant.voted, 1):
        for channel in voted.channels:
            if channel not in names:
                told = f"{channel!r}{meant(channel, names)}"
                yield "HC333", f"voted.{number}.channels", told


def _blind_alarms(plant: PlantFile, names: set[str]) -> Found:
    """Alarms of the plant's own that look at nothing."""
    for number, entry in enumerate(plant.alarm, 1):
        for key, tag in (("tag", entry.tag), ("less", entry.less)):
            if tag and tag not in names:
                yield "HC704", f"alarm.{number}.{key}", f"{tag!r}{meant(tag, names)}"


def _missing(plant: PlantFile, settings: Settings, names: set[str]) -> Found:
    """Tags that nobody provides, a line for each piece of equipment."""
    devices = {device.name for device in plant.device}
    roles = {plant.heat_meter, plant.boundary_meter, plant.outdoor} - {None}
    known = {name.partition(".")[0] for name in names}
    # A name that no device bears is wrong itself, and that is told already.
    strangers = tuple(f"{role}." for role in roles - devices - known)
    missing = {tag for tag in needed_tags(settings) - names if not tag.startswith(strangers)}
    pumps = plant.hydraulics.pumps
    by_equipment: dict[str, list[str]] = {}
    for tag in sorted(missing):
        by_equipment.setdefault(tag.partition(".")[0], []).append(tag)
    for equipment, tags in by_equipment.items():
        told = listed(tags)
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
        told = listed(tags)
        number = len(names) - names[::-1].index(devices[-1])
        yield "HC208", f"device.{number}", f"{' and '.join(devices)} provide {told}"


def _fence(plant: PlantFile, points: tuple[Point, ...]) -> Found:
    equipment = {point.equipment for point in points}
    written = {point.equipment for point in points if point.register.writable}
    for name in plant.core.fence:
        if name not in equipment:
            yield "HC603", "core.fence", f"there is no {name!r}{meant(name, equipment)}"
        elif name not in written:
            yield "HC607", "core.fence", f"{name!r} has no output"


def _dialects(plant: PlantFile) -> Found:
    """Models that nobody has described, each where it is named."""
    usual = plant.miners.model
    if dialect_for(usual) is MONITORING_ONLY and any(one.model is None for one in plant.container):
        yield "HC112", "miners.model", f"{usual!r}"
    for number, container in enumerate(plant.container, 1):
        model = container.model
        if model is not None and not _described(model, container.api):
            yield "HC112", f"container.{number}.model", f"{model!r}"


def _described(model: str, api: Api) -> bool:
    """Whether a dialect tells how these units are ordered."""
    if api == "whatsminer":
        return whatsminers.dialect_for(model) is not whatsminers.MONITORING_ONLY
    return dialect_for(model) is not MONITORING_ONLY


def _protection(plant: PlantFile) -> Found:
    """A reading may be old, then its cause must stand, and then a scan must see it."""
    for key in ("flow_delay_s", "container_flow_delay_s"):
        whole_s = PROTECTIVE_AGES_S[1] + getattr(plant.protection, key) + plant.core.scan_s
        if whole_s > HARD_WIRED_FLOW_TRIP_S:
            told = f"up to {whole_s:g} s; the relays take {HARD_WIRED_FLOW_TRIP_S:g} s"
            yield "HC506", f"protection.{key}", told
