"""Loopback addresses that no other test uses at the same time."""

import os
import secrets
import socket
from collections.abc import Callable

import pytest

FreeLoopback = Callable[..., tuple[str, int]]


@pytest.fixture
def free_loopback() -> FreeLoopback:
    """Give a new loopback host and a free port at each call; `port=4028` asks for that port."""
    return _free_address


def _free_address(port: int = 0) -> tuple[str, int]:
    while True:
        host = _host()
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return host, probe.getsockname()[1]


def _host() -> str:
    """One of the 16.7 million hosts of 127/8; the second byte is the xdist worker's own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    # Not from `random`, which pytest-randomly seeds alike for every test.
    return f"127.{10 + worker}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"
