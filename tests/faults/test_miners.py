"""Miners that fail, each in its own way: the rest goes on, and nobody is told twice."""

from pathlib import Path

import numpy as np
import pytest

from controller.control.decision import Wanted
from controller.field import pool_watch
from controller.image.fleet import UnitState
from controller.image.tag import Quality
from drivers.cgminer.reading import MinerReading
from drivers.errors import BadReply
from tests.faults.wired_plant import WiredPlant, controlled

HEATING_S = 420.0


async def heating(plant: WiredPlant, heat_kw: float = 40.0) -> None:
    """Wait until some units hash, and the plant follows."""
    plant.ask("heat_demand_kw", heat_kw)
    await plant.until(lambda: plant.world.fleet.power_kw.sum() > 0.8 * heat_kw, HEATING_S)


@pytest.mark.fault(26)
async def test_a_fleet_that_vanishes_is_one_loss_and_wakes_nobody(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        begun_s, sent = plant.now_s, plant.work.miners.counts.sent
        for place in (1, 2):
            plant.world.faults.set(f"link:container-{place:02}", "off")

        await plant.until(lambda: bool(plant.told("do not answer any more", begun_s)), 30.0)
        await plant.pass_time(60.0)

        assert len(plant.told("answer any more", begun_s)) == 1
        assert plant.work.miners.counts.sent == sent


@pytest.mark.fault(30)
async def test_telemetry_that_stands_still_is_not_believed(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        unit = int(np.argmax(plant.world.fleet.power_kw))
        name = plant.fleet.layout.names[unit]
        begun_s = plant.now_s
        plant.world.faults.set(f"miner-{name}", "stuck")

        await plant.until(lambda: bool(plant.told("stands still", begun_s)), 30.0)
        await plant.until(lambda: plant.snapshot().fleet.quality[unit] == Quality.BAD, 40.0)

        assert plant.snapshot().fleet.state[unit] == UnitState.UNKNOWN


@pytest.mark.fault(33)
async def test_a_unit_that_restarts_again_and_again_is_set_aside(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        unit = int(np.argmax(plant.world.fleet.power_kw))
        name = plant.fleet.layout.names[unit]
        begun_s = plant.now_s
        for _ in range(3):
            plant.world.fleet.reboot(unit)
            await plant.pass_time(120.0)

        assert plant.told_of(f"miner-{name}", begun_s)
        assert len(plant.told("set aside", begun_s)) == 1
        assert not plant.snapshot().fleet.commandable[unit]
        assert plant.snapshot().fleet.commandable.sum() == len(plant.fleet.layout) - 1


@pytest.mark.fault(34)
async def test_a_board_that_runs_hot_stops_its_unit_within_a_poll_and_two_seconds(
    tmp_path: Path,
) -> None:
    async with controlled(tmp_path, miners={"chip_trip_c": 95.0}) as plant:
        await heating(plant)
        await plant.pass_time(60.0)
        unit = int(np.argmax(plant.world.fleet.chip_c))
        name = plant.fleet.layout.names[unit]
        begun_s = plant.now_s
        plant.world.faults.set(f"miner-{name}", "clogged")

        await plant.until(lambda: bool(plant.told("hottest chip is", begun_s)), 5.0 + 2.0)
        await plant.until(lambda: plant.world.fleet.power_kw[unit] < 1.0, 15.0)

        others = np.delete(plant.world.fleet.power_kw, unit)
        assert others.max() > 1.0, "nobody else is stopped"


@pytest.mark.fault(31)
async def test_a_hot_unit_that_confirms_sleep_and_goes_on_loses_its_feeder(tmp_path: Path) -> None:
    async with controlled(tmp_path, miners={"chip_trip_c": 95.0}) as plant:
        await heating(plant)
        await plant.pass_time(60.0)
        unit = int(np.argmax(plant.world.fleet.chip_c))
        name = plant.fleet.layout.names[unit]
        container = f"container-{int(plant.fleet.layout.container_of[unit]) + 1:02}"
        begun_s = plant.now_s
        plant.world.faults.set(container, "deaf")
        plant.world.faults.set(f"miner-{name}", "clogged")

        await plant.until(lambda: plant.world.fleet.power_kw[unit] < 0.01, 60.0)

        assert plant.told("does not stop", begun_s)


@pytest.mark.fault(25)
async def test_a_miner_that_is_off_is_left_out_and_another_runs_for_it(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant, 30.0)
        await plant.pass_time(60.0)
        assert plant.decision is not None
        unit = int(np.argmax(plant.world.fleet.power_kw))
        name = plant.fleet.layout.names[unit]
        before = np.flatnonzero(plant.decision.units == Wanted.NORMAL)
        assert len(before) < len(plant.fleet.layout), "somebody must be left to run for it"
        plant.world.faults.set(f"miner-{name}", "off")

        def others() -> int:
            assert plant.decision is not None
            on = plant.decision.units == Wanted.NORMAL
            return int(np.count_nonzero(np.delete(on, unit)))

        await plant.until(lambda: plant.snapshot().fleet.quality[unit] == Quality.BAD, 32.0)
        assert plant.snapshot().fleet.state[unit] == UnitState.UNKNOWN
        await plant.until(lambda: others() >= len(before), 120.0 - 32.0)


@pytest.mark.fault(28)
async def test_a_reply_without_end_is_cut_off_and_its_unit_is_asked_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        unit = int(np.argmax(plant.world.fleet.power_kw))
        name = plant.fleet.layout.names[unit]
        begun_s, polls = plant.now_s, plant.work.poller.counts.polls
        plant.world.faults.set(f"link:miner-{name}", "huge")
        miner, asked_s = plant.field.miners[unit], []
        poll = miner.poll
        with pytest.raises(BadReply, match="expected at most 262144 bytes"):
            await poll()
        assert plant.now_s - begun_s < 2.0

        async def counted() -> MinerReading:
            asked_s.append(plant.now_s)
            return await poll()

        monkeypatch.setattr(miner, "poll", counted)
        await plant.pass_time(60.0)
        assert 3 <= len(asked_s) <= 9, "a sound unit is asked twelve times a minute"
        assert plant.snapshot().fleet.state[unit] == UnitState.UNKNOWN
        assert plant.work.poller.counts.polls - polls >= 9 * 10, "the others are asked as before"


@pytest.mark.fault(32)
async def test_who_denies_orders_is_told_once_and_not_asked_again_and_again(
    tmp_path: Path,
) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant)
        running = np.flatnonzero(plant.snapshot().fleet.state[:5] == UnitState.RUNNING)
        assert len(running) > 0
        plant.world.faults.set("container-01", "denied")
        begun_s, sent = plant.now_s, plant.work.miners.counts.sent
        plant.ask("power_limit_kw", 0.0)

        def denied() -> int:
            return len(plant.told("takes no orders from us", begun_s))

        await plant.until(lambda: denied() == len(running), 10.0)
        await plant.pass_time(120.0)

        assert denied() == len(running)
        assert plant.told_of(f"miner-{plant.fleet.layout.names[running[0]]}", begun_s)
        assert plant.work.miners.counts.sent - sent <= 10
        assert not plant.snapshot().fleet.commandable[running].any()
        assert plant.snapshot().fleet.commandable[5:].all()


@pytest.mark.fault(35)
async def test_a_pool_that_somebody_has_changed_is_a_matter_of_security(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried_s = 30.0
    monkeypatch.setattr(pool_watch, "FIRST_WITHIN_S", hurried_s)
    monkeypatch.setattr(pool_watch, "EVERY_S", hurried_s)
    async with controlled(tmp_path) as plant:
        await plant.pass_time(2.0 * hurried_s)
        name = plant.fleet.layout.names[3]
        begun_s = plant.now_s
        plant.world.faults.set(f"miner-{name}", "repooled")

        await plant.until(lambda: plant.told_of("security", begun_s), hurried_s + 10.0)

        told = plant.told("pools were changed", begun_s)
        assert told == [
            f"miner-{name} its pools were changed: "
            + ", ".join(f"stratum+tcp://elsewhere.example:{3333 + number}" for number in range(3))
            + " in place of "
            + ", ".join(f"stratum+tcp://pool.example:{3333 + number}" for number in range(3))
        ]


@pytest.mark.fault(36)
async def test_after_mains_returns_containers_come_back_one_by_one(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        await heating(plant, 60.0)
        plant.world.faults.set("mains", "off")
        await plant.pass_time(60.0)
        plant.world.faults.set("mains", "ok")
        rated_kw = float(plant.settings.rated_kw.max())
        closed_s: dict[int, float] = {}
        apart_s = plant.settings.protection.reclose_apart_s

        def back() -> bool:
            for container in np.flatnonzero(plant.world.plc.contactors_closed).tolist():
                closed_s.setdefault(container, plant.now_s)
            return plant.world.fleet.power_kw.sum() > 0.8 * 60.0

        assert not plant.world.plc.contactors_closed.any()
        before_kw, began_s = 0.0, plant.now_s
        while not back():
            assert plant.now_s - began_s < 900.0
            await plant.pass_time(1.0)
            power_kw = float(plant.world.fleet.power_kw.sum())
            # A container of five starts by itself when it is fed; two never in one step.
            assert power_kw - before_kw <= 5 * rated_kw
            before_kw = power_kw
        times = sorted(closed_s.values())
        assert len(times) == 2
        assert times[1] - times[0] >= apart_s - 1.0
