"""The demonstration asks core like any visitor, and survives that core or the rig is away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from controller.core.link_server import LinkServer
from controller.lab.rig_client import RigClient
from controller.lab.visit import Visit
from controller.link.messages import EventInfo, Report, Request, Verdict
from controller.link.mirror import Mirror
from tests.harness.loopback import FreeLoopback
from tests.lab.hand_made import HEALTHY, NOW_UTC_S, make_hello, make_report

pytestmark = pytest.mark.real_sockets

TRIP = EventInfo(NOW_UTC_S, 900, "plant", "tripped")


class Paper:
    """A screen that keeps what it is given."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.commands: list[str] = []
        self.events: list[EventInfo] = []
        self.shown = asyncio.Event()

    def say(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)

    def command(self, what: str, line: str) -> None:
        """Keep it."""
        self.commands += [what, line]

    def event(self, event: EventInfo) -> None:
        """Keep it."""
        self.events.append(event)

    def show(self, _mirror: Mirror, _now_utc_s: float, _pace: str = "") -> None:
        """Note that something was drawn."""
        self.shown.set()


class SmallCore:
    """A core that reports once and grants what is not zero."""

    def __init__(self, path: Path) -> None:
        self.requests: list[Request] = []
        self.link = LinkServer(path, make_hello(HEALTHY), on_request=self._decide)

    def report(self, *events: EventInfo, first_out: str = "") -> None:
        """One full report, to whoever listens and whoever comes."""
        report = make_report(HEALTHY | {"plant.first_out": first_out}, events=events)

        def full() -> Report:
            return report

        self.link.publish(report, full)

    def _decide(self, request: Request) -> None:
        self.requests.append(request)
        accepted = request.value != 0.0
        self.link.verdict(Verdict(request.id, accepted, "accepted" if accepted else "it is zero"))


@pytest.fixture
def socket_path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "link.sock"


@pytest.fixture
async def core(socket_path: Path) -> AsyncIterator[SmallCore]:
    core = SmallCore(socket_path)
    async with core.link:
        core.report()
        yield core


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
async def visit(
    socket_path: Path, paper: Paper, free_loopback: FreeLoopback
) -> AsyncIterator[Visit]:
    """A visit that listens and draws; there is no rig at its address."""
    visit = Visit(socket_path, RigClient(*free_loopback()), ("pump-1",), paper, "uaread x")
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        tasks = [group.create_task(visit.listen()), group.create_task(visit.draw())]
        yield visit
        for task in tasks:
            task.cancel()


async def test_it_sees_the_plant_and_draws_it(core: SmallCore, visit: Visit, paper: Paper) -> None:
    core.report(TRIP, first_out="leak: water")

    await visit.begun.wait()
    await paper.shown.wait()

    assert visit.electric_kw() == 3_175.0
    assert paper.events == [TRIP]


async def test_heat_is_asked_for_as_an_operator_and_with_an_end(
    core: SmallCore, visit: Visit
) -> None:
    await visit.begun.wait()

    answer = await visit.request_heat(4_000.0, 10.0)

    (request,) = core.requests
    assert answer.accepted
    assert (request.name, request.value, request.role) == ("heat_demand_kw", 4_000.0, "operator")
    assert request.expires_in_s == 600.0


async def test_a_reset_is_asked_for_with_a_reason(core: SmallCore, visit: Visit) -> None:
    await visit.begun.wait()

    await visit.request_reset()

    (request,) = core.requests
    assert (request.name, request.value) == ("trip_reset", None)
    assert request.reason


async def test_a_refusal_comes_back_with_its_reason(core: SmallCore, visit: Visit) -> None:
    await visit.begun.wait()

    answer = await visit.request_heat(0.0, 10.0)

    assert core.requests
    assert (answer.accepted, answer.reason) == (False, "it is zero")


async def test_without_core_every_wish_is_refused(visit: Visit) -> None:
    answer = await visit.request_heat(4_000.0, 10.0)

    assert (answer.accepted, answer.reason) == (False, "core is away")
    assert visit.first_out() == ""
    assert visit.electric_kw() is None


async def test_it_finds_a_core_that_comes_back(socket_path: Path, visit: Visit) -> None:
    first, second = SmallCore(socket_path), SmallCore(socket_path)
    async with first.link:
        first.report()
        await visit.begun.wait()
    visit.begun.clear()

    async with second.link:
        second.report(first_out="leak: water")
        await visit.begun.wait()

        assert visit.first_out() == "leak: water"
        assert (await visit.request_heat(4_000.0, 10.0)).accepted


async def test_a_rig_that_is_away_is_told_and_ends_nothing(visit: Visit, paper: Paper) -> None:
    await visit.break_pumps()

    assert "The simulated plant did not do it" in paper.said[0]
    assert "did not answer POST /fault" in paper.said[0]


async def test_the_invitation_is_a_command(visit: Visit, paper: Paper) -> None:
    visit.invite()

    assert paper.commands[-1] == "uaread x"
