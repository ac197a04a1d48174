"""The schedule of heat as plant.toml writes it, and as parts of the local week."""

import datetime as dt
from collections.abc import Sequence
from itertools import combinations
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from controller.config.part import Part
from controller.control.settings import ScheduledHeat

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

DAYS: tuple[Day, ...] = get_args(Day)
DAY_S = 24 * 3600.0
WEEK_S = 7 * DAY_S


def _wall_clock(value: object) -> object:
    """Refuse what pydantic would take for a time and nobody would write on a wall."""
    if isinstance(value, bool | int | float):
        raise ValueError('expected a time, such as "05:30"')  # noqa: TRY004 - a value of the file
    return value


def _whole_seconds(time: dt.time) -> dt.time:
    if time.tzinfo is not None:
        raise ValueError("a time of the schedule is that of plant.timezone and names no other zone")
    if time.microsecond:
        raise ValueError("expected whole seconds")
    return time


WallClock = Annotated[dt.time, BeforeValidator(_wall_clock), AfterValidator(_whole_seconds)]


class ScheduleEntry(Part):
    """Heat on some days from one time to another, by the wall clock of the plant's time zone.

    What ends at or before its beginning goes on over midnight, and belongs to the day it begins.
    """

    days: tuple[Day, ...] = Field(DAYS, min_length=1, description="Days on which it begins")
    from_time: WallClock = Field(alias="from", description="Local time at which it begins")
    to_time: WallClock = Field(alias="to", description="Local time at which it ends")
    heat_kw: float = Field(ge=0, le=500_000, description="Heat that is wanted")


def week_parts(entries: Sequence[ScheduleEntry]) -> tuple[ScheduledHeat, ...]:
    """The entries as parts of the week, one for each day."""
    return tuple(part for entry in entries for part in _parts(entry))


def check_apart(entries: Sequence[ScheduleEntry]) -> None:
    """Refuse a schedule that wants two heats at once."""
    for one, other in combinations(week_parts(entries), 2):
        if _meet(one, other):
            day, at_s = divmod(other.from_s, DAY_S)
            at = f"{DAYS[int(day)]} {int(at_s // 3600):02}:{int(at_s % 3600 // 60):02}"
            raise ValueError(f"schedule: two entries overlap; one of them begins {at}")


def _parts(entry: ScheduleEntry) -> list[ScheduledHeat]:
    begin_s, end_s = _of_day(entry.from_time), _of_day(entry.to_time)
    length_s = end_s - begin_s if end_s > begin_s else end_s - begin_s + DAY_S
    return [
        ScheduledHeat(
            DAYS.index(day) * DAY_S + begin_s,
            (DAYS.index(day) * DAY_S + begin_s + length_s) % WEEK_S or WEEK_S,
            entry.heat_kw,
        )
        for day in entry.days
    ]


def _of_day(time: dt.time) -> float:
    return time.hour * 3600.0 + time.minute * 60.0 + time.second


def _meet(one: ScheduledHeat, other: ScheduledHeat) -> bool:
    """Whether one of them begins while the other lasts."""
    return _lasts(one, other.from_s) or _lasts(other, one.from_s)


def _lasts(part: ScheduledHeat, at_s: float) -> bool:
    length_s = (part.to_s - part.from_s) % WEEK_S
    return (at_s - part.from_s) % WEEK_S < length_s
