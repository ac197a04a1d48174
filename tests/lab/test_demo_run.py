"""`hearth demo` as it is started: on a small plant, with real programs, ended in every way."""

import asyncio
import json
import os
import shlex
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from controller.core.lifeline import start_bound
from controller.lab.children import Child, ChildDied, Children, stay
from controller.lab.demo_site import write_site
from controller.lab.processes import PROC, read_usage
from tests.system.real_plant import until

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

PLAY = """
import asyncio, sys
from pathlib import Path
from controller.core.lifeline import watch
from controller.verbs import live
from controller.lab.demo import run_demo

watch()
duration_s, file = float(sys.argv[1]), Path(sys.argv[2])
picture = file.with_suffix(".svg")
live(
    lambda stop: run_demo(
        stop,
        duration_s=duration_s,
        json_file=file,
        picture_file=picture,
        containers=2,
        units=5,
    )
)
"""
END_WITHIN_S = 3.0


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["Demo"]:
    """The demonstration of a small plant, its folder below this test's own."""
    # The path of a socket may be a hundred characters long; pytest's folders are longer.
    with tempfile.TemporaryDirectory(prefix="h") as short:
        monkeypatch.setenv("TMPDIR", short)
        demo = Demo(Path(short), tmp_path / "figures.json")
        yield demo
        await demo.end()


