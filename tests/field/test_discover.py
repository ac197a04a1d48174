import asyncio
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from controller.config.findings import ConfigError
from controller.config.inventory import read_inventory
from controller.desk.discover_verb import Wanted, discover_life
from controller.field.discover import addresses_in, discover, inventory_text
from drivers.cgminer.miner import PORT
from tests.field.bench_plant import bench_plant
from tests.scenarios.mixed_plant import logins, mixed_plant


def test_ranges_are_every_host_once_and_in_order() -> None:
    found = addresses_in(["10.0.1.0/30", "10.0.1.2", "10.0.0.8/31"])

    assert [str(one) for one in found] == ["10.0.1.1", "10.0.1.2", "10.0.0.8", "10.0.0.9"]


@pytest.mark.parametrize("told", ["10.0.0.300/24", "miners", "10.0.0.0/33", "0.0.0.0/0", ""])
def test_what_is_no_range_is_refused_by_name(told: str) -> None:
    with pytest.raises(ValueError, match=r"expected a range|too many"):
        addresses_in([told])


def test_a_wide_range_must_be_meant() -> None:
    with pytest.raises(ConfigError, match="--yes"):
        discover_life(["10.0.0.0/16"], Wanted(PORT))

    discover_life(["10.0.0.0/16"], Wanted(PORT, yes=True))


def test_an_inventory_is_never_written_over(tmp_path: Path) -> None:
    out = tmp_path / "miners.csv"
    out.write_text("precious", encoding="utf-8")

    with pytest.raises(ConfigError, match="there already"):
        discover_life(["10.0.1.0/30"], Wanted(PORT, out))


async def test_every_unit_of_the_rig_is_found_with_its_serial_and_nothing_is_ordered(
    tmp_path: Path,
) -> None:
    async with bench_plant() as plant:
        hosts = [IPv4Address(miner.host) for miner in plant.field.miners]
        power_kw = plant.world.fleet.power_kw.copy()
        asked: list[int] = []

        found = await discover([*hosts, IPv4Address("127.9.9.9")], PORT, lambda: asked.append(1))

    assert [one.address for one in found] == sorted(hosts)
    assert {one.who.serial for one in found if one.who} == set(plant.world.fleet.serials)
    assert {one.who.model for one in found if one.who} == {"1566HA"}
    assert found[0].use == "sleep and wake, after a probe and an acceptance"
    assert "softoff" in found[0].words
    assert len(asked) == len(hosts) + 1
    assert (plant.world.fleet.power_kw == power_kw).all()

    path = tmp_path / "miners.csv"
    path.write_text(inventory_text(found), encoding="utf-8")
    inventory = read_inventory(path)
    assert inventory.findings == ()
    assert {row.miner.serial for row in inventory.rows} == set(plant.world.fleet.serials)


async def test_both_makes_are_found_and_written_apart(tmp_path: Path) -> None:
    async with bench_plant(file=mixed_plant(logins(tmp_path))) as plant:
        hosts = [IPv4Address(miner.host) for miner in plant.field.miners]
        found = await discover([*hosts[:2], *hosts[-2:]], PORT, lambda: None)
        orders = list(plant.world.fleet.commands)

    uses = [one.use for one in found]
    assert uses[0] == "sleep and wake, after a probe and an acceptance"
    assert uses[-1] == "sleep and wake and power from 50 %, after an acceptance"
    assert [one.who.model for one in found if one.who] == ["1566HA", "1566HA", "M65S", "M65S"]
    assert found[-1].words == ("api 3.0.5", "orders on")
    assert (found[0].port, found[-1].port) == (4028, 4433)
    assert orders == []

    for whatsminers, first in ((False, hosts[0]), (True, hosts[-2])):
        path = tmp_path / f"{whatsminers}.csv"
        path.write_text(inventory_text(found, whatsminers=whatsminers), encoding="utf-8")
        rows = read_inventory(path).rows
        assert len(rows) == 2
        assert rows[0].miner.address == first
        assert rows[0].miner.port is None


async def test_a_whatsminer_with_an_old_door_is_still_known_for_one(tmp_path: Path) -> None:
    async with bench_plant(file=mixed_plant(logins(tmp_path))) as plant:
        host = plant.field.miners[-1].host

        async def says_something_else(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await reader.read(100)
            writer.write(b'{"STATUS":"E","When":1,"Code":14,"Msg":"invalid cmd"}')
            writer.close()

        async with await asyncio.start_server(says_something_else, host, PORT):
            found = await discover([IPv4Address(host)], PORT, lambda: None)

    assert [one.who.model for one in found if one.who] == ["M65S"]


async def test_who_speaks_otherwise_is_named_and_not_listed() -> None:
    async with bench_plant() as plant:
        plant.world.faults.set("link:container-01", "garbage")
        host = IPv4Address(plant.field.miners[0].host)

        found = await discover([host], PORT, lambda: None)

    assert [one.who for one in found] == [None]
    assert "no miner that Hearth understands" in found[0].use
    assert inventory_text(found).count("\n") == 1


async def test_the_verb_writes_an_inventory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "miners.csv"
    async with bench_plant() as plant:
        host = plant.field.miners[0].host

        await discover_life([f"{host}/32"], Wanted(PORT, out))(asyncio.Event())

    assert plant.world.fleet.serials[0] in out.read_text(encoding="utf-8")
    told = capsys.readouterr().out
    assert "1 miners at 1 addresses" in told
    assert 'inventory = "miners.csv"' in told
