"""Checks that the tags of the devices fit the scan: output, kind, unit, haste."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from controller.config.plant import PlantFile
from controller.control.outputs import OutputKind, output_kinds
from controller.control.protection.causes import EMERGENCY_STOP, INLET, MAINS, SUCTION
from controller.control.settings import Settings
from controller.desk.point import Point
from controller.desk.schema import unit_of

SWITCHES = frozenset(
    {"running", "flow_proven", "leak", "contactor_closed", "valve_open", "valve_closed", "remote"}
)
"""Points that are on or off, whatever they belong to."""
SWITCH_TAGS = frozenset({EMERGENCY_STOP, MAINS})
HASTY = frozenset({"flow_proven", "leak"})
"""Points whose change stops a container."""
HASTY_TAGS = frozenset(
    {"primary.flow_lpm", "primary.hot_temperature_c", EMERGENCY_STOP, MAINS, SUCTION, INLET}
)
"""Tags whose change stops the plant within seconds."""
MOST_NAMED = 6

Found = Iterator[tuple[str, str, str]]


def instrument_rules(plant: PlantFile, settings: Settings, points: Sequence[Point]) -> Found:
    """Code, place and what is wrong with the profiles for this plant, a line for each device."""
    outputs = output_kinds(settings)
    for number, device in enumerate(plant.device, 1):
        own = [point for point in points if point.device == device.name]
        wrong = {
            "HC214": [
                one.tag.name for one in own if one.tag.name in outputs and not one.register.writable
            ],
            "HC215": [one.tag.name for one in own if not _of_its_kind(one, outputs)],
            "HC216": [told for one in own if (told := _wrong_unit(one))],
            "HC217": [one.tag.name for one in own if _hasty(one) and not one.tag.protective],
        }
        for code, names in wrong.items():
            if names:
                yield code, f"device.{number}.profile", listed(names)


def listed(names: Iterable[str]) -> str:
    """The first few of them, and whether there are more."""
    known = list(names)
    return ", ".join(known[:MOST_NAMED]) + (", ..." if len(known) > MOST_NAMED else "")


def _of_its_kind(point: Point, outputs: Mapping[str, OutputKind]) -> bool:
    """A switch where a switch is expected, a number where its name ends with a unit."""
    name = point.tag.name
    if name in outputs:
        return point.tag.kind == outputs[name]
    if unit_of(point.part):
        return point.tag.kind == "number"
    return point.tag.kind == "flag" or not (point.part in SWITCHES or name in SWITCH_TAGS)


def _wrong_unit(point: Point) -> str:
    """The tag with the unit it is measured in, where its name ends with another one."""
    expected, given = unit_of(point.part), point.register.unit
    if not expected or not given or given == expected:
        return ""
    return f"{point.tag.name} in {given}"


def _hasty(point: Point) -> bool:
    return point.part in HASTY or point.tag.name in HASTY_TAGS
