"""Steps over real sockets: a rig with its PLC and meter, and no controller or a foreign one."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pymodbus.client import AsyncModbusTcpClient

from controller.lab.hil.problems import StepsError
from controller.lab.hil.reading import read_steps
from controller.lab.rig import RigAddresses, serve_rig
from controller.lab.rig_client import RigClient
from simulators.description import Container, PlantDescription
from tests.harness.loopback import FreeLoopback
from tests.lab.hil_tools import failures, foreign_controller, run

# Real seconds on a machine that may be busy.
pytestmark = [pytest.mark.real_sockets, pytest.mark.timeout(150)]

PLANT = PlantDescription(
    containers=(Container("container-01", 2),),
    primary_flow_max_lpm=40.0,
    primary_volume_l=60.0,
    district_flow_max_lpm=15.0,
    exchanger_ua_kw_per_k=2.5,
    dry_cooler_ua_kw_per_k=1.6,
    warm_heat_kw=8.0,
)
PUMP_2 = 3
"""Address of pump 2's speed in the manual of the PLC, in hundredths of a per cent."""


@pytest.fixture
def addresses(free_loopback: FreeLoopback) -> RigAddresses:
    return RigAddresses(
        miners=tuple(free_loopback(port=4028) for _ in range(2)),
        cdu=free_loopback(),
        heat_meter=free_loopback(),
        outdoor=None,
        control=("127.0.0.1", free_loopback()[1]),
    )


@pytest.fixture
async def rig(addresses: RigAddresses) -> AsyncIterator[RigClient]:
    ready, stop = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(130), asyncio.TaskGroup() as group:
        serving = serve_rig(PLANT, addresses, seed=7, ready=ready.set, stop=stop)
        group.create_task(serving, name="rig")
        await ready.wait()
        yield RigClient(*addresses.control)
        stop.set()


def head(addresses: RigAddresses) -> str:
    host, port = addresses.cdu or ("", 0)
    meter_host, meter_port = addresses.heat_meter or ("", 0)
    return f"""
name = "Alone"
[bench]
rig = {addresses.control[1]}
look_every_s = 0.5
[[device]]
name = "plc"
profile = "sim_cdu_plc"
host = "{host}"
port = {port}
[[device]]
name = "meter"
profile = "sim_heat_meter"
host = "{meter_host}"
port = {meter_port}
"""


async def test_a_plc_without_any_controller_is_ordered_by_frames_and_left_as_it_was(
    rig: RigClient, addresses: RigAddresses, tmp_path: Path
) -> None:
    before = await rig_values(addresses)
    outcome = await run(
        tmp_path,
        head(addresses)
        + """
[[always]]
figure = "monitor:unsafe"
high = 0
[[step]]
name = "a pump is ordered"
set = { "plc:pump-2.speed_pct" = 71.5, "rig:outdoor_c" = -7, "fault:conductivity" = "high" }
[[step.expect]]
figure = "plc:pump-2.speed_pct"
near = 71.5
by = 0.01
within_s = 20
for_s = 1
[[step.expect]]
figure = "plc:plc.local_automatic"
is = false
within_s = 20
[[step.expect]]
figure = "rig:outdoor_c"
near = -7
within_s = 20
[[step.expect]]
figure = "fault:conductivity"
is = "high"
within_s = 20
[[step.expect]]
figure = "meter:supply_temperature_c"
low = 20
within_s = 20
[[step]]
name = "a valve too"
set = { "plc:exchanger-1.valve_open_command" = false }
[[step.expect]]
figure = "plc:exchanger-1.valve_open_command"
is = false
within_s = 20
""",
    )

    assert failures(outcome) == []
    assert outcome.result == "passed"
    assert {one.what for one in outcome.restored} == {
        "plc:pump-2.speed_pct",
        "plc:exchanger-1.valve_open_command",
        "rig:outdoor_c",
        "fault:conductivity",
    }
    assert await asyncio.to_thread(rig.faults) == {}
    assert (await asyncio.to_thread(rig.settings))["outdoor_c"] == pytest.approx(4.26)
    # Within half a per cent: a busy machine may be read when the PLC is alone already.
    assert await rig_values(addresses) == pytest.approx(before, abs=50)
    assert (tmp_path / "report.html").exists()
    assert (tmp_path / "report.json").exists()


