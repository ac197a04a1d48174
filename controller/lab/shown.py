"""Samples as text: what is bad is a dash and never a number, what is uncertain is marked."""

from dataclasses import dataclass

from controller.image.tag import Quality
from controller.link.mirror import Mirror

NOTHING = "\N{EN DASH}"
UNCERTAIN = "~"
SILENT_AFTER_S = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """A mirror at one instant; when core has been silent for long, it shows nothing."""

    mirror: Mirror
    now_utc_s: float

    @property
    def silent_s(self) -> float | None:
        """How long core has been silent; None before its first report."""
        reported_s = self.mirror.utc_s
        return None if reported_s is None else max(0.0, self.now_utc_s - reported_s)

    @property
    def fresh(self) -> bool:
        """Whether the mirror shows the plant as it is now."""
        silent_s = self.silent_s
        return silent_s is not None and silent_s <= SILENT_AFTER_S

    def number(self, tag: str) -> float | None:
        """A value that may be reckoned with; None when it is bad, missing or not a number."""
        value = self.mirror.value(tag) if self.fresh else None
        return None if value is None or isinstance(value, (bool, str)) else float(value)

    def text(self, tag: str) -> str:
        """A text, empty when there is none."""
        value = self.mirror.value(tag) if self.fresh else None
        return value if isinstance(value, str) else ""

    def shown(self, tag: str, unit: str = "", digits: int = 0) -> str:
        """The value with its unit as it stands on the screen."""
        value = self.number(tag)
        return NOTHING if value is None else f"{self._mark(tag)}{told(value, unit, digits)}"

    def flag(self, tag: str, yes: str, no: str) -> str:
        """One of two words, or a dash."""
        value = self.mirror.value(tag) if self.fresh else None
        if not isinstance(value, bool):
            return NOTHING
        return f"{self._mark(tag)}{yes if value else no}"

    def _mark(self, tag: str) -> str:
        sample = self.mirror.sample(tag)
        return UNCERTAIN if sample is not None and sample.quality == Quality.UNCERTAIN else ""


def told(value: float, unit: str = "", digits: int = 0) -> str:
    """A number with thousands marked and its unit."""
    number = f"{value:,.{digits}f}"
    return f"{number} {unit}" if unit else number


def difference(left: float | None, right: float | None) -> float | None:
    """Left less right, when both are known."""
    return None if left is None or right is None else left - right
