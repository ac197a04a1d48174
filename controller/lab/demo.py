"""`hearth demo`: the simulated plant, the controller, and a story about both.

The rig and the controller are programs of their own, as on a site; this one only watches by the
link, breaks things in the rig, and asks as an operator would.
"""

import asyncio
import json
import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from controller.clock.now import real_limit_s
from controller.config.load import ConfigError, load_plant
from controller.core.clock import utc_s
from controller.lab.children import ChildDied, Children, stay
from controller.lab.demo_site import Site, write_site
from controller.lab.figures import figures
from controller.lab.picture import Camera
from controller.lab.processes import Usage, child_named, read_usage
from controller.lab.rig_client import RigClient, RigError
from controller.lab.scenario_files import load_scenario
from controller.lab.scenario_story import follow
from controller.lab.screen import Screen, screen_for
from controller.lab.site_text import CONTAINERS, UNITS
from controller.lab.story import story, tell
from controller.lab.visit import Visit

RIG_HOST = "127.0.0.1"
RIG_WITHIN_S = 60.0
LINK_WITHIN_S = 30.0
LOOK_EVERY_S = 0.2
# 4,000 kW with all 920 units.
RAISED_KW_PER_UNIT = 4_000.0 / (CONTAINERS * UNITS)


class DemoError(Exception):
    """The demonstration cannot go on; the message says why."""


async def run_demo(
    stop: asyncio.Event,
    *,
    duration_s: float,
    json_file: Path | None,
    picture_file: Path | None = None,
    containers: int = CONTAINERS,
    units: int = UNITS,
    scenario: str | None = None,
) -> None:
    """Play until `stop`, or for so many seconds (0: without end); leaves nothing behind."""
    for file in filter(None, (json_file, picture_file)):
        if not file.absolute().parent.is_dir():
            raise ConfigError(f"{file}: there is no folder {file.absolute().parent}")
    # A terminal that is closed would else leave the children running.
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, stop.set)
    with TemporaryDirectory(prefix="hearth-demo-") as folder:
        site = write_site(Path(folder), containers=containers, units=units)
        if scenario is not None:
            load_scenario(scenario, 1.0)
        since_utc_s = utc_s()
        screen = Camera(screen_for(Console(), since_utc_s), since_utc_s)
        play = Play(site, screen, RAISED_KW_PER_UNIT * containers * units, scenario)
        try:
            await play.until(stop, duration_s, json_file)
            if picture_file is not None and not screen.save(picture_file):
                screen.say("The end came before the first report: there is no picture.")
        except* (ChildDied, DemoError) as errors:
            raise SystemExit("\n".join(f"hearth: {told}" for told in _leaves(errors))) from None


class Play:
    """One performance: the programs, the visit, and what is told of them at the end."""

    def __init__(
        self, site: Site, screen: Screen, raised_kw: float, scenario: str | None = None
    ) -> None:
        self._scenario = scenario
        self._site = site
        self._screen = screen
        self._raised_kw = raised_kw
        self._rig = RigClient(RIG_HOST, site.control_port)
        pumps = load_plant(site.config).hydraulics.pumps
        invitation = site.opcua_command("uaread", "-n", "ns=2;s=plant.heat_delivered_kw")
        self._visit = Visit(site.link, self._rig, pumps, screen, invitation)
        self._pids: dict[str, int] = {"demo": os.getpid()}

    async def until(self, stop: asyncio.Event, duration_s: float, json_file: Path | None) -> None:
        """Play, and write the figures while everybody is still alive."""
        with self._screen.open():
            async with Children() as children:
                async with asyncio.TaskGroup() as group:
                    whole = group.create_task(self._whole(children), name="demonstration")
                    with suppress(TimeoutError):
                        async with asyncio.timeout(duration_s if duration_s > 0.0 else None):
                            await stop.wait()
                    whole.cancel()
                if json_file is not None:
                    await self._write_figures(json_file)

    async def _whole(self, children: Children) -> None:
        site, screen = self._site, self._screen
        self._visit.invite()
        async with asyncio.TaskGroup() as group:
            screen.say("(It answers as soon as the plant runs.) The simulated devices start …")
            await self._start(children, group, "rig", "--control", str(site.control_port))
            await self._rig_serves()
            screen.say("The simulated devices are there; the controller starts …")
            await self._start(children, group, "run")
            group.create_task(self._visit.listen(), name="link")
            group.create_task(self._visit.draw(), name="screen")
            group.create_task(self._visit.watch_pace(), name="pace")
            await self._link_reports()
            group.create_task(self._happen(), name="story")

    async def _happen(self) -> None:
        """What is done to the plant: a scenario by the rig, or the story by this program."""
        if self._scenario is None:
            await tell(self._visit, story(self._raised_kw))
        else:
            await follow(self._scenario, self._rig, self._screen.say)

    async def _start(
        self, children: Children, group: asyncio.TaskGroup, verb: str, *options: str
    ) -> None:
        name = {"rig": "rig", "run": "core"}[verb]
        log = self._site.folder / f"{name}.log"
        child = await children.start(name, verb, str(self._site.config), *options, log=log)
        self._pids[name] = child.process.pid
        group.create_task(stay(child), name=f"watch {name}")

    async def _rig_serves(self) -> None:
        try:
            async with asyncio.timeout(real_limit_s(RIG_WITHIN_S)):
                await self._first_truth()
        except TimeoutError as late:
            raise DemoError(f"the rig did not serve within {RIG_WITHIN_S:.0f} s") from late

    async def _first_truth(self) -> None:
        while True:
            if await self._truth() is not None:
                return
            await asyncio.sleep(real_limit_s(LOOK_EVERY_S))

    async def _link_reports(self) -> None:
        try:
            async with asyncio.timeout(real_limit_s(LINK_WITHIN_S)):
                await self._visit.begun.wait()
        except TimeoutError as late:
            raise DemoError(f"core did not report within {LINK_WITHIN_S:.0f} s") from late

    async def _truth(self) -> dict[str, float | int | bool] | None:
        try:
            return await asyncio.to_thread(self._rig.truth)
        except RigError:
            return None

    async def _write_figures(self, json_file: Path) -> None:
        mirror = self._visit.mirror
        if mirror is None:
            self._screen.say("The end came before the first report: there are no figures.")
            return
        told = figures(mirror, self._visit.tracking, self._usages(), await self._truth())
        text = json.dumps(told, indent=2, allow_nan=False) + "\n"
        await asyncio.to_thread(json_file.write_text, text, encoding="utf-8")

    def _usages(self) -> Mapping[str, Usage | None]:
        pids: dict[str, int | None] = dict(self._pids)
        core = pids.get("core")
        pids["gateway"] = None if core is None else child_named(core, "gateway")
        return {name: None if pid is None else read_usage(pid) for name, pid in pids.items()}


def _leaves(errors: BaseExceptionGroup[Exception]) -> list[str]:
    """The messages in a group of groups, each once."""
    told: list[str] = []
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            told += _leaves(error)
        else:
            told.append(str(error))
    return list(dict.fromkeys(told))
