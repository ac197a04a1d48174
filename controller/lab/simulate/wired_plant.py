"""The plant with all its wires, in virtual time: real drivers, real servers, TCP in memory.

It is looked at and led as the plant without wires is (`SoftPlant`), a second at a time; between two
seconds the loop rests, with all its tasks in it.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from ipaddress import ip_address
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from controller.config.load import load_plant
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, miner_addresses, scan_settings
from controller.control.decision import Decision
from controller.control.state import PlantState, Request, first_state
from controller.core.cycle import Cycle, Sinks
from controller.field.acceptance import Acceptance
from controller.field.alarm_facts import known_alarms
from controller.field.device_facts import known_devices
from controller.field.devices import build_field
from controller.field.field_work import FieldWork
from controller.image.process_image import Snapshot
from controller.lab.description import rig_addresses
from controller.lab.loopback_copy import write_copy
from controller.lab.real import NOTHING_REAL
from controller.lab.rig import open_doors
from controller.lab.virtual_loop import VirtualLoop
from simulators.wire.lives import lives
from simulators.world import World

NOWHERE = ("127.0.0.1", 1)
"""The rig's own control port: nobody listens there."""
STEP_S = 0.5


class WiredPlant:
    """A world behind its wires and the parts of the core that look at it, decide and order."""

    def __init__(
        self, file: PlantFile, world: World, seed: int, utc_s: float, step_s: float = STEP_S
    ) -> None:
        self.world = world
        self.decision: Decision | None = None
        self.snapshot: Snapshot | None = None
        self._utc_s, self._step_s = utc_s, step_s
        file = _at_loopback(file)
        settings = scan_settings(file)
        field = build_field(file, settings, self._utc)
        settings = known_devices(settings, field.devices)
        self.settings = known_alarms(file, settings, field)
        self._addresses = rig_addresses(file, NOWHERE)
        self._loop = VirtualLoop()
        self._work = FieldWork(
            file,
            field,
            acceptance=Acceptance(models=_models(file)),
            dice=Random(seed),  # noqa: S311 - no secret, and the same in every run
            clock=self._loop.time,
            poll_period_s=file.core.poll_s,
        )
        # What a failed scan leaves behind is gone with the run; the failure itself is not.
        self._dumps = TemporaryDirectory(prefix="hearth-simulate-")
        layout = fleet_layout(file)
        self._cycle = Cycle(
            self._work.image,
            self.settings,
            first_state(len(layout), layout.containers, settings.heat.recovery, ()),
            1.0,
            Sinks(act=self._act, report=self._report, feed=lambda: None),
            Path(self._dumps.name),
            self._loop.time,
            self._utc,
        )
        self._over = asyncio.Event()
        self._life = self._loop.create_task(self._live(), name="plant")
        try:
            self.second()
        except BaseException:
            self.close()
            raise

    @property
    def state(self) -> PlantState:
        """What the scan remembers."""
        assert self.decision is not None, "the first scan comes with the first second"  # noqa: S101
        return self.decision.state

    def second(self, requests: Sequence[Request] = ()) -> Decision:
        """Let one second pass for everybody; what was decided last in it.

        What it died of, when a part of the controller has ended.
        """
        for request in requests:
            self._cycle.ask(request)
        self._loop.run_until_complete(self._pass_second())
        if self._life.done():
            self._life.result()
            raise RuntimeError("the controller has ended")
        assert self.decision is not None, "a second has a scan"  # noqa: S101
        return self.decision

    def close(self) -> None:
        """End all tasks and connections; there may be no second after it."""
        self._loop.run_until_complete(self._end())
        self._loop.close()
        self._dumps.cleanup()

    async def _end(self) -> None:
        self._over.set()
        await asyncio.wait((self._life,))

    def _utc(self) -> float:
        return self._utc_s + self.world.now_s

    async def _pass_second(self) -> None:
        for _ in range(round(1.0 / self._step_s)):
            self.world.step(self._step_s)
            await asyncio.sleep(self._step_s)

    async def _live(self) -> None:
        async with AsyncExitStack() as doors:
            await open_doors(doors, self.world, self._addresses, self._utc_s)
            async with lives() as group:
                tasks = [
                    group.create_task(life, name=name)
                    for name, life in (
                        *self._work.lives(self._cycle.wake),
                        ("cycle", self._cycle.run()),
                    )
                ]
                await self._over.wait()
                for task in tasks:
                    task.cancel()
            await self._work.close()

    def _act(self, decision: Decision, snapshot: Snapshot) -> None:
        if not self._work.apply(decision, snapshot):
            self._cycle.let_go()

    def _report(self, decision: Decision, snapshot: Snapshot) -> None:
        self.decision, self.snapshot = decision, snapshot
        self._work.news()


def _at_loopback(file: PlantFile) -> PlantFile:
    """The plant with all devices at loopback addresses, where alone the simulated ones may be."""
    hosts = {host for host, _ in miner_addresses(file)} | {one.host for one in file.device}
    if all(ip_address(host).is_loopback for host in hosts):
        return file
    with TemporaryDirectory(prefix="hearth-simulate-") as folder:
        return load_plant(write_copy(file, NOTHING_REAL, Path(folder), Path("plant.toml")))


def _models(file: PlantFile) -> frozenset[str]:
    """All models of the plant: a simulated one is believed without a probe."""
    own = {box.model for box in file.container if box.model is not None}
    return frozenset(own | {file.miners.model})
