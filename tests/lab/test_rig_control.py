"""The control port against visitors it does not want and requests that are wrong."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from controller.clock.now import VARIABLE, choose_clock, offer_clock
from controller.lab.control_port import application, serve_control
from controller.lab.laboratory import Laboratory, Setup
from simulators.description import Container, PlantDescription
from simulators.scenario import Scenario, Step
from simulators.wire.listen import AddressUnusable
from simulators.world import World
from tests.harness.loopback import FreeLoopback

JSON = (("content-type", "application/json"),)
Headers = tuple[tuple[str, str], ...]
Answer = tuple[int, Mapping[str, object]]


@pytest.fixture
def world() -> World:
    return World(PlantDescription(containers=(Container("container-01", 92),)))


@pytest.fixture
def app(world: World) -> Starlette:
    """The control port of this world, without a socket."""
    return application(Laboratory(world))


async def ask(
    app: Starlette,
    line: str,
    headers: Headers = (),
    body: str | None = "",
    host: str = "127.0.0.1",
) -> Answer:
    """Status and JSON of one request; a body of None never arrives."""
    method, _, target = line.partition(" ")
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in (("host", host), *headers)],
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if body is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": (body or "").encode(), "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def test_a_visitor_from_this_machine_is_answered(app: Starlette) -> None:
    for host in ("localhost", "127.0.0.1", "localhost:8028", "127.9.9.9:1", "[::1]:8028"):
        status, truth = await ask(app, "GET /truth", host=host)

        assert status == 200
        assert "electric_kw" in truth


@pytest.mark.parametrize(
    "host", ["rig.example", "127.0.0.1.rig.example", "10.0.0.7", "localhost.rig.example", "[", ""]
)
async def test_a_name_that_was_made_to_point_here_is_refused(app: Starlette, host: str) -> None:
    status, answer = await ask(app, "GET /truth", host=host)

    assert status == 400
    assert "allowed: localhost or a loopback address" in str(answer["error"])


async def test_a_web_page_is_refused(app: Starlette, world: World) -> None:
    origin = ("origin", "https://pool.example")
    body = '{"target":"pump-1","verb":"off"}'

    with_origin = await ask(app, "POST /fault", (*JSON, origin), body)
    as_a_form = await ask(app, "POST /fault", (("content-type", "text/plain"),), body)

    assert (with_origin[0], as_a_form[0]) == (400, 400)
    assert world.faults.active() == {}


@pytest.mark.parametrize(
    ("line", "body", "allowed"),
    [
        ("POST /fault", "", "one JSON object"),
        ("POST /fault", "[1]", "one JSON object"),
        ("POST /fault", '{"target":"pump-1"', "one JSON object"),
        ("POST /fault", '{"target":"pump-1"}', "a string"),
        ("POST /fault", '{"target":"pump-1","verb":7}', "a string"),
        ("POST /fault", '{"target":"pump-1","verb":"off","now":1}', "target, verb"),
        ("POST /set", "{}", "outdoor_c, district_return_c"),
        ("POST /set", '{"wind_mps":3}', "outdoor_c, district_return_c"),
        ("POST /set", '{"outdoor_c":true}', "a number -60 to 60"),
        ("POST /set", '{"outdoor_c":NaN}', "a number -60 to 60"),
        ("POST /set", '{"outdoor_c":1e999}', "a number -60 to 60"),
        ("POST /set", '{"outdoor_c":61}', "a number -60 to 60"),
        ("POST /set", '{"outdoor_c":null}', "a number -60 to 60"),
        ("POST /set", '{"outdoor_c":' + "9" * 3000 + "}", "a number -60 to 60"),
        ("POST /set", " " * 5000, "4096 bytes"),
        ("GET /commands?since=yesterday", "", "a number 0 to inf"),
        ("GET /commands?since=nan", "", "a number 0 to inf"),
        ("DELETE /fault?target=pump-9", "", "pump-1"),
        ("POST /set", '{"room_c":5,"dew_point_c":9}', "dew point"),
        ("POST /set", '{"network_demand_kw":-1}', "a number 0 to 1e+06"),
        ("POST /speed", '{"speed":5}', "--speed"),
        ("POST /speed", '{"speed":50}', "a number 1 to 10"),
        ("POST /speed", '{"speed":"fast"}', "a number 1 to 10"),
        ("POST /speed", "{}", "speed"),
        ("POST /scenario", '{"name":"doomsday"}', "winter-evening"),
        ("POST /scenario", '{"name":"exchanger-fouled","at":1}', "name"),
        ("POST /scenario", '{"name":"nothing"}', "cold-snap"),
        ("GET /fault", "", "GET /truth"),
        ("GET /nothing", "", "GET /truth"),
    ],
)
async def test_a_wrong_request_is_told_what_is_allowed(
    app: Starlette, line: str, body: str, allowed: str
) -> None:
    status, answer = await ask(app, line, JSON, body)

    assert status == 400
    assert allowed in str(answer["error"])


async def test_weather_is_set_as_a_whole_or_not_at_all(app: Starlette, world: World) -> None:
    body = '{"outdoor_c":-5.0,"district_return_c":400}'

    status, _ = await ask(app, "POST /set", JSON, body)

    assert status == 400
    assert world.truth()["outdoor_c"] == pytest.approx(4.26)


async def test_zero_degrees_is_weather(app: Starlette, world: World) -> None:
    status, answer = await ask(app, "POST /set", JSON, '{"outdoor_c":0}')

    assert (status, answer) == (200, {"outdoor_c": 0.0})
    assert world.truth()["outdoor_c"] == 0.0


async def test_commands_since_a_time_include_that_time(app: Starlette, world: World) -> None:
    world.fleet.sleep(0)
    world.step(1.0)
    world.fleet.reboot(91)

    _, all_of_them = await ask(app, "GET /commands")
    _, later = await ask(app, "GET /commands?since=1.0")

    verbs = [("c01-001", "sleep"), ("c01-092", "wake")]
    assert [(each["unit"], each["verb"]) for each in all_of_them["commands"]] == verbs
    assert [each["unit"] for each in later["commands"]] == ["c01-092"]


async def test_one_container_can_be_mended_alone(app: Starlette) -> None:
    for target in ("pump-1", "district-pump"):
        await ask(app, "POST /fault", JSON, f'{{"target":"{target}","verb":"off"}}')

    _, left = await ask(app, "DELETE /fault?target=pump-1")
    _, none = await ask(app, "DELETE /fault")

    assert (left, none) == ({"district-pump": "off"}, {})


async def test_links_and_sensors_break_by_the_same_door(app: Starlette, world: World) -> None:
    for target, verb in (("link:heat-meter", "exception:6"), ("primary.flow_lpm", "wrong:+5")):
        status, _ = await ask(
            app, "POST /fault", JSON, json.dumps({"target": target, "verb": verb})
        )
        assert status == 200

    assert world.faults.active() == {
        "link:heat-meter": "exception:6",
        "primary.flow_lpm": "wrong:+5",
    }
    _, ways = await ask(app, "GET /targets?like=link:heat")
    assert list(ways) == ["link:heat-meter"]
    assert "exception[:4]" in str(ways["link:heat-meter"])
    assert "half-frame-reset" in str(ways["link:heat-meter"])


async def test_a_body_that_never_comes_is_not_waited_for(app: Starlette) -> None:
    status, answer = await ask(app, "POST /fault", JSON, None)

    assert status == 400
    assert "not whole JSON" in str(answer["error"])


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7"])  # noqa: S104 - refused
async def test_the_control_port_is_for_loopback_only(world: World, host: str) -> None:
    with pytest.raises(AddressUnusable, match="control port"):
        async with serve_control(Laboratory(world), (host, 8028)):
            pass


@pytest.mark.real_sockets
async def test_a_taken_port_is_named(world: World, free_loopback: FreeLoopback) -> None:
    address = free_loopback()
    async with serve_control(Laboratory(world), address):
        with pytest.raises(AddressUnusable, match="control port cannot listen on"):
            async with serve_control(Laboratory(world), address):
                pass


async def test_room_and_network_are_set_together(app: Starlette, world: World) -> None:
    body = '{"network_demand_kw":500,"room_c":30,"dew_point_c":25}'

    status, _ = await ask(app, "POST /set", JSON, body)

    truth = world.truth()
    assert status == 200
    assert (truth["room_temperature_c"], truth["room_dew_point_c"]) == (30.0, 25.0)


async def test_the_clock_tells_what_was_asked_and_what_is_achieved(
    app: Starlette, world: World
) -> None:
    world.step(1.0)

    status, clock = await ask(app, "GET /clock")

    assert status == 200
    assert clock["speed"] == 1.0
    assert clock["now_s"] == 1.0
    assert {"achieved_speed", "behind_s", "utc_s", "clock"} <= set(clock)


async def test_the_speed_is_changed_while_the_plant_runs(
    app: Starlette, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    offer_clock("2", tmp_path / "clock")
    try:
        _, before = await ask(app, "GET /clock")
        status, after = await ask(app, "POST /speed", JSON, '{"speed":7.5}')
    finally:
        choose_clock("1")

    assert status == 200
    assert (before["speed"], after["speed"]) == (2.0, 7.5)
    assert after["clock"] == f"@{tmp_path}/clock"


async def test_a_scenario_begins_and_the_monitor_tells_of_it(app: Starlette) -> None:
    _, before = await ask(app, "GET /monitor")
    status, begun = await ask(app, "POST /scenario", JSON, '{"name":"cold-snap"}')
    _, after = await ask(app, "GET /monitor")
    _, all_of_them = await ask(app, "GET /scenarios")

    assert status == 200
    assert begun["line"] == all_of_them["cold-snap"]
    assert before["scenario"] is None
    assert after["scenario"]["name"] == "cold-snap"  # type: ignore[index] # JSON


async def test_a_scenario_that_needs_what_is_not_there_is_refused(world: World) -> None:
    small = World(PlantDescription(containers=world.description.containers, primary_pumps=1))
    laboratory = Laboratory(small)
    laboratory.play(Scenario("calm", "Nothing happens at all", (Step(0.0),)))
    beheaded = Scenario(
        "lost", "A pump that is not there", (Step(5.0, faults=(("pump-7", "off"),)),)
    )

    with pytest.raises(ValueError, match="pump-7"):
        laboratory.play(beheaded)

    assert laboratory.player is not None
    assert laboratory.player.scenario.name == "calm"


async def test_a_foreign_controller_is_told_where_everything_is(world: World) -> None:
    told = {"devices": [{"name": "cdu", "host": "127.0.0.1", "port": 502}]}
    app = application(Laboratory(world, Setup(facts=told)))

    status, answer = await ask(app, "GET /describe")

    assert (status, answer) == (200, told)


async def test_unsafe_outputs_stand_in_the_truth(app: Starlette) -> None:
    _, truth = await ask(app, "GET /truth")

    assert truth["unsafe_outputs_total"] == 0
