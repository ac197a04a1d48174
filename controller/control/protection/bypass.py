"""Bypass: rows that an engineer has taken out of protection for a time, with a reason.

A bypass is a standing request: it is journalled, ends at its end, and survives a restart with that
end. Of a group one row may be bypassed at a time, and rows without a group never.
"""

from collections.abc import Iterable, Iterator

from controller.control.protection.causes import cause_key
from controller.control.protection.row import Row
from controller.control.request_table import BYPASS
from controller.control.settings import Settings
from controller.control.state import Request


def bypassed(standing: Iterable[Request]) -> frozenset[str]:
    """The keys of the rows that are bypassed now."""
    return frozenset(
        request.name.removeprefix(BYPASS) for request in standing if request.name.startswith(BYPASS)
    )


def told_bypassed(standing: Iterable[Request], now_s: float) -> str:
    """Every bypass with who did it, why, and the minutes left."""
    return "; ".join(
        f"{one.name.removeprefix(BYPASS)} by {one.source}, {(one.until_s - now_s) / 60.0:.0f} min:"
        f" {one.reason}"
        for one in standing
        if one.name.startswith(BYPASS)
    )


def places(row: Row, settings: Settings) -> Iterator[str]:
    """The keys under which a row may stand."""
    if not row.each_container:
        yield cause_key(row.cause, None)
        return
    for container in range(settings.containers):
        yield cause_key(row.cause, container)
