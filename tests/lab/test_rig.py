"""The simulated plant on real sockets: miners, PLC, meters and the control port together."""

import asyncio
import gc
import json
import re
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from struct import pack, unpack
from typing import TypeVar

import pytest

from controller.config.load import ConfigError
from controller.lab.rig import RigAddresses, raise_file_limit, serve_rig
from controller.lab.rig_client import RigClient, RigError
from simulators.description import Container, MinerModel, PlantDescription
from simulators.wire.listen import AddressUnusable
from tests.harness.loopback import FreeLoopback

pytestmark = pytest.mark.real_sockets

T = TypeVar("T")
PLANT = PlantDescription(
    containers=(Container("container-01", 2), Container("container-02", 1)),
    model=MinerModel(
        wake_dead_s=(0.2, 0.3), wake_ramp_s=0.2, wake_tail_s=0.2, reboot_silence_s=0.3
    ),
    primary_flow_max_lpm=40.0,
    primary_volume_l=60.0,
    district_flow_max_lpm=15.0,
    exchanger_ua_kw_per_k=2.5,
    dry_cooler_ua_kw_per_k=1.6,
    warm_heat_kw=16.0,
)


@pytest.fixture
def addresses(free_loopback: FreeLoopback) -> RigAddresses:
    return RigAddresses(
        miners=tuple(free_loopback(port=4028) for _ in range(3)),
        cdu=free_loopback(),
        heat_meter=free_loopback(),
        outdoor=free_loopback(),
        control=free_loopback(),
    )


@pytest.fixture
async def rig(addresses: RigAddresses) -> AsyncIterator[RigClient]:
    """The plant, running until the test is over."""
    ready, stop = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        serving = serve_rig(PLANT, addresses, seed=7, ready=ready.set, stop=stop)
        group.create_task(serving, name="rig")
        await ready.wait()
        yield RigClient(*addresses.control)
        stop.set()


