"""The small plant with a PLC that keeps the pen."""

from controller.control.decision import Decision
from controller.control.pen import newer
from tests.control.small_plant import SmallPlant, plant_file

PLC = {
    "plc.epoch": 0.0,
    "plc.boot_count": 3.0,
    "plc.local_automatic": False,
    "plc.fallback_after_s": 10.0,
}


class WatchedPlant(SmallPlant):
    """The small plant with a PLC that keeps the pen, and takes what is written as the real does."""

    def __init__(self, **core: object) -> None:
        super().__init__(plant_file(core={"state_dir": "run", **core}), extra=PLC)

    def live(self, seconds: int = 1, dt_s: float = 1.0) -> Decision:
        """Scan, and let the PLC take the frames that come of it."""
        for _ in range(seconds):
            decision = self.scan(dt_s=dt_s)
            if decision.writing and decision.epoch is not None and not self.values_none("epoch"):
                self._frame(decision.epoch)
        return decision

    def values_none(self, point: str) -> bool:
        """Whether the PLC is silent about this point."""
        return self.values[f"plc.{point}"] is None

    def fall_back(self) -> None:
        """What the PLC does when nobody has spoken to it for ten seconds."""
        self.values["plc.local_automatic"] = True

    def _frame(self, epoch: int) -> None:
        last = int(self.values["plc.epoch"] or 0)
        if newer(epoch, last):
            self.values["plc.epoch"], self.values["plc.local_automatic"] = float(epoch), False
