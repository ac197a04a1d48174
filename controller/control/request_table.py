"""The table of requests: what may be asked, by whom, in which range, for how long, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from controller.control.loops.table import Loop, loops
from controller.control.outputs import PERCENT, output_kinds
from controller.control.settings import Settings, container_tag
from controller.image.evolve import replace

HEAT = "heat_demand_kw"
NOMINATION = "heat_nomination_kw"
SIGNAL = "district_signal_kw"
POWER = "power_limit_kw"
CONTRACT = "contract_limit_kw"
GRID = "grid_limit_kw"
OVERRIDE = "contract_override"
MODE = "plant_mode"
RESET = "trip_reset"
WITHDRAW = "withdraw"
WITHDRAW_HEAT = "heat_demand_withdraw"
ALARM_ACK = "alarm_ack"
ALARM_RESET = "alarm_reset"
ALARM_SHELVE = "alarm_shelve"
ALARM_UNSHELVE = "alarm_unshelve"
ALARM_OUT_OF_SERVICE = "alarm_out_of_service"
ALARM_IN_SERVICE = "alarm_in_service"
WEATHER = "outdoor_forecast_c"
BYPASS = "bypass:"
"""What the name of a bypass begins with; the cause follows, as in container-02.leak."""
HAND = "hand:"
"""What the name of an order by hand begins with; the tag of the output follows."""

LOOP = "loop:"
"""What the name of a loop's request begins with: loop:NAME.manual, .automatic or .cascade."""

OPERATING_MODES = ("run", "standby", "off")
MAINTENANCE_MODES = ("fill", "vent", "strainer")
"""Only an engineer may order these."""

DAY_S = 24 * 3600.0
"""A wish that nobody renews for a day is forgotten."""
HAND_LONGEST_S = 12 * 3600.0
"""What is set by hand is forgotten after a shift."""

BYPASS_LONGEST_S = 12 * 3600.0
"""Nothing is taken out of protection for longer than a shift."""
SHELF_LONGEST_S = 12 * 3600.0
"""An alarm is shelved for a shift at most."""

OPERATORS = frozenset({"operator", "engineer"})
ANYBODY = frozenset({"operator", "engineer", "buyer", "grid", "gateway"})
"""Whoever may ask for anything at all; a viewer may not."""

Sort = Literal["target", "ceiling", "floor", "order", "hand", "bypass", "loop", "release"]


@dataclass(frozen=True, slots=True)
class RequestKind:
    """One line of the table.

    `needs_reason` lists the values that are not taken without a reason, or is True for all.
    A wish that `owner` put in is changed by `owner` alone. Of one `group` only one may stand.
    Of one `slot` the newest stands; a `release` ends what stands in its slot. Without a value,
    where that is `optional`, things are held as they are.
    `refusal` says why nobody may ask for it at all.
    """

    name: str
    value: Literal["number", "flag", "text", "none", "hours"]
    sort: Sort
    roles: frozenset[str]
    meaning: str
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    longest_s: float = DAY_S
    needs_reason: bool | tuple[str, ...] = False
    owner: str | None = None
    group: str = ""
    refusal: str = ""
    slot: str = ""
    optional: bool = False


def request_kinds(settings: Settings) -> Mapping[str, RequestKind]:
    """The whole table of this plant, with a line for each output that may be set by hand."""
    lines = (
        *_targets(settings),
        *_ceilings(settings),
        *_ORDERS,
        *_ON_ALARMS,
        *_bypasses(settings),
        *_by_hand(settings),
        *_of_loops(settings),
    )
    return {line.name: line for line in lines}


def told_names() -> tuple[str, ...]:
    """The requests that have tags of their own, in the order of the table."""
    return (HEAT, NOMINATION, SIGNAL, POWER, CONTRACT, GRID, OVERRIDE, MODE, RESET)


def _targets(settings: Settings) -> tuple[RequestKind, ...]:
    most_kw = settings.heat.max_heat_kw
    buyers = OPERATORS | {"buyer"}
    signals = frozenset({"buyer", "gateway"})
    return (
        RequestKind(HEAT, "number", "target", OPERATORS, "heat to deliver", "kW", 0.0, most_kw),
        RequestKind(
            NOMINATION,
            "number",
            "target",
            buyers,
            "contracted heat, nominated by its buyer",
            "kW",
            0.0,
            most_kw,
            owner="buyer",
        ),
        RequestKind(
            SIGNAL, "number", "target", signals, "heat that the district calls", "kW", 0.0, most_kw
        ),
        RequestKind(
            OVERRIDE,
            "number",
            "floor",
            OPERATORS,
            "heat down to which contracted heat may be left undelivered",
            "kW",
            0.0,
            most_kw,
            needs_reason=True,
        ),
    )


