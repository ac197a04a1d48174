"""Steps through an OPC UA server that is not Hearth's."""

from pathlib import Path

import pytest
from asyncua import Server, ua

from controller.lab.hil.problems import StepsError
from tests.harness.loopback import FreeLoopback
from tests.lab.hil_tools import failures, run

pytestmark = [pytest.mark.real_sockets, pytest.mark.timeout(150)]


async def test_a_foreign_opcua_server_is_read_and_written_and_gets_its_value_back(
    free_loopback: FreeLoopback, tmp_path: Path
) -> None:
    host, port = free_loopback()
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://{host}:{port}/other")
    space = await server.register_namespace("urn:somebody.else")
    pump = await server.nodes.objects.add_object(space, "pump")
    speed = await pump.add_variable(f"ns={space};s=pump.speed", "speed", 20, ua.VariantType.Int32)
    await speed.set_writable()
    node = f"opcua:ns={space};s=pump.speed"
    text = f"""
name = "Foreign server"
[bench]
look_every_s = 0.2
[bench.opcua]
url = "opc.tcp://{host}:{port}/other"
[[step]]
name = "faster"
set = {{ "{node}" = 35 }}
[[step.expect]]
figure = "{node}"
near = 35
within_s = 20
"""
    async with server:
        outcome = await run(tmp_path, text)
        after = await speed.read_value()
        with pytest.raises(StepsError, match="the server has no such node"):
            await run(tmp_path, text.replace("s=pump.speed", "s=pump.torque"))

    assert failures(outcome) == []
    assert [(one.value, one.done) for one in outcome.restored] == [("20.0", True)]
    assert after == 20
