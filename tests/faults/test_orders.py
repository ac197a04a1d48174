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
        # It was taken all the same, and whoever reads back finds that.
        plant.world.faults.set("link:cdu", "ok")
        await plant.pass_time(3.0)
        assert plant.snapshot().flag(VALVE) is True
        assert plant.world.plc.command_value(VALVE) is True


@pytest.mark.fault(15)
async def test_a_write_that_is_confirmed_and_not_taken_is_seen(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        plant.world.faults.set("link:cdu", "write-not-taken")
        plant.ask(f"hand:{VALVE}", value=True, role="engineer")
        failed = plant.counts.failed
        with capture_logs() as logs:
            await plant.until(lambda: plant.counts.failed > failed, 5.0)

        told = [log for log in logs if log["event"] == "output does not follow"]
        assert VALVE in {log["tag"] for log in told}
        # Nothing arrives, the heartbeat neither: the PLC goes on alone, and Hearth sees that.
        await plant.until(lambda: bool(plant.told("local automatic")), 14.0)


@pytest.mark.fault(16)
async def test_a_foreign_writer_is_told_and_gets_no_war(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        coil = Coil(plant, VALVE)
        plant.ask(f"hand:{VALVE}", value=True, role="engineer")
        await plant.until(lambda: coil.closed, 5.0)
        await plant.pass_time(2.0)

        begun_s = plant.now_s
        with capture_logs() as logs:
            coil.set_by_another(value=False)
            await plant.pass_time(5.0)
        assert VALVE in {log.get("tag") for log in logs}

        for _ in range(12):
            coil.set_by_another(value=False)
            await plant.pass_time(2.5)
        rewrites = [at_s for at_s, _ in coil.orders if at_s > begun_s]
        assert 1 <= len(rewrites) <= 4
        assert plant.told("somebody else", begun_s)


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
