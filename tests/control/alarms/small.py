"""A handful of alarms of every kind on the small plant, and a naive reading of the standard."""

from dataclasses import replace

from controller.control.alarms.columns import Columns, columns
from controller.control.alarms.definition import Alarm
from controller.control.decision import Decision
from controller.control.state import Request
from tests.control.small_plant import SmallPlant

TEXTS = {
    "cause": "a test",
    "consequence": "a test fails",
    "action": "mend it",
    "respond_s": 60.0,
    "priority": "low",
}


def alarm(name: str, **given: object) -> Alarm:
    """An alarm with texts and these figures."""
    return Alarm(**{"name": name, "tag": "", "sort": "high", "group": "test", **TEXTS, **given})


class AlarmedPlant(SmallPlant):
    """The small plant with these alarms and no others."""

    def __init__(self, *alarms: Alarm, **devices: tuple[str, ...]) -> None:
        super().__init__()
        self.settings = replace(self.settings, alarms=alarms, device_tags=devices)

    @property
    def table(self) -> Columns:
        """The columns of its alarms."""
        return columns(self.settings)

    def letter(self, name: str) -> str:
        """State of one alarm, A to F."""
        assert self.state.alarms is not None
        return "ABCDEF"[self.state.alarms.base[self.table.index[name]]]

    def order(
        self, name: str, value: str, *, role: str = "engineer", life_s: float = 3_600.0
    ) -> Decision:
        """Order something of the alarms, as in the next scan."""
        self._asked += 1
        return self.scan(
            Request(
                f"order-{self._asked}", "test", role, name, value, "a test", self.now_s + life_s
            )
        )
