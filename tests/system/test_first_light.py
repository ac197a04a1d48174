"""The loop closed over real protocols, judged from the rig's true state."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from asyncua import ua

from controller.core.lifeline import start_bound
from controller.link.client import LinkClient
from tests.system.real_plant import RealPlant, real_plant, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(150)]

BLACK_HOLES, RUNNING = 10, 1
HEAT_DEMAND = ua.NodeId("requests.heat_demand_kw", 2)


async def test_a_demand_by_opcua_commands_the_first_miner_within_a_second_and_a_half() -> None:
    async with real_plant(containers=10, units=92) as plant:
        await until(plant.opcua_answers, 30.0, "the gateway answers")
        async with plant.opcua() as client:
            before_s = (await plant.truth())["now_s"]
            await client.get_node(HEAT_DEMAND).write_value(5_000.0, ua.VariantType.Double)

        await until(
            lambda: plant.value("plant.heat_target_kw") == 5_000.0, 12.0, "it is the target"
        )
        await asyncio.sleep(2.0)
        woken = [at_s for at_s, _, verb in await plant.orders(before_s) if verb == "wake"]

        assert min(woken) - before_s <= 1.5
        assert str(plant.value("plant.heat_target_source")).startswith("opcua:operator")


async def test_all_pumps_lost_puts_every_miner_to_sleep_within_three_seconds() -> None:
    async with real_plant(containers=10, units=92) as plant:
        await asyncio.sleep(1.0)
        running = await running_units(plant)
        before = await plant.truth()
        for pump in ("pump-1", "pump-2", "pump-3"):
            await asyncio.to_thread(plant.rig.set_fault, pump, "off")

        async def power_gone() -> bool:
            return (await plant.truth())["electric_kw"] < 0.05 * before["electric_kw"]

        took_s = await until(power_gone, 20.0, "electric power is below 5 %")
        slept = {unit: at_s for at_s, unit, verb in await plant.orders(0.0) if verb == "sleep"}
        refused = await plant.ask("trip_reset")
        truth = await plant.truth()

        assert took_s <= 20.0
        assert running <= slept.keys()
        assert max(slept[unit] for unit in running) - before["now_s"] <= 3.2
        assert truth["hottest_unit_outlet_c"] < 85.0
        assert truth["unsafe_unit_seconds"] == 0.0
        assert plant.value("plant.mode") == "tripped"
        assert refused[0] is False
        assert "primary-flow still stands" in refused[1]


async def test_miners_that_do_not_obey_are_cut_off_by_their_contactor() -> None:
    async with real_plant(containers=3, units=10) as plant:
        await asyncio.to_thread(plant.rig.set_fault, "container-01", "deaf")
        before = await plant.truth()
        for pump in ("pump-1", "pump-2", "pump-3"):
            await asyncio.to_thread(plant.rig.set_fault, pump, "off")

        async def power_gone() -> bool:
            return (await plant.truth())["electric_kw"] < 0.05 * before["electric_kw"]

        await until(power_gone, 20.0, "electric power is below 5 %")

        await until(
            lambda: plant.value("container-01.contactor_closed") is False, 2.0, "it is told so"
        )
        assert plant.value("container-02.contactor_closed") is True


async def test_a_repaired_plant_is_reset_and_a_restart_before_that_stays_tripped() -> None:
    async with real_plant(containers=2, units=5, core=False) as plant:
        core = await plant.start_core("core")
        await until(lambda: plant.value("plant.mode") == "running", 30.0, "it runs")
        for pump in ("pump-1", "pump-2", "pump-3"):
            await asyncio.to_thread(plant.rig.set_fault, pump, "off")
        await until(lambda: plant.value("plant.mode") == "tripped", 5.0, "it trips")
        await asyncio.sleep(1.0)
        core.process.kill()
        await core.process.wait()
        await asyncio.to_thread(plant.rig.clear_fault)
        plant.mirror = None
        await plant.start_core("core")

        await until(lambda: plant.value("plant.mode") == "tripped", 30.0, "it is tripped again")

        async def reset() -> bool:
            return (await plant.ask("trip_reset"))[0]

        await until(reset, 30.0, "the reset is accepted")
        # Its water has cooled a little meanwhile: it may have to be warmed first.
        begun = ("starting", "running")
        await until(lambda: plant.value("plant.mode") in begun, 5.0, "it begins again")
        await until(lambda: plant.number("plant.units_running") > 0.0, 240.0, "miners run again")


async def test_a_killed_gateway_delays_no_scan_and_comes_back() -> None:
    async with real_plant(containers=10, units=92) as plant:
        await until(plant.opcua_answers, 30.0, "the gateway answers")
        scans = len(plant.reports)
        os.kill(gateway_pid(plant), signal.SIGKILL)

        took_s = await until(plant.opcua_answers, 10.0, "the gateway is back")
        gaps_s = [
            b - a for a, b in zip(plant.reports[scans:], plant.reports[scans + 1 :], strict=False)
        ]

        assert took_s <= 10.0
        assert max(gaps_s) <= 1.25
        assert plant.number("loop.skipped") == 0.0


async def test_black_holes_do_not_slow_the_others() -> None:
    async with real_plant(containers=10, units=92) as plant:
        for unit in range(1, BLACK_HOLES + 1):
            await asyncio.to_thread(plant.rig.set_fault, f"miner-c01-{unit:03}", "silent")
        await asyncio.sleep(8.0)
        assert plant.mirror is not None
        units = len(plant.mirror.seen_utc_s)
        seen: list[list[float]] = [[] for _ in range(units)]
        until_s = asyncio.get_running_loop().time() + 21.0
        while asyncio.get_running_loop().time() < until_s:
            for unit, at_s in enumerate(plant.mirror.seen_utc_s.tolist()):
                # The same poll is told again in every report, a little rounded.
                if not seen[unit] or at_s - seen[unit][-1] > 0.5:
                    seen[unit].append(at_s)
            await asyncio.sleep(0.5)

        # Who is asleep is asked less often, who changes his state more often.
        running = np.flatnonzero(plant.mirror.columns["state"] == RUNNING)
        others = [np.diff(seen[unit]) for unit in running.tolist() if unit >= BLACK_HOLES]
        periods_s = sorted(np.concatenate(others).tolist())
        assert len(periods_s) >= 3 * len(others) > 300
        assert periods_s[len(periods_s) // 100] >= 2.4
        assert periods_s[-len(periods_s) // 100] <= 5.5


async def test_core_scans_two_seconds_after_its_start_and_stays_lean(tmp_path: Path) -> None:
    async with real_plant(containers=2, units=5, core=False) as plant:
        imported = tmp_path / "imports.txt"
        with imported.open("wb") as words:
            core = await start_bound(
                *(sys.executable, "-X", "importtime", "-m", "controller"),
                *("core", str(plant.site.config)),
                stderr=words,
            )
        try:
            took_s = await until(lambda: plant.reports, 10.0, "the first report")
            await until(lambda: plant.value("plant.mode") == "running", 20.0, "it runs")
        finally:
            core.terminate()
            await core.wait()

        lines = imported.read_text(encoding="utf-8").splitlines()
        modules = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
        assert took_s <= 2.0
        assert "pymodbus" in modules
        assert not modules & {"asyncua", "nicegui", "duckdb", "starlette", "uvicorn", "simulators"}


async def running_units(plant: RealPlant) -> set[str]:
    """The names of the units that draw power, by the rig's truth."""
    units = await asyncio.to_thread(plant.rig.units)
    return {name for name, kw in zip(units["name"], units["power_kw"], strict=True) if kw > 1.0}


