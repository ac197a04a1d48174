"""Whose frames a device obeys: read before each frame, for a number alone does not tell.

Two controllers that take the plant at the same moment read the same epoch and choose the same next
one. Each begins its heartbeats anywhere, and each looks at the heartbeat that the device has before
it sends the next: whoever finds another's falls silent for good. Only the one that wrote last finds
its own, so exactly one goes on.
"""

from typing import Final, Literal

from controller.control.pen import newer
from drivers.modbus.command_frame import FrameMarks

HEARTBEATS: Final = 65_536
# A device shows it before its first frame, and after a start; no controller sends it.
NO_FRAME: Final = 0
# A frame without an answer may have been taken or not, and so may the ones before.
MOST_UNSURE: Final = 100

Finding = Literal["ours", "another", "forgotten"]
"""Whose frame the device has: ours or none yet, another's, or it no longer knows of us."""


class FrameOwner:
    """The heartbeats that we sent under one epoch, and what the device says of them."""

    def __init__(self, first_heartbeat: int) -> None:
        self.heartbeat = first_heartbeat % HEARTBEATS
        self._sent: list[int] = []
        self._taken_epoch: int | None = None

    def next_heartbeat(self) -> int:
        """Another one than the last, never 0: a device takes a frame with 0 for a plain write."""
        self.heartbeat = self.heartbeat % (HEARTBEATS - 1) + 1
        self._sent = [*self._sent[1 - MOST_UNSURE :], self.heartbeat]
        return self.heartbeat

    def taken(self, epoch: int) -> None:
        """The device has taken the frame with the last heartbeat."""
        # A device that only said so shows one of our earlier heartbeats, and nobody else's.
        self._sent = self._sent[-MOST_UNSURE:]
        self._taken_epoch = epoch

    def judge(self, told: FrameMarks, epoch: int) -> Finding:
        """What these marks mean for whoever is about to send a frame of this epoch."""
        if told.heartbeat in self._sent:
            return "ours"
        if told.heartbeat == NO_FRAME:
            return "forgotten" if self._taken_epoch == epoch else "ours"
        if told.epoch == epoch or newer(told.epoch, epoch):
            return "another"
        return "forgotten" if self._taken_epoch == epoch else "ours"
