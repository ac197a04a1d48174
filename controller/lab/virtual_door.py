"""The listening side of virtual TCP: doors, named by host and port, behind which servers wait."""

import asyncio
import ipaddress
import socket
from asyncio import base_events
from collections.abc import Callable
from typing import Final, cast

from controller.lab.virtual_wire import Address

Accept = Callable[[], asyncio.BaseProtocol]

ANY_HOST: Final = ""
LOOPBACK: Final = "127.0.0.1"


class Door:
    """The listening socket of a virtual server, as far as asyncio.Server asks for one."""

    family: Final = socket.AF_INET
    type: Final = socket.SOCK_STREAM
    proto: Final = socket.IPPROTO_TCP

    def __init__(self, address: Address) -> None:
        self.address = address

    def listen(self, backlog: int) -> None:
        """Nothing to prepare: the loop opens the door."""

    def getsockname(self) -> Address:
        """Host and port that clients connect to."""
        return self.address

    def fileno(self) -> int:
        """No socket of the operating system stands behind this door."""
        return -1


def server_behind(
    doors: list[Door], accept: Accept, loop: asyncio.AbstractEventLoop
) -> asyncio.Server:
    """Asyncio's own server, which asks its loop to open and shut these doors."""
    sockets = cast("list[socket.socket]", doors)
    return base_events.Server(loop, sockets, accept, None, len(doors), None)


def canonical(host: str | None) -> str:
    """One spelling for each host; all hosts at once are the empty one."""
    if host is None or host in {ANY_HOST, str(ipaddress.IPv4Address(0))}:
        return ANY_HOST
    return LOOPBACK if host == "localhost" else host
