"""A miner's estats reply to a MinerReading: the flat `MM ID0` shape of A10 to A15 and Nano models.

Fields and units: Canaan "Avalon A10 API manual" v0.4 section 3.3, Canaan Nano3S firmware source,
captured replies in tests/wire/transcripts; the water fields ITemp and HBOTemp as asic-rs maps them.
Two other shapes exist (`MM ID0:Summary` of the Q and some hydro units, several `MM IDn` of A7 to
A9). They differ in where the text stands, not in its grammar, and would share `reading_of`.
"""

from collections.abc import Callable, Mapping
from math import isnan
from typing import Final

from drivers.cgminer.codec import Section, section
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.errors import BadReply

ABSENT_C: Final = -273.0  # what the firmware says for a sensor that is not there
# DC to wall power where only DC is told. Captured: 1246 0.91, 1346 0.934, 15-194 0.945.
SUPPLY_EFFICIENCY: Final = 0.93

POWER_W: Final = (0.0, 20_000.0)
RATE_GHS: Final = (0.0, 5_000_000.0)
COOLANT_C: Final = (-50.0, 150.0)
CHIP_C: Final = (-50.0, 200.0)
UPTIME_S: Final = (0.0, 4.0e9)
VOLTS: Final = (0.0, 100_000.0)  # 10 mV, on some models mV
CURRENT_A: Final = (0.0, 100_000.0)
REASON: Final = (0.0, 255.0)
BITMAP: Final = (0.0, 65_535.0)

# Positions in PS[error, control V, board V, board A, DC W, set-point V, wall W].
PS_ERROR, PS_CONTROL, PS_CURRENT, PS_DC, PS_WALL = 0, 1, 3, 4, 6
PS_SHORTEST: Final = 5
PS_LIMITS: Final = (BITMAP, VOLTS, VOLTS, CURRENT_A, POWER_W, VOLTS, POWER_W)

LONGEST_FIELD: Final = 120  # characters; what is longer is a per-chip array

Field = Callable[[str], str | None]


def telemetry(replies: Mapping[str, Section]) -> MinerReading:
    """The reading in a reply to estats (or stats), alone or joined with other commands."""
    reply = replies.get("estats", replies.get("stats"))
    if reply is None:
        raise BadReply("expected a reply to estats or stats")
    text = section(reply, "STATS").get("MM ID0")
    if not isinstance(text, str):
        raise BadReply("expected STATS with one flat text MM ID0")
    return reading_of(text)


def reading_of(text: str) -> MinerReading:
    """The reading in one text of `Name[value]` fields."""
    if not text.rstrip().endswith("]"):
        raise BadReply(f"expected ] at the end of MM ID0, it is cut off after {text[-20:]!r}")
    # With a blank in front, " Temp[" cannot be found inside ITemp or HBOTemp. Per-chip arrays make
    # up nine tenths of the text and would be searched for every field that a model does not have.
    spaced = " " + "]".join([part for part in text.split("]") if len(part) < LONGEST_FIELD])

    def field(name: str) -> str | None:
        start = spaced.find(f" {name}[")
        if start < 0:
            return None
        start += len(name) + 2
        return spaced[start : spaced.find("]", start)]

    supply = _supply(field)
    work = _work(field)
    soft_off = _whole(field, "SoftOFF", REASON)
    rate_ghs = _number(field, "GHSspd", RATE_GHS)
    state = state_of(work, soft_off, rate_ghs, supply[PS_CURRENT])
    power_w, estimated = _power_w(field, supply)
    model, _, firmware = (field("Ver") or "").rpartition("-")
    return MinerReading(
        state=state,
        power_kw=None if power_w is None else power_w / 1000.0,
        power_estimated=estimated,
        hashrate_ths=None if rate_ghs is None else rate_ghs / 1000.0,
        inlet_c=_temperature(field, ("ITemp", "Temp"), COOLANT_C),
        outlet_c=_temperature(field, ("HBOTemp", "OTemp"), COOLANT_C),
        chip_c=_chip_c(field, state),
        elapsed_s=_required(_number(field, "Elapsed", UPTIME_S), "Elapsed"),
        # A10 firmware has neither field; it cannot be put to sleep by softoff.
        soft_off=0 if soft_off is None else soft_off,
        errors=int(_required(supply[PS_ERROR], "PS error")),
        work_mode=_whole(field, "WORKMODE", REASON),
        serial=field("DNA") or None,
        model=model or None,
        firmware=firmware or None,
    )


