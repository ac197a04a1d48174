"""The power still open to the plant: limits only ever narrow it, and each says why."""

import math
from dataclasses import dataclass
from typing import Self

Limit = tuple[str, float]
"""A reason and the kW that it allows."""


@dataclass(frozen=True, slots=True)
class PowerBand:
    """A ceiling in kW, the reason of the limit that set it, and every limit that was asked."""

    upper_kw: float
    limited_by: str
    limits: tuple[Limit, ...] = ()

    def limit(self, upper_kw: float, reason: str) -> Self:
        """Lower the ceiling to `upper_kw`; a higher limit changes it not, NaN closes the band."""
        allowed_kw = 0.0 if math.isnan(upper_kw) else max(0.0, upper_kw)
        limits = (*self.limits, (reason, allowed_kw))
        if allowed_kw >= self.upper_kw:
            return type(self)(self.upper_kw, self.limited_by, limits)
        return type(self)(allowed_kw, reason, limits)
