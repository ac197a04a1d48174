"""Who asked what: kept until the verdict, so that the journal tells both in one entry."""

from controller.link.messages import Request

MOST_ASKED = 1_024


class Asked:
    """The requests that wait for their verdict; the oldest are forgotten when they are too many."""

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}

    def note(self, request: Request) -> None:
        """Remember a request."""
        while len(self._waiting) >= MOST_ASKED:
            # A scan that failed has left its requests without a verdict.
            del self._waiting[next(iter(self._waiting))]
        self._waiting[request.id] = request

    def told(self, request_id: str, utc_s: float) -> dict[str, object]:
        """Who asked, for what, why and until when, as the verdict's entry has it."""
        asked = self._waiting.pop(request_id, None)
        if asked is None:
            return {}
        return {
            "name": asked.name,
            "value": asked.value,
            "source": asked.source,
            "role": asked.role,
            "why": asked.reason,
            "until_utc_s": round(utc_s + asked.expires_in_s, 3),
        }
