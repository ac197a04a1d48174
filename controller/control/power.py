"""The power still open to the plant: limits only ever narrow it, and each says why."""

import math
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class PowerBand:
    """A ceiling in kW and the reason of the limit that set it."""

    upper_kw: float
    limited_by: str

    def limit(self, upper_kw: float, reason: str) -> Self:
        """Lower the ceiling to `upper_kw`; a higher limit changes nothing, NaN closes the band."""
        if upper_kw >= self.upper_kw:
            return self
        return type(self)(0.0 if math.isnan(upper_kw) else max(0.0, upper_kw), reason)
