"""No test touches the network unless its mark says so."""

import socket
from collections.abc import Callable, Iterator

import pytest

from tests.harness.marks import OUTDOOR_MARKS, is_outdoor

DOORS_OUT = ("connect", "connect_ex", "bind", "sendto", "sendmsg")


@pytest.fixture(autouse=True)
def no_real_socket(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that connects, binds or sends without a mark, Unix sockets included."""
    with pytest.MonkeyPatch.context() as patch:
        if not is_outdoor(request.node):
            for verb in DOORS_OUT:
                patch.setattr(socket.socket, verb, _refusal(verb))
        yield


def _refusal(verb: str) -> Callable[..., None]:
    marks = " or ".join(OUTDOOR_MARKS)

    def refuse(_self: socket.socket, *arguments: object) -> None:
        # Not an OSError: a driver must not take it for a silent device.
        pytest.fail(
            f"a real socket would {verb}{arguments}: run on the virtual loop or mark {marks}"
        )

    return refuse
