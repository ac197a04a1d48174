"""Twenty meters behind one gateway: what one of them does is no trouble of the others."""

import asyncio
from statistics import mean

import pytest

from controller.config.rules.places import gateways_have_one_framing
from controller.config.settings import scan_settings
from controller.field.devices import build_field
from controller.field.link_figures import LINK_FIGURES, link_figures
from tests.field.serial_gateway import SerialGateway, metered
from tests.scenarios.evening import small_plant

UNITS = 20
DEAD = 7
SETTLED_S = 30.0
SECONDS = 90.0


def keeps_period(gateway: SerialGateway, unit: int) -> bool:
    """A second each, and mostly within a fifth of it."""
    periods_s = gateway.periods_s(unit, SETTLED_S)
    near = [0.8 <= period_s <= 1.2 for period_s in periods_s]
    return abs(mean(periods_s) - 1.0) < 0.05 and sum(near) >= 0.85 * len(near)


def others(unit: int) -> list[int]:
    return [one for one in range(1, UNITS + 1) if one != unit]


@pytest.mark.parametrize("serial", [False, True], ids=["tcp", "rtu_over_tcp"])
@pytest.mark.parametrize("patience_s", [None, 0.4])
async def test_one_dead_unit_of_twenty_leaves_the_others_their_period(
    patience_s: float | None, *, serial: bool
) -> None:
    gateway = SerialGateway(lambda unit: None if unit == DEAD else 0.02, patience_s, serial=serial)
    async with metered(gateway, UNITS) as meters:
        await asyncio.sleep(SECONDS)
        good, counts = meters.good(), meters.link.counts

    assert good == [unit != DEAD for unit in range(1, UNITS + 1)]
    assert [unit for unit in others(DEAD) if not keeps_period(gateway, unit)] == []
    assert len(gateway.periods_s(DEAD, SETTLED_S)) >= (SECONDS - SETTLED_S) / 12, "it is tried"
    assert serial or counts.connects == 1, (
        "transactions tell a late answer, so the connection stays"
    )


async def test_a_gateway_that_hangs_is_left_for_a_new_connection() -> None:
    gateway = SerialGateway(lambda _unit: None)
    async with metered(gateway, UNITS):
        await asyncio.sleep(SECONDS)

    assert gateway.connections > 8


@pytest.mark.parametrize("serial", [False, True], ids=["tcp", "rtu_over_tcp"])
async def test_a_unit_that_comes_back_is_read_within_eleven_seconds(*, serial: bool) -> None:
    dead = {DEAD}
    gateway = SerialGateway(lambda unit: None if unit in dead else 0.02, serial=serial)
    async with metered(gateway, UNITS) as meters:
        await asyncio.sleep(SECONDS)
        dead.clear()
        await asyncio.sleep(11.0)

        assert all(meters.good())


async def test_an_answer_always_in_the_last_moment_is_late_and_asked_for_less_often() -> None:
    gateway = SerialGateway(lambda unit: 0.95 if unit == DEAD else 0.02)
    async with metered(gateway, UNITS) as meters:
        await asyncio.sleep(SECONDS)
        good, late = meters.good(), meters.link.counts.late

    slow_s = mean(gateway.periods_s(DEAD, SETTLED_S))
    assert all(good)
    assert late >= 0.9 * len(gateway.asked_s[DEAD]) > 20
    assert 3.0 < slow_s < 5.0, "a quarter of the line"
    assert all(abs(mean(gateway.periods_s(one, SETTLED_S)) - 1.0) < 0.2 for one in others(DEAD))


async def test_a_busy_device_is_asked_again_after_its_period() -> None:
    gateway = SerialGateway(lambda unit: None if unit == DEAD else 0.02, 0.02, code=6)
    async with metered(gateway, UNITS):
        await asyncio.sleep(60.0)

    assert mean(gateway.periods_s(DEAD, SETTLED_S)) == pytest.approx(1.0, abs=0.1)


async def test_a_misasked_device_is_said_and_asked_seldom_on_the_same_connection(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gateway = SerialGateway(lambda unit: None if unit == DEAD else 0.02, 0.02, code=2)
    async with metered(gateway, UNITS):
        await asyncio.sleep(60.0)

    assert mean(gateway.periods_s(DEAD, SETTLED_S)) > 5.0
    assert gateway.connections == 1
    said = capsys.readouterr().out
    assert said.count("device misasked") == 1
    assert "compare unit and profile with the device's manual" in said


async def test_figures_are_the_sum_of_all_links() -> None:
    gateway = SerialGateway(lambda unit: None if unit == DEAD else 0.02)
    async with metered(gateway, UNITS) as meters:
        await asyncio.sleep(10.0)
        counts = meters.link.counts
        figures = link_figures((meters.link, meters.link))

    assert figures.keys() == {name for name, _ in LINK_FIGURES}
    assert figures["modbus.requests"] == 2 * counts.requests > 100
    assert figures["modbus.timeouts"] == 2 * counts.timeouts > 0
    assert figures["modbus.refused"] == 0.0


def test_devices_with_one_host_and_port_share_a_link_and_others_do_not() -> None:
    file = small_plant(2, 1)
    extra = [
        file.device[1].model_copy(update={"name": name, "host": host, "port": port, "unit": unit})
        for name, host, port, unit in (
            ("meter-a", "2001:db8::1", 502, 3),
            ("meter-b", "2001:DB8:0::1", 502, 4),
            ("meter-c", "2001:db8::1", 503, 4),
        )
    ]
    field = build_field(
        file.model_copy(update={"device": (*file.device, *extra)}), scan_settings(file)
    )

    assert len(field.links) == len(file.device) + 2
    shared = [link for link in field.links if link.shared]
    assert [link.where for link in shared] == ["2001:db8::1:502"]


def test_two_framings_behind_one_gateway_are_an_error_that_names_both() -> None:
    file = small_plant(2, 1)
    meter = file.device[1]
    serial = meter.model_copy(update={"name": "meter-a", "unit": 3, "framing": "rtu_over_tcp"})

    (found,) = gateways_have_one_framing(file.model_copy(update={"device": (*file.device, serial)}))

    assert found == (
        "device.4.framing",
        f"meter-a has rtu_over_tcp, {meter.name} has tcp at {meter.host}:{meter.port}",
    )
