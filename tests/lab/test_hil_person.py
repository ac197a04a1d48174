"""Somebody beside the bench: asked in words, answering with Enter, or not at all."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.lab.hil.person import NOBODY, PersonAtTerminal

pytestmark = pytest.mark.real_sockets


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where the keys go that standard input brings."""
    reads, writes = os.pipe()
    with os.fdopen(reads) as stdin, os.fdopen(writes, "w"):
        monkeypatch.setattr(sys, "stdin", stdin)
        yield writes


async def answer_of(said: list[str], within_s: float = 5.0) -> str:
    async with asyncio.timeout(10.0):
        return await PersonAtTerminal(said.append).does("Pull the plug", within_s)


async def test_enter_means_that_it_is_done(keyboard: int) -> None:
    said: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, os.write, keyboard, b"do")
    loop.call_later(0.10, os.write, keyboard, b"ne\n")

    assert await answer_of(said) == ""
    assert said == ["  ask: Pull the plug  (Enter when it is done)"]


async def test_two_questions_need_two_answers(keyboard: int) -> None:
    os.write(keyboard, b"\n")

    assert await answer_of([]) == ""
    assert await answer_of([], 0.1) == "nobody confirmed it within 0.1 s"


@pytest.mark.usefixtures("keyboard")
async def test_who_does_not_answer_in_time_has_not_done_it() -> None:
    assert await answer_of([], 0.1) == "nobody confirmed it within 0.1 s"


@pytest.fixture(params=["/dev/null", __file__])
def no_terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with Path(request.param).open(encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield


@pytest.mark.usefixtures("no_terminal")
async def test_without_a_terminal_nobody_is_there() -> None:
    assert await answer_of([]) == NOBODY


async def test_an_input_that_has_ended_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    reads, writes = os.pipe()
    os.close(writes)
    with os.fdopen(reads) as ended:
        monkeypatch.setattr(sys, "stdin", ended)

        assert await answer_of([]) == NOBODY


async def test_without_any_standard_input_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    assert await answer_of([]) == NOBODY
