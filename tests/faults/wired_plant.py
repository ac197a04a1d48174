"""A small plant with its controller: the world behind its wires, and hands and eyes on it.

Everything between the sensor and the pump is the real thing: drivers, pollers, image, cycle, scan
and actuators; time is the loop's own.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.control.decision import Decision, Event
from controller.control.state import Request, first_state
from controller.core.cycle import Cycle, Sinks
from controller.field.acceptance import Acceptance
from controller.field.alarm_facts import known_alarms
from controller.field.device_facts import known_devices
from controller.field.devices import build_field
from controller.field.field_work import FieldWork
from controller.image.fleet import Fleet
from controller.image.process_image import Snapshot
from controller.image.tag import Quality
from controller.lab.description import describe, rig_addresses
from controller.lab.rig import open_doors
from drivers.modbus.device import ModbusDevice
from simulators.monitor import Monitor
from simulators.wire.lives import lives
from simulators.world import World
from tests.scenarios.evening import ALL_METERS, small_plant

STEP_S = 0.5


class WiredPlant:
    """World, wires and controller; `decision` is what was decided last."""

    def __init__(self, file: PlantFile, folder: Path) -> None:
        self.file = file
        settings = scan_settings(file)
        self.world = World(describe(file), 7)
        self.monitor = Monitor(self.world, file.plant.site_power_kw)
        self.field = build_field(file, settings)
        settings = known_devices(settings, self.field.devices)
        self.settings = known_alarms(file, settings, self.field)
        self.work = FieldWork(
            file,
            self.field,
            acceptance=Acceptance("1566HA"),
            dice=Random(7),
            clock=lambda: self.now_s,
            poll_period_s=5.0,
        )
        self.image = self.work.image
        self.counts = self.work.water_counts
        self.events: list[tuple[float, Event]] = []
        self.decision: Decision | None = None
        self.scans = 0
        self.reads: dict[str, int] = {}
        self._folder = folder
        for device in self.field.devices:
            _count(device, self.reads)

    @property
    def fleet(self) -> Fleet:
        """What is known of the miners."""
        return self.image.fleet

    @property
    def now_s(self) -> float:
        """The time of the loop, which is the plant's too."""
        return asyncio.get_running_loop().time()

    @property
    def cycle_failed(self) -> bool:
        """Whether a scan has failed and left its inputs behind."""
        return any(self._folder.iterdir())

    def device(self, name: str) -> ModbusDevice:
        """The driver of one device."""
        return next(one for one in self.field.devices if one.name == name)

    def connections(self, name: str) -> int:
        """How many connections to a device there have been."""
        return self.device(name)._link.connection  # noqa: SLF001 - the driver's own count

    def wrong_values(self, name: str) -> dict[str, tuple[float, object]]:
        """What the image shows of a device that is not so, beside what is."""
        shown = self.snapshot()
        true = {
            "cdu": self.world.plc.points,
            "heat-meter": self.world.heat_meter.points,
            "outdoor": self.world.outdoor.points,
        }[name]()
        named = {point if "." in point else f"{name}.{point}": v for point, v in true.items()}
        wrong = {}
        for tag, value in named.items():
            told = shown.number(tag) if shown.has(tag) and not tag.startswith("plc.") else None
            # A plant at rest moves little from one reading to the next.
            if told is not None and abs(told - float(value or 0.0)) > 1.0 + 0.03 * abs(told):
                wrong[tag] = (told, value)
        return wrong

    def snapshot(self) -> Snapshot:
        """The image as a scan would see it now."""
        return self.image.freeze(self.now_s, 0.0)

    def quality(self, tag: str) -> Quality:
        """How far one tag can be trusted now."""
        snapshot = self.snapshot()
        return Quality(snapshot.quality[snapshot.index[tag]])

    def told(self, words: str, since_s: float = 0.0) -> list[str]:
        """Events with these words, of the scan and of the hands, since a time."""
        return [
            event.text for at_s, event in self.events if at_s >= since_s and words in event.text
        ]

    def told_of(self, source: str, since_s: float) -> bool:
        """Whether an event has named this since a time."""
        return any(at_s >= since_s and event.source == source for at_s, event in self.events)

    def ask(self, name: str, value: float | str | None, *, role: str = "operator") -> None:
        """Let a person ask for something, for the next ten minutes."""
        until_s = self.now_s + 600.0
        number = len(self.events)
        self.cycle.ask(
            Request(f"{name} {number}", "opcua:anna", role, name, value, "trial", until_s)
        )

    def hold(self, tag: str, value: float) -> None:
        """Let an engineer set an output by hand for the next ten minutes."""
        self.ask(f"hand:{tag}", value, role="engineer")

    async def pass_time(self, seconds: float) -> None:
        """Let the world and everybody who looks at it go on together."""
        for _ in range(round(seconds / STEP_S)):
            self.world.step(STEP_S)
            self.monitor.look()
            await asyncio.sleep(STEP_S)

    async def until(self, claim: Callable[[], bool], limit_s: float) -> float:
        """How long it takes until this is so; fails when it takes longer than the limit."""
        begun_s = self.now_s
        while not claim():
            assert self.now_s - begun_s < limit_s, f"not so within {limit_s} s"
            await self.pass_time(STEP_S)
        return self.now_s - begun_s

    async def stays(self, claim: Callable[[], bool], seconds: float) -> None:
        """Fails when this is not so at any look within these seconds."""
        begun_s = self.now_s
        while self.now_s - begun_s < seconds:
            assert claim(), f"no longer so after {self.now_s - begun_s:.1f} s"
            await self.pass_time(STEP_S)

    def eyes(self, woken: Callable[[], None]) -> list[Any]:
        """The lives of all pollers of Modbus devices."""
        return [life for _, life in self.work.eyes(woken)]

    def controller(self) -> list[Any]:
        """The lives of a whole controller."""
        layout = self.image.fleet.layout
        state = first_state(len(layout), layout.containers, self.settings.heat.recovery, ())
        sinks = Sinks(act=self._act, report=self._report, feed=lambda: None)
        self.cycle = cycle = Cycle(
            self.image, self.settings, state, 1.0, sinks, self._folder, lambda: self.now_s
        )
        return [cycle.run(), *(life for _, life in self.work.lives(cycle.wake))]

    def _act(self, decision: Decision, snapshot: Snapshot) -> None:
        if not self.work.apply(decision, snapshot):
            self.cycle.let_go()

    def _report(self, decision: Decision, snapshot: Snapshot) -> None:
        self.decision = decision
        self.scans += 1
        news = (*decision.events, *self.work.news())
        self.events += [(snapshot.now_s, event) for event in news]


