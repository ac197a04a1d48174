"""Core comes and goes; the gateway stays, and says what it does not know."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from asyncua import Client, ua
from asyncua.ua.uaerrors import BadNoCommunication

from controller.core.link_server import LinkServer
from controller.gateway.app import serve_gateway
from controller.gateway.opcua import limits
from controller.gateway.settings import GatewaySettings
from controller.link.messages import TagInfo
from tests.gateway.plant import (
    HELLO,
    Plant,
    full_report,
    opcua_settings,
    shown,
    warm_threads,
)
from tests.gateway.visitors import PASSWORD, Pki, bare_channel, channel, visitor
from tests.harness.loopback import FreeLoopback

pytestmark = pytest.mark.real_sockets

SUPPLY = "ns=2;s=district.supply_temperature_c"
POWER = "ns=2;s=c01-001.power_kw"


@pytest.fixture
def house(pki: Pki, tmp_path: Path, free_loopback: FreeLoopback) -> Plant:
    """A plant whose gateway and core the test starts and stops."""
    return Plant(opcua_settings(pki, tmp_path, *free_loopback()), pki)


async def test_values_turn_bad_when_core_goes_and_good_when_it_is_back(
    house: Plant, tmp_path: Path
) -> None:
    link, stop = tmp_path / "run" / "core.sock", asyncio.Event()
    await warm_threads()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve_gateway(GatewaySettings(link, house.settings), stop))
        async with LinkServer(link, HELLO, on_request=house.decide) as core:
            core.publish(full_report(), full_report)
            await shown(house)
        async with visitor(house) as client:
            gone = await becomes(client, SUPPLY, ua.StatusCodes.BadNoCommunication)
            power = await becomes(client, POWER, ua.StatusCodes.BadNoCommunication)
            with pytest.raises(BadNoCommunication):
                await client.get_node("ns=2;s=requests.heat_demand_kw").write_value(900.0)
            async with LinkServer(link, HELLO, on_request=house.decide) as core:
                core.publish(full_report(), full_report)
                back = await becomes(client, SUPPLY, ua.StatusCodes.Good)
        stop.set()

    assert gone.Value.Value is None
    assert power.Value.Value is None
    assert back.Value.Value == 71.5


async def test_a_core_with_other_tags_gets_another_address_space(
    house: Plant, tmp_path: Path
) -> None:
    link, stop = tmp_path / "run" / "core.sock", asyncio.Event()
    tags = (*HELLO.tags[:5], TagInfo("tank.level_pct", "number", "%", "Level", 0.0, 100.0))
    other = msgspec.structs.replace(HELLO, tags_hash="second", tags=tags)
    await warm_threads()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve_gateway(GatewaySettings(link, house.settings), stop))
        async with LinkServer(link, HELLO, on_request=house.decide) as core:
            core.publish(full_report(), full_report)
            await shown(house)
        async with LinkServer(link, other, on_request=house.decide) as core:
            core.publish(full_report(), full_report)
            level = await read_anew(house, "ns=2;s=tank.level_pct")
            former = await read_anew(house, "ns=2;s=container-01.power_kw")
        stop.set()

    assert level.Value.Value == 770.0
    assert former.StatusCode.value == ua.StatusCodes.BadNodeIdUnknown


async def test_who_holds_a_connection_without_right_is_sent_away(
    house: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HOUSEKEEPING_S", 0.05)
    link, stop = tmp_path / "run" / "core.sock", asyncio.Event()
    await warm_threads()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve_gateway(GatewaySettings(link, house.settings), stop))
        async with LinkServer(link, HELLO, on_request=house.decide) as core:
            core.publish(full_report(), full_report)
            await shown(house)
            async with channel(house, house.pki.colleague) as outcast:
                await outcast.create_session()
                await outcast.activate_session("olga", PASSWORD)
                (house.settings.trusted_dir / house.pki.colleague.certificate.name).unlink()
                await hung_up(outcast)
            async with channel(house) as leaver, bare_channel(house) as stranger:
                await leaver.create_session()
                await leaver.activate_session("olga", PASSWORD)
                await leaver.close_session()
                monkeypatch.setattr(limits, "ACTIVATE_WITHIN_S", 0.2)
                await hung_up(leaver)
                await hung_up(stranger)
        stop.set()


async def becomes(client: Client, node: str, status: int) -> ua.DataValue:
    async with asyncio.timeout(10):
        for _ in range(1000):
            read = await client.get_node(node).read_data_value(raise_on_bad_status=False)
            if read.StatusCode.value == status:
                return read
            await asyncio.sleep(0.01)
    pytest.fail(f"{node} is still {read.StatusCode.name}")


async def read_anew(house: Plant, node: str) -> ua.DataValue:
    """Read as a client that connects for this alone, once the plant is shown again."""
    for _ in range(100):
        await shown(house)
        async with visitor(house) as client:
            read = await client.get_node(node).read_data_value(raise_on_bad_status=False)
            mode = await client.get_node("ns=2;s=tank.level_pct").read_data_value(
                raise_on_bad_status=False
            )
        if mode.StatusCode.is_good():
            return read
        await asyncio.sleep(0.02)
    pytest.fail("the other plant never appeared")


async def hung_up(client: Client) -> None:
    async with asyncio.timeout(5):
        while not client.uaclient.protocol.is_closed:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
