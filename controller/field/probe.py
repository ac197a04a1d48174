"""The probe: shows on one unit that it does what its dialect says, and writes down how.

An engineer runs it while nobody else commands the unit. Each step is proven by telemetry, never by
the unit's answer alone; whatever happens, the unit is woken again or it is said that it was not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from drivers.cgminer.dialects import MONITORING_ONLY, Dialect, dialect_for
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
    """One thing that was tried: whether it did as the dialect says, how long it took, and more."""

    name: str
    passed: bool
    seconds: float
    told: str


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
    """One probe of one unit; `outlet_most_c` is where no unit is tried."""

    def __init__(self, miner: Miner, outlet_most_c: float, say: Say, *, modes: bool) -> None:
        self.report = Report(unit=miner.name)
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
        obstacle = self._obstacle(reading)
        told = obstacle or f"hashing at {reading.power_kw} kW"
        self._note("look", 0.0, told, passed=not obstacle)
        return None if obstacle else reading

    async def sleep_and_wake(self) -> None:
        """Sleep, wake, and its modes if asked; on the way out it hashes, or it is said."""
        self._miner.dialect = self._dialect.accept()
        try:
            await self._sleep()
            await self._wake("wake")
            for mode in self._dialect.modes if self._modes else ():
                await self._mode(mode.name)
        except _Stop:
            await self._leave_hashing()

    def _obstacle(self, reading: MinerReading) -> str | None:
        if self._dialect.sleep is None or self._dialect.wake is None:
            return f"no dialect describes {self.report.model!r}: it can only be monitored"
        if reading.state is not MinerState.RUNNING:
            return f"the unit is {reading.state.name.lower()}: it must hash before it is tried"
        if reading.outlet_c is not None and not reading.outlet_c < self._outlet_most_c:
            return (
                f"outlet {reading.outlet_c:.1f} °C: it must be below {self._outlet_most_c:.0f} °C"
            )
        return None

    async def _sleep(self) -> None:
        order = self._dialect.sleep
        limit_s = PATIENCE * (order.done_within_s if order else 0.0) + GRACE_S
        await self._step("sleep", self._miner.sleep, _is_asleep, limit_s)
        self.report.left_as = "asleep"

    async def _wake(self, name: str) -> None:
        order, rated_kw = self._dialect.wake, self._dialect.rated_kw
        limit_s = PATIENCE * (order.done_within_s if order else 0.0) + GRACE_S
        full = _at_least(FULL_SHARE * (rated_kw or 0.0))
        await self._step(name, self._miner.wake, full, limit_s)
        self.report.left_as = "hashing"

    async def _mode(self, name: str) -> None:
        ordering = self._dialect.set_mode
        mode = next(one for one in self._dialect.modes if one.name == name)
        limit_s = PATIENCE * (ordering.order.done_within_s if ordering else 0.0) + GRACE_S

        async def order() -> None:
            await self._miner.set_mode(name)
            if ordering is not None and ordering.when == "reboot":
                await self._miner.wake()

        await self._step(f"mode {name}", order, _near(mode.rated_kw), limit_s)

    async def _step(
        self,
        name: str,
        order: Callable[[], Awaitable[None]],
        proven: Callable[[MinerReading], bool],
        limit_s: float,
    ) -> None:
        """Order, then look until telemetry shows it or the time is over."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        self._say(f"{name}: ordered, {limit_s:.0f} s at most")
        self.report.left_as = "unknown"
        refused_s: float | None = begun_s
        last = "no telemetry"
        while loop.time() - begun_s < limit_s:
            if refused_s is not None and loop.time() >= refused_s:
                refused_s = await self._try(order)
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                reading = await self._miner.poll()
            except DeviceError as error:
                last = str(error)
                continue
            last = f"{reading.state.name.lower()}, {reading.power_kw} kW, outlet {reading.outlet_c}"
            if proven(reading):
                self._note(name, loop.time() - begun_s, last, passed=True)
                return
        self._note(name, loop.time() - begun_s, f"not within {limit_s:.0f} s: {last}", passed=False)
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
        """Nobody leaves a unit in a state that is not known."""
        try:
            await self._wake("wake again")
        except _Stop:
            self.report.left_as = "unknown"
            self._say("the unit does not hash and was left so: look at it")

    def _note(self, name: str, seconds: float, told: str, *, passed: bool) -> None:
        self.report.steps.append(Step(name, passed, round(seconds, 1), told))
        self._say(f"{name}: {'passed' if passed else 'FAILED'} after {seconds:.0f} s: {told}")


def _is_asleep(reading: MinerReading) -> bool:
    dark = reading.power_kw is not None and reading.power_kw <= DARK_KW
    return dark and reading.state is MinerState.ASLEEP


def _at_least(power_kw: float) -> Callable[[MinerReading], bool]:
    def proven(reading: MinerReading) -> bool:
        hashing = reading.state is MinerState.RUNNING
        return hashing and reading.power_kw is not None and reading.power_kw >= power_kw

    return proven


def _near(power_kw: float) -> Callable[[MinerReading], bool]:
    def proven(reading: MinerReading) -> bool:
        if reading.state is not MinerState.RUNNING or reading.power_kw is None:
            return False
        return abs(reading.power_kw / power_kw - 1.0) <= MODE_WITHIN

    return proven
