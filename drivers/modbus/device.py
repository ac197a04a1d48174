"""One Modbus device: its points as tags, read by group, written within limits, known by name."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from drivers.device import Value
from drivers.errors import BadReply
from drivers.modbus.blocks import Block, read_blocks, write_blocks
from drivers.modbus.command_frame import CommandFrame
from drivers.modbus.link import InTime, ModbusLink
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register

MODEL_CODE: Final = "model_code"
SERIAL_NUMBER: Final = "serial_number"
UNITS: Final = range(1, 256)


class ModbusDevice:
    """One device at one address and unit; `wanted` limits it to the points that are installed."""

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        unit: int,
        profile: Profile,
        *,
        wanted: Collection[str] | None = None,
        serial_number: int | None = None,
        link: ModbusLink | None = None,
    ) -> None:
        if unit not in UNITS:
            raise ValueError(f"{name}: unit {unit}, expected {UNITS.start} to {UNITS.stop - 1}")
        self.name = name
        self.profile = profile
        self.tags: Mapping[str, Register] = MappingProxyType(_tags(name, profile, wanted))
        # Set-points that the device takes only with write_frame; None where write takes them all.
        self.frame = None if profile.frame is None else CommandFrame(name, profile.frame, self.tags)
        # Why a point of the last reading of its group is None although the device told a value.
        self.implausible: dict[str, str] = {}
        self._unit = unit
        self._serial_number = serial_number
        self._link = link if link is not None else ModbusLink(host, port)
        self._known_connection = -1
        self._identity = read_blocks(profile, _identity(profile))
        self._blocks: dict[str, tuple[Block, ...]] = {}
        self._members: dict[str, dict[str, Register]] = {}

    async def read(self, group: str) -> dict[str, Value]:
        """Every wanted tag of the group; None without a valid reading or out of physical range."""
        await self._know_who_answers()
        words: dict[str, list[int]] = {}
        for block in self._blocks_of(group):
            words |= await self._words(block)
        values = {
            tag: self._value(tag, register, words) for tag, register in self._members[group].items()
        }
        # The connection may have been renewed on the way, and then someone else may have answered.
        if self._identity and self._known_connection != self._link.connection:
            await self.identify()
        return values

    async def write(
        self, values: Mapping[str, float | bool], *, in_time: InTime | None = None
    ) -> None:
        """Order these values, all checked before the first byte leaves.

        Set-points go before coils, neighbours in one request. After an error a part may have been
        taken, after NoAnswer perhaps the last one too: read back, never repeat a pulse blindly.
        `in_time` is asked before each request leaves; when it says no, the rest is TooLate.
        """
        chosen = {self._writable(tag): value for tag, value in values.items()}
        words = {one.name: one.encode(value) for one, value in chosen.items()}
        known = await self._known()
        for block in write_blocks(chosen, self.profile.limits):
            flat = [word for one in block.registers for word in words[one.name]]
            if block.table == "coil":
                bits = [bool(bit) for bit in flat]
                await self._link.write_coils(
                    block.address, bits, self._unit, connection=known, in_time=in_time
                )
            else:
                await self._link.write_registers(
                    block.address, flat, self._unit, connection=known, in_time=in_time
                )

    async def write_frame(
        self,
        values: Mapping[str, float],
        *,
        heartbeat: int,
        epoch: int,
        in_time: InTime | None = None,
    ) -> None:
        """Order every set-point of the frame in one request, all checked before it leaves.

        Refused says that the device took nothing; after NoAnswer it may have taken all of it.
        """
        if self.frame is None:
            raise ValueError(f"{self.name}: profile {self.profile.name} has no frame: use write")
        words = self.frame.words(values, heartbeat=heartbeat, epoch=epoch)
        known = await self._known()
        await self._link.write_registers(
            self.frame.first, words, self._unit, connection=known, in_time=in_time
        )

    async def identify(self) -> dict[str, int | None]:
        """Its identity registers; BadReply when another device answers at this address."""
        found: dict[str, int | None] = {}
        for block in self._identity:
            words = await self._words(block)
            for one in block.registers:
                value = one.decode(words[one.name])
                found[one.name] = None if value is None else int(value)
        self._expect(found, MODEL_CODE, self.profile.model_code)
        self._expect(found, SERIAL_NUMBER, self._serial_number)
        self._known_connection = self._link.connection
        return found

    async def close(self) -> None:
        """Let go of the connection."""
        await self._link.close()

    async def _known(self) -> int | None:
        """The connection on which the right device answers; None where it has no identity."""
        await self._know_who_answers()
        return self._known_connection if self._identity else None

    async def _know_who_answers(self) -> None:
        changed = self._known_connection != self._link.connection
        if self._identity and (changed or not self._link.connected):
            await self.identify()

    async def _words(self, block: Block) -> dict[str, list[int]]:
        told = await self._link.read(block.table, block.address, block.count, self._unit)
        return {
            one.name: told[one.address - block.address : one.end - block.address]
            for one in block.registers
        }

    def _value(self, tag: str, register: Register, words: Mapping[str, list[int]]) -> Value:
        """One impossible value is that sensor's failure, not the whole device's."""
        self.implausible.pop(tag, None)
        try:
            value = register.decode(words[register.name], words)
        except BadReply as error:
            self.implausible[tag] = str(error)
            return None
        return value if value is None or isinstance(value, bool) else float(value)

    def _blocks_of(self, group: str) -> tuple[Block, ...]:
        if group not in self._blocks:
            members = {tag: one for tag, one in self.tags.items() if one.group == group}
            self._members[group] = members
            self._blocks[group] = read_blocks(self.profile, members.values())
        return self._blocks[group]

    def _writable(self, tag: str) -> Register:
        register = self.tags.get(tag)
        if register is None or not register.writable:
            raise ValueError(f"{self.name}: {tag} is not a writable point of this device")
        if self.frame is not None and tag in self.frame.tags:
            raise ValueError(f"{self.name}: {tag} is taken only in a frame: use write_frame")
        return register

    def _expect(self, found: Mapping[str, int | None], what: str, expected: int | None) -> None:
        if expected is not None and found.get(what) != expected:
            raise BadReply(
                f"{self.name}: another device at this address:"
                f" expected {what} {expected}, got {found.get(what)}"
            )


def _identity(profile: Profile) -> list[Register]:
    return [register for register in profile.registers if register.group == "identity"]


def _tags(name: str, profile: Profile, wanted: Collection[str] | None) -> dict[str, Register]:
    """Tags of the wanted points: a point with a dot is one already, others belong to the device."""
    tags = {one.name if "." in one.name else f"{name}.{one.name}": one for one in profile.registers}
    if wanted is None:
        return tags
    if unknown := set(wanted) - tags.keys() - {one.name for one in profile.registers}:
        raise ValueError(f"{name}: profile {profile.name} has no {sorted(unknown)}")
    return {tag: one for tag, one in tags.items() if tag in wanted or one.name in wanted}
