"""A question is answered at once, to whom has asked it."""

import asyncio
from pathlib import Path

import pytest

from controller.core.link_server import LinkServer
from controller.link.client import LinkClient
from controller.link.messages import Explanation, Hello, Question, Request

pytestmark = pytest.mark.real_sockets


def ignore(_: Request) -> None:
    """Never answer."""


async def test_a_question_is_answered_to_whom_asked_it(hello: Hello, socket_path: Path) -> None:
    def explain(question: Question) -> Explanation:
        return Explanation(question.id, 5.0, (("source", f"{question.name} by its loop"),))

    async with (
        LinkServer(socket_path, hello, on_request=ignore, on_question=explain),
        LinkClient(socket_path) as one,
        LinkClient(socket_path) as other,
    ):
        told = await asyncio.gather(one.explain("pump-1.run"), other.explain("pump-2.run"))

    assert [answer.steps[0][1] for answer in told] == [
        "pump-1.run by its loop",
        "pump-2.run by its loop",
    ]


async def test_a_question_of_any_length_is_refused(hello: Hello, socket_path: Path) -> None:
    async with (
        LinkServer(socket_path, hello, on_request=ignore),
        LinkClient(socket_path) as client,
    ):
        told = await client.explain("x" * 501)

    assert told.refusal == "a text is longer than 500 characters"
