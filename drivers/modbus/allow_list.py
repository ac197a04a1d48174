"""What may be written to one device, and the gate that lets nothing else pass.

The list is compiled once from the profile and the plant: at which address and unit, with which
functions, which registers, from where to where, how often. The gate is the only way from a device
to the writing half of its link, and it judges words, not intentions: whatever made them up.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.device import InTime
from drivers.errors import BadReply, NotAllowed, TooOften
from drivers.modbus.command_frame import FrameSpan
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register, Table

# Modbus Application Protocol V1.1b3, sections 6.5, 6.11 and 6.12.
FUNCTIONS: Final[Mapping[Table, tuple[int, ...]]] = {"coil": (5, 15), "holding": (16,)}
# The device as a whole takes so many times what one register may.
DEVICE_SHARE: Final = 2.0


@dataclass(frozen=True, slots=True)
class AllowList:
    """Every register of one device that may be written, by table and address.

    `frame` is where set-points come only all together. It carries every set-point of `carried`,
    also those that are not ours to change and stay what they are; its other places take 0.
    """

    device: str
    where: str
    unit: int
    permits: Mapping[tuple[Table, int], Register]
    frame: FrameSpan | None
    carried: tuple[Register, ...]
    writes_per_s: float

    def check(self, table: Table, address: int, words: Sequence[int]) -> tuple[Register, ...]:
        """The registers that such a request writes; NotAllowed where one of its words may not."""
        if self.frame is not None and self._touches_frame(table, address, len(words)):
            return self._check_frame(self.frame, address, words)
        found: list[Register] = []
        at = address
        while at < address + len(words):
            register = self.permits.get((table, at))
            if register is None:
                raise self._refusal(table, at, "is not on the list of what may be written")
            self._check_value(register, words[at - address : register.end - address])
            found.append(register)
            at = register.end
        if not found:
            raise self._refusal(table, address, "nothing to write")
        return tuple(found)

    def lines(self) -> tuple[str, ...]:
        """The list as a person reads it, a line a register."""
        return tuple(
            f"{self.device} {self.where} unit {self.unit}: {one.name}, {table} {address},"
            f" functions {', '.join(map(str, FUNCTIONS[table]))},"
            f" {_range(one)}, at most {self.rate(one):g}/s"
            for (table, address), one in sorted(self.permits.items())
        )

    def rate(self, register: Register) -> float:
        """How often a second this register may be written."""
        return self.writes_per_s if register.writes_per_s is None else register.writes_per_s

    def _touches_frame(self, table: Table, address: int, count: int) -> bool:
        frame = self.frame
        if frame is None or frame.table != table:
            return False
        return address <= frame.last and address + count > frame.first

    def _check_frame(
        self, frame: FrameSpan, address: int, words: Sequence[int]
    ) -> tuple[Register, ...]:
        if address != frame.first or len(words) != frame.last - frame.first + 1:
            raise self._refusal(frame.table, address, "is taken only in a whole frame")
        if not self.permits:
            raise self._refusal(frame.table, address, "nothing of this device may be written")
        carried = {frame.heartbeat.address, frame.epoch.address}
        for register in self.carried:
            at = register.address - address
            self._check_value(register, words[at : at + register.length])
            carried |= set(range(register.address, register.end))
        for at, word in enumerate(words, start=address):
            if word not in range(65_536) or (word != 0 and at not in carried):
                raise self._refusal(frame.table, at, f"takes only 0 in a frame, not {word}")
        return self.carried

    def _check_value(self, register: Register, words: Sequence[int]) -> None:
        try:
            value = register.decode(words)
        except BadReply as error:
            raise NotAllowed(f"{self.device}: not sent: {error}") from None
        if value is None:
            raise NotAllowed(f"{self.device}: not sent: {register.name}: expected a value")

    def _refusal(self, table: Table, address: int, why: str) -> NotAllowed:
        return NotAllowed(f"{self.device}: not sent: {table} {address} {why}")


def compile_list(
    device: str,
    where: str,
    unit: int,
    profile: Profile,
    tags: Mapping[str, Register],
    may_write: Callable[[str], bool] | None,
) -> AllowList:
    """The list of one device: its writable tags as far as `may_write` allows, and nothing else."""
    writable = {tag: one for tag, one in tags.items() if one.writable}
    permits = {
        (one.table, one.address): one
        for tag, one in writable.items()
        if may_write is None or may_write(tag)
    }
    frame = profile.frame
    carried = () if frame is None else tuple(one for one in writable.values() if frame.holds(one))
    return AllowList(device, where, unit, permits, frame, carried, profile.life.writes_per_s)


class WriteGate:
    """The one way to the writing half of a link: what is not on the list does not leave.

    A stop (`urgent`) is never held back by how often it comes; the list holds for it all the same.
    """

    def __init__(self, link: ModbusLink, allowed: AllowList) -> None:
        self._link = link
        self._allowed = allowed
        self._device_rate = Rate(allowed.writes_per_s * DEVICE_SHARE)
        limited = (*allowed.permits.values(), *allowed.carried)
        self._rates = {one.name: Rate(allowed.rate(one)) for one in limited}

    async def send_registers(
        self,
        address: int,
        words: Sequence[int],
        *,
        connection: int | None,
        in_time: InTime | None,
        urgent: bool,
    ) -> None:
        """Contiguous holding registers in one request, if the list has them all."""
        self._pass(self._allowed.check("holding", address, words), urgent=urgent)
        await self._link.write_registers(
            address, words, self._allowed.unit, connection=connection, in_time=in_time
        )

    async def send_coils(
        self,
        address: int,
        bits: Sequence[int],
        *,
        connection: int | None,
        in_time: InTime | None,
        urgent: bool,
    ) -> None:
        """Contiguous coils in one request, if the list has them all."""
        self._pass(self._allowed.check("coil", address, bits), urgent=urgent)
        flags = [bool(bit) for bit in bits]
        await self._link.write_coils(
            address, flags, self._allowed.unit, connection=connection, in_time=in_time
        )

    def too_soon(self, register: Register) -> bool:
        """Whether a write of this register would be held back now."""
        rate = self._rates.get(register.name)
        return rate is not None and not rate.free(_now_s())

    def _pass(self, registers: Sequence[Register], *, urgent: bool) -> None:
        """Count a request against its limits; TooOften names the one that it exceeds."""
        now_s = _now_s()
        device = self._allowed.device
        if not urgent:
            if not self._device_rate.free(now_s):
                raise TooOften(f"{device}: not sent: more than {self._device_rate.said} to it")
            for one in registers:
                if not self._rates[one.name].free(now_s):
                    said = self._rates[one.name].said
                    raise TooOften(f"{device}: not sent: more than {said} to {one.name}")
        for rate in (self._device_rate, *(self._rates[one.name] for one in registers)):
            rate.note(now_s)


class Rate:
    """At most so many in any second; fewer than one a second is one in a longer time."""

    def __init__(self, per_s: float) -> None:
        self.said = f"{per_s:g} writes a second"
        self._window_s = max(1.0, 1.0 / per_s)
        self._times_s: deque[float] = deque(maxlen=max(1, int(per_s * self._window_s + 1e-9)))

    def free(self, now_s: float) -> bool:
        """Whether one more is allowed now."""
        times_s = self._times_s
        return len(times_s) < (times_s.maxlen or 1) or now_s - times_s[0] >= self._window_s

    def note(self, now_s: float) -> None:
        """Count one."""
        self._times_s.append(now_s)


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _range(register: Register) -> str:
    if register.type == "bool":
        return "on (pulse)" if register.pulse else "off or on"
    return f"{register.low:g} to {register.high:g} {register.unit}".strip()
