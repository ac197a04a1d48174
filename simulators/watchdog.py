"""Who may order the PLC: its watch over the controller's heartbeat, and whose word is the newest.

Unarmed when it is new. Armed by the first frame whose heartbeat is not 0; from then on, also after
a loss of supply, set-points come only in whole frames, and a controller that falls silent loses the
plant to the local automatic.
"""

FALLBACK_AFTER_S = 10.0
OLDEST_AGE_S = 65_534.0
EPOCHS = 65_536
# Steps add up to a whole second only nearly.
SLACK_S = 1e-6


class Busy(RuntimeError):  # noqa: N818 - a state of the PLC, not a fault of the program
    """The PLC does not take this order now."""


class Watchdog:
    """Heartbeat and epoch of the last accepted frame, its age, and whether it is too old."""

    def __init__(self) -> None:
        self.armed = False
        self.local_automatic = False
        self.heartbeat = 0
        self.epoch = 0
        self._age_s = OLDEST_AGE_S

    @property
    def age_s(self) -> float:
        """Time since the last accepted frame; stops counting, and begins there."""
        return self._age_s

    @property
    def waited_s(self) -> float:
        """How long a living controller has been silent; 0 where there is none."""
        return self._age_s if self.armed and not self.local_automatic else 0.0

    @property
    def fresh(self) -> bool:
        """Whether the last accepted frame is young enough to obey."""
        return self._age_s < FALLBACK_AFTER_S - SLACK_S

    def step(self, dt_s: float, *, watched: bool = True) -> bool:
        """Let time pass; True in the moment in which the controller is given up."""
        self._age_s = min(self._age_s + dt_s, OLDEST_AGE_S)
        if watched and self.armed and not self.local_automatic and not self.fresh:
            self.local_automatic = True
            return True
        return False

    def accept(self, heartbeat: int, epoch: int) -> None:
        """Take note of a frame, or refuse it with a ValueError that says why."""
        if self.armed and heartbeat == self.heartbeat:
            raise ValueError(f"heartbeat {heartbeat} is that of the last frame")
        if self.local_automatic and not newer(epoch, self.epoch):
            raise ValueError(f"local automatic: epoch {epoch} is not newer than {self.epoch}")
        if epoch != self.epoch and not newer(epoch, self.epoch):
            raise ValueError(f"epoch {epoch} is older than {self.epoch}")
        self.armed = True
        self.local_automatic = False
        self.heartbeat, self.epoch, self._age_s = heartbeat, epoch, 0.0

    def restart(self) -> None:
        """After a loss of supply: what was armed is tripped, and its epoch is still the newest."""
        self.local_automatic = self.armed
        self.heartbeat, self._age_s = 0, OLDEST_AGE_S

    def check_set_point(self) -> None:
        """ValueError where a set-point may come only in a frame."""
        if self.armed:
            raise ValueError("armed: set-points are taken only in whole frames")

    def check_coil(self) -> None:
        """Busy while nobody with a living heartbeat has the plant."""
        if self.armed and (self.local_automatic or not self.fresh):
            raise Busy("no controller has the plant: a newer frame comes first")


def newer(one: int, other: int) -> bool:
    """Whether an epoch comes after another one: 16-bit serial numbers, RFC 1982 section 3.2.

    Two epochs half the circle apart have no order; neither is newer.
    """
    return 0 < (one - other) % EPOCHS < EPOCHS // 2
