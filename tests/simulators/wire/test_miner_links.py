"""A miner whose link or telemetry is broken by name."""

import asyncio
import json
from typing import Any

import pytest

from simulators.fault_targets import MINER
from simulators.fault_verbs import Fault, parse
from simulators.link_verbs import MINERS
from tests.simulators.wire.hands import ADDRESSES, Ask, HandFaults, HandFleet, Miners

FIRST, SECOND, _ = ADDRESSES
VERSION = b'{"command":"version"}'
STATS = b'{"command":"estats"}'
SUMMARY = b'{"command":"summary"}'


def link(text: str) -> Fault:
    return parse("link:trial", text, MINERS)


def telemetry(text: str) -> Fault:
    return parse("miner-trial", text, MINER)


def told(raw: bytes) -> Any:  # noqa: ANN401 - JSON
    return json.loads(raw[:-1])


def figure(raw: bytes, name: str) -> str:
    """One figure of the long line that a unit tells of itself."""
    line: str = told(raw)["STATS"][0]["MM ID0"]
    return line.partition(f"{name}[")[2].partition("]")[0]


async def test_a_link_that_is_off_hangs_up_and_its_neighbour_answers(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    faults.links[0] = link("off")
    async with miners(ADDRESSES):
        with pytest.raises(ConnectionResetError):
            await ask(FIRST, VERSION)
        assert told(await ask(SECOND, VERSION))["STATUS"][0]["STATUS"] == "S"


async def test_a_stuck_link_says_nothing(miners: Miners, ask: Ask, faults: HandFaults) -> None:
    faults.links[0] = link("stuck")
    async with miners(ADDRESSES):
        with pytest.raises(TimeoutError):
            await ask(FIRST, VERSION)


async def test_garbage_is_no_json(miners: Miners, ask: Ask, faults: HandFaults) -> None:
    faults.links[0] = link("garbage")
    async with miners(ADDRESSES):
        raw = await ask(FIRST, VERSION)

    assert raw
    with pytest.raises(ValueError, match=r"."):
        told(raw)


@pytest.mark.parametrize("request_", [VERSION, b"version"])
async def test_a_wrong_answer_is_that_of_another_command(
    miners: Miners, ask: Ask, faults: HandFaults, request_: bytes
) -> None:
    faults.links[0] = link("wrong")
    async with miners(ADDRESSES):
        raw = await ask(FIRST, request_)

    assert b"COIN" in raw.upper()
    assert b"VERSION" not in raw


@pytest.mark.parametrize(("text", "after_s"), [("delayed:3", 3.0), ("slow:0.005", None)])
async def test_an_answer_takes_its_time_and_is_whole(
    miners: Miners, ask: Ask, faults: HandFaults, text: str, after_s: float | None
) -> None:
    faults.links[0] = link(text)
    loop = asyncio.get_running_loop()
    async with miners(ADDRESSES):
        begun_s = loop.time()
        raw = await ask(FIRST, VERSION)
        took_s = loop.time() - begun_s

    assert told(raw)["STATUS"][0]["STATUS"] == "S"
    expected_s = 0.005 * len(raw) if after_s is None else after_s
    assert took_s == pytest.approx(expected_s, abs=0.01)


async def test_an_intermittent_link_takes_in_its_share(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    faults.links[0] = link("intermittent:0.5")
    let_in = 0
    async with miners(ADDRESSES):
        for _ in range(60):
            try:
                await ask(FIRST, VERSION)
            except ConnectionResetError:
                continue
            let_in += 1

    assert 15 < let_in < 45


async def test_a_unit_that_is_slow_answers_late(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    faults.telling[0] = telemetry("slow:2")
    loop = asyncio.get_running_loop()
    async with miners(ADDRESSES):
        begun_s = loop.time()
        await ask(FIRST, VERSION)

    assert loop.time() - begun_s == pytest.approx(2.0, abs=0.01)


async def test_stuck_telemetry_does_not_move_nor_does_its_clock(
    miners: Miners, ask: Ask, faults: HandFaults, fleet: HandFleet
) -> None:
    async with miners(ADDRESSES):
        before = await ask(FIRST, STATS)
        faults.telling[0] = telemetry("stuck")
        fleet.elapsed_s[0] += 60.0
        fleet.outlet_c[0] = 92.0
        stuck = await ask(FIRST, STATS)
        del faults.telling[0]
        mended = await ask(FIRST, STATS)

    assert figure(stuck, "Elapsed") == figure(before, "Elapsed")
    assert figure(stuck, "HBOTemp") == figure(before, "HBOTemp")
    assert figure(mended, "HBOTemp") != figure(before, "HBOTemp")


async def test_a_wrong_outlet_is_off_by_what_was_said(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    async with miners(ADDRESSES):
        true = float(figure(await ask(FIRST, STATS), "HBOTemp"))
        faults.telling[0] = telemetry("wrong:+20")
        wrong = float(figure(await ask(FIRST, STATS), "HBOTemp"))

    assert wrong == pytest.approx(true + 20.0, abs=0.11)


async def test_garbled_telemetry_is_whole_json_with_impossible_figures(
    miners: Miners, ask: Ask, faults: HandFaults
) -> None:
    faults.telling[0] = telemetry("garbage")
    async with miners(ADDRESSES):
        raw = await ask(FIRST, STATS)

    assert not -60.0 < float(figure(raw, "HBOTemp")) < 150.0


async def test_delayed_telemetry_is_that_of_so_long_ago(
    miners: Miners, ask: Ask, faults: HandFaults, fleet: HandFleet
) -> None:
    elapsed = []
    faults.telling[0] = telemetry("delayed:10")
    async with miners(ADDRESSES):
        for _ in range(6):
            elapsed.append(int(figure(await ask(FIRST, STATS), "Elapsed")))
            await asyncio.sleep(5.0)
            fleet.elapsed_s[0] += 5.0

    assert [each - elapsed[0] for each in elapsed] == [0, 0, 0, 5, 10, 15]
