"""Answers that are not what was asked for: rows 5 to 11 and 13."""

import asyncio
import gc
import tracemalloc
from pathlib import Path

import pytest

from controller.image.tag import Quality
from drivers.errors import BadReply, Busy, DeviceError, Misasked, NoAnswer, Refused
from tests.faults.wired_plant import watched, wires

HEAT = "heat-meter.power_kw"
NOT_THE_ANSWER = [
    pytest.param(verb, marks=pytest.mark.fault(row))
    for row, verbs in {
        6: ("transaction-zero", "wrong-transaction", "wrong"),
        7: ("wrong-unit",),
        8: ("fewer-registers", "more-registers", "zero-registers", "odd-registers"),
        9: ("other-function",),
    }.items()
    for verb in verbs
]


@pytest.mark.fault(5)
@pytest.mark.parametrize("verb", ["late-answer", "one-behind"])
async def test_a_late_answer_is_never_another_tags_value(tmp_path: Path, verb: str) -> None:
    async with watched(tmp_path) as plant:
        assert plant.quality("primary.flow_lpm") is Quality.GOOD

        plant.world.faults.set("link:cdu", verb)
        for _ in range(20):
            await plant.pass_time(0.5)
            assert plant.wrong_values("cdu") == {}

        # Where the right answer comes too it is found; where it never comes nothing is known.
        comes = verb == "late-answer"
        assert plant.quality("primary.flow_lpm") is (Quality.GOOD if comes else Quality.BAD)


@pytest.mark.parametrize("verb", NOT_THE_ANSWER)
async def test_a_reply_that_is_not_the_answer_changes_nothing(tmp_path: Path, verb: str) -> None:
    async with wires(tmp_path) as plant:
        meter = plant.device("heat-meter")
        before = dict(await meter.read("normal"))

        plant.world.faults.set("link:heat-meter", verb)
        begun_s = plant.now_s
        with pytest.raises((BadReply, NoAnswer), match=r"127\.9\.0\.1"):
            await meter.read("normal")

        # Nothing of the reading was told, and a second is the longest that it took.
        assert plant.now_s - begun_s <= 1.01
        plant.world.faults.set("link:heat-meter", "ok")
        await plant.pass_time(1.0)
        assert (await meter.read("normal")).keys() == before.keys()


@pytest.mark.fault(6)
async def test_a_device_that_is_known_for_transaction_zero_is_believed(tmp_path: Path) -> None:
    async with wires(tmp_path, zero_transactions=("heat-meter",)) as plant:
        plant.world.faults.set("link:heat-meter", "transaction-zero")
        plant.world.faults.set("link:outdoor", "transaction-zero")

        assert (await plant.device("heat-meter").read("normal"))[HEAT] is not None
        with pytest.raises(DeviceError):
            await plant.device("outdoor").read("normal")


@pytest.mark.fault(10)
@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        (1, Misasked, "illegal function"),
        (2, Misasked, "illegal data address"),
        (3, Misasked, "illegal data value"),
        (4, Refused, "failure"),
        (6, Busy, "busy"),
        (10, NoAnswer, "gateway"),
        (11, NoAnswer, "gateway"),
        (0x77, Refused, "unknown exception"),
    ],
)
async def test_an_exception_is_named_by_its_kind_and_costs_no_connection(
    tmp_path: Path, code: int, kind: type[DeviceError], name: str
) -> None:
    async with wires(tmp_path) as plant:
        meter = plant.device("heat-meter")
        await meter.read("normal")
        connections = plant.connections("heat-meter")

        plant.world.faults.set("link:heat-meter", f"exception:{code}")
        begun_s = plant.now_s
        with pytest.raises(kind, match=name):
            await meter.read("normal")

        assert plant.now_s - begun_s <= 1.0
        assert plant.connections("heat-meter") == connections


@pytest.mark.fault(11)
@pytest.mark.parametrize("verb", ["bad-protocol", "length:250", "length:3", "garbage", "endless"])
async def test_garbage_costs_a_connection_and_nothing_else(tmp_path: Path, verb: str) -> None:
    async with watched(tmp_path) as plant:
        before = plant.connections("heat-meter")
        plant.world.faults.set("link:heat-meter", verb)
        await plant.pass_time(12.0)

        tried = plant.connections("heat-meter") - before
        assert 1 <= tried <= 6, "it is tried again, and not in a hurry"
        assert plant.wrong_values("heat-meter") == {}

        plant.world.faults.set("link:heat-meter", "ok")
        await plant.until(lambda: plant.quality(HEAT) is Quality.GOOD, 10.5)


@pytest.mark.fault(11)
async def test_a_flood_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    async with wires(tmp_path) as plant:
        meter = plant.device("heat-meter")
        await meter.read("normal")
        plant.world.faults.set("link:heat-meter", "endless")
        kept_bytes = []
        tracemalloc.start()
        for _ in range(2):
            # pymodbus keeps the last twenty pieces that it heard, whatever their size.
            for _ in range(21):
                with pytest.raises(DeviceError):
                    await meter.read("normal")
                await asyncio.sleep(11.0)
            gc.collect()
            kept_bytes.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()

        assert kept_bytes[1] - kept_bytes[0] < 100_000


@pytest.mark.fault(13)
@pytest.mark.parametrize("verb", ["glued", "duplicate"])
async def test_what_comes_beside_the_answer_is_dropped(tmp_path: Path, verb: str) -> None:
    async with watched(tmp_path) as plant:
        plant.world.faults.set("link:cdu", verb)
        for _ in range(20):
            await plant.pass_time(0.5)
            assert plant.wrong_values("cdu") == {}

        assert plant.quality("primary.flow_lpm") is Quality.GOOD
        assert plant.device("cdu").counts.discarded > 10
