"""The link to a miner, broken by name: what becomes of a client, and of the one reply it gets."""

from collections.abc import Callable
from random import Random
from typing import Final

from simulators.fault_verbs import Fault
from simulators.wire.tamper import Delivery

GARBAGE_BYTES: Final = 200
HUGE_PART: Final = b"0" * 1_048_576
HUGE_PARTS: Final = 64
HUNG_UP: Final = frozenset({"off"})
UNANSWERED: Final = frozenset({"stuck"})
# What another command would have said, in the notation that was asked in.
OTHER_JSON: Final = b'{"command":"coin"}'
OTHER_TEXT: Final = b"coin"


class MinerLink:
    """One miner's; `fault` is asked at each turn, the dice are the unit's own."""

    def __init__(self, fault: Callable[[], Fault | None], seed: str) -> None:
        self._fault = fault
        self._dice = Random(f"link {seed}")

    def takes_in(self) -> bool:
        """Whether the next client is let in at all."""
        fault = self._fault()
        if fault is None:
            return True
        if fault.verb == "intermittent":
            return self._dice.random() >= fault.value
        return fault.verb not in HUNG_UP

    @property
    def answers(self) -> bool:
        """Whether a client that has asked is answered."""
        fault = self._fault()
        return fault is None or fault.verb not in UNANSWERED

    def heard(self, request: bytes) -> bytes:
        """What the miner understands of a request."""
        fault = self._fault()
        if fault is None or fault.verb != "wrong":
            return request
        return OTHER_JSON if request[:1] == b"{" else OTHER_TEXT

    def deliver(self, reply: bytes) -> Delivery:
        """What becomes of the reply, and then the end."""
        fault = self._fault()
        chunks: tuple[tuple[float, bytes], ...] = ((0.0, reply),)
        if fault is not None:
            match fault.verb:
                case "garbage":
                    chunks = ((0.0, self._dice.randbytes(GARBAGE_BYTES)),)
                case "huge":
                    chunks = ((0.0, reply.rstrip(b"\0")), *((0.0, HUGE_PART),) * HUGE_PARTS)
                case "delayed":
                    chunks = ((fault.value, reply),)
                case "slow":
                    chunks = tuple((fault.value, bytes((byte,))) for byte in reply)
        return Delivery(chunks, "fin")
