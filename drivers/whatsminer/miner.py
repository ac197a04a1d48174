"""One WhatsMiner: who it is, how it is, sleep and wake, and the power that it shall draw."""

import asyncio
from typing import Final, Literal

from drivers.cgminer.miner import Identity, UtcSeconds
from drivers.cgminer.reading import MinerReading, Pool
from drivers.device import InTime, LoopSeconds
from drivers.errors import BadReply, Misasked, NotAllowed, Refused, TooOften
from drivers.whatsminer.codec import Reply, Section, decode, encode
from drivers.whatsminer.dialects import FULL_PCT, MONITORING_ONLY, Dialect, dialect_for
from drivers.whatsminer.link import CONNECT_S, TOTAL_S, Conversation
from drivers.whatsminer.login import Login
from drivers.whatsminer.telemetry import model_in, part, pools_in, reading_of, text

PORT: Final = 4433
INFO: Final = "get.device.info"
STATUS: Final = "get.miner.status"
SETTING: Final = "get.miner.setting"
SERVICE: Final = "set.miner.service"
POWER: Final = "set.miner.power"
POWER_PERCENT: Final = "set.miner.power_percent"
POWER_APART_S: Final = 10.0
"""A power is not set again sooner: the unit needs as long to show that it has taken one."""

Service = Literal["start", "stop", "restart", "enable", "disable"]


