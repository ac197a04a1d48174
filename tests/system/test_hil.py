"""The example of acceptance steps against the real programs: rig, controller, and `hearth hil`."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.system.plants import BuiltPlant, built_plant
from tests.system.real_plant import until
from tests.tidy.sources import ROOT

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

EXAMPLE = ROOT / "deploy" / "hil.example.toml"
MINERS = 10
SPEED = 3.0
FULL_HEAT_KW = MINERS * 8.4 * 0.95
SHORT = ("It runs", "Demand rises", "Emergency stop", "Released, it stays tripped")
ASKED = "  ask: "

Hands = Callable[[BuiltPlant, str], object]


async def hil(
    plant: BuiltPlant, reports: Path, *arguments: str, hands: Hands | None = None
) -> tuple[int, list[str]]:
    """Run `hearth hil` on this plant; what it asks of a person is done by `hands`."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "controller", "hil"),
        *("--bench", f"rig={plant.site.control_port}", "--bench", f"plant={plant.site.config}"),
        *("--report", str(reports), *arguments),
        env={**os.environ, "HEARTH_HIL_PASSWORD": plant.site.password},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    said: list[str] = []
    async for raw in process.stdout:
        line = raw.decode().rstrip()
        said.append(line)
        if line.startswith(ASKED) and hands is not None:
            done = hands(plant, line.removeprefix(ASKED))
            if asyncio.iscoroutine(done):
                await done
            process.stdin.write(b"\n")
        if line.endswith("leave me"):
            process.send_signal(signal.SIGINT)
    return await process.wait(), said


async def test_a_short_acceptance_of_a_small_plant_is_passed_and_written_down(
    tmp_path: Path,
) -> None:
    only = [word for name in SHORT for word in ("--only", name)]
    async with built_plant(miners=MINERS, speed=SPEED) as plant:
        code, said = await hil(
            plant, tmp_path, str(EXAMPLE), *only, "--given", f"full_heat_kw={FULL_HEAT_KW}"
        )
        faults = await asyncio.to_thread(plant.rig.faults)
        stands = plant.value("request.heat_demand_kw.accepted")

    assert code == 0, "\n".join(said)
    assert said[-1] == "PASSED: 4 passed"
    (data,), (page,) = tmp_path.glob("*.json"), tmp_path.glob("*.html")
    told = json.loads(data.read_text(encoding="utf-8"))
    demand = told["steps"][1]["expect"][1]
    assert [step["result"] for step in told["steps"]] == ["passed"] * 4
    assert demand["measured"] == pytest.approx(0.6 * FULL_HEAT_KW, rel=0.1)
    assert 1.0 <= told["speed"] <= SPEED
    assert page.read_text(encoding="utf-8").count("<svg") == len(told["figures"])
    assert plant.site.password not in data.read_text(encoding="utf-8")
    assert faults == {}
    assert stands is None


async def test_ctrl_c_in_the_middle_leaves_the_plant_as_it_was_found(tmp_path: Path) -> None:
    steps = tmp_path / "steps.toml"
    async with built_plant(miners=MINERS, speed=2.0) as plant:
        site = plant.site
        steps.write_text(
            f"""
name = "Cut short"
[bench.opcua]
url = "{site.opcua_url}"
user = "{site.user}"
certificate = "{site.client_certificate}"
key = "{site.client_key}"
[[step]]
name = "broken"
set = {{ "fault:pump-2" = "off", "link:power_limit_kw" = 50, "opcua:heat_demand_kw" = 40 }}
[[step.expect]]
figure = "opcua:plant.mode"
is = "running"
[[step.expect]]
figure = "opcua:request.heat_demand_kw.accepted"
near = 40
within_s = 10
[[step]]
name = "long"
say = "leave me"
wait_s = 3600
""",
            encoding="utf-8",
        )
        await until(plant.opcua_answers, 30.0, "the OPC UA server answers")
        code, said = await hil(plant, tmp_path, str(steps))
        faults = await asyncio.to_thread(plant.rig.faults)
        for request in ("power_limit_kw", "heat_demand_kw"):
            tag = f"request.{request}.accepted"
            await until(lambda tag=tag: plant.value(tag) is None, 5.0, f"{request} is withdrawn")

    (data,) = tmp_path.glob("*.json")
    told = json.loads(data.read_text(encoding="utf-8"))
    assert code == 1, "\n".join(said)
    assert told["result"] == "aborted"
    assert [step["result"] for step in told["steps"]] == ["passed", "aborted"]
    assert faults == {}
    assert site.password not in data.read_text(encoding="utf-8")


@pytest.mark.campaign
@pytest.mark.timeout(1_200)
async def test_the_whole_example_is_passed_with_a_person_beside_it(tmp_path: Path) -> None:
    async with built_plant(miners=40, speed=5.0) as plant:

        async def hands(plant: BuiltPlant, what: str) -> None:
            if what.startswith("Stop"):
                os.kill(plant.core_pid, signal.SIGTERM)
            else:
                await plant.start_core()

        code, said = await hil(
            plant,
            tmp_path,
            str(EXAMPLE),
            *("--given", f"full_heat_kw={40 * 8.4 * 0.95}"),
            hands=hands,
        )

    assert code == 0, "\n".join(said)
    assert len(list(tmp_path.glob("*.html"))) == 1
