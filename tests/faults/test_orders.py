"""Orders that do not arrive, or not as they were meant: rows 14 to 17."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.faults.wired_plant import WiredPlant, controlled

FAN = "dry-cooler.fan_pct"
VALVE = "container-02.valve_open_command"


class Coil:
    """Every order that reaches a coil of the PLC."""

    def __init__(self, plant: WiredPlant, point: str) -> None:
        self.point = point
        self.orders: list[tuple[float, bool]] = []
        self._plc = plant.world.plc
        take = self._plc.command

        def command(point: str, value: float | bool) -> None:  # noqa: FBT001 - the PLC's own
            take(point, value)
            if point == self.point:
                self.orders.append((plant.now_s, bool(value)))

        self._take = take
        self._plc.command = command  # type: ignore[method-assign] # it listens and passes on

    @property
    def closed(self) -> bool:
        """What the coil shows."""
        return bool(self._plc.command_value(self.point))

    def set_by_another(self, *, value: bool) -> None:
        """Somebody else's order."""
        self._take(self.point, value)


@pytest.mark.fault(14)
@pytest.mark.parametrize("verb", ["echo-address", "echo-count", "echo-value"])
async def test_a_write_with_the_wrong_echo_has_failed(tmp_path: Path, verb: str) -> None:
    async with controlled(tmp_path) as plant:
        before = plant.counts.verified, plant.counts.failed
        with capture_logs() as logs:
            plant.world.faults.set("link:cdu", verb)
            plant.ask(f"hand:{VALVE}", value=True, role="engineer")
            await plant.pass_time(3.0)

        assert [log for log in logs if log["event"] == "not written" and log["device"] == "cdu"]
        assert plant.counts.failed > before[1]
        assert plant.told("not written")
        # It was taken all the same, and whoever reads back finds that.
        plant.world.faults.set("link:cdu", "ok")
        await plant.pass_time(3.0)
        assert plant.snapshot().flag(VALVE) is True
        assert plant.world.plc.command_value(VALVE) is True


@pytest.mark.fault(15)
async def test_a_coil_that_is_confirmed_and_not_taken_is_seen(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        coil = Coil(plant, VALVE)
        plant.world.faults.set(VALVE, "stuck")
        failed, begun_s = plant.counts.failed, plant.now_s
        plant.ask(f"hand:{VALVE}", value=True, role="engineer")

        await plant.until(lambda: plant.counts.failed > failed, 5.0)
        await plant.until(lambda: bool(plant.told("does not take", begun_s)), 5.0)
        await plant.pass_time(5.0)
        assert len(coil.orders) <= 4


@pytest.mark.fault(15)
async def test_set_points_that_are_confirmed_and_not_taken_leave_the_plc_alone(
    tmp_path: Path,
) -> None:
    async with controlled(tmp_path) as plant:
        begun_s = plant.now_s
        plant.world.faults.set("link:cdu", "write-not-taken")

        # Nothing arrives, the heartbeat neither: the PLC goes on alone, and that is told.
        await plant.until(lambda: bool(plant.world.plc.points()["plc.local_automatic"]), 12.0)
        await plant.until(lambda: bool(plant.told("gone to local automatic", begun_s)), 4.0)
        assert not plant.told("another controller", begun_s), "nobody else was there"

        plant.world.faults.set("link:cdu", "ok")
        await plant.until(lambda: not plant.world.plc.points()["plc.local_automatic"], 12.0)


@pytest.mark.fault(16)
@pytest.mark.parametrize("by", ["another hand", "itself"])
async def test_an_output_that_changes_is_told_and_gets_no_war(tmp_path: Path, by: str) -> None:
    async with controlled(tmp_path) as plant:
        coil = Coil(plant, VALVE)
        if by == "itself":
            plant.world.faults.set(VALVE, "reverts:3")
        plant.ask(f"hand:{VALVE}", value=True, role="engineer")
        await plant.until(lambda: coil.closed, 5.0)
        await plant.pass_time(2.0)

        begun_s = plant.now_s
        told_after_s = None
        with capture_logs() as logs:
            for second in range(21):
                if by == "another hand" and second % 3 == 0:
                    coil.set_by_another(value=False)
                await plant.pass_time(1.0)
                seen = VALVE in {log.get("tag") for log in logs} or plant.told_of(VALVE, begun_s)
                if seen and told_after_s is None:
                    told_after_s = plant.now_s - begun_s

        assert told_after_s is not None
        assert told_after_s <= 5.0
        rewrites = [at_s for at_s, _ in coil.orders if at_s > begun_s]
        assert 1 <= len(rewrites) <= 4
        assert plant.told("somebody else", begun_s)
        assert plant.told_of("security", begun_s)


@pytest.mark.fault(17)
async def test_a_lost_answer_to_a_write_is_not_a_lost_write(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        coil = Coil(plant, VALVE)
        plant.world.faults.set("link:cdu", "write-answer-lost")
        plant.ask(f"hand:{VALVE}", value=True, role="engineer")
        await plant.pass_time(8.0)
        plant.world.faults.set("link:cdu", "ok")
        await plant.pass_time(4.0)

        assert coil.closed
        # The frame before it has used up the first turns; but never is it sent again unread.
        assert len(coil.orders) == 1
        assert plant.snapshot().flag(VALVE) is True
