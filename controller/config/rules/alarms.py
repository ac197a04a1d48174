"""Alarms that an operator can act on: rationalised as ISA-18.2 asks, and few of them weighty."""

from collections.abc import Iterator

from controller.config.alarms import names_of
from controller.config.plant import PlantFile
from controller.config.rules.registry import rule
from controller.config.settings import scan_settings
from controller.control.modes import ALL_MODES

ASKED = ("tag", "cause", "consequence", "action", "respond_s")
"""What an alarm of the plant's own must say."""
MANY, MOST_WEIGHTY = 10, 0.2
"""A share beyond which operators stop to believe priorities; EEMUA 191 aims at 5 %."""

Found = Iterator[tuple[str, str]]


@rule("HC701", "alarm", "container", "hydraulics.pumps")
def alarms_are_rationalised(plant: PlantFile) -> Found:
    """Each alarm of the plant's own says what it is, why, and what to do."""
    if not plant.alarm:
        return
    known = names_of(plant, scan_settings(plant))
    for number, entry in enumerate(plant.alarm, 1):
        open_end = entry.name.startswith(("silent.", "bad."))
        lacking = [key for key in ASKED if not getattr(entry, key)]
        if entry.name not in known and not open_end and lacking:
            yield f"alarm.{number}", f"{entry.name!r} lacks {', '.join(lacking)}"


@rule("HC702", "alarm")
def alarms_are_named_once(plant: PlantFile) -> Found:
    """No alarm is changed twice."""
    seen: set[str] = set()
    for number, entry in enumerate(plant.alarm, 1):
        if entry.name in seen:
            yield f"alarm.{number}.name", f"{entry.name!r}"
        seen.add(entry.name)


@rule("HC703", "alarm")
def few_alarms_are_weighty(plant: PlantFile) -> Found:
    """Of many alarms that a plant adds or changes only few are high or critical."""
    weighty = sum(entry.priority in ("high", "critical") for entry in plant.alarm)
    if len(plant.alarm) >= MANY and weighty > MOST_WEIGHTY * len(plant.alarm):
        yield "alarm", f"{weighty} of {len(plant.alarm)} are high or critical"


@rule("HC705", "alarm")
def quiet_modes_are_modes(plant: PlantFile) -> Found:
    """Modes that suppress an alarm are modes of the plant."""
    for number, entry in enumerate(plant.alarm, 1):
        strange = [mode for mode in entry.quiet_modes if mode not in ALL_MODES]
        if strange:
            yield f"alarm.{number}.quiet_modes", f"{', '.join(strange)}; {', '.join(ALL_MODES)}"
