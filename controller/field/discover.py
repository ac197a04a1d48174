"""Finds miners in ranges of addresses, whatever their make, and what Hearth could do with each.

Only read commands are sent, one connection after another to each address, and never many at once.
"""

import asyncio
import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from controller.field.units import Unit
from drivers.cgminer.dialects import Dialect
from drivers.cgminer.miner import PORT, Identity, Miner
from drivers.errors import DeviceError, NoAnswer
from drivers.whatsminer.dialects import Dialect as WhatsMinerDialect
from drivers.whatsminer.miner import PORT as WHATSMINER_PORT
from drivers.whatsminer.miner import WhatsMiner

UNASKED_ADDRESSES: Final = 4_096
"""More addresses than that are asked only when it is said to be meant."""

PACE_S: Final = 0.005
TOGETHER: Final = 64
CONNECT_S: Final = 1.0
TOTAL_S: Final = 4.0


@dataclass(frozen=True, slots=True)
class Found:
    """One address that answers; `who` is None where it does not speak as a miner does."""

    address: IPv4Address
    port: int
    who: Identity | None
    dialect: Dialect | WhatsMinerDialect | None
    words: tuple[str, ...] = ()
    told: str = ""

    @property
    def use(self) -> str:
        """What Hearth could do with it."""
        if self.who is None or self.dialect is None:
            return f"no miner that Hearth understands: {self.told}"
        if not self.dialect.levers:
            return "monitor only: its model is not known"
        proof = "an acceptance" if self.is_whatsminer else "a probe and an acceptance"
        when = "" if self.dialect.verified else f", after {proof}"
        return f"{' and '.join(self.dialect.levers)}{when}"

    @property
    def is_whatsminer(self) -> bool:
        """Whether it is of the make that has its own interface."""
        return isinstance(self.dialect, WhatsMinerDialect)


def addresses_in(ranges: Iterable[str]) -> tuple[IPv4Address, ...]:
    """Every address of ranges such as 10.0.1.0/24, in order; ValueError names a bad one."""
    found: dict[IPv4Address, None] = {}
    for told in ranges:
        try:
            network = IPv4Network(told, strict=False)
        except ValueError as error:
            raise ValueError(f"{told}: expected a range such as 10.0.1.0/24: {error}") from None
        if network.num_addresses > 2 * 65_536:
            raise ValueError(f"{told}: {network.num_addresses:,} addresses are too many")
        found |= dict.fromkeys(network.hosts())
    return tuple(found)


async def discover(
    addresses: Iterable[IPv4Address],
    port: int,
    asked: Callable[[], None],
    whatsminer_port: int = WHATSMINER_PORT,
) -> list[Found]:
    """Who answers, by address; `asked` is called after each address."""
    found: list[Found] = []
    room = asyncio.Semaphore(TOGETHER)

    async def look(address: IPv4Address) -> None:
        try:
            answer = await _at(address, port, whatsminer_port)
        finally:
            room.release()
        if answer is not None:
            found.append(answer)
        asked()

    async with asyncio.TaskGroup() as group:
        for address in addresses:
            await room.acquire()
            group.create_task(look(address), name=f"discover {address}")
            await asyncio.sleep(PACE_S)
    return sorted(found, key=lambda one: one.address)


async def _at(address: IPv4Address, port: int, whatsminer_port: int) -> Found | None:
    """What stands at one address, first asked as an Avalon is; None where nobody does.

    A WhatsMiner has an old door where Avalons have theirs, which may be shut or say other things.
    """
    where = str(address)
    avalon = Miner(where, where, port, connect_s=CONNECT_S, total_s=TOTAL_S)
    found = await _answer(address, avalon)
    if found is not None and found.who is not None:
        return found
    other = WhatsMiner(where, where, whatsminer_port, connect_s=CONNECT_S, total_s=TOTAL_S)
    return await _answer(address, other) or found


async def _answer(address: IPv4Address, miner: Unit) -> Found | None:
    """Who this driver finds at an address; None where nobody answers it."""
    port = miner.port
    try:
        who = await miner.identify()
    except DeviceError as error:
        # Nobody there is the usual case; who answers something else is worth a line.
        silent = isinstance(error, NoAnswer)
        return None if silent else Found(address, port, None, None, (), str(error))
    try:
        words = await miner.capabilities()
    except DeviceError as error:
        return Found(address, port, who, miner.dialect, (), str(error))
    return Found(address, port, who, miner.dialect, words)


def inventory_text(found: Iterable[Found], *, whatsminers: bool = False) -> str:
    """The miners of one make as the CSV file that a container names as its inventory."""
    usual = WHATSMINER_PORT if whatsminers else PORT
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("address", "port", "serial"))
    for one in found:
        if one.who is not None and one.is_whatsminer == whatsminers:
            port = "" if one.port == usual else one.port
            lines.writerow((one.address, port, one.who.serial or ""))
    return text.getvalue()