def _count(device: ModbusDevice, reads: dict[str, int]) -> None:
    """Count the device's successful readings by name and group."""
    read = device.read

    async def counted(group: str) -> Any:  # noqa: ANN401 - the driver's own answer
        values = await read(group)
        reads[f"{device.name} {group}"] = reads.get(f"{device.name} {group}", 0) + 1
        return values

    device.read = counted  # type: ignore[method-assign] # counting changes nothing


def plant_file(
    serials: Mapping[str, int], zero_transactions: Collection[str], tables: Mapping[str, Any]
) -> PlantFile:
    """Two containers of five with every meter; devices with a serial number are believed by it."""
    file = small_plant(5, 2, devices=ALL_METERS, boundary_meter="boundary-meter", **tables)
    devices = [
        device.model_copy(
            update={
                "serial": serials.get(device.name),
                "zero_transaction": device.name in zero_transactions,
            }
        )
        for device in file.device
    ]
    return file.model_copy(update={"device": type(file.device)(devices)})


@asynccontextmanager
async def wires(
    folder: Path,
    serials: Mapping[str, int] = MappingProxyType({}),
    zero_transactions: Collection[str] = (),
    **tables: Any,  # noqa: ANN401
) -> AsyncIterator[WiredPlant]:
    """The plant served on its addresses, and nobody there yet; `tables` are of plant.toml."""
    plant = WiredPlant(plant_file(serials, zero_transactions, tables), folder)
    async with AsyncExitStack() as doors:
        await open_doors(doors, plant.world, rig_addresses(plant.file, ("127.0.0.1", 1)))
        yield plant
        await plant.work.close()


@asynccontextmanager
async def living(coroutines: list[Any]) -> AsyncIterator[None]:
    """Run coroutines beside the block and end them with it."""
    async with lives() as group:
        tasks = [group.create_task(life) for life in coroutines]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


@asynccontextmanager
async def watched(folder: Path, **tables: Any) -> AsyncIterator[WiredPlant]:  # noqa: ANN401
    """A plant that is only looked at, for three seconds already."""
    async with wires(folder, **tables) as plant, living(plant.eyes(lambda: None)):
        await plant.pass_time(3.0)
        yield plant


@asynccontextmanager
async def controlled(folder: Path, **tables: Any) -> AsyncIterator[WiredPlant]:  # noqa: ANN401
    """A plant whose controller has had it in hand for some seconds; nothing unsafe may happen."""
    async with wires(folder, **tables) as plant, living(plant.controller()):
        await plant.until(lambda: _in_hand(plant), 30.0)
        yield plant
        assert [rule for rule in plant.monitor.told() if rule["count"]] == []


def _in_hand(plant: WiredPlant) -> bool:
    decision = plant.decision
    return decision is not None and decision.writing and decision.state.pen.holder == "ours"
