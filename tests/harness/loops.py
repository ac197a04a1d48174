"""Virtual time for every async test, the real loop where a mark asks for real sockets."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

from controller.lab.virtual_loop import VirtualLoop
from tests.harness.marks import is_outdoor

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(item: pytest.Item) -> Mapping[str, LoopFactory]:
    """One loop per test, chosen by the test's marks."""
    if is_outdoor(item):
        return {"uvloop": uvloop.new_event_loop}
    return {"virtual": VirtualLoop}
