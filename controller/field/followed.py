"""Until when a device is known to have followed us: what it does on its own is nobody's attack."""

import math

from controller.control.authority import BOOTS, LOCAL_AUTOMATIC
from controller.image.process_image import Snapshot
from drivers.modbus.device import ModbusDevice


class FollowedUs:
    """What one device tells of itself: its own automatic, and how often it has started."""

    def __init__(self, device: ModbusDevice) -> None:
        self.tells_starts = BOOTS in device.tags
        self._told = [name for name in (LOCAL_AUTOMATIC, BOOTS) if name in device.tags]
        self._boots: float | None = None

    def until_s(self, snapshot: Snapshot) -> float | None:
        """When it was last seen to follow us; None if it does not; infinite if it never tells."""
        seen_s = math.inf
        for name in self._told:
            value = snapshot.number(name)
            if value is None:
                return -math.inf
            if name == LOCAL_AUTOMATIC and value != 0.0:
                return None
            if name == BOOTS:
                before, self._boots = self._boots, value
                if before is not None and before != value:
                    return None
            seen_s = min(seen_s, float(snapshot.source_s[snapshot.index[name]]))
        return seen_s
