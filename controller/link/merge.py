"""Two reports of core as one, for a reader that was busy when the first came."""

from controller.link.messages import Report

EVENT_HISTORY = 200


def merge(older: Report | None, newer: Report) -> Report:
    """All that is known after both; of the events the last 200 are kept."""
    if older is None:
        return newer
    events = tuple(event for event in older.events if event not in newer.events) + newer.events
    values = {value.tag: value for value in older.values}
    if newer.full:
        values = {}
    values.update((value.tag, value) for value in newer.values)
    return Report(
        cycle=newer.cycle,
        full=older.full or newer.full,
        utc_s=newer.utc_s,
        values=tuple(values.values()),
        fleet=newer.fleet if newer.full else older.fleet | newer.fleet,
        fleet_seen_utc_s=newer.fleet_seen_utc_s or older.fleet_seen_utc_s,
        events=events[-EVENT_HISTORY:],
    )
