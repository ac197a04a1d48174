"""All that is connected, by the name of its door: looked at together, set one by one."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from controller.config.load import load_plant
from controller.config.plant import Device, PlantFile
from controller.config.settings import scan_settings
from controller.control.settings import Settings
from controller.field.devices import modbus_device
from controller.lab.hil.door import Door, DoorError, Undo
from controller.lab.hil.link_door import LinkDoor
from controller.lab.hil.modbus_door import ModbusDoor
from controller.lab.hil.rig_door import FaultDoor, MonitorDoor, RigDoor
from controller.lab.hil.steps import StepsFile, Value, figures_of, points_set, split
from controller.lab.places import HOST
from controller.lab.rig_client import RigClient
from controller.link.messages import LINK_NAME

RESERVED = ("rig", "fault", "monitor", "link", "opcua")
AnyDoor = RigDoor | FaultDoor | MonitorDoor | ModbusDoor | LinkDoor


def plant_of(file: StepsFile) -> PlantFile | None:
    """The plant that the bench names."""
    return None if file.bench.plant is None else load_plant(file.bench.plant)


def devices_of(file: StepsFile, plant: PlantFile | None) -> dict[str, ModbusDoor]:
    """A door to each Modbus device, those of plant.toml and those of the file itself."""
    found: list[tuple[Device, Settings | None]] = []
    if plant is not None:
        settings = scan_settings(plant)
        found = [(device, settings) for device in plant.device]
    found += [(device, None) for device in file.device]
    return {
        device.name: ModbusDoor(
            modbus_device(device, around), f"{device.profile} at {device.host}:{device.port}"
        )
        for device, around in found
    }


def link_path(file: StepsFile, plant: PlantFile | None) -> Path | None:
    """Where core's link is: as the bench says, else where that of its plant is."""
    if file.bench.link is not None or plant is None:
        return file.bench.link
    return plant.core.state_dir / LINK_NAME


class Bench:
    """The doors of one run."""

    def __init__(self, file: StepsFile) -> None:
        self._doors: dict[str, Door] = {}
        self._stack = AsyncExitStack()
        bench, plant = file.bench, plant_of(file)
        used = {split(point)[0] for point in (*figures_of(file), *points_set(file))}
        opened: dict[str, AnyDoor] = {}
        if bench.rig is not None:
            rig, where = RigClient(HOST, bench.rig), f"control port {bench.rig}"
            opened |= {
                "rig": RigDoor(rig, where),
                "fault": FaultDoor(rig, where),
                "monitor": MonitorDoor(rig, where),
            }
        if (link := link_path(file, plant)) is not None:
            opened["link"] = LinkDoor(link, bench.link_role)
        opened |= devices_of(file, plant)
        self._closed = {name: door for name, door in opened.items() if name in used}
        self._opcua = bench.opcua if "opcua" in used else None

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        for name, door in self._closed.items():
            self._doors[name] = await self._stack.enter_async_context(door)
        if self._opcua is not None:
            # Its library takes half a second to load, and most benches do without.
            from controller.lab.hil.opcua_door import OpcUaDoor  # noqa: PLC0415

            self._doors["opcua"] = await self._stack.enter_async_context(OpcUaDoor(self._opcua))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    def connected(self) -> dict[str, str]:
        """Each door and what it leads to."""
        return {name: door.where for name, door in self._doors.items()}

    async def unknown(self, read: Iterable[str], put: Iterable[str]) -> dict[str, str]:
        """Points that are not there, each with what is, and doors where nobody answers."""
        reads, puts = _by_door(read), _by_door(put)
        found: dict[str, str] = {}
        for name, door in self._doors.items():
            try:
                absent = await door.unknown(reads.get(name, []), puts.get(name, []))
            except DoorError as error:
                found[f"{name}:"] = str(error)
                continue
            found |= {f"{name}:{what}": why for what, why in absent.items()}
        return found

    async def look(self, figures: Iterable[str]) -> dict[str, Value | None]:
        """All figures now, every door asked at the same time."""
        by_door = _by_door(figures)
        async with asyncio.TaskGroup() as group:
            looks = {
                name: group.create_task(self._doors[name].look(names), name=f"look {name}")
                for name, names in by_door.items()
            }
        return {
            f"{door}:{name}": looks[door].result().get(name)
            for door, names in by_door.items()
            for name in names
        }

    async def undo(self, point: str) -> Undo | None:
        """How to put back what a point is now."""
        door, name = split(point)
        return await self._doors[door].undo(name)

    async def put(self, point: str, value: Value, life_s: float) -> None:
        """Set a point."""
        door, name = split(point)
        await self._doors[door].put(name, value, life_s)


def _by_door(points: Iterable[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for point in dict.fromkeys(points):
        door, name = split(point)
        found.setdefault(door, []).append(name)
    return found
