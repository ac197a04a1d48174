"""The core starts fast and carries nothing that only visitors need."""

import asyncio
import sys
from typing import Final

import pytest

from tests.tidy.sources import ROOT

FOREIGN: Final = {
    "asyncua",
    "duckdb",
    "jinja2",
    "matplotlib",
    "nicegui",
    "simulators",
    "starlette",
    "uvicorn",
}

IMPORT_ALL_OF_CORE: Final = """
import importlib, pkgutil, sys
import controller.core
for module in pkgutil.walk_packages(controller.core.__path__, "controller.core."):
    importlib.import_module(module.name)
print(*sorted(sys.modules))
"""


@pytest.mark.real_sockets
async def test_the_core_loads_nothing_of_the_gateway_or_the_laboratory() -> None:
    async with asyncio.timeout(30.0):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", IMPORT_ALL_OF_CORE, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        output, _ = await process.communicate()

    loaded = output.decode().split()
    assert process.returncode == 0
    assert "controller.core" in loaded
    assert {name.partition(".")[0] for name in loaded} & FOREIGN == set()
