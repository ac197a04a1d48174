"""The probe: shows on one unit that it does what its dialect says, and writes down how.

An engineer runs it while nobody else commands the unit. Each step is proven by telemetry, never by
the unit's answer alone; whatever happens, the unit is woken again in the work mode it was found in,
or it is said that it was not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from drivers.cgminer.dialects import MONITORING_ONLY, Dialect, Mode, ModeOrder, dialect_for
from drivers.cgminer.miner import Miner
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.errors import BadReply, DeviceError, NoAnswer, Refused

LOOK_EVERY_S = 1.0
DARK_KW = 0.2
FULL_SHARE = 0.8
# Telemetry is a few seconds old, and firmware takes its time to answer after a restart.
PATIENCE = 1.25
GRACE_S = 10.0
REFUSED_AGAIN_S = 20.0
MODE_WITHIN = 0.08

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried: whether it did as the dialect says, and what was measured.

    `claimed_s` is the time that the dialect states; the last telemetry stands beside it.
    """

    name: str
    passed: bool
    seconds: float
    told: str
    claimed_s: float | None = None
    power_kw: float | None = None
    inlet_c: float | None = None
    outlet_c: float | None = None


@dataclass(slots=True)
class Report:
    """What a probe found; `passed` needs every step, and `left_as` says how the unit was left."""

    unit: str
    model: str = ""
    firmware: str = ""
    serial: str = ""
    dialect: str = MONITORING_ONLY.name
    capabilities: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    left_as: str = "untouched"

    @property
    def passed(self) -> bool:
        """Whether everything was shown."""
        return bool(self.steps) and all(step.passed for step in self.steps)


class _Stop(Exception):  # noqa: N818 - the probe ends here, which is no fault of the program
    """The next steps make no sense any more."""


