"""The real world behind the servers: what the wire is told happens, and is seen on the wire."""

import re
from collections.abc import AsyncIterator
from struct import pack, unpack

import pytest

from simulators.description import Container, PlantDescription
from simulators.wire.bank import Bank, CommandBank
from simulators.wire.functions import answer
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.feeder_panel import FEEDER_PANEL
from simulators.wire.layouts.layout import Word
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR
from simulators.wire.listen import serve_miners
from simulators.world import World
from tests.simulators.wire.hands import Ask

LARGEST = PlantDescription(
    containers=tuple(Container(f"container-{number:02}", 2) for number in range(1, 33)),
    primary_pumps=4,
    exchangers=2,
    tank_m3=30.0,
    booster_kw=500.0,
    three_in_hot_header=True,
)
ADDRESS = ("127.1.1.1", 4028)


@pytest.fixture
def world() -> World:
    return World(PlantDescription(containers=(Container("container-01", 92),)))


@pytest.fixture
async def served(world: World) -> AsyncIterator[World]:
    """The world with its miners on the wire."""
    addresses = tuple(("127.1.1.1", 4028 + number) for number in range(92))
    async with serve_miners(world.fleet, world.description.model, addresses, world.faults):
        yield world


def run(world: World, for_s: int) -> None:
    for _ in range(for_s):
        world.step(1.0)


def field(raw: bytes, name: str) -> str:
    return re.search(rf"\b{name}\[([^\]]*)\]", raw.decode())[1]


async def test_softoff_and_reboot_are_seen_on_the_wire(served: World, ask: Ask) -> None:
    running = await ask(ADDRESS, b"estats")
    await ask(ADDRESS, b"ascset|0,softoff")
    run(served, 10)
    asleep = await ask(ADDRESS, b"estats")
    await ask(ADDRESS, b"ascset|0,reboot,1")
    run(served, 7)
    with pytest.raises(ConnectionResetError):
        await ask(ADDRESS, b"estats")
    run(served, 400)
    awake = await ask(ADDRESS, b"estats")

    assert (field(running, "SoftOFF"), field(asleep, "SoftOFF")) == ("0", "5")
    assert field(asleep, "SYSTEMSTATU").startswith("Work: In Idle")
    assert (field(asleep, "WALLPOWER"), field(asleep, "GHSspd")) == ("30", "0.00")
    assert int(field(awake, "Elapsed")) < 410 < int(field(asleep, "Elapsed"))
    assert float(field(awake, "GHSspd")) == pytest.approx(float(field(running, "GHSspd")), rel=0.01)


async def test_a_deaf_unit_says_yes_and_goes_on(served: World, ask: Ask) -> None:
    served.faults.set("miner-c01-001", "deaf")

    reply = await ask(ADDRESS, b"ascset|0,softoff")
    run(served, 10)

    assert b"STATUS=S" in reply
    assert int(field(await ask(ADDRESS, b"estats"), "WALLPOWER")) > 8000


async def test_a_silent_unit_answers_nothing(served: World, ask: Ask) -> None:
    served.faults.set("miner-c01-001", "silent")

    with pytest.raises(TimeoutError):
        await ask(ADDRESS, b"estats")


async def test_without_mains_nobody_is_there(served: World, ask: Ask) -> None:
    served.plc.command("container-01.contactor_close", value=False)
    run(served, 1)

    with pytest.raises(ConnectionResetError):
        await ask(ADDRESS, b"estats")


def test_the_largest_plant_has_every_point_of_the_tables() -> None:
    world = World(LARGEST)
    measured = world.plc.points()

    words = [word.point for word in CDU_PLC.inputs if isinstance(word, Word)]
    assert {*words, *(bit.point for bit in CDU_PLC.discretes)} == set(measured)
    for point in (*CDU_PLC.holdings, *CDU_PLC.coils):
        world.plc.command_value(point.point)
    feeders = {word.point for word in FEEDER_PANEL.inputs if isinstance(word, Word)}
    assert feeders == set(world.feeder_panel.points())


@pytest.mark.parametrize(
    ("name", "layout"),
    [("heat_meter", HEAT_METER), ("boundary_meter", HEAT_METER), ("outdoor", OUTDOOR_SENSOR)],
)
def test_meters_measure_every_point_of_their_tables(world: World, name: str, layout) -> None:  # noqa: ANN001
    measured = getattr(world, name).points()

    assert {word.point for word in layout.inputs if isinstance(word, Word)} == set(measured)


def test_equipment_that_is_not_installed_reads_nothing_and_refuses(world: World) -> None:
    bank = CommandBank(CDU_PLC, world.plc, lambda: world.now_s)

    speeds = unpack(">4h", answer(pack(">BHH", 4, 30, 4), bank)[2:])
    assert speeds[0] >= 0
    assert speeds[2:] == (-0x8000, -0x8000)
    assert answer(pack(">BHH", 5, 33, 0xFF00), bank) == b"\x85\x02"
    assert answer(pack(">BHH", 6, 4, 100), bank) == b"\x86\x03"
    assert answer(pack(">BHH", 6, 4, 0), bank) == pack(">BHH", 6, 4, 0)


def test_a_command_moves_the_plant_and_a_broken_sensor_is_not_available(world: World) -> None:
    bank = CommandBank(CDU_PLC, world.plc, lambda: world.now_s)
    meter = Bank(HEAT_METER, world.heat_meter, lambda: world.now_s)
    answer(pack(">BHH", 5, 8, 0), bank)
    world.faults.set("primary.hot_temperature_c", "off")

    run(world, 30)

    assert answer(pack(">BHH", 2, 8, 1), bank) == b"\x02\x01\x00"
    assert answer(pack(">BHH", 4, 10, 1), bank) == b"\x04\x02\x80\x00"
    assert unpack(">f", answer(pack(">BHH", 4, 0, 2), meter)[2:])[0] < 20.0