async def ask(call: Callable[..., T], *args: object) -> T:
    """Call the client as the demo does: in a thread."""
    return await asyncio.to_thread(call, *args)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Ask the plant again and again, at most a hundred times."""
    for _ in range(100):
        if await holds():
            return
        await asyncio.sleep(0.05)
    pytest.fail("the plant did not get there")


async def exchange(address: tuple[str, int], request: bytes) -> bytes:
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(*address)
        writer.write(request)
        try:
            return await reader.read()
        finally:
            writer.close()


async def registers(address: tuple[str, int], function: int, start: int, count: int) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(pack(">HHHBBHH", 1, 0, 6, 1, function, start, count))
    async with asyncio.timeout(2):
        head = await reader.readexactly(9)
        data = await reader.readexactly(head[8])
    writer.close()
    return data


async def test_a_miner_on_the_wire_says_what_the_plant_really_does(
    rig: RigClient, addresses: RigAddresses
) -> None:
    raw = await exchange(addresses.miners[1], b'{"command":"summary+estats"}')
    units = await ask(rig.units)

    line = json.loads(raw[:-1])["estats"][0]["STATS"][0]["MM ID0"]
    assert raw.endswith(b"\0")
    watts = int(re.search(r"WALLPOWER\[(\d+)\]", line)[1])
    outlet_c = float(re.search(r"HBOTemp\[([\d.]+)\]", line)[1])
    assert watts == pytest.approx(units["power_kw"][1] * 1e3, abs=100)
    assert outlet_c == pytest.approx(units["outlet_c"][1], abs=0.5)


async def test_softoff_on_the_wire_takes_the_power_away(
    rig: RigClient, addresses: RigAddresses
) -> None:
    before = await ask(rig.units)
    reply = await exchange(addresses.miners[0], b"ascset|0,softoff")

    async def power_falls() -> bool:
        units = await ask(rig.units)
        return units["power_kw"][0] < 0.6 * before["power_kw"][0] and units["work"][0] == 2

    assert b"Code=119" in reply
    await until(power_falls)
    commands = await ask(rig.commands)
    assert [(each["unit"], each["verb"]) for each in commands] == [("c01-001", "sleep")]
    assert await ask(rig.commands, commands[0]["at_s"] + 0.001) == []


async def test_plc_and_meters_answer_from_the_same_world(
    rig: RigClient, addresses: RigAddresses
) -> None:
    hot_c, cold_c = unpack(">hh", await registers(addresses.cdu, 4, 10, 2))
    (outdoor_c,) = unpack(">h", await registers(addresses.outdoor, 4, 0, 1))
    flow_lpm, supply_c = unpack(">ff", await registers(addresses.heat_meter, 4, 0, 4))
    truth = await ask(rig.truth)

    assert hot_c / 100 == pytest.approx(truth["primary_hot_c"], abs=1.0)
    assert cold_c / 100 == pytest.approx(truth["primary_cold_c"], abs=1.0)
    assert outdoor_c / 100 == pytest.approx(truth["outdoor_c"], abs=0.3)
    assert flow_lpm == pytest.approx(truth["district_flow_lpm"], rel=0.05)
    assert supply_c == pytest.approx(truth["district_supply_c"], abs=1.0)


async def test_the_heartbeat_goes_on_with_time(rig: RigClient, addresses: RigAddresses) -> None:
    first = await registers(addresses.cdu, 4, 0, 1)

    async def heartbeat_changes() -> bool:
        return await registers(addresses.cdu, 4, 0, 1) != first

    await until(heartbeat_changes)
    assert (await ask(rig.truth))["now_s"] > 0.0


async def test_a_silent_miner_and_a_mended_one(rig: RigClient, addresses: RigAddresses) -> None:
    assert await ask(rig.set_fault, "miner-c02-001", "silent") == {"miner-c02-001": "silent"}
    reader, writer = await asyncio.open_connection(*addresses.miners[2])
    writer.write(b"version")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await reader.read()
    writer.close()

    assert await ask(rig.clear_fault, "miner-c02-001") == {}
    assert b"Code=22" in await exchange(addresses.miners[2], b"version")


async def test_a_fault_that_does_not_exist_is_refused_with_what_does(rig: RigClient) -> None:
    with pytest.raises(RigError, match="pump-1"):
        await ask(rig.set_fault, "pump-9", "off")
    with pytest.raises(RigError, match="deaf"):
        await ask(rig.set_fault, "miner-c01-001", "sulking")

    assert await ask(rig.faults) == {}


async def test_the_weather_can_be_changed(rig: RigClient) -> None:
    await asyncio.to_thread(rig.set, outdoor_c=-20.0)

    async def it_is_cold() -> bool:
        return (await ask(rig.truth))["outdoor_c"] < -19.9

    await until(it_is_cold)


async def test_nobody_listens_when_the_rig_has_stopped(addresses: RigAddresses) -> None:
    ready, stop = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(serve_rig(PLANT, addresses, seed=7, ready=ready.set, stop=stop))
        await ready.wait()
        reader, writer = await asyncio.open_connection(*addresses.cdu)
        stop.set()

    assert await reader.read() == b""
    writer.close()
    for address in (*addresses.miners, addresses.cdu, addresses.control):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)
    with pytest.raises(RigError, match="did not answer"):
        await ask(RigClient(*addresses.control).truth)
    assert gc.get_freeze_count() == 0


async def test_two_rigs_on_the_same_addresses_are_told_apart(
    rig: RigClient, addresses: RigAddresses
) -> None:
    with pytest.raises(AddressUnusable, match="PLC cannot listen on"):
        await serve_rig(PLANT, addresses, seed=7, ready=list, stop=asyncio.Event())

    assert (await ask(rig.truth))["now_s"] >= 0.0


def test_the_limit_of_open_files_is_raised_and_never_lowered() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
        raise_file_limit(1_000)
        raised, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        raise_file_limit(10)
        kept, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert raised == kept == min(4_256, hard)


def test_where_the_limit_is_too_low_it_says_how_many_miners_it_can_serve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, 1_256))

    with pytest.raises(ConfigError, match="at most 500 miners"):
        raise_file_limit(920)


async def test_links_are_cut_and_mended_by_the_control_port(
    rig: RigClient, addresses: RigAddresses
) -> None:
    before = await registers(addresses.heat_meter, 4, 12, 2)
    await ask(rig.set_fault, "link:heat-meter", "off")
    with pytest.raises(ConnectionRefusedError):
        await registers(addresses.heat_meter, 4, 12, 2)

    await ask(rig.set_fault, "heat-meter", "foreign")
    await ask(rig.clear_fault, "link:heat-meter")
    await until(lambda: _listens(addresses.heat_meter))
    foreign = await registers(addresses.heat_meter, 4, 12, 2)
    other = await registers(addresses.outdoor, 4, 0, 1)

    assert unpack(">I", foreign)[0] == unpack(">I", before)[0] + 1
    assert len(other) == 2


async def test_a_dead_switch_of_a_container_takes_its_miners_off_the_network(
    rig: RigClient, addresses: RigAddresses
) -> None:
    await ask(rig.set_fault, "link:container-01", "off")

    try:
        told = await exchange(addresses.miners[0], b"version")
    except ConnectionError:
        told = b""
    assert told == b""
    assert await exchange(addresses.miners[2], b"version")


async def _listens(address: tuple[str, int]) -> bool:
    try:
        _, writer = await asyncio.open_connection(*address)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True
