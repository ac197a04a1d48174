"""The controller is lost, stands still, or meets another one: the plant does not notice much."""

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from controller.lab.children import Child
from controller.lab.demo_site import Site
from controller.link.client import LinkClient
from controller.link.mirror import Mirror
from tests.system.plc_eye import PlcEye, eye_on_the_plc
from tests.system.real_plant import RealPlant, real_plant, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

OUTLET_LIMIT_C = 85.0
BUMP_PCT = 2.0


async def test_a_killed_core_is_replaced_by_the_plc_and_comes_back_without_a_bump() -> None:
    async with real_plant(containers=2, units=4, core=False) as plant, eye_on_the_plc(plant) as plc:
        core = await start_and_settle(plant)
        before, epoch = await plant.truth(), await plc.epoch()
        core.process.kill()
        await core.process.wait()

        took_s = await until(plc.in_local_automatic, 15.0, "the PLC is in local automatic")
        await judge_while_alone(plant, before["heat_delivered_kw"], seconds=8)
        plant.mirror = None
        await plant.start_core("core")
        bump = await biggest_bump(plant, plc)

        assert 7.0 <= took_s <= 12.0
        assert bump <= BUMP_PCT
        assert await plc.epoch() == epoch + 1
        assert plant.value("plant.authority") == "ours"
        assert plant.number("plant.epoch") == epoch + 1
        assert not await plant.orders(before["now_s"]), "every miner keeps its mode"


async def test_a_core_that_stood_still_writes_nothing_old() -> None:
    async with real_plant(containers=2, units=4, core=False) as plant, eye_on_the_plc(plant) as plc:
        core = await start_and_settle(plant)
        epoch = await plc.epoch()
        # Orders are on their way in the moment in which the process is stopped.
        await plant.ask("heat_demand_kw", 0.0)
        os.kill(core.process.pid, signal.SIGSTOP)
        stopped_s = (await plant.truth())["now_s"]
        await asyncio.sleep(15.0)
        assert await plc.in_local_automatic()
        held = await plc.set_points()
        continued_s = (await plant.truth())["now_s"]
        os.kill(core.process.pid, signal.SIGCONT)

        while await plc.in_local_automatic():
            assert await plc.epoch() in {epoch, epoch + 1}
            held = await plc.set_points()
            await asyncio.sleep(0.1)

        assert await plc.epoch() == epoch + 1, "no old frame ends the local automatic"
        now = await plc.set_points()
        # What the town is sent follows the demand, which was taken before the stop and stands.
        del held["network-pump.speed_pct"]
        assert max(abs(now[tag] - held[tag]) for tag in held) <= BUMP_PCT
        stale = [
            order for order in await plant.orders(stopped_s + 0.5) if order[0] < continued_s + 2.0
        ]
        assert not stale
        assert core.process.returncode is None, "its own watchdog knows a stop from a hang"
        await until(lambda: plant.value("plant.authority") == "ours", 10.0, "the pen is ours")


async def test_a_second_core_takes_the_pen_and_the_first_one_falls_silent() -> None:
    async with real_plant(containers=2, units=3, core=False) as plant, eye_on_the_plc(plant) as plc:
        await start_and_settle(plant)
        epoch = await plc.epoch()
        second = await start_second(plant, plant.site)

        await until(
            lambda: plant.value("plant.authority") == "taken by another",
            40.0,
            "the first sees that its pen is taken",
        )
        sent = plant.number("commands.sent")
        taken_s = (await plant.truth())["now_s"]
        for _ in range(12):
            await asyncio.sleep(1.0)
            assert await plc.epoch() == epoch + 1
            assert not await plc.in_local_automatic()

        assert plant.number("commands.sent") == sent
        assert plant.value("plant.authority") == "taken by another"
        assert await value_of(second, "plant.authority") == "ours"
        assert await value_of(second, "plant.epoch") == epoch + 1
        assert len(await plant.orders(taken_s)) <= 3, "no two of them pull at a miner"


@pytest.mark.campaign
@pytest.mark.timeout(1_200)
async def test_ten_minutes_without_a_controller_heat_the_town_all_the_same() -> None:
    """Its short form, in memory, is tests/scenarios/test_controller_loss.py."""
    async with (
        real_plant(containers=10, units=92, core=False) as plant,
        eye_on_the_plc(plant) as plc,
    ):
        core = await start_and_settle(plant)
        before, epoch = await plant.truth(), await plc.epoch()
        core.process.kill()
        await core.process.wait()
        await until(plc.in_local_automatic, 15.0, "the PLC is in local automatic")
        await judge_while_alone(plant, before["heat_delivered_kw"], seconds=600)
        plant.mirror = None
        await plant.start_core("core")
        bump = await biggest_bump(plant, plc)
        truth = await plant.truth()

        print(f"biggest bump {bump:.2f} %, epoch {epoch} to {await plc.epoch()}")  # noqa: T201
        assert bump <= BUMP_PCT
        assert truth["unsafe_unit_seconds"] == 0.0
        assert not await plant.orders(before["now_s"])


async def start_and_settle(plant: RealPlant) -> Child:
    """A core that has the pen and has had it for some seconds."""
    core = await plant.start_core("core")
    await until(lambda: plant.value("plant.authority") == "ours", 40.0, "the pen is ours")
    await asyncio.sleep(4.0)
    return core


async def judge_while_alone(plant: RealPlant, heat_kw: float, *, seconds: int) -> None:
    """The rig's truth while nobody but the PLC is there."""
    for _ in range(seconds):
        truth = await plant.truth()
        assert truth["hottest_unit_outlet_c"] < OUTLET_LIMIT_C
        assert truth["heat_delivered_kw"] >= 0.85 * heat_kw
        await asyncio.sleep(1.0)


async def biggest_bump(plant: RealPlant, plc: PlcEye) -> float:
    """How far any set-point moves in the first five seconds after the take-over."""
    held = await plc.set_points()

    async def taken_over() -> bool:
        nonlocal held
        if not await plc.in_local_automatic():
            return True
        held = await plc.set_points()
        return False

    await until(taken_over, 40.0, "the new core has taken over")
    bump = 0.0
    for _ in range(10):
        now = await plc.set_points()
        bump = max(bump, *(abs(now[tag] - held[tag]) for tag in held))
        await asyncio.sleep(0.5)
    await until(lambda: plant.value("plant.authority") == "ours", 5.0, "core says so too")
    return bump


async def start_second(plant: RealPlant, site: Site) -> Path:
    """Another core for the same plant, with a folder of its own; gives its link."""
    folder = site.folder / "second"
    folder.mkdir(mode=0o700)
    config = folder / "plant.toml"
    shutil.copy(site.config, config)
    await plant.start_program("second", "core", str(config))
    return folder / "run" / "link.sock"


async def value_of(link: Path, name: str) -> object:
    """What another core reports of a tag."""
    async with LinkClient(link) as client:
        mirror = Mirror(client.hello)
        async for report in client.reports():
            mirror.apply(report)
            return mirror.value(name)
    return None
