"""The alarms of a plant: those that every plant has, changed and added to by plant.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from controller.config.part import Part
from controller.config.plant import PlantFile
from controller.config.reference_number import Number, number_of
from controller.config.site import PlantAlarm
from controller.control.alarms.definition import LONGEST_SHELF_S, Alarm, Priority, Sort
from controller.control.protection.row import Row
from controller.control.settings import Settings, container_tag

SHIPPED = Path(__file__).with_suffix(".toml")
EACH = Literal["container", "pump", "exchanger", "device", "protective"]
EVERY = "{n}"


class AlarmTemplate(Part):
    """One entry of the shipped file: an alarm, or one for each of something."""

    name: str
    sort: Sort
    priority: Priority
    group: str
    cause: str
    consequence: str
    action: str
    respond_s: float = Field(gt=0)
    each: EACH | None = None
    tag: str = ""
    less: str = ""
    word: str = ""
    limit: Number = 0.0
    deadband: Number = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    count: int = 0
    count_s: float = 0.0
    latching: bool = False
    realarm_s: float = 0.0
    quiet_modes: tuple[str, ...] = ()
    longest_shelf_s: float = LONGEST_SHELF_S


@cache
def shipped() -> tuple[AlarmTemplate, ...]:
    """The alarms of every plant, as they are written down."""
    data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return tuple(AlarmTemplate.model_validate(entry) for entry in data["alarm"])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a plant's tags: all of them, those that protection needs, each device's.

    Before its devices have been built nothing is known, and no alarm is left out.
    """

    tags: frozenset[str] | None = None
    protective: tuple[str, ...] = ()
    devices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NOTHING_KNOWN = Known()


def plant_alarms(
    plant: PlantFile, settings: Settings, known: Known = NOTHING_KNOWN
) -> tuple[Alarm, ...]:
    """Every alarm of this plant; what looks at a tag that is not there is left out."""
    found = {
        alarm.name: alarm
        for template in shipped()
        for alarm in _expanded(template, plant, settings, known)
    }
    for entry in plant.alarm:
        found[entry.name] = _changed(found.get(entry.name), entry)
    device_of = {tag: name for name, of in known.devices.items() for tag in of}
    matrix = {row.cause: row for row in settings.matrix}
    return tuple(
        _with_device(alarm, device_of, matrix)
        for alarm in found.values()
        if _there(alarm, known.tags)
    )


def names_of(plant: PlantFile, settings: Settings) -> frozenset[str]:
    """The names of the alarms that the plant has without its own entries; {n} for what is open."""
    return frozenset(
        alarm.name
        for template in shipped()
        for alarm in _expanded(template, plant, settings, NOTHING_KNOWN)
    )


def _changed(known: Alarm | None, entry: PlantAlarm) -> Alarm:
    """A shipped alarm with what the plant changes of it, or one of the plant's own."""
    given = entry.model_dump(exclude_unset=known is not None)
    if "quiet_modes" in given:
        given["quiet_modes"] = frozenset(given["quiet_modes"])
    return Alarm(**given) if known is None else replace(known, **given)


def _expanded(
    template: AlarmTemplate,
    plant: PlantFile,
    settings: Settings,
    known: Known,
) -> Iterator[Alarm]:
    for name, container in _each(template, settings, known):
        given = template.model_dump(exclude={"each"})
        texts = {key: _named(given[key], name) for key in ("name", "tag", "less", "group")}
        numbers = {key: number_of(getattr(template, key), plant) for key in ("limit", "deadband")}
        device = name if template.each == "device" else ""
        modes = frozenset(template.quiet_modes)
        made = {**given, **texts, **numbers, "quiet_modes": modes}
        yield Alarm(**made, device=device, container=container)


def _each(
    template: AlarmTemplate, settings: Settings, known: Known
) -> Iterator[tuple[str, int | None]]:
    """The names for {n}, and the container where it is one."""
    match template.each:
        case None:
            yield "", None
        case "container":
            for container in range(settings.containers):
                yield container_tag(container, "x").removesuffix(".x"), container
        case "pump":
            yield from ((pump, None) for pump in settings.hydraulics.pumps)
        case "exchanger":
            count = settings.hydraulics.exchangers
            yield from ((f"exchanger-{number}", None) for number in range(1, count + 1))
        case "device":
            yield from ((name, None) for name in known.devices)
        case "protective":
            yield from ((tag, None) for tag in known.protective)


def _named(text: str, name: str) -> str:
    return text.replace(EVERY, name)


def _there(alarm: Alarm, tags: frozenset[str] | None) -> bool:
    """Whether this plant has what the alarm looks at."""
    if tags is None or alarm.sort in ("trip", "units_tripped", "silent"):
        return True
    return all(tag in tags for tag in (alarm.tag, alarm.less) if tag)


def _with_device(alarm: Alarm, device_of: Mapping[str, str], matrix: Mapping[str, Row]) -> Alarm:
    """The alarm with the device whose silence suppresses it, where its tag comes from one."""
    if alarm.device:
        return alarm
    tag = alarm.tag
    if alarm.sort == "trip":
        row = matrix.get(alarm.tag)
        if row is None or alarm.container is None:
            return alarm
        tag = row.tag.replace(EVERY, container_tag(alarm.container, "x").removesuffix(".x"))
    return replace(alarm, device=device_of.get(tag, ""))
