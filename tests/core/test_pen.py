"""What the core makes of a pen that is another's too, and of a device that watches nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from controller.control.decision import Decision
from controller.control.pen import Pen
from controller.control.scan import safe
from controller.control.state import first_state
from controller.core.app import Core
from tests.control.small_plant import plant_file


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return Core(plant_file(core={"state_dir": str(tmp_path / "run")}))


def decision(core: Core, pen: Pen) -> Decision:
    settings = core._settings  # noqa: SLF001 - the core has no door for a test
    state = first_state(len(settings.container_of), settings.containers, 0.95, ())
    return safe(replace(state, pen=pen), settings)


def act(core: Core, one: Decision) -> None:
    core._act(one, core._work.image.freeze(1.0, 1_767_225_600.0))  # noqa: SLF001


async def test_a_pen_that_is_anothers_too_is_let_go_for_the_miners_as_well(core: Core) -> None:
    act(core, decision(core, Pen("ours", 3)))
    assert core._cycle._state.pen.holder != "taken by another"  # noqa: SLF001

    core._work._water[0].pen_lost = True  # noqa: SLF001
    act(core, decision(core, Pen("ours", 3)))

    assert core._cycle._state.pen.holder == "taken by another"  # noqa: SLF001
    assert core._cycle._state.mode == "tracking"  # noqa: SLF001


async def test_where_a_device_watches_nobody_the_reach_shown_is_a_dry_run(
    core: Core,
) -> None:
    act(core, decision(core, Pen("plc without watchdog", None, "it watches nobody")))
    assert core._figures()["plant.reach"] == "dry-run"  # noqa: SLF001

    act(core, decision(core, Pen("ours", 3)))
    assert core._figures()["plant.reach"] == "automatic"  # noqa: SLF001


def test_the_core_knows_the_watchdogs_of_its_devices_and_what_they_lack(core: Core) -> None:
    settings = core._settings  # noqa: SLF001

    assert [one.tag for one in settings.watchdogs] == ["plc.fallback_after_s"]
    assert settings.lacking == frozenset()