def _ceilings(settings: Settings) -> tuple[RequestKind, ...]:
    site_kw = settings.site_power_kw
    engineers = frozenset({"engineer"})
    grid = OPERATORS | {"grid"}
    return (
        RequestKind(
            POWER, "number", "ceiling", OPERATORS, "most electric power", "kW", 0.0, site_kw
        ),
        RequestKind(
            CONTRACT,
            "number",
            "ceiling",
            engineers,
            "electric power that is contracted",
            "kW",
            0.0,
            site_kw,
        ),
        RequestKind(
            GRID,
            "number",
            "ceiling",
            grid,
            "electric power that the grid allows",
            "kW",
            0.0,
            site_kw,
            owner="grid",
        ),
    )


_ORDERS = (
    RequestKind(
        MODE,
        "text",
        "order",
        OPERATORS,
        "what the plant shall do",
        choices=(*OPERATING_MODES, *MAINTENANCE_MODES),
        needs_reason=("off",),
    ),
    RequestKind(RESET, "none", "order", OPERATORS, "reset of the latched trips", needs_reason=True),
    RequestKind(WITHDRAW, "text", "order", ANYBODY, "name of the request that shall stand no more"),
    RequestKind(WITHDRAW_HEAT, "none", "order", OPERATORS, "the heat demand shall stand no more"),
    RequestKind(
        WEATHER,
        "hours",
        "order",
        OPERATORS | {"buyer", "gateway"},
        "outdoor temperature of the coming hours (UTC), the running one first",
        "°C",
        -60.0,
        60.0,
    ),
)

_ENGINEERS = frozenset({"engineer"})
_NAMED = "alarm, group:NAME or all"
_ON_ALARMS = (
    RequestKind(ALARM_ACK, "text", "order", OPERATORS, f"acknowledge: {_NAMED}"),
    RequestKind(ALARM_RESET, "text", "order", OPERATORS, f"reset what is latched: {_NAMED}"),
    RequestKind(
        ALARM_SHELVE,
        "text",
        "order",
        OPERATORS,
        f"shelve until the request's end: {_NAMED}",
        longest_s=SHELF_LONGEST_S,
        needs_reason=True,
    ),
    RequestKind(ALARM_UNSHELVE, "text", "order", OPERATORS, f"end the shelf of: {_NAMED}"),
    RequestKind(
        ALARM_OUT_OF_SERVICE,
        "text",
        "order",
        _ENGINEERS,
        f"take out of service: {_NAMED}",
        needs_reason=True,
    ),
    RequestKind(ALARM_IN_SERVICE, "text", "order", _ENGINEERS, f"put back in service: {_NAMED}"),
)
ALARM_ORDERS = frozenset(kind.name for kind in _ON_ALARMS)
"""Orders that the alarms obey."""


def _bypasses(settings: Settings) -> tuple[RequestKind, ...]:
    """A line for each row of the matrix at each of its places."""
    return tuple(
        RequestKind(
            f"{BYPASS}{row.cause if container is None else container_tag(container, row.cause)}",
            "none",
            "bypass",
            _ENGINEERS if row.bypass_group else ANYBODY,
            f"{row.words}: taken out of protection",
            longest_s=BYPASS_LONGEST_S,
            needs_reason=True,
            group=f"bypass of {row.bypass_group}",
            refusal="" if row.bypass_group else f"{row.cause} may never be bypassed",
        )
        for row in settings.matrix
        for container in (range(settings.containers) if row.each_container else (None,))
    )


def _by_hand(settings: Settings) -> tuple[RequestKind, ...]:
    low, high = PERCENT
    return tuple(
        RequestKind(
            HAND + tag,
            kind,
            "hand",
            OPERATORS,
            f"{tag} set by hand",
            "%" if kind == "number" else "",
            low,
            high,
            longest_s=HAND_LONGEST_S,
            needs_reason=True,
        )
        for tag, kind in output_kinds(settings).items()
        if tag not in settings.lacking
    )


def _of_loops(settings: Settings) -> tuple[RequestKind, ...]:
    """Three lines for each loop: its output is a person's, its set-point is, or neither."""
    return tuple(line for loop in loops(settings).values() for line in _modes_of(loop))


def _modes_of(loop: Loop) -> tuple[RequestKind, ...]:
    begin, words, slot = f"{LOOP}{loop.name}", f"loop {loop.name}", f"loop {loop.name}"
    cascade = RequestKind(
        f"{begin}.cascade", "none", "release", OPERATORS, f"{words}: back to the plant", slot=slot
    )
    low, high = PERCENT
    manual = RequestKind(
        f"{begin}.manual",
        "number",
        "loop",
        OPERATORS,
        f"{words}: its output by hand",
        "%",
        low,
        high,
        longest_s=HAND_LONGEST_S,
        needs_reason=True,
        slot=slot,
        optional=True,
    )
    automatic = replace(
        manual,
        name=f"{begin}.automatic",
        meaning=f"{words}: set-point of {loop.holds}",
        unit=loop.unit,
        low=loop.low,
        high=loop.high,
    )
    return (manual, automatic, cascade)
