"""A door with a core behind it that remembers what it hears."""

from pathlib import Path

import pytest

from controller.gateway.opcua.requests import RequestDoor
from controller.gateway.settings import OpcUaSettings
from tests.gateway.hearing_core import Core


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture
def door(core: Core, tmp_path: Path) -> RequestDoor:
    settings = OpcUaSettings(
        certificate=tmp_path,
        private_key=tmp_path,
        trusted_dir=tmp_path,
        rejected_dir=tmp_path,
        users_file=tmp_path,
        max_heat_kw=7340.0,
    )
    return RequestDoor(settings, core.ask, core.show)
