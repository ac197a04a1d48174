"""The long proof of the loop: a step of two megawatts over real sockets, in real time."""

import asyncio

import pytest
from asyncua import ua

from tests.system.real_plant import real_plant, until

TARGET_KW = 5_000.0
WITHIN_S, HELD_S = 600, 600


@pytest.mark.campaign
@pytest.mark.system
@pytest.mark.timeout(1_800)
async def test_two_megawatts_more_are_delivered_in_ten_minutes_and_held_for_ten() -> None:
    """Its short form, in memory, is tests/scenarios/test_full_plant.py."""
    async with real_plant(containers=10, units=92) as plant:
        await until(plant.opcua_answers, 30.0, "the gateway answers")
        async with plant.opcua() as client:
            node = client.get_node(ua.NodeId("requests.heat_demand_kw", 2))
            await node.write_value(TARGET_KW, ua.VariantType.Double)
        errors, hottest_c = [], []
        for second in range(WITHIN_S + HELD_S):
            await asyncio.sleep(1.0)
            truth = await plant.truth()
            hottest_c.append(truth["hottest_unit_outlet_c"])
            if second % 500 == 499:
                await plant.ask("heat_demand_kw", TARGET_KW)
            if second >= WITHIN_S:
                errors.append(abs(truth["heat_delivered_kw"] / TARGET_KW - 1.0))

        skipped, failed = plant.number("loop.skipped"), plant.number("commands.failed")
        print(f"worst error {max(errors):.4f}, hottest outlet {max(hottest_c):.1f} °C")  # noqa: T201
        print(f"skipped {skipped:.0f}, failed commands {failed:.0f}")  # noqa: T201
        assert max(errors) <= 0.03
        assert max(hottest_c) < 85.0
        assert truth["unsafe_unit_seconds"] == 0.0
        assert skipped == 0.0
