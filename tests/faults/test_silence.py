"""Devices that cannot be reached, say nothing, or say it too late: rows 1 to 4, 12 and 24."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from controller.image.tag import Quality
from drivers.errors import NoAnswer
from tests.faults.wired_plant import WiredPlant, controlled, living, watched, wires

HEAT = "heat-meter.power_kw"


def asleep(plant: WiredPlant) -> bool:
    """Whether no unit heats any more."""
    return float(plant.world.fleet.power_kw.sum()) < 0.05 * plant.world.description.units * 8.4


def news(plant: WiredPlant) -> list[str]:
    """What has been told of the heat meter, in short."""
    told = [event.text for event in plant.counts.news if event.source == "heat-meter"]
    return [text.partition(":")[0] for text in told]


async def rate(plant: WiredPlant, seconds: float) -> dict[str, float]:
    """Readings a second, by device and group."""
    before = dict(plant.reads)
    await plant.pass_time(seconds)
    return {name: (count - before.get(name, 0)) / seconds for name, count in plant.reads.items()}


@pytest.mark.fault(1)
async def test_a_meter_that_refuses_connections_is_bad_and_told(tmp_path: Path) -> None:
    async with watched(tmp_path) as plant:
        with capture_logs() as logs:
            plant.world.faults.set("link:heat-meter", "off")
            await plant.until(lambda: plant.quality(HEAT) is Quality.BAD, 15.5)

        lost = [log["device"] for log in logs if log["event"] == "device lost"]
        assert lost == ["heat-meter"]
        assert news(plant) == ["does not answer"]
        assert plant.quality("primary.flow_lpm") is Quality.GOOD
        plant.world.faults.set("link:heat-meter", "ok")
        await plant.until(lambda: plant.quality(HEAT) is Quality.GOOD, 11.0)
        assert news(plant) == ["does not answer", "answers again"]


@pytest.mark.fault(1)
async def test_a_plc_that_cannot_be_reached_stops_the_heat(tmp_path: Path) -> None:
    async with controlled(tmp_path) as plant:
        assert not asleep(plant)

        plant.world.faults.set("link:cdu", "off")
        await plant.until(lambda: asleep(plant), 15.0)

        assert plant.quality("primary.flow_lpm") is Quality.BAD
        assert plant.told("tripped")
        assert plant.told_of("cdu", 0.0)
        await plant.until(lambda: plant.world.plc.points()["plc.local_automatic"] is True, 12.0)


@pytest.mark.fault(2)
async def test_a_black_hole_is_bad_and_takes_nobodys_turn(tmp_path: Path) -> None:
    async with watched(tmp_path) as plant:
        usual = await rate(plant, 10.0)

        plant.world.faults.set("link:heat-meter", "stuck")
        beside = await rate(plant, 16.0)

        assert plant.quality(HEAT) is Quality.BAD
        assert news(plant) == ["does not answer"]
        others = usual.keys() - {"heat-meter normal"}
        assert {name: beside[name] for name in others} == {
            name: pytest.approx(usual[name], rel=0.1) for name in others
        }


@pytest.mark.fault(3)
async def test_who_is_always_late_is_believed_and_takes_nobodys_turn(tmp_path: Path) -> None:
    async with watched(tmp_path) as plant:
        usual = await rate(plant, 10.0)

        plant.world.faults.set("link:heat-meter", "delayed:0.95")
        beside = await rate(plant, 20.0)

        assert plant.quality(HEAT) is not Quality.BAD
        assert plant.wrong_values("heat-meter") == {}
        assert plant.device("heat-meter").counts.late >= 5
        assert beside["heat-meter normal"] < 0.75 * usual["heat-meter normal"]
        others = usual.keys() - {"heat-meter normal"}
        assert {name: beside[name] for name in others} == {
            name: pytest.approx(usual[name], rel=0.1) for name in others
        }


@pytest.mark.fault(4)
async def test_an_answer_byte_by_byte_ends_with_the_total_time(tmp_path: Path) -> None:
    async with wires(tmp_path) as plant:
        await plant.device("heat-meter").read("normal")
        plant.world.faults.set("link:heat-meter", "slow")
        begun_s = plant.now_s
        with pytest.raises(NoAnswer):
            await plant.device("heat-meter").read("normal")

        assert plant.now_s - begun_s <= 1.01


@pytest.mark.fault(12)
@pytest.mark.parametrize("verb", ["half-frame-fin", "half-frame-reset"])
async def test_half_an_answer_is_none_and_the_device_comes_back_in_time(
    tmp_path: Path, verb: str
) -> None:
    async with watched(tmp_path) as plant:
        before = plant.connections("heat-meter")
        plant.world.faults.set("link:heat-meter", verb)
        await plant.pass_time(25.0)
        tried = plant.connections("heat-meter") - before
        assert plant.quality(HEAT) is Quality.BAD

        plant.world.faults.set("link:heat-meter", "ok")
        await plant.until(lambda: plant.quality(HEAT) is Quality.GOOD, 10.5)

        # 1, 2, 4, 8 and then every 10 s, each up to a quarter shorter.
        assert 3 <= tried <= 9


@pytest.mark.fault(24)
@pytest.mark.parametrize("verb", ["taken", "one-client"])
async def test_a_device_that_somebody_else_has_is_told_and_asked_again_in_time(
    tmp_path: Path, verb: str
) -> None:
    async with wires(tmp_path) as plant:
        plant.world.faults.set("link:heat-meter", verb)
        meter = plant.file.device[1]
        if verb == "one-client":
            # Somebody who came first, and says nothing.
            loop = asyncio.get_running_loop()
            await loop.create_connection(asyncio.Protocol, meter.host, meter.port)
        with capture_logs() as logs:
            async with living(plant.eyes(lambda: None)):
                await plant.pass_time(15.0)
                before = plant.connections("heat-meter")
                assert plant.quality(HEAT) is Quality.BAD
                await plant.pass_time(15.0)
                assert plant.connections("heat-meter") - before <= 4

        lost = [log["device"] for log in logs if log["event"] == "device lost"]
        assert lost == ["heat-meter"]
        assert news(plant) == ["does not answer"]
        assert {log["error"].partition(":")[0] for log in logs if "error" in log} == {meter.host}