class Demo:
    """One running demonstration."""

    def __init__(self, place: Path, figures: Path) -> None:
        self.place = place
        self.figures = figures
        self._process: Process | None = None

    @property
    def process(self) -> Process:
        """The demonstration's own process."""
        assert self._process is not None
        return self._process

    async def begin(self, duration_s: float = 0.0) -> None:
        """Start it, its words in a pipe."""
        self._process = await start_bound(
            sys.executable,
            *("-c", PLAY, str(duration_s), str(self.figures)),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )

    async def says(self, words: str) -> str:
        """Wait for these words; the line that holds them."""
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            async for line in self.process.stdout:
                if words in line.decode():
                    return line.decode()
        pytest.fail(f"the demonstration ended without saying {words!r}")

    async def ended(self, within_s: float) -> tuple[int, str]:
        """Its exit code and what it said on stderr."""
        async with asyncio.timeout(within_s):
            _, errors = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, errors.decode()

    def child(self, verb: str) -> int:
        """The process of this verb that works on our site."""
        return next(pid for pid in self.programs() if verb in _words(pid))

    def programs(self) -> list[int]:
        """Every process that works on our site."""
        pids = (int(folder.name) for folder in PROC.iterdir() if folder.name.isdigit())
        return [pid for pid in pids if any(str(self.place) in word for word in _words(pid))]

    def verbs(self) -> set[str]:
        """What works on our site."""
        return {word for pid in self.programs() for word in _words(pid)}

    async def end(self) -> None:
        """End it, and whatever a failed test has left behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        # They hold the pipes of the demonstration open: first they end, then it is read out.
        for pid in self.programs():
            os.kill(pid, signal.SIGKILL)
        if self._process is not None:
            await self.ended(within_s=5.0)


async def asked(command: list[str], times: int) -> AsyncIterator[str | None]:
    """What this command prints, again and again until it succeeds; None when it fails."""
    for _ in range(times):
        process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
        async with asyncio.timeout(20):
            said, _ = await process.communicate()
        # Before the first reading of the heat meter the value is bad, and there is no number.
        succeeded = process.returncode == 0 and said[:1].isdigit()
        yield said.decode().strip() if succeeded else None
        if succeeded:
            return


def _words(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_text().split("\0")
    except OSError:
        return []


async def test_it_ends_by_itself_and_leaves_its_figures_and_nothing_else(demo: Demo) -> None:
    await demo.begin(duration_s=16.0)

    code, errors = await demo.ended(within_s=30.0)

    figures = json.loads(demo.figures.read_text())
    assert (code, errors) == (0, "")
    assert figures["miners_good"] == 10.0
    assert figures["scans"] > 3.0
    assert figures["commands"]["failed"] == 0.0
    assert figures["truth"]["unsafe_outputs"] == 0
    assert all(figures["processes"][name]["cpu_s"] > 0.0 for name in ("rig", "core", "demo"))
    picture = demo.figures.with_suffix(".svg").read_text(encoding="utf-8")
    assert "RUNNING" in picture
    assert str(demo.place) not in picture
    assert demo.programs() == []
    assert list(demo.place.iterdir()) == []


async def test_the_command_that_it_prints_reads_the_heat_by_opc_ua(demo: Demo) -> None:
    await demo.begin()
    command = shlex.split(await demo.says("uaread"))
    await demo.says("is taken over as it stands")

    answers = [answer async for answer in asked(command, times=40) if answer is not None]

    assert 10.0 < float(answers[0]) < 60.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_everything_in_time(demo: Demo, number: signal.Signals) -> None:
    await demo.begin()
    await demo.says("is taken over as it stands")
    assert len(demo.programs()) >= 2

    demo.process.send_signal(number)

    code, errors = await demo.ended(within_s=END_WITHIN_S)
    assert (code, errors) == (0, "")
    assert demo.programs() == []
    assert list(demo.place.iterdir()) == []


async def test_a_signal_before_the_plant_runs_ends_it_too(demo: Demo) -> None:
    await demo.begin()
    await demo.says("The simulated devices start")

    demo.process.send_signal(signal.SIGINT)

    code, _ = await demo.ended(within_s=END_WITHIN_S)
    assert code == 0
    assert demo.programs() == []


async def test_a_demonstration_that_is_killed_takes_every_program_with_it(demo: Demo) -> None:
    await demo.begin()
    await demo.says("is taken over as it stands")
    await until(lambda: demo.verbs() >= {"rig", "run", "gateway"}, 20.0, "all programs work")

    demo.process.kill()

    await until(lambda: not demo.programs(), 8.0, "every program has ended")


async def test_a_core_that_is_killed_takes_its_gateway_with_it(demo: Demo) -> None:
    site = write_site(demo.place / "site", containers=1, units=2)
    async with Children() as children:
        core = await children.start("core", "run", str(site.config), log=demo.place / "core.log")
        await until(lambda: demo.verbs() >= {"gateway"}, 20.0, "the gateway works")

        core.process.kill()

        await until(lambda: not demo.programs(), 8.0, "every program has ended")


@pytest.mark.parametrize(("verb", "name"), [("rig", "rig"), ("run", "core")])
async def test_a_program_that_dies_ends_it_with_its_last_words(
    demo: Demo, verb: str, name: str
) -> None:
    await demo.begin()
    await demo.says("is taken over as it stands")

    os.kill(demo.child(verb), signal.SIGKILL)

    code, errors = await demo.ended(within_s=END_WITHIN_S + 1.0)
    assert code == 1
    assert f"hearth: {name} was killed by signal 9; its last words:" in errors
    assert '"event"' in errors
    assert "Traceback" not in errors
    assert demo.programs() == []


async def test_a_child_that_cannot_start_is_named_with_what_it_said(tmp_path: Path) -> None:
    async with asyncio.timeout(20), Children() as children:
        child = await children.start(
            "core", "run", str(tmp_path / "nowhere.toml"), log=tmp_path / "core.log"
        )

        said = r"core ended with code 2(?s:.)*nowhere\.toml: error HC001: No such"
        with pytest.raises(ChildDied, match=said):
            await stay(child)


async def test_no_child_is_left_when_the_block_fails(tmp_path: Path) -> None:
    started: list[Child] = []

    async def fail() -> None:
        async with Children() as children:
            log = tmp_path / "core.log"
            started.append(await children.start("core", "run", "nowhere.toml", log=log))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert started[0].process.returncode is not None
    assert read_usage(started[0].process.pid) is None
