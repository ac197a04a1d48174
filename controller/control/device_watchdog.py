"""Devices that would hold their outputs for ever: they are not ordered automatically."""

from controller.control.settings import DeviceWatchdog, Settings
from controller.image.process_image import Snapshot

PLC_EPOCH = "plc.epoch"


def unwatched(snapshot: Snapshot, settings: Settings) -> str | None:
    """Which device's watchdog is off, or is not what it should be; None where all watch us."""
    for watchdog in settings.watchdogs:
        if snapshot.has(watchdog.tag):
            why = _wrong(watchdog, snapshot)
            if why is not None:
                return why
    return None


def _wrong(watchdog: DeviceWatchdog, snapshot: Snapshot) -> str | None:
    tag, after_s = watchdog.tag, snapshot.number(watchdog.tag)
    expected = f"expected {watchdog.low_s:g} to {watchdog.high_s:g} s"
    if after_s is None:
        # A device that does not answer cannot be ordered anyway; one that hides only this can.
        answers = tag.startswith("plc.") and snapshot.number(PLC_EPOCH) is not None
        return f"{tag} is unknown, {expected}" if answers else None
    if after_s == watchdog.disabled_s:
        return f"{tag} is {after_s:g}: the device watches nobody, its outputs would hold for ever"
    if not watchdog.low_s <= after_s <= watchdog.high_s:
        return f"{tag} is {after_s:g} s, {expected}: without us its outputs would hold too long"
    return None
