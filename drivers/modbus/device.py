"""One Modbus device: its points as tags, read by group, written through its list, known by name.

Who answered first is who must answer: a device that tells another serial number, model or firmware
later is another device, or the same with another program, and is neither believed nor ordered.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from drivers.device import InTime, Value
from drivers.errors import BadReply, NotAllowed, WrongDevice
from drivers.modbus.allow_list import WriteGate, compile_list
from drivers.modbus.blocks import Block, read_blocks, write_blocks
from drivers.modbus.command_frame import CommandFrame, FrameMarks
from drivers.modbus.counts import LinkCounts
from drivers.modbus.identity import Identity
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import Profile
from drivers.modbus.reading import BlockReader
from drivers.modbus.register import Register
from drivers.modbus.word_order import told_low_words_first

UNITS: Final = range(1, 256)


class ModbusDevice:
    """One device at one address and unit; `wanted` limits it to the points that are installed.

    `may_write` limits what is written to the tags it says yes to; None is all that is writable.
    """

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        unit: int,
        profile: Profile,
        *,
        wanted: Collection[str] | None = None,
        may_write: Callable[[str], bool] | None = None,
        serial_number: int | None = None,
        link: ModbusLink | None = None,
        zero_transaction: bool = False,
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
        self._link = link if link is not None else ModbusLink(host, port)
        self._on_link = self._link.join(unit, zero_transaction=zero_transaction)
        self.allowed = compile_list(name, self._link.where, unit, profile, self.tags, may_write)
        self._gate = WriteGate(self._link, self.allowed)
        self._known_connection = -1
        self._tag_of = {register.name: tag for tag, register in self.tags.items()}
        self._who = Identity(name, profile, serial_number)
        self._identity = read_blocks(profile, self._who.registers)
        self._frame_blocks = read_blocks(profile, _frame_marks(profile))
        self._blocks: dict[str, tuple[tuple[Block, BlockReader], ...]] = {}
        self._groups: dict[str, dict[str, Register]] = {}

    async def read(self, group: str) -> dict[str, Value]:
        """Every wanted tag of the group; None without a valid reading or out of physical range.

        Who answers is asked with every reading. WrongDevice where it is not who it was.
        """
        await self._know_who_answers()
        values: dict[str, Value] = {}
        words: dict[str, list[int]] = {}
        protective = group == "protective"
        for block, reader in self._blocks_of(group):
            data = await self._link.read_data(
                block.table, block.address, block.count, self._unit, protective=protective
            )
            words |= reader.read(data, values)
        if self._identity:
            self._recognise(words)
            # The connection may have been renewed on the way, then someone else may have answered.
            if self._known_connection != self._link.connection:
                await self.identify()
        # What is plain has its value; a word alone cannot be told in the wrong order.
        others = [(tag, one) for tag, one in self._group(group).items() if tag not in values]
        if told_low_words_first((one, words[one.name]) for _, one in others):
            raise WrongDevice(f"{self.name}: its values make sense only with words swapped")
        for tag in self.implausible.keys() & values.keys():
            del self.implausible[tag]
        return values | {tag: self._value(tag, one, words) for tag, one in others}

    async def write(
        self,
        values: Mapping[str, float | bool],
        *,
        in_time: InTime | None = None,
        urgent: bool = False,
    ) -> None:
        """Order these values, all checked before the first byte leaves.

        Set-points go before coils, neighbours in one request. After an error a part may have been
        taken, after NoAnswer perhaps the last one too: read back, never repeat a pulse blindly.
        `in_time` is asked before each request leaves; when it says no, the rest is TooLate;
        with NotAllowed, and TooOften (which an urgent order never is), the rest is not sent either.
        """
        chosen = {self._writable(tag): value for tag, value in values.items()}
        words = {one.name: _encoded(one, value) for one, value in chosen.items()}
        requests = [
            (block, [word for one in block.registers for word in words[one.name]])
            for block in write_blocks(chosen, self.profile.limits)
        ]
        for block, flat in requests:
            self.allowed.check(block.table, block.address, flat)
        known = await self._known()
        for block, flat in requests:
            send = self._gate.send_coils if block.table == "coil" else self._gate.send_registers
            await send(block.address, flat, connection=known, in_time=in_time, urgent=urgent)

    async def write_frame(
        self,
        values: Mapping[str, float],
        *,
        heartbeat: int,
        epoch: int,
        in_time: InTime | None = None,
        urgent: bool = False,
    ) -> None:
        """Order every set-point of the frame in one request, all checked before it leaves.

        Refused says that the device took nothing; after NoAnswer it may have taken all of it.
        """
        if self.frame is None:
            raise NotAllowed(f"{self.name}: profile {self.profile.name} has no frame: use write")
        try:
            words = self.frame.words(values, heartbeat=heartbeat, epoch=epoch)
        except ValueError as error:
            raise NotAllowed(str(error)) from None
        self.allowed.check("holding", self.frame.first, words)
        known = await self._known()
        await self._gate.send_registers(
            self.frame.first, words, connection=known, in_time=in_time, urgent=urgent
        )

    async def read_frame(self) -> FrameMarks:
        """Heartbeat and epoch of the frame that the device took last, as it tells them."""
        if self.profile.frame is None:
            raise NotAllowed(f"{self.name}: profile {self.profile.name} has no frame")
        await self._know_who_answers()
        words = await self._words(self._frame_blocks)
        heartbeat, epoch = self.profile.frame.heartbeat, self.profile.frame.epoch
        return FrameMarks(words[heartbeat.name][0], words[epoch.name][0])

    def too_soon(self, tag: str) -> bool:
        """Whether an order for this output would be held back now: the last one is too near."""
        return tag in self.tags and self._gate.too_soon(self.tags[tag])

    async def identify(self) -> dict[str, int | None]:
        """Its identity registers; WrongDevice when another device answers at this address."""
        words = await self._words(self._identity)
        found = self._recognise(words)
        self._known_connection = self._link.connection
        return found

    def tag_of(self, register: str) -> str | None:
        """The tag of one of the profile's registers; None where it is not wanted here."""
        return self._tag_of.get(register)

    @property
    def counts(self) -> LinkCounts:
        """What the connection has seen, which may be shared with other devices."""
        return self._link.counts

    def slow_rest_s(self, group: str) -> float:
        """How long to leave a group alone after late answers, so that they do not fill the link."""
        requests = sum(len(blocks) for blocks in self._blocks.values())
        return self._on_link.slow_rest_s(
            requests, protective=group == "protective", shared=self._link.shared
        )

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

    async def _words(self, blocks: Collection[Block]) -> dict[str, list[int]]:
        words: dict[str, list[int]] = {}
        for block in blocks:
            told = await self._link.read(block.table, block.address, block.count, self._unit)
            for one in block.registers:
                words[one.name] = told[one.address - block.address : one.end - block.address]
        return words

    def _value(self, tag: str, register: Register, words: Mapping[str, list[int]]) -> Value:
        """One impossible value is that sensor's failure, not the whole device's."""
        self.implausible.pop(tag, None)
        try:
            value = register.decode(words[register.name], words)
        except BadReply as error:
            self.implausible[tag] = str(error)
            return None
        return value if value is None or isinstance(value, bool) else float(value)

    def _blocks_of(self, group: str) -> tuple[tuple[Block, BlockReader], ...]:
        """The requests of a group's reading; who answers is asked with it, and first."""
        if group not in self._blocks:
            asked = self._who.registers
            members = {one.name: one for one in (*self._group(group).values(), *asked)}
            blocks = read_blocks(self.profile, members.values())
            blocks = tuple(sorted(blocks, key=lambda block: not set(asked) & set(block.registers)))
            spelled_out = {one.name for one in asked} | _told_beside(members.values())
            self._blocks[group] = tuple(
                (block, BlockReader(block, self._tag_of, spelled_out)) for block in blocks
            )
        return self._blocks[group]

    def _group(self, group: str) -> dict[str, Register]:
        if group not in self._groups:
            self._groups[group] = {t: one for t, one in self.tags.items() if one.group == group}
        return self._groups[group]

    def _writable(self, tag: str) -> Register:
        register = self.tags.get(tag)
        if register is None or not register.writable:
            raise NotAllowed(f"{self.name}: {tag} is not a writable point of this device")
        if self.frame is not None and tag in self.frame.tags:
            raise NotAllowed(f"{self.name}: {tag} is taken only in a frame: use write_frame")
        if (register.table, register.address) not in self.allowed.permits:
            raise NotAllowed(f"{self.name}: {tag} may not be written within this program's reach")
        return register

    def _recognise(self, words: Mapping[str, list[int]]) -> dict[str, int | None]:
        try:
            return self._who.recognise(words)
        except WrongDevice:
            # Until it has shown who it is, it is neither read nor written.
            self._known_connection = -1
            raise


def _encoded(register: Register, value: float | bool) -> list[int]:  # noqa: FBT001 - a value
    try:
        return register.encode(value)
    except ValueError as error:
        raise NotAllowed(str(error)) from None


def _told_beside(registers: Iterable[Register]) -> set[str]:
    """The registers that tell another one's factor or unit."""
    return {beside.register.name for one in registers for beside in one.beside}


def _frame_marks(profile: Profile) -> list[Register]:
    frame = profile.frame
    return [] if frame is None else [frame.heartbeat, frame.epoch]


def _tags(name: str, profile: Profile, wanted: Collection[str] | None) -> dict[str, Register]:
    """Tags of the wanted points: a point with a dot is one already, others belong to the device."""
    tags = {one.name if "." in one.name else f"{name}.{one.name}": one for one in profile.registers}
    if wanted is None:
        return tags
    if unknown := set(wanted) - tags.keys() - {one.name for one in profile.registers}:
        raise ValueError(f"{name}: profile {profile.name} has no {sorted(unknown)}")
    return {tag: one for tag, one in tags.items() if tag in wanted or one.name in wanted}
