"""`hearth probe` of a Modbus device: what it shows people and programs, and never a write."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from controller.config.findings import ConfigError
from controller.config.load import load_plant
from controller.desk.point_probe import Target, probe_points, target_at, target_in
from controller.desk.probe_verb import Wanted, probe_life
from simulators.wire.listen import serve_units
from tests.wire.memory_bank import MemoryBank

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.vendor.example.toml"
HERE = ("127.9.9.1", 502)


@pytest.fixture
async def pump() -> AsyncIterator[MemoryBank]:
    """A Grundfos module at unit 5: running under remote control, 12.3 m³/h."""
    bank = MemoryBank(inputs_length=365, holdings_length=112)
    bank.put("holding", 100, 3)
    bank.put("input", 200, 0x0340)
    bank.put("input", 301, 123)
    bank.put("input", 307, 65_535)
    async with serve_units({5: bank}, HERE, "pump"):
        yield bank


async def shown(target: Target, *, as_json: bool = False, watch_s: float = 0.0) -> tuple[str, bool]:
    """What the probe prints, and whether the device told anything."""
    page, stop = StringIO(), asyncio.Event()
    console = Console(file=page, width=220)
    asyncio.get_running_loop().call_later(watch_s, stop.set)
    told = await probe_points(target, console, stop, as_json=as_json, watch=watch_s > 0.0)
    return page.getvalue(), told


async def test_a_table_shows_value_unit_state_raw_words_place_and_source(pump: MemoryBank) -> None:
    text, told = await shown(target_at(*HERE, 5, "grundfos_cim"))

    assert told
    (control,) = (line for line in text.splitlines() if "control " in line)
    assert "3 (run)" in control
    assert "holding 100" in control
    (flow,) = (line for line in text.splitlines() if "flow_m3h" in line)
    assert all(word in flow for word in ("12.3", "m³/h", "good", "007B", "input 301", "00302"))
    (odd,) = (line for line in text.splitlines() if "actual_setpoint_pct" in line)
    assert "bad: actual_setpoint_pct: expected 0 to 100 %, got 655.35" in odd
    assert pump.written == []


async def test_json_says_the_same_to_programs(pump: MemoryBank) -> None:
    text, _ = await shown(target_at(*HERE, 5, "grundfos_cim"), as_json=True)
    told = json.loads(text)
    points = {point["point"]: point for point in told["points"]}

    assert (told["unit"], told["profile"]) == (5, "grundfos_cim")
    assert points["rotating"] == {
        "point": "rotating",
        "value": True,
        "state": "",
        "unit": "",
        "quality": "good",
        "why": "",
        "raw": ["0x0340"],
        "table": "input",
        "address": 200,
        "source": "98367081, register 00201: StatusBits",
    }
    assert points["control"]["state"] == "run"
    assert pump.written == []


async def test_it_watches_once_a_second_until_it_is_stopped(pump: MemoryBank) -> None:
    del pump
    text, told = await shown(target_at(*HERE, 5, "grundfos_cim"), as_json=True, watch_s=3.5)

    assert told
    assert len(text.splitlines()) == 4
    assert "flow_m3h" in (await shown(target_at(*HERE, 5, "grundfos_cim"), watch_s=1.5))[0]


async def test_nobody_there_is_told_and_nothing_is_shown_as_known() -> None:
    text, told = await shown(target_at("127.9.9.2", 502, 1, "grundfos_cim"), as_json=True)

    assert not told
    points = json.loads(text)["points"]
    assert {point["value"] for point in points} == {None}
    assert {point["quality"] for point in points} == {"bad"}
    assert all("127.9.9.2:502" in point["why"] for point in points)


def test_a_device_of_a_plant_is_probed_with_its_tags() -> None:
    target = target_in(load_plant(EXAMPLE), "heat-meter")

    assert (target.host, target.unit) == ("10.30.0.15", 47)
    assert "district.flow_lpm" in {one.name for one in target.profile.registers}
    assert target_in(load_plant(EXAMPLE), "c01-001") is None


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("grundfos", "no profile 'grundfos'.*grundfos_cim"),
        ("generic_digital_in", "no registers of its own"),
        ("no/such.toml", "such.toml"),
    ],
)
def test_a_profile_that_cannot_be_used_is_told_with_those_there_are(
    profile: str, expected: str
) -> None:
    with pytest.raises(ConfigError, match=expected):
        target_at("10.0.0.1", 502, 1, profile)


def test_what_is_neither_miner_nor_device_is_told_with_both() -> None:
    expected = r"no unit 'pump-9'; there are c01-001 to .*; and Modbus devices pump-1, pump-2"

    with pytest.raises(ConfigError, match=expected):
        probe_life(str(EXAMPLE), "pump-9", Wanted(1, 502))