async def test_a_foreign_controller_is_judged_and_not_disturbed(
    rig: RigClient, addresses: RigAddresses, tmp_path: Path
) -> None:
    text = head(addresses) + """
[[step]]
name = "it holds the pump while the other one fails"
set = { "fault:pump-1" = "off" }
[[step.expect]]
figure = "plc:pump-2.speed_feedback_pct"
near = 60
by = 1
within_s = 40
for_s = 1
"""  # fmt: skip
    async with foreign_controller(addresses, 60.0):
        outcome = await run(tmp_path, text)

    assert failures(outcome) == []
    assert outcome.steps[0].expect[0].measured == pytest.approx(60.0, abs=1.0)
    assert await asyncio.to_thread(rig.faults) == {}


async def test_nobody_takes_the_pen_from_a_controller_that_is_alive(
    rig: RigClient, addresses: RigAddresses, tmp_path: Path
) -> None:
    del rig
    text = head(addresses) + """
[[step]]
name = "two hands"
set = { "plc:pump-2.speed_pct" = 30 }
"""  # fmt: skip
    async with foreign_controller(addresses, 60.0, frames=True):
        outcome = await run(tmp_path, text)

    assert outcome.result == "failed"
    assert "is ordered by a controller" in outcome.steps[0].set[0].why
    assert outcome.restored[0].done is False


async def test_a_run_ended_in_the_middle_mends_what_it_broke_and_writes_its_report(
    rig: RigClient, addresses: RigAddresses, tmp_path: Path
) -> None:
    text = head(addresses) + """
[[step]]
name = "long"
set = { "fault:pump-1" = "off" }
wait_s = 600
"""  # fmt: skip
    stop = asyncio.Event()

    async def end_it() -> None:
        for _ in range(400):
            if await asyncio.to_thread(rig.faults):
                break
            await asyncio.sleep(0.05)
        stop.set()

    async with asyncio.TaskGroup() as group:
        running = group.create_task(run(tmp_path, text, stop=stop), name="run")
        group.create_task(end_it(), name="end")

    assert running.result().result == "aborted"
    assert await asyncio.to_thread(rig.faults) == {}
    assert '"aborted"' in (tmp_path / "report.json").read_text(encoding="utf-8")


async def test_a_run_that_is_cancelled_while_it_has_the_pen_ends_and_puts_back(
    rig: RigClient, addresses: RigAddresses, tmp_path: Path
) -> None:
    text = head(addresses) + """
[[step]]
name = "long"
set = { "plc:pump-2.speed_pct" = 71.5, "fault:conductivity" = "high" }
wait_s = 600
"""  # fmt: skip
    before = await rig_values(addresses)

    async with asyncio.TaskGroup() as group:
        running = group.create_task(run(tmp_path, text), name="run")
        for _ in range(800):
            if await asyncio.to_thread(rig.faults):
                break
            await asyncio.sleep(0.05)
        running.cancel()

    assert running.cancelled()
    assert await asyncio.to_thread(rig.faults) == {}
    assert await rig_values(addresses) == pytest.approx(before, abs=50)
    assert '"aborted"' in (tmp_path / "report.json").read_text(encoding="utf-8")


async def test_what_is_not_there_ends_it_before_anything_is_set(
    rig: RigClient, addresses: RigAddresses, tmp_path: Path
) -> None:
    text = head(addresses) + """
[[step]]
name = "wrong"
set = { "fault:pump-1" = "off", "fault:pump-7" = "off" }
[[step.expect]]
figure = "rig:magic_kw"
low = 1
"""  # fmt: skip

    with pytest.raises(StepsError) as caught:
        await run(tmp_path, text)

    told = str(caught.value)
    assert "rig:magic_kw is not there\n    remedy: there are now_s" in told
    assert re.search(r"steps.toml:\d+: fault:pump-7 is not there", told)
    assert await asyncio.to_thread(rig.faults) == {}
    assert not (tmp_path / "report.json").exists()


async def test_a_device_that_does_not_answer_is_named(tmp_path: Path) -> None:
    text = """
name = "Dark"
[[device]]
name = "plc"
profile = "sim_cdu_plc"
host = "127.0.0.1"
port = 9
[[step]]
name = "one"
[[step.expect]]
figure = "plc:primary.flow_lpm"
low = 1
"""
    with pytest.raises(StepsError, match=r"plc: does not answer\n    remedy: plc: 127\.0\.0\.1:9"):
        await run(tmp_path, text)

    assert read_steps(tmp_path / "steps.toml").name == "Dark"


async def rig_values(addresses: RigAddresses) -> list[int]:
    """The set-points in the PLC, without heartbeat and epoch."""
    host, port = addresses.cdu or ("", 0)
    async with AsyncModbusTcpClient(host, port=port) as client:
        return list((await client.read_holding_registers(2, count=10)).registers)
