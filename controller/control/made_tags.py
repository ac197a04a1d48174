"""Every tag that a scan makes, in a fixed order."""

from controller.control.alarms.tags import alarm_tags
from controller.control.derived import DerivedTag, derived_tags
from controller.control.loops.told import loop_tags
from controller.control.settings import Settings
from controller.control.told import told_tags


def made_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    """What is wanted and why, what became of wishes, and how the alarms stand."""
    alarms = alarm_tags(len(settings.alarms))
    return (*derived_tags(settings), *loop_tags(settings), *told_tags(settings), *alarms)
