"""The place of the link in the file system, and who is at its other end."""

import asyncio
import os
import socket
import stat
import struct
from pathlib import Path

PROBE_WITHIN_S = 1.0
PEER_FORMAT = "3i"  # unix(7), SO_PEERCRED: pid, uid, gid
# Little fits into the kernel's own queue, so a reader that is behind is seen to be behind.
SEND_BUFFER_BYTES = 64 * 1024


async def clear(path: Path) -> None:
    """Make room for the socket: its folder ours alone, the leftover of a dead core removed."""
    if not _leftover(path):
        return
    try:
        async with asyncio.timeout(PROBE_WITHIN_S):
            _, writer = await asyncio.open_unix_connection(str(path))
    except ConnectionRefusedError:
        _remove(path)
        return
    writer.close()
    raise FileExistsError(f"another core answers on {path}")


def peer(writer: asyncio.StreamWriter) -> tuple[int, int]:
    """Process and user at the other end, as the kernel knows them."""
    other: socket.socket = writer.get_extra_info("socket")
    size = struct.calcsize(PEER_FORMAT)
    raw = other.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    pid, uid, _ = struct.unpack(PEER_FORMAT, raw)
    return pid, uid


def keep_short(writer: asyncio.StreamWriter) -> None:
    """Let next to nothing queue outside our sight: neither in the transport nor in the kernel."""
    writer.transport.set_write_buffer_limits(high=0)
    other: socket.socket = writer.get_extra_info("socket")
    other.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)


def _leftover(path: Path) -> bool:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = path.parent.stat()
    if folder.st_uid != os.getuid() or stat.S_IMODE(folder.st_mode) & 0o077:
        raise PermissionError(f"{path.parent} must belong to this user alone (mode 0700)")
    if path.exists() and not path.is_socket():
        raise FileExistsError(f"{path} is there and is not a socket")
    return path.exists()


def _remove(path: Path) -> None:
    path.unlink()
