"""node-opcua-client, which is not ours, does what an operator does: it asks for heat."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from controller.lab.demo_site import CLIENT_URI
from tests.system.real_plant import real_plant, until

pytestmark = [pytest.mark.system, pytest.mark.real_sockets, pytest.mark.timeout(120)]

FOLDER = Path(__file__).parent / "node"
INSTALLED = shutil.which("node") is not None and (FOLDER / "node_modules").is_dir()
DEMAND_KW = 40.0
WITHIN_S = 15.0


@pytest.mark.skipif(not INSTALLED, reason="Node.js with node-opcua-client: see deploy/foreign.sh")
async def test_a_foreign_opcua_client_asks_for_heat_and_sees_it_become_the_target(
    tmp_path: Path,
) -> None:
    async with real_plant(containers=1, units=8) as plant:
        await until(plant.opcua_answers, 30.0, "the OPC UA server answers")
        site = plant.site
        process = await asyncio.create_subprocess_exec(
            *("node", str(FOLDER / "demand_step.cjs"), site.opcua_url),
            *(str(site.client_certificate), str(site.client_key), CLIENT_URI),
            *(str(tmp_path / "pki"), str(DEMAND_KW), str(WITHIN_S)),
            env={**os.environ, "HEARTH_USER": site.user, "HEARTH_PASSWORD": site.password},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60.0):
            output, errors = await process.communicate()

        assert process.returncode == 0, errors.decode()
        told = json.loads(next(line for line in output.splitlines() if line.startswith(b"{")))
        assert told["before"]["plant.mode"] == "running"
        assert told["before"]["plant.heat_delivered_kw"] > 0.0
        assert told["folders"] > 5
        assert told["written"] == "Good"
        assert told["reached"], told["targets"]
        assert told["refused"] == "BadOutOfRange"
        assert told["withdrawn"]
