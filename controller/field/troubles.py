"""What keeps us from writing to one device: said once when it begins and once when it is over."""

import structlog

log = structlog.get_logger()


class Troubles:
    """The troubles of one device that last."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._lasting: set[str] = set()

    def had(self, kind: str, text: str) -> bool:
        """Note a trouble; True where it is new."""
        if kind in self._lasting:
            return False
        self._lasting.add(kind)
        log.warning("not written", device=self._device, why=text)
        return True

    def over(self, *kinds: str) -> None:
        """Note that these are over."""
        for kind in self._lasting.intersection(kinds):
            self._lasting.discard(kind)
            log.info("written again", device=self._device, after=kind)
