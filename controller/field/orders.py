"""Orders on their way: how long they are meant, what became of them, and what is told of that."""

from collections.abc import Callable
from dataclasses import dataclass, field

from controller.control.decision import Event

Clock = Callable[[], float]
"""Monotonic seconds as they are now, also when the loop's own time has stood still."""

ORDER_LIFE_S = 2.0
"""An order that has not left so long after its decision is not sent any more."""

MOST_NEWS = 100


@dataclass(slots=True)
class News:
    """What there is to tell with the next report; what nobody fetches does not grow for ever."""

    news: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> None:
        """Leave an event for the next report."""
        if len(self.news) < MOST_NEWS:
            self.news.append(event)

    def fetch(self) -> tuple[Event, ...]:
        """What there is to tell since the last time."""
        told, self.news = tuple(self.news), []
        return told


@dataclass(slots=True)
class OrderCounts(News):
    """Orders since the start: sent, shown to be obeyed, not obeyed, and too old to be sent.

    `foreign` counts outputs that somebody else has changed. `left` are the outputs that do not
    follow and are not written any more.
    """

    sent: int = 0
    verified: int = 0
    failed: int = 0
    dropped: int = 0
    foreign: int = 0
    left: set[str] = field(default_factory=set)