def gateway_pid(plant: RealPlant) -> int:
    """The process that serves this site's gateway."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"gateway" in words and os.fsencode(plant.site.config) in words:
            return int(entry.parent.name)
    raise AssertionError("no gateway runs")


async def test_a_dry_run_decides_and_writes_nothing() -> None:
    async with real_plant(containers=2, units=5, core=False) as plant:
        with plant.site.config.open("a", encoding="utf-8") as config:
            config.write('\n[core]\nreach = "dry-run"\n')
        await plant.start_core("core")
        await until(lambda: plant.value("plant.mode") == "running", 30.0, "it decides")
        accepted, _ = await plant.ask("heat_demand_kw", 10.0)
        await until(lambda: plant.value("plant.heat_target_kw") == 10.0, 3.0, "it is the target")
        await asyncio.sleep(3.0)

        assert accepted
        assert plant.value("plant.reach") == "dry-run"
        assert plant.number("commands.sent") == 0.0
        assert not await plant.orders(0.0)
        journal = (plant.site.folder / "run" / "journal.jsonl").read_text(encoding="utf-8")
        assert '"name": "heat_demand_kw"' in journal
        assert '"accepted": true' in journal


async def test_a_running_controller_explains_its_pump_within_a_second() -> None:
    async with real_plant(containers=2, units=4) as plant:
        verb = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "controller", "why", "pump-2.speed_pct"),
            str(plant.site.config),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await verb.communicate()
        async with LinkClient(plant.site.link) as core:
            began_s = asyncio.get_running_loop().time()
            told = await core.explain("pump-2.speed_pct")
            took_s = asyncio.get_running_loop().time() - began_s

    assert verb.returncode == 0
    for word in ("holds primary flow at", "limit", "written:", "pump-2.running = "):
        assert word in out.decode()
    assert told.steps
    assert took_s <= 1.0