class WhatsMiner:
    """One unit behind one address; it is asked one thing at a time, within real seconds.

    Whoever has no login only listens. The password never leaves this machine and stands in no
    message.
    """

    def __init__(
        self,
        name: str,
        host: str,
        port: int = PORT,
        login: Login | None = None,
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
        self.power_pct: float | None = None
        """The share of its power that it said it is set to when it was asked last."""
        self.tuned = False
        """Whether it said that it has found its frequencies: before, no power can be set."""
        self._login = login
        self._dialect_is_given = dialect is not None
        self._connect_s, self._total_s = connect_s, total_s
        self._on_loop = on_loop
        self._utc_s = utc_s
        self._one_at_a_time = asyncio.Lock()
        self._has_settings = True
        self._power_set_s = -POWER_APART_S

    def recognise(self, model: str, firmware: str) -> None:
        """Take the dialect of this model; the firmware makes no difference yet."""
        del firmware
        self.dialect = dialect_for(model)

    def accept(self) -> None:
        """An engineer has accepted its dialect for this plant."""
        self.dialect = self.dialect.accept()

    async def identify(self) -> Identity:
        """Who answers; a unit that was given no dialect takes the one of its model."""
        async with self._one_at_a_time, self._conversation() as talk:
            info = (await self._say(talk, INFO)).sections
        miner, system, network = (part(info, name) for name in ("miner", "system", "network"))
        model = model_in(miner)
        if model is None:
            raise BadReply(f"{self.name}: expected the type of the miner in {INFO}")
        firmware = text(system, "fwversion")
        if not self._dialect_is_given:
            self.recognise(model, firmware or "")
        return Identity(
            product="WhatsMiner",
            model=model,
            firmware=firmware,
            serial=text(miner, "miner-sn"),
            mac=text(network, "mac"),
        )

    async def capabilities(self) -> tuple[str, ...]:
        """What the unit says of its interface: its version, and whether orders are on."""
        async with self._one_at_a_time, self._conversation() as talk:
            system = part((await self._say(talk, INFO, "system")).sections, "system")
        api, switch = text(system, "api"), text(system, "apiswitch")
        return (f"api {api or 'unknown'}", f"orders {'on' if switch == '1' else 'off'}")

    async def poll(self) -> MinerReading:
        """Its reading, from three requests over one connection."""
        async with self._one_at_a_time, self._conversation() as talk:
            info = await self._say(talk, INFO)
            summary = await self._summary(talk)
            setting = await self._setting(talk)
        try:
            reading = reading_of(info.sections, summary, setting, info.when_s, self.dialect)
        except BadReply as error:
            raise BadReply(f"{self.name}: {error}") from error
        self.power_pct = reading.details.power_pct
        self.tuned = reading.details.calibrated is True
        return reading

    async def pools(self) -> tuple[Pool, ...]:
        """Where its work comes from."""
        async with self._one_at_a_time, self._conversation() as talk:
            return pools_in((await self._say(talk, STATUS, "pools")).sections)

    async def boards(self) -> tuple[Section, ...]:
        """Its hash boards as it tells them; nothing of them is in house units."""
        async with self._one_at_a_time, self._conversation() as talk:
            told = (await self._say(talk, STATUS, "edevs")).sections.get("edevs")
        return tuple(one for one in told if isinstance(one, dict)) if isinstance(told, list) else ()

    async def sleep(self, in_time: InTime | None = None) -> None:
        """Stop its mining service; after NoAnswer it may or may not: read back.

        `in_time` is asked in the moment in which the order would leave; no means TooLate.
        """
        await self.service("stop", in_time)

    async def wake(self, in_time: InTime | None = None) -> None:
        """Start its mining service; the same holds."""
        await self.service("start", in_time)

    async def service(self, verb: Service, in_time: InTime | None = None) -> None:
        """Start, stop or restart its mining service, or say whether it starts with the unit."""
        await self._order(SERVICE, verb, in_time)

    async def set_mode(self, name: str, in_time: InTime | None = None) -> None:
        """Refused: it has no work modes."""
        del in_time
        raise Refused(f"{self.name}: mode {name!r}: its power is set, it has no modes")

    async def set_power_pct(self, percent: int, in_time: InTime | None = None) -> None:
        """Order a share of its stable power; NotAllowed outside what its dialect names.

        It holds until the unit restarts. Refused while the unit still looks for its frequencies.
        """
        least = self.dialect.least_power_pct
        if not least <= percent <= FULL_PCT:
            raise NotAllowed(f"{self.name}: power {percent} %: expected {least} to {FULL_PCT}")
        # Firmware reads a text here although the documentation says number.
        param = {"percent": str(percent), "mode": self.dialect.speed}
        await self._set_power(POWER_PERCENT, param, in_time)

    async def set_power_w(self, power_w: int, in_time: InTime | None = None) -> None:
        """Order a power in watts, which the unit keeps in its flash: not for frequent use."""
        most_w = round(1_000.0 * (self.dialect.rated_kw or 0.0))
        least_w = round(most_w * self.dialect.least_power_pct / 100.0)
        if not least_w <= power_w <= most_w:
            raise NotAllowed(f"{self.name}: power {power_w} W: expected {least_w} to {most_w}")
        await self._set_power(POWER, power_w, in_time)

    async def _set_power(self, command: str, param: object, in_time: InTime | None) -> None:
        if not self.tuned:
            raise Refused(f"{self.name}: {command}: it has not found its frequencies yet")
        apart_s = asyncio.get_running_loop().time() - self._power_set_s
        if apart_s < self._on_loop(POWER_APART_S):
            raise TooOften(f"{self.name}: {command}: set {apart_s:.1f} s ago, not sent")
        await self._order(command, param, in_time)

    async def _order(self, command: str, param: object, in_time: InTime | None) -> None:
        """Ask for the salt, sign, and order in the same conversation."""
        if not self.dialect.may_command:
            raise Refused(f"{self.name}: dialect {self.dialect.name} may not {command} it")
        if self._login is None:
            raise Refused(f"{self.name}: {command}: there is no login for it, it is only read")
        async with self._one_at_a_time, self._conversation() as talk:
            told = await self._say(talk, INFO, "salt")
            frame = self._signed(told, self._login, command, param)
            if command in (POWER, POWER_PERCENT):
                self._power_set_s = asyncio.get_running_loop().time()
            self._understood(await talk.order(frame, in_time), command)

    def _signed(self, told: Reply, login: Login, command: str, param: object) -> bytes:
        """The order with its token, stamped by the unit's own clock: ours may be another."""
        salt = text(told.sections, "salt")
        if salt is None:
            raise BadReply(f"{self.name}: expected a salt in {INFO}")
        stamp_s = told.when_s if told.when_s is not None else self._our_time_s()
        unix_s = int(stamp_s)
        token = login.token(command, salt, unix_s)
        return encode(command, param, ts=unix_s, token=token, account=login.account)

    def _our_time_s(self) -> float:
        if self._utc_s is None:
            raise BadReply(f"{self.name}: expected the unit's clock in {INFO}")
        return self._utc_s()

    async def _summary(self, talk: Conversation) -> Section:
        """What it does now; a unit whose service is stopped may say no to that."""
        try:
            status = (await self._say(talk, STATUS, "summary")).sections
        except Misasked:
            raise
        except Refused:
            return {}
        return part(status, "summary")

    async def _setting(self, talk: Conversation) -> Section:
        """How its power is set; older firmware does not know the question."""
        if not self._has_settings:
            return {}
        try:
            return (await self._say(talk, SETTING)).sections
        except Misasked:
            self._has_settings = False
        except Refused:
            pass
        return {}

    async def _say(self, talk: Conversation, command: str, param: object = None) -> Reply:
        return self._understood(await talk.ask(encode(command, param)), command)

    def _understood(self, body: bytes, command: str) -> Reply:
        try:
            return decode(body, command)
        except (BadReply, Refused) as error:
            raise type(error)(f"{self.name}: {error}") from error

    def _conversation(self) -> Conversation:
        return Conversation(
            self.host,
            self.port,
            connect_s=self._on_loop(self._connect_s),
            total_s=self._on_loop(self._total_s),
        )
