"""The demonstration as a visitor of the plant: it sees what the link tells and asks like anyone."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from controller.clock.now import chosen_clock, real_limit_s
from controller.core.clock import utc_s
from controller.lab.figures import Tracking, number
from controller.lab.pace import pace_line
from controller.lab.rig_client import RigClient, RigError
from controller.lab.screen import Screen
from controller.lab.story import Answer
from controller.link.client import LinkClient, LinkError, LinkLost
from controller.link.mirror import Mirror

AGAIN_AFTER_S = 0.3
DRAW_EVERY_S = 1.0
PACE_EVERY_S = 2.0
SOURCE = "operator (demo)"
RESET_EXPIRES_S = 5.0
SECONDS_PER_MINUTE = 60.0


class Visit:
    """Keeps a mirror of the plant, and is the stage on which the story is played."""

    def __init__(
        self, link: Path, rig: RigClient, pumps: tuple[str, ...], screen: Screen, invitation: str
    ) -> None:
        self.mirror: Mirror | None = None
        self.tracking = Tracking()
        self.begun = asyncio.Event()
        self._link = link
        self._rig = rig
        self._pumps = pumps
        self._screen = screen
        self._invitation = invitation
        self._pace = ""
        self._client: LinkClient | None = None

    async def listen(self) -> None:
        """Follow core's reports for ever; where the link is lost, look for it again."""
        while True:
            try:
                await self._follow()
            except LinkLost:
                # Whether core has died is for those who watch the process.
                await asyncio.sleep(AGAIN_AFTER_S)
            finally:
                self._client = None

    async def draw(self) -> None:
        """Show the plant every second, also while core is silent."""
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            if self.mirror is not None:
                self._screen.show(self.mirror, utc_s(), self._pace)
            due_s = max(due_s + DRAW_EVERY_S, loop.time())
            await asyncio.sleep(due_s - loop.time())

    async def watch_pace(self) -> None:
        """Ask the rig again and again whether the plant keeps up with a hurried clock."""
        while chosen_clock().hurried:
            try:
                self._pace = pace_line(await asyncio.to_thread(self._rig.clock))
            except RigError:
                self._pace = "speed unknown"
            await asyncio.sleep(real_limit_s(PACE_EVERY_S))

    def say(self, text: str) -> None:
        """Tell the audience."""
        self._screen.say(text)

    def invite(self) -> None:
        """Tell how to look in by OPC UA."""
        self._screen.command("From another terminal, by OPC UA:", self._invitation)

    def first_out(self) -> str:
        """What tripped first, and why; empty while nothing is tripped."""
        value = None if self.mirror is None else self.mirror.value("plant.first_out")
        return value if isinstance(value, str) else ""

    def electric_kw(self) -> float | None:
        """What all miners draw; None when it is not known."""
        return None if self.mirror is None else number(self.mirror, "plant.electric_power_kw")

    async def request_heat(self, demand_kw: float, minutes: float) -> Answer:
        """Ask for heat as an operator."""
        expires_in_s = minutes * SECONDS_PER_MINUTE
        return await self._ask("heat_demand_kw", demand_kw, "more heat is wanted", expires_in_s)

    async def request_reset(self) -> Answer:
        """Ask for the reset of all trips as an operator."""
        return await self._ask("trip_reset", None, "pumps repaired and seen", RESET_EXPIRES_S)

    async def break_pumps(self) -> None:
        """Make every primary pump fail."""
        for pump in self._pumps:
            await self._on_rig(partial(self._rig.set_fault, pump, "off"))

    async def mend_pumps(self) -> None:
        """Repair them."""
        for pump in self._pumps:
            await self._on_rig(partial(self._rig.clear_fault, pump))

    async def _follow(self) -> None:
        async with LinkClient(self._link) as client:
            if self.mirror is None or self.mirror.hello.tags_hash != client.hello.tags_hash:
                self.mirror = Mirror(client.hello)
            self._client = client
            try:
                async for report in client.reports():
                    for event in self.mirror.apply(report):
                        self._screen.event(event)
                    self.tracking.note(self.mirror)
                    self.begun.set()
            except LinkLost:
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _ask(
        self, name: str, value: float | None, reason: str, expires_in_s: float
    ) -> Answer:
        if self._client is None:
            return Answer(accepted=False, reason="core is away")
        try:
            verdict = await self._client.ask(
                name,
                value,
                source=SOURCE,
                role="operator",
                reason=reason,
                expires_in_s=expires_in_s,
            )
        except LinkError as error:
            return Answer(accepted=False, reason=str(error))
        return Answer(verdict.accepted, verdict.reason)

    async def _on_rig(self, do: Callable[[], object]) -> None:
        try:
            await asyncio.to_thread(do)
        except RigError as error:
            self._screen.say(f"The simulated plant did not do it: {error}")
