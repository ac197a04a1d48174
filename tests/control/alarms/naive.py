"""One alarm as the standard's table reads, without columns and without haste."""

from dataclasses import dataclass, field

from controller.control.alarms.definition import Alarm


@dataclass(slots=True)
class NaiveAlarm:
    """Letters A to F and the flags beside them; `log` is every step it has taken."""

    alarm: Alarm
    letter: str = "A"
    differs_since_s: float | None = None
    changed_s: float = 0.0
    shelved_until_s: float | None = None
    out: bool = False
    standing: bool = False
    log: list[str] = field(default_factory=list)

    def look(self, value: float | None, now_s: float) -> None:
        """One scan with this value; None is bad quality."""
        if self.shelved_until_s is not None and now_s >= self.shelved_until_s:
            self.shelved_until_s = None
            self.log.append("unshelved")
        held = self.letter in "BC"
        if value is not None:
            limit = self.alarm.limit
            self.standing = value > limit - self.alarm.deadband if held else value >= limit
        if self.standing != held:
            since_s = now_s if self.differs_since_s is None else self.differs_since_s
            delay_s = self.alarm.off_delay_s if held else self.alarm.on_delay_s
            if now_s - since_s >= delay_s:
                self.differs_since_s = None
                self._move(self._raised() if self.standing else self._cleared(), now_s)
                return
            self.differs_since_s = since_s
        else:
            self.differs_since_s = None
        patience_s = max(self.alarm.realarm_s, 60.0)
        if self.letter == "C" and self.alarm.realarm_s and now_s - self.changed_s >= patience_s:
            self.letter, self.changed_s = "B", now_s
            self.log.append("sounds again")

    def ack(self, now_s: float) -> None:
        """Somebody has seen it."""
        goes = {"B": "C", "D": "A", "E": "F"}
        if self.letter in goes:
            self.letter, self.changed_s = goes[self.letter], now_s
            self.log.append("acknowledged")

    def reset(self, now_s: float) -> None:
        """Somebody puts it back; only what is over and was seen can be."""
        if self.letter == "F":
            self.letter, self.changed_s = "A", now_s
            self.log.append("reset")

    def _raised(self) -> str:
        self.log.append("raised")
        return "C" if self.letter == "F" else "B"

    def _cleared(self) -> str:
        self.log.append("cleared")
        if self.alarm.latching:
            return {"B": "E", "C": "F"}[self.letter]
        return {"B": "D", "C": "A"}[self.letter]

    def _move(self, letter: str, now_s: float) -> None:
        self.letter, self.changed_s = letter, now_s