class Probe:
    """One probe of one unit; `outlet_most_c` is where no unit is tried, `stop` ends it early."""

    def __init__(
        self, miner: Miner, outlet_most_c: float, say: Say, stop: asyncio.Event, *, modes: bool
    ) -> None:
        self.report = Report(unit=miner.name)
        self.stop = stop
        self._leaving = False
        self._found_in: Mode | None = None
        self._mode_ordered = False
        self._swapped = False
        self._miner = miner
        self._outlet_most_c = outlet_most_c
        self._say = say
        self._modes = modes
        self._dialect: Dialect = MONITORING_ONLY

    async def look(self) -> MinerReading | None:
        """Who answers, and whether it may be tried: its reading, or None and a failed step."""
        try:
            who = await self._miner.identify()
            reading = await self._miner.poll()
            self.report.capabilities = await self._miner.capabilities()
        except DeviceError as error:
            self._note("look", 0.0, str(error), passed=False)
            return None
        self.report.model = reading.model or who.model
        self.report.firmware = reading.firmware or who.firmware or ""
        self.report.serial = reading.serial or who.serial or ""
        self._dialect = dialect_for(self.report.model, self.report.firmware)
        self.report.dialect = self._dialect.name
        self._found_in = self._dialect.mode_numbered(reading.work_mode)
        obstacle = self._obstacle(reading)
        told = obstacle or f"hashing at {reading.power_kw} kW"
        self._note("look", 0.0, told, passed=not obstacle, reading=reading)
        return None if obstacle else reading

    async def sleep_and_wake(self) -> None:
        """Sleep, wake, and its modes if asked; on the way out it hashes, or it is said."""
        self._miner.dialect = self._dialect.accept()
        try:
            await self._sleep()
            await self._wake("wake")
            # The mode it was found in comes last: so it is shown too, and the unit is left in it.
            others = [mode for mode in self._dialect.modes if mode != self._found_in]
            if self._modes and self._found_in is not None and others:
                for mode in (*others, self._found_in):
                    await self._mode(mode)
        except _Stop:
            await self._leave_hashing()

    def _obstacle(self, reading: MinerReading) -> str | None:
        if self._dialect.sleep is None or self._dialect.wake is None:
            return f"no dialect describes {self.report.model!r}: it can only be monitored"
        if unlisted := sorted(self._dialect.words - set(self.report.capabilities)):
            return f"its help does not list {', '.join(unlisted)}, which {self._dialect.name} uses"
        if reading.state is not MinerState.RUNNING:
            return f"the unit is {reading.state.name.lower()}: it must hash before it is tried"
        if self._dialect.modes and self._found_in is None:
            return f"work mode {reading.work_mode}: {self._dialect.name} knows no such mode"
        return self._too_hot(reading.outlet_c)

    def _too_hot(self, outlet_c: float | None) -> str | None:
        if outlet_c is None:
            return "the unit does not tell its outlet temperature: unknown is too hot"
        if outlet_c < self._outlet_most_c:
            return None
        return f"outlet {outlet_c:.1f} °C: it must be below {self._outlet_most_c:.0f} °C"

    async def _sleep(self) -> None:
        order = self._dialect.sleep
        claimed_s = order.done_within_s if order else 0.0
        await self._step("sleep", self._miner.sleep, self._is_asleep, claimed_s)
        self.report.left_as = "asleep"

    async def _wake(self, name: str) -> None:
        order = self._dialect.wake
        claimed_s = order.done_within_s if order else 0.0
        await self._step(name, self._miner.wake, self._is_awake, claimed_s)
        self.report.left_as = "hashing"

    def _is_asleep(self, reading: MinerReading) -> bool:
        """Whether it is dark, and shows what its dialect takes for sleep."""
        sleep = self._dialect.sleep
        dark = reading.power_kw is not None and reading.power_kw <= DARK_KW
        return dark and sleep is not None and sleep.proven_by(reading)

    def _is_awake(self, reading: MinerReading) -> bool:
        """Whether it hashes at nearly the full power of the mode that it says it is in."""
        mode = self._dialect.mode_numbered(reading.work_mode)
        rated_kw = mode.rated_kw if mode is not None else self._dialect.rated_kw
        if rated_kw is None:
            rated_kw = reading.details.mode_goal_kw
        wake = self._dialect.wake
        if wake is None or not wake.proven_by(reading) or rated_kw is None:
            return False
        return reading.power_kw is not None and reading.power_kw >= FULL_SHARE * rated_kw

    async def _mode(self, mode: Mode, prefix: str = "") -> None:
        ordering = self._dialect.set_mode
        claimed_s = ordering.order.done_within_s if ordering else 0.0

        async def order() -> None:
            self._mode_ordered = True
            await self._miner.set_mode(mode.name)
            if ordering is not None and ordering.when == "reboot":
                await self._miner.wake()

        await self._step(f"{prefix}mode {mode.name}", order, _is_in(mode, ordering), claimed_s)
        self.report.left_as = f"hashing in mode {mode.name}"

    async def _step(
        self,
        name: str,
        order: Callable[[], Awaitable[None]],
        proven: Callable[[MinerReading], bool],
        claimed_s: float,
    ) -> None:
        """Order, then look until telemetry shows it or the time is over."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        limit_s = PATIENCE * claimed_s + GRACE_S
        self._go_on(name, 0.0)
        self._say(f"{name}: ordered, {limit_s:.0f} s at most")
        self.report.left_as = "unknown"
        refused_s: float | None = begun_s
        last = "no telemetry"
        while loop.time() - begun_s < limit_s:
            self._go_on(name, loop.time() - begun_s)
            if refused_s is not None and loop.time() >= refused_s:
                refused_s = await self._try(order)
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                reading = await self._miner.poll()
            except DeviceError as error:
                last = str(error)
                continue
            self._same_unit(name, loop.time() - begun_s, reading)
            last = f"{reading.state.name.lower()}, {reading.power_kw} kW, outlet {reading.outlet_c}"
            if proven(reading):
                took_s = loop.time() - begun_s
                self._note(name, took_s, last, passed=True, claimed_s=claimed_s, reading=reading)
                return
        told = f"not within {limit_s:.0f} s: {last}"
        self._note(name, loop.time() - begun_s, told, passed=False, claimed_s=claimed_s)
        raise _Stop

    def _go_on(self, name: str, seconds: float) -> None:
        """End here where the engineer has asked for it."""
        if self.stop.is_set() and not self._leaving:
            self._note(name, seconds, "stopped by hand", passed=False)
            raise _Stop

    def _same_unit(self, name: str, seconds: float, reading: MinerReading) -> None:
        """End where somebody else answers: nothing was shown of that unit, and it is left alone."""
        if reading.serial is not None and reading.serial != self.report.serial:
            self._swapped = True
            self._note(name, seconds, f"another unit answers: {reading.serial}", passed=False)
            raise _Stop

    async def _try(self, order: Callable[[], Awaitable[None]]) -> float | None:
        """Give the order; when to give it again because it was refused, None when it was not."""
        try:
            await order()
        except Refused as error:
            # A unit that calibrates refuses for some minutes, and says so.
            self._say(f"refused: {error}")
            return asyncio.get_running_loop().time() + REFUSED_AGAIN_S
        except (NoAnswer, BadReply) as error:
            # A lost reply says nothing, and is never repeated blindly: only telemetry tells.
            self._say(f"no clear reply: {error}")
        return None

    async def _leave_hashing(self) -> None:
        """Nobody leaves a unit in a state that is not known, or in another mode, without a word."""
        if self.report.left_as == "untouched":
            return
        # Whoever ends a probe early still waits for the unit: leaving it asleep is no answer.
        self._leaving = True
        try:
            if not self._swapped:
                await self._wake("wake again")
                if self._mode_ordered and self._found_in is not None:
                    await self._mode(self._found_in, "back to ")
                return
        except _Stop:
            pass
        self.report.left_as = "unknown"
        self._say("it was not shown that the unit hashes as it was found: look at it")

    def _note(
        self,
        name: str,
        seconds: float,
        told: str,
        *,
        passed: bool,
        claimed_s: float | None = None,
        reading: MinerReading | None = None,
    ) -> None:
        step = Step(name, passed, round(seconds, 1), told, claimed_s)
        if reading is not None:
            step = replace(
                step,
                power_kw=reading.power_kw,
                inlet_c=reading.inlet_c,
                outlet_c=reading.outlet_c,
            )
        self.report.steps.append(step)
        self._say(f"{name}: {'passed' if passed else 'FAILED'} after {seconds:.0f} s: {told}")


def _is_in(mode: Mode, ordering: ModeOrder | None) -> Callable[[MinerReading], bool]:
    """Proof of a work mode: the unit says so, hashes, and draws what the mode draws."""

    def proven(reading: MinerReading) -> bool:
        rated_kw = mode.rated_kw if mode.rated_kw is not None else reading.details.mode_goal_kw
        if reading.power_kw is None or not rated_kw or ordering is None:
            return False
        near = abs(reading.power_kw / rated_kw - 1.0) <= MODE_WITHIN
        return near and ordering.order.proven_by(reading, mode.number)

    return proven
