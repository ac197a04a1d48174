"""Finds miners in ranges of addresses: who answers, and what Hearth could do with each.

Only read commands are sent, one connection after another to each address, and never many at once.
"""

import asyncio
import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from drivers.cgminer.dialects import Dialect
from drivers.cgminer.miner import PORT, Identity, Miner
from drivers.errors import DeviceError, NoAnswer

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
    dialect: Dialect | None
    words: tuple[str, ...] = ()
    told: str = ""

    @property
    def use(self) -> str:
        """What Hearth could do with it."""
        if self.who is None or self.dialect is None:
            return f"no miner that Hearth understands: {self.told}"
        if self.dialect.sleep is None:
            return "monitor only: its model is not known"
        levers = ["sleep and wake"] + ["work modes"] * (self.dialect.set_mode is not None)
        when = "" if self.dialect.verified else ", after a probe and an acceptance"
        return f"{' and '.join(levers)}{when}"


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
    addresses: Iterable[IPv4Address], port: int, asked: Callable[[], None]
) -> list[Found]:
    """Who answers, by address; `asked` is called after each address."""
    found: list[Found] = []
    room = asyncio.Semaphore(TOGETHER)

    async def look(address: IPv4Address) -> None:
        try:
            answer = await _answer(address, port)
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


async def _answer(address: IPv4Address, port: int) -> Found | None:
    """What stands at one address; None where nobody does."""
    miner = Miner(str(address), str(address), port, connect_s=CONNECT_S, total_s=TOTAL_S)
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


def inventory_text(found: Iterable[Found]) -> str:
    """The miners among them as the CSV file that a container names as its inventory."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("address", "port", "serial"))
    for one in found:
        if one.who is not None:
            port = "" if one.port == PORT else one.port
            lines.writerow((one.address, port, one.who.serial or ""))
    return text.getvalue()
