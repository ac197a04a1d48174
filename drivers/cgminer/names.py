"""Who a telemetry text says it is: model, firmware and serial number."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from drivers.cgminer.fields import Fields

# A7 to A9 write model, year and month in one: 7411706-3162860 is a 741 of 2017-06.
_OLD_VER: Final = re.compile(r"(\d{3})(\d{4}-[0-9a-f]+)")

NANO3: Final = "NANO3"
KEPT_CHARS: Final = 200


class Ver(NamedTuple):
    """Model and firmware, as `Ver[model-firmware]` tells them."""

    model: str | None
    firmware: str | None

    @property
    def nano3(self) -> bool:
        """Whether it is the Nano3, whose fields mean something else than its successors'."""
        return self.model is not None and self.model.upper() == NANO3


def ver(fields: Fields) -> Ver:
    """Model and firmware; neither where the text does not say."""
    told = fields.get("Ver", "")
    return _kept(told) if len(told) <= KEPT_CHARS else _read(told)


@lru_cache(maxsize=256)
def _kept(told: str) -> Ver:
    return _read(told)


def _read(told: str) -> Ver:
    if old := _OLD_VER.fullmatch(told):
        return Ver(old[1], old[2])
    model, _, firmware = told.rpartition("-")
    return Ver(model or None, firmware or None)


def serial(fields: Fields) -> str | None:
    """The unique number; where its place is blank or zeros, the hash board's (captured Nano3)."""
    for name in ("DNA", "HDNA"):
        told = fields.get(name, "")
        if told.strip("0"):
            return told
    return None
