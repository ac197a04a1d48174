"""One miner: who it is, how it is, and the two orders sleep and wake."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.cgminer.codec import Section, decode, encode, status
from drivers.cgminer.dialects import MONITORING_ONLY, POLLS, Dialect, Order, dialect_for
from drivers.cgminer.estimate import with_power
from drivers.cgminer.host import pools_in, when_in
from drivers.cgminer.link import CONNECT_S, TOTAL_S, exchange
from drivers.cgminer.orders import EARLIEST_UNIX_S
from drivers.cgminer.reading import MinerReading, MinerState, Pool
from drivers.cgminer.shapes import EmptyText
from drivers.cgminer.telemetry import reading_in
from drivers.device import InTime, LoopSeconds
from drivers.errors import BadReply, Refused

PORT: Final = 4028
LITE: Final = "summary+litestats"
_REQUESTS: Final = {poll: encode(poll) for poll in POLLS}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers at this address."""

    product: str | None
    model: str
    firmware: str | None
    serial: str | None
    mac: str | None


UtcSeconds = Callable[[], float]
"""Our own clock, with which a unit's is compared before an order with a time."""


class Miner:
    """One miner behind one address; it is asked one thing at a time, within real seconds."""

    def __init__(
        self,
        name: str,
        host: str,
        port: int = PORT,
        dialect: Dialect | None = None,
        *,
        connect_s: float = CONNECT_S,
        total_s: float = TOTAL_S,
        on_loop: LoopSeconds = float,
        utc_s: UtcSeconds | None = None,
    ) -> None:
        self.name = name
        self.host = host
        self.port = port
        self.dialect = dialect if dialect is not None else MONITORING_ONLY
        self._dialect_is_given = dialect is not None
        self._connect_s = connect_s
        self._total_s = total_s
        self._on_loop = on_loop
        self._utc_s = utc_s
        self._one_at_a_time = asyncio.Lock()
        self._calibrating = False
        # A unit that has once left its text out of a reply is asked for the short one from then on.
        self._lite = False

    def recognise(self, model: str, firmware: str) -> None:
        """Take the dialect of this model and firmware."""
        self.dialect = dialect_for(model, firmware)

    def accept(self) -> None:
        """An engineer has accepted its dialect for this plant."""
        self.dialect = self.dialect.accept()

    async def identify(self) -> Identity:
        """Who answers; a miner that was given no dialect takes the one of its model."""
        told = (await self._ask("version")).get("VERSION")
        if not isinstance(told, list) or len(told) != 1 or not isinstance(told[0], dict):
            raise BadReply(f"{self.name}: expected one VERSION in the reply to version")
        model = _text(told[0], "MODEL")
        if model is None:
            raise BadReply(f"{self.name}: expected MODEL in the reply to version")
        firmware = _text(told[0], "VERSION") or _text(told[0], "LVERSION")
        if not self._dialect_is_given:
            self.recognise(model, firmware or "")
        return Identity(
            product=_text(told[0], "PROD"),
            model=model,
            firmware=firmware,
            serial=_text(told[0], "DNA"),
            mac=_text(told[0], "MAC"),
        )

    async def poll(self) -> MinerReading:
        """Its reading, from two commands over one connection; from a second one after no text."""
        try:
            reading = await self._read(LITE if self._lite else self.dialect.poll)
        except EmptyText:
            if self._lite:
                raise
            reading = await self._read(LITE)
            self._lite = True
        self._calibrating = reading.state is MinerState.CALIBRATING
        return reading

    async def _read(self, poll: str) -> MinerReading:
        raw = await self._exchange(_REQUESTS[poll])
        try:
            return with_power(reading_in(raw, poll))
        except (BadReply, Refused) as error:
            raise type(error)(f"{self.name}: {error}") from error

    async def sleep(self, in_time: InTime | None = None) -> None:
        """Order it to sleep; after NoAnswer it may or may not: read back, never repeat blindly.

        `in_time` is asked in the moment in which the order would leave; no means TooLate.
        """
        await self._order("sleep", self.dialect.sleep, in_time)

    async def wake(self, in_time: InTime | None = None) -> None:
        """Order it to wake; the same holds, and a miner that reboots may well lose its reply."""
        await self._order("wake", self.dialect.wake, in_time)

    async def set_mode(self, name: str, in_time: InTime | None = None) -> None:
        """Order a work mode by its name; where it waits for a restart, the caller wakes the unit.

        Refused by name where the dialect knows no such mode or no way to order one.
        """
        known = {mode.name: mode for mode in self.dialect.modes}
        ordering = self.dialect.set_mode
        if ordering is None or name not in known:
            modes = ", ".join(known) if ordering is not None and known else "none"
            raise Refused(f"{self.name}: mode {name!r}: {self.dialect.name} can set {modes}")
        if self._calibrating:
            raise Refused(f"{self.name}: mode {name!r}: it calibrates, and takes no other mode")
        await self._order(f"set mode {name}", ordering.for_mode(known[name].number), in_time)

    async def set_level(self, level: int, in_time: InTime | None = None) -> None:
        """Order a finer level within the work mode; refused where the dialect knows no such one."""
        ordering = self.dialect.set_level
        if ordering is None:
            raise Refused(f"{self.name}: level {level}: {self.dialect.name} can set none")
        try:
            order = ordering.for_level(level)
        except ValueError as error:
            raise Refused(f"{self.name}: {error}") from error
        await self._order(f"set level {level}", order, in_time)

    async def pools(self) -> tuple[Pool, ...]:
        """The pools that it works for."""
        try:
            return pools_in(await self._ask("pools"))
        except BadReply as error:
            raise BadReply(f"{self.name}: {error}") from error

    async def capabilities(self) -> tuple[str, ...]:
        """What the unit says it understands, by `ascset|0,help`: asked, never assumed."""
        said = status(await self._ask("ascset", self.dialect.help))
        listed = said.message.rpartition(":")[2]
        words = tuple(word.strip() for word in listed.split("|") if word.strip())
        if not words:
            raise BadReply(f"{self.name}: expected a list of words from help, got {said.message!r}")
        return words

    async def _order(self, verb: str, order: Order | None, in_time: InTime | None) -> None:
        if order is None or not self.dialect.may(order):
            raise Refused(f"{self.name}: dialect {self.dialect.name} may not {verb} it")
        if order.stamped:
            order = order.at(await self._clock_s(order.clock_within_s))
        said = status(await self._ask(order.command, order.parameter, in_time))
        if not order.succeeded(said):
            raise Refused(
                f"{self.name}: {verb}: expected {' or '.join(order.success)}{order.wanted},"
                f" got {said.short} {said.message}"
            )

    async def _clock_s(self, within_s: float) -> float:
        """What the unit's own clock shows, by which it carries out an order with a time."""
        when = when_in(await self._ask("version"))
        if when is None or when < EARLIEST_UNIX_S:
            raise Refused(f"{self.name}: its clock shows {when} s, expected a date: set it first")
        off_s = 0.0 if self._utc_s is None else when - self._utc_s()
        if abs(off_s) > within_s:
            raise Refused(
                f"{self.name}: its clock is {off_s:+.0f} s off, expected within {within_s:g} s:"
                " mend its time server first"
            )
        return when

    async def _ask(
        self, command: str, parameter: str | None = None, in_time: InTime | None = None
    ) -> Section:
        raw = await self._exchange(encode(command, parameter), in_time)
        try:
            return decode(raw, command)[command]
        except (BadReply, Refused) as error:
            raise type(error)(f"{self.name}: {error}") from error

    async def _exchange(self, request: bytes, in_time: InTime | None = None) -> bytes:
        async with self._one_at_a_time:
            return await exchange(
                self.host,
                self.port,
                request,
                connect_s=self._on_loop(self._connect_s),
                total_s=self._on_loop(self._total_s),
                in_time=in_time,
            )


def _text(told: Section, key: str) -> str | None:
    value = told.get(key)
    return value if isinstance(value, str) and value else None
