"""What an operator's program sees and does through OPC UA."""

import asyncio
import datetime as dt

import pytest
from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyAes256Sha256RsaPss

from tests.gateway.plant import SOURCE_UTC_S, Plant
from tests.gateway.visitors import visitor

pytestmark = [pytest.mark.real_sockets, pytest.mark.asyncio(loop_scope="module")]


async def test_a_tag_has_value_quality_and_source_time(plant: Plant) -> None:
    async with visitor(plant) as client:
        read = await client.get_node("ns=2;s=district.supply_temperature_c").read_data_value()

    assert read.Value.Value == 71.5
    assert read.StatusCode.is_good()
    assert read.SourceTimestamp == dt.datetime.fromtimestamp(SOURCE_UTC_S, dt.UTC)


async def test_a_number_has_its_unit_and_range(plant: Plant) -> None:
    async with visitor(plant) as client:
        node = client.get_node("ns=2;s=district.supply_temperature_c")
        limits = await (await node.get_child("0:EURange")).read_value()
        unit = await (await node.get_child("0:EngineeringUnits")).read_value()
        words = await node.read_description()

    assert (limits.Low, limits.High) == (0.0, 120.0)
    assert unit.UnitId == 4408652  # CEL, OPC UA Part 8
    assert unit.DisplayName.Text == "°C"
    assert words.Text == "District supply"


async def test_flags_are_booleans_and_texts_are_strings(plant: Plant) -> None:
    async with visitor(plant) as client:
        running = await client.get_node("ns=2;s=pump-1.running").read_data_value()
        mode = await client.get_node("ns=2;s=plant.mode").read_data_value()

    assert running.Value == ua.Variant(True, ua.VariantType.Boolean)  # noqa: FBT003
    assert mode.Value == ua.Variant("running", ua.VariantType.String)


@pytest.mark.parametrize(
    ("node", "status"),
    [
        ("pump-1.speed_pct", ua.StatusCodes.UncertainLastUsableValue),
        ("dry-cooler.power_kw", ua.StatusCodes.Bad),
        ("c01-001.power_kw", ua.StatusCodes.Good),
        ("c01-002.power_kw", ua.StatusCodes.UncertainLastUsableValue),
        ("c02-001.power_kw", ua.StatusCodes.Bad),
    ],
)
async def test_doubt_and_loss_are_told_by_the_status(plant: Plant, node: str, status: int) -> None:
    async with visitor(plant) as client:
        read = await client.get_node(f"ns=2;s={node}").read_data_value(raise_on_bad_status=False)

    assert read.StatusCode.value == status


@pytest.mark.parametrize(
    "path",
    [
        "2:Plant/2:mode",
        "2:DryCooler/2:power_kw",
        "2:Pumps/2:Pump-1/2:running",
        "2:Containers/2:Container-01/2:power_kw",
        "2:Containers/2:Container-02/2:Units/2:c02-001/2:State",
        "2:Requests/2:HeatDemand",
        "2:Requests/2:RequestHeat",
    ],
)
async def test_the_plant_is_found_by_browsing(plant: Plant, path: str) -> None:
    async with visitor(plant) as client:
        hearth = await client.nodes.objects.get_child("2:Hearth")
        found = await hearth.get_child(path.split("/"))

    assert found.nodeid.NamespaceIndex == 2


async def test_the_folder_shows_the_name_of_the_plant(plant: Plant) -> None:
    async with visitor(plant) as client:
        shown = await client.get_node("ns=2;s=hearth").read_display_name()
        references = await client.nodes.objects.get_references()

    assert shown.Text == "Testby"
    assert "Testby" in {reference.DisplayName.Text for reference in references}


async def test_browsing_finds_every_folder(plant: Plant) -> None:
    async with visitor(plant) as client:
        hearth = await client.nodes.objects.get_child("2:Hearth")
        names = {(await child.read_browse_name()).Name for child in await hearth.get_children()}

    assert names == {"Requests", "District", "Pumps", "Plant", "DryCooler", "Containers"}


async def test_a_subscriber_is_told_of_a_change(plant: Plant) -> None:
    heard = Heard()
    async with visitor(plant) as client:
        subscription = await client.create_subscription(100, heard)
        await subscription.subscribe_data_change(client.get_node("ns=2;s=c01-001.power_kw"))
        await heard.first()

    assert heard.values == [8.4]


async def test_the_stronger_policy_works_too(plant: Plant) -> None:
    async with visitor(plant, policy=SecurityPolicyAes256Sha256RsaPss) as client:
        mode = await client.get_node("ns=2;s=plant.mode").read_value()

    assert mode == "running"


async def test_anybody_may_ask_which_endpoints_there_are(plant: Plant) -> None:
    endpoints = await Client(plant.settings.url).connect_and_get_server_endpoints()

    modes = {endpoint.SecurityMode for endpoint in endpoints}
    tokens = {token.TokenType for endpoint in endpoints for token in endpoint.UserIdentityTokens}
    assert modes == {ua.MessageSecurityMode.SignAndEncrypt}
    assert tokens == {ua.UserTokenType.UserName}
    assert len(endpoints) == 2


class Heard:
    """What a subscription has brought."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self._news = asyncio.Event()

    def datachange_notification(self, _node: object, value: float, _data: object) -> None:
        """Asyncua calls this for each change."""
        self.values.append(value)
        self._news.set()

    async def first(self) -> None:
        """Wait for the first change."""
        async with asyncio.timeout(5):
            await self._news.wait()
