"""A plant of bought devices, as deploy/plant.vendor.example.toml has it, closed over its wires."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from controller.config.load import load_plant
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, miner_addresses, scan_settings
from controller.control.decision import Decision
from controller.control.needs import needed_tags
from controller.control.scan import scan
from controller.control.state import Request, first_state
from controller.field.acceptance import Acceptance
from controller.field.devices import build_field
from controller.field.fleet_poller import FleetPoller
from controller.field.miner_actuator import MinerActuator
from controller.field.orders import OrderCounts
from controller.field.water_actuator import WaterActuator
from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet
from controller.image.process_image import ProcessImage, Snapshot
from controller.lab.description import describe
from simulators.wire.listen import serve_miners, serve_units
from simulators.world import World
from tests.field.bench_plant import running
from tests.wire.vendor_devices import DEVICES

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.vendor.example.toml"


@pytest.fixture
def file(tmp_path: Path) -> PlantFile:
    """The example on loopback addresses, with its miners accepted."""
    text = EXAMPLE.read_text(encoding="utf-8").replace('"10.30.', '"127.30.')
    text = text.replace('model = "1566HA"', 'model = "1566HA"\naccepted = true')
    path = tmp_path / "plant.toml"
    path.write_text(text, encoding="utf-8")
    return load_plant(path)


class Controller:
    """Eyes, scan and hands of the controller beside a world, all on the loop of the test."""

    def __init__(self, file: PlantFile) -> None:
        self.file = file
        self.settings = scan_settings(file)
        self.world = World(describe(file), 7)
        self.field = build_field(file, self.settings)
        self.fleet = Fleet(fleet_layout(file))
        self.image = ProcessImage(self.field.tags, self.fleet)
        self.counts = OrderCounts()
        self.water = [
            WaterActuator(device, self.image, self.counts, _loop_s)
            for device in self.field.devices
            if any(register.writable for register in device.tags.values())
        ]
        acceptance = Acceptance("1566HA")
        self.poller = FleetPoller(self.field.miners, self.fleet, 5.0, acceptance, Random(7))
        self.miners = MinerActuator(self.field.miners, self.poller.soon, _loop_s)
        units = self.settings.container_of
        self.state = first_state(len(units), self.settings.containers, 0.95, ())

    @property
    def lives(self) -> list[object]:
        """Everything that goes on by itself."""
        polls = [
            poll_device(device, group, period_s, self.image, lambda: None, Random(7))
            for device in self.field.devices
            for group, period_s in self.field.periods_s[device.name].items()
            if any(register.group == group for register in device.tags.values())
        ]
        hands = [water.run() for water in self.water]
        return [*polls, *hands, self.poller.run(), self.miners.run()]

    def look(self) -> Snapshot:
        """The image as it stands."""
        return self.image.freeze(_loop_s(), 1_767_225_600.0 + _loop_s())

    async def second(self, *requests: Request) -> Decision:
        """Let a second pass, decide, and have it done."""
        for _ in range(2):
            self.world.step(0.5)
            await asyncio.sleep(0.5)
        snapshot = self.look()
        decision = scan(snapshot, requests, self.state, self.settings)
        self.state = decision.state
        for water in self.water:
            water.apply(decision, snapshot)
        self.miners.apply(decision, snapshot.fleet, snapshot.now_s)
        return decision


@asynccontextmanager
async def controlled(file: PlantFile) -> AsyncIterator[Controller]:
    """The plant served and its controller at work."""
    one = Controller(file)
    world = one.world
    async with AsyncExitStack() as doors:
        miners = serve_miners(
            world.fleet, world.description.model, miner_addresses(file), world.faults
        )
        await doors.enter_async_context(miners)
        for device in file.device:
            units = {device.unit: DEVICES[device.name](world)}
            door = serve_units(units, (device.host, device.port), device.name)
            await doors.enter_async_context(door)
        async with running(*one.lives):
            yield one
        for driver in one.field.devices:
            await driver.close()


def _loop_s() -> float:
    return asyncio.get_running_loop().time()


async def test_every_needed_tag_comes_in_house_units_from_whoever_measures_it(
    file: PlantFile,
) -> None:
    async with controlled(file) as one:
        for _ in range(4):
            await one.second()
        seen, plc = one.look(), one.world.plc.points()
        meter = one.world.heat_meter.points()

        unknown = [name for name in needed_tags(one.settings) if seen.good(name) is None]
        assert unknown == []
        for name in ("primary.hot_temperature_c", "primary.flow_lpm", "room.dew_point_c"):
            assert seen.number(name) == pytest.approx(plc[name], abs=0.6), name
        assert seen.number("primary.inlet_pressure_kpa") == pytest.approx(
            plc["primary.inlet_pressure_kpa"], abs=3.0
        )
        assert seen.number("primary.conductivity_us_cm") == pytest.approx(45.0, abs=2.0)
        assert seen.number("heat-meter.power_kw") == pytest.approx(meter["power_kw"], rel=0.02)
        assert seen.number("district.flow_lpm") == pytest.approx(meter["flow_lpm"], rel=0.02)
        assert seen.number("container-01.feeder_power_kw") == pytest.approx(
            one.world.feeder_panel.points()["container-01.feeder_power_kw"], rel=0.02
        )
        assert seen.flag("container-01.leak") is False
        assert seen.number("three-way-valve.flow") == pytest.approx(12.34)
        assert seen.number("heat-meter.t3_c") is None
        assert seen.number("ecl.s5_c") is None, "192 °C is no temperature of this plant"


def ask(name: str, value: float | bool) -> Request:  # noqa: FBT001 - what is asked for
    """A wish of an engineer for the next hour."""
    until_s = _loop_s() + 3_600.0
    return Request(name, "opcua:anna", "engineer", name, value, "test", until_s)


async def started(one: Controller) -> None:
    """Let the plant be taken over."""
    for _ in range(8):
        decision = await one.second()
    assert decision.derived["plant.mode"] == "running"
    assert decision.derived["plant.authority"] == "ours"


async def test_orders_arrive_at_pumps_drives_and_valves_of_three_makers(file: PlantFile) -> None:
    orders = {
        "pump-1.speed_pct": 75.5,
        "district-pump.speed_pct": 61.25,
        "three-way-valve.position_pct": 12.5,
        "dry-cooler.fan_pct": 30.0,
    }
    async with controlled(file) as one:
        await started(one)
        for name, value in orders.items():
            await one.second(ask(f"hand:{name}", value))
        for _ in range(25):
            decision = await one.second()

        assert {name: decision.outputs[name] for name in orders} == pytest.approx(orders)
        found = {name: one.world.plc.command_value(name) for name in orders}
        assert found == pytest.approx(orders, abs=0.11)
        assert one.counts.failed == 0


@pytest.mark.campaign
async def test_less_heat_is_asked_for_and_units_fall_asleep(file: PlantFile) -> None:
    async with controlled(file) as one:
        await started(one)
        await one.second(ask("heat_demand_kw", 100.0))
        for _ in range(30):
            decision = await one.second()

        assert decision.derived["plant.heat_target_kw"] == pytest.approx(100.0)
        assert one.world.fleet.power_kw.sum() < 150.0


@pytest.mark.campaign
async def test_the_plant_delivers_what_is_asked_of_it(file: PlantFile) -> None:
    async with controlled(file) as one:
        await started(one)
        await one.second(ask("heat_demand_kw", 450.0))
        for _ in range(900):
            await one.second()

        delivered_kw = one.world.heat_meter.points()["power_kw"]
        assert delivered_kw == pytest.approx(450.0, rel=0.03)
        assert one.counts.failed == 0


async def test_a_leak_opens_the_contactor_through_the_output_block(file: PlantFile) -> None:
    async with controlled(file) as one:
        await started(one)
        assert one.world.plc.command_value("container-01.contactor_close") is True

        one.world.faults.set("container-01.leak", "off")
        for _ in range(5):
            await one.second()

        assert one.world.plc.command_value("container-01.contactor_close") is False
        assert one.world.plc.command_value("container-02.contactor_close") is True


async def test_a_broken_wire_of_a_protective_input_stops_the_plant(file: PlantFile) -> None:
    async with controlled(file) as one:
        await started(one)

        one.world.faults.set("primary.flow_lpm", "off")
        for _ in range(8):
            decision = await one.second()

        assert one.look().number("primary.flow_lpm") is None
        assert decision.derived["plant.mode"] == "tripped"
