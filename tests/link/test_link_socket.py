"""The link's socket file: ours alone, and never taken from a core that lives."""

import socket
from pathlib import Path

import pytest

from controller.core.link_server import LinkServer
from controller.link.client import LinkClient
from controller.link.messages import Hello, Request

pytestmark = pytest.mark.real_sockets


def ignore(_: Request) -> None:
    """Never answer."""


async def test_the_socket_belongs_to_its_user_alone(hello: Hello, socket_path: Path) -> None:
    async with LinkServer(socket_path, hello, on_request=ignore):
        modes = [path.stat().st_mode & 0o777 for path in (socket_path.parent, socket_path)]

    assert modes == [0o700, 0o600]
    assert list(socket_path.parent.iterdir()) == []


async def test_a_dead_cores_socket_is_replaced(hello: Hello, socket_path: Path) -> None:
    socket_path.parent.mkdir(mode=0o700)
    leftover = socket.socket(socket.AF_UNIX)
    leftover.bind(str(socket_path))
    leftover.close()

    async with (
        LinkServer(socket_path, hello, on_request=ignore),
        LinkClient(socket_path) as client,
    ):
        assert client.hello == hello


async def test_a_living_core_is_not_pushed_aside(hello: Hello, socket_path: Path) -> None:
    async with LinkServer(socket_path, hello, on_request=ignore):
        with pytest.raises(FileExistsError, match="another core"):
            async with LinkServer(socket_path, hello, on_request=ignore):
                pass


async def test_an_open_folder_is_refused(hello: Hello, socket_path: Path) -> None:
    socket_path.parent.mkdir()
    socket_path.parent.chmod(0o755)

    with pytest.raises(PermissionError, match="0700"):
        async with LinkServer(socket_path, hello, on_request=ignore):
            pass