def state_of(
    work: str | None, soft_off: int | None, rate_ghs: float | None, board_a: float | None
) -> MinerState:
    """What the miner does; its word alone is not believed while the boards still draw current."""
    match work:
        case "In Fault":
            return MinerState.FAULT
        case "In Init":
            return MinerState.STARTING
        case "In Idle" if board_a is not None:
            return MinerState.STOPPING if board_a > 0.0 else MinerState.ASLEEP
        case "In Work" if soft_off is not None and soft_off > 0:
            return MinerState.STOPPING
        case "In Work" if rate_ghs is not None:
            return MinerState.RUNNING if rate_ghs > 0.0 else MinerState.STARTING
        case _:
            return MinerState.UNKNOWN


def _work(field: Field) -> str | None:
    """The work state in `SYSTEMSTATU[Work: In Work, Hash Board: 3 ]`."""
    told = field("SYSTEMSTATU")
    return None if told is None else told.partition(",")[0].removeprefix("Work:").strip()


def _supply(field: Field) -> tuple[float | None, ...]:
    told = field("PS")
    if told is None:
        raise BadReply("expected field PS")
    words = told.split()
    if len(words) < PS_SHORTEST:
        raise BadReply(f"expected at least {PS_SHORTEST} numbers in PS, got {len(words)}")
    # What later firmware may add behind the wall power is not ours to judge.
    return tuple([_checked("PS", *pair) for pair in zip(words, PS_LIMITS, strict=False)])


def _power_w(field: Field, supply: tuple[float | None, ...]) -> tuple[float | None, bool]:
    """Wall power, and whether it had to be guessed from the DC side."""
    wall_w = _number(field, "WALLPOWER", POWER_W)
    if wall_w is None and len(supply) > PS_WALL:
        wall_w = supply[PS_WALL]
    if wall_w is not None:
        return wall_w, False
    dc_w = supply[PS_DC]
    # A supply that reports not even its control voltage reports nothing (captured 1047).
    if dc_w is None or (dc_w == 0.0 and supply[PS_CONTROL] == 0.0):
        return None, False
    return dc_w / SUPPLY_EFFICIENCY, True


def _chip_c(field: Field, state: MinerState) -> float | None:
    hottest_c = _temperature(field, ("TMax",), CHIP_C)
    # Chips without power are not measured: a sleeping unit says 0 (captured Avalon Q).
    return None if hottest_c == 0.0 and state is MinerState.ASLEEP else hottest_c


def _temperature(field: Field, names: tuple[str, ...], limits: tuple[float, float]) -> float | None:
    """The first of these fields that a sensor stands behind."""
    for name in names:
        told = field(name)
        if told is None:
            continue
        value = _checked(name, told, (ABSENT_C, limits[1]))
        if value is not None and value != ABSENT_C:
            return _checked(name, told, limits)
    return None


def _whole(field: Field, name: str, limits: tuple[float, float]) -> int | None:
    value = _number(field, name, limits)
    return None if value is None else int(value)


def _number(field: Field, name: str, limits: tuple[float, float]) -> float | None:
    told = field(name)
    return None if told is None else _checked(name, told, limits)


def _checked(name: str, told: str, limits: tuple[float, float]) -> float | None:
    try:
        value = float(told)
    except ValueError:
        raise BadReply(f"{name}: expected a number, got {told[:40]!r}") from None
    low, high = limits
    if low <= value <= high:
        return value
    if isnan(value):
        return None
    raise BadReply(f"{name}: expected {low:g} to {high:g}, got {value:g}")


def _required(value: float | None, name: str) -> float:
    if value is None:
        raise BadReply(f"expected field {name}")
    return value
