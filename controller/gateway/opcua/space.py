"""The address space: a folder for each piece of equipment, made from core's hello alone."""

import re
from dataclasses import dataclass

from asyncua import ua
from asyncua.server.address_space import AddressSpace
from asyncua.ua.object_ids import ObjectIds

from controller.gateway.opcua.nodes import ANALOG_ITEM, PROPERTY, VARIABLE, Garden, Sort, sort
from controller.gateway.opcua.units import engineering_units
from controller.gateway.opcua.values import NOT_YET, TYPES, nothing
from controller.gateway.opcua.words import node_id, standard
from controller.link.messages import ColumnInfo, Hello, TagInfo, UnitInfo

ROOT = node_id("hearth")
NUMBERED = re.compile(r"([a-z][a-z0-9-]*?)-(\d+)")
# What ends a column's name is its unit (house rule): it is told in the description instead.
UNIT_SUFFIXES = ("_kw", "_kwh", "_c", "_k", "_ths", "_lpm", "_kpa", "_pct", "_s")

RANGE_SORT = sort(standard(ObjectIds.Range), "Engineering range", type_definition=PROPERTY)
UNITS_SORT = sort(standard(ObjectIds.EUInformation), "Unit of measure", type_definition=PROPERTY)


@dataclass(frozen=True)
class Space:
    """Where values go: the node of each tag, and of each column the node of each unit."""

    tags: tuple[ua.NodeId, ...]
    columns: dict[str, tuple[ua.NodeId, ...]]


def plant_root(space: AddressSpace, name: str) -> Garden:
    """The folder of the plant, and in it nothing yet."""
    garden = Garden(space)
    garden.folder(standard(ObjectIds.ObjectsFolder), ROOT, "Hearth", name)
    return garden


def plant_space(garden: Garden, hello: Hello, ready: dict[str, ua.NodeId]) -> Space:
    """All that core announces; tags whose nodes stand already, `ready`, are not made again."""
    folders = _Folders(garden)
    tags = tuple(
        ready[tag.name] if tag.name in ready else _plant_tag(garden, folders, tag)
        for tag in hello.tags
    )
    return Space(tags, _plant_units(garden, folders, hello.units, hello.columns))


class _Folders:
    """Folders by equipment: `pump-1` stands in Pumps, `dry-cooler` by itself."""

    def __init__(self, garden: Garden) -> None:
        self._garden = garden
        self._made: dict[str, ua.NodeId] = {}

    def of(self, equipment: str) -> ua.NodeId:
        """The folder of this equipment."""
        numbered = NUMBERED.fullmatch(equipment)
        if numbered is None:
            return self.under(ROOT, equipment, _title(equipment))
        group, number = numbered.groups()
        above = self.under(ROOT, f"{group}s", f"{_title(group)}s")
        return self.under(above, equipment, f"{_title(group)}-{number}")

    def under(self, parent: ua.NodeId, key: str, name: str) -> ua.NodeId:
        """The folder of this key, made when it is first asked for."""
        if key not in self._made:
            # Equipment may be called like the root: the controller's own registers in a PLC are.
            taken = node_id(key) == ROOT
            identifier = node_id(f"{key}.folder") if taken else node_id(key)
            self._made[key] = self._garden.folder(parent, identifier, name)
        return self._made[key]


def _plant_tag(garden: Garden, folders: _Folders, tag: TagInfo) -> ua.NodeId:
    equipment, _, point = tag.name.partition(".")
    ranged = tag.kind == "number" and tag.low is not None and tag.high is not None
    kind = ANALOG_ITEM if ranged else VARIABLE
    of = sort(TYPES[tag.kind], tag.description, type_definition=kind)
    node = node_id(tag.name)
    garden.variable(folders.of(equipment), node, point or equipment, of, nothing(NOT_YET))
    if tag.low is not None and tag.high is not None and ranged:
        plant_range(garden, node, tag.name, tag.low, tag.high)
    if tag.unit:
        units = engineering_units(tag.unit)
        garden.property(
            node, node_id(f"{tag.name}.EngineeringUnits"), "EngineeringUnits", UNITS_SORT, units
        )
    return node


def plant_range(garden: Garden, node: ua.NodeId, name: str, low: float, high: float) -> None:
    """Say between which values a variable lies."""
    limits = ua.Range(ua.Double(low), ua.Double(high))
    garden.property(node, node_id(f"{name}.EURange"), "EURange", RANGE_SORT, limits)


def _plant_units(
    garden: Garden, folders: _Folders, units: tuple[UnitInfo, ...], columns: tuple[ColumnInfo, ...]
) -> dict[str, tuple[ua.NodeId, ...]]:
    sorts = [(column, _title(_point(column.name)), _sort_of(column)) for column in columns]
    nodes: dict[str, list[ua.NodeId]] = {column.name: [] for column in columns}
    for unit in units:
        container = f"container-{unit.container:02}"
        above = folders.under(folders.of(container), f"{container}.units", "Units")
        folder = garden.folder(above, node_id(unit.name), unit.name)
        for column, name, of in sorts:
            node = node_id(f"{unit.name}.{column.name}")
            garden.variable(folder, node, name, of, nothing(NOT_YET))
            nodes[column.name].append(node)
    return {name: tuple(column) for name, column in nodes.items()}


def _sort_of(column: ColumnInfo) -> Sort:
    kind = ua.VariantType.Int32 if column.dtype == "i1" else ua.VariantType.Double
    words = f"{column.description}, {column.unit}" if column.unit else column.description
    return sort(kind, words)


def _point(column: str) -> str:
    for suffix in UNIT_SUFFIXES:
        if column.endswith(suffix):
            return column.removesuffix(suffix)
    return column


def _title(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]", name))
