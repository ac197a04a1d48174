"""What a control board says beside its telemetry text: the rate, its pools, its clock."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from drivers.cgminer.codec import Section, section
from drivers.cgminer.fields import checked
from drivers.cgminer.reading import Pool, fingerprint
from drivers.errors import BadReply

# The shortest window that each firmware averages over; longer ones take minutes to reach zero.
WINDOWS: Final = ("MHS 5s", "MHS 30s")
RATE_MHS: Final = (0.0, 5.0e9)
CLOCK_S: Final = (0.0, 4.0e9)
UPTIME_S: Final = (0.0, 4.0e9)


class Host(NamedTuple):
    """What is known beside the text; None where it was not asked."""

    rate_ghs: float | None = None
    pools: tuple[Pool, ...] | None = None
    clock_s: float | None = None
    uptime_s: float | None = None


def host_in(replies: Mapping[str, Section], stats: Section, first: Section) -> Host:
    """What the other replies of a joined request say, and the times of the one with telemetry."""
    return Host(
        rate_ghs=_rate_ghs(replies["summary"]) if "summary" in replies else None,
        pools=pools_in(replies["pools"]) if "pools" in replies else None,
        clock_s=when_in(stats),
        uptime_s=_number(first, "Elapsed", UPTIME_S),
    )


def when_in(reply: Section) -> float | None:
    """What the unit's clock showed when it answered."""
    status = reply.get("STATUS")
    said = status[0] if isinstance(status, list) and status else None
    return _number(said, "When", CLOCK_S) if isinstance(said, dict) else None


def pools_in(reply: Section) -> tuple[Pool, ...]:
    """Every pool in a reply to pools, without accounts and passwords."""
    entries = reply.get("POOLS")
    if not isinstance(entries, list):
        raise BadReply("expected section POOLS in the reply to pools")
    return tuple(_pool(entry) for entry in entries if isinstance(entry, dict))


def _pool(entry: Section) -> Pool:
    url, status, user = (_text(entry, key) for key in ("URL", "Status", "User"))
    scheme, mark, rest = (url or "").rpartition("://")
    _, dot, worker = (user or "").rpartition(".")
    return Pool(
        # An address may carry a name and password before an @.
        url=f"{scheme}{mark}{rest.rpartition('@')[2]}",
        status=status,
        active=_truth(entry.get("Stratum Active")),
        worker=worker if dot and worker else None,
        account=fingerprint(user),
    )


def _rate_ghs(summary: Section) -> float | None:
    entry = section(summary, "SUMMARY")
    return rate_ghs_of([entry.get(window) for window in WINDOWS])


def rate_ghs_of(told_mhs: Sequence[object]) -> float | None:
    """The rate over the shortest window that is told; one for each of WINDOWS, in MH/s."""
    for window, told in zip(WINDOWS, told_mhs, strict=True):
        if (rate_mhs := number_of(window, told, RATE_MHS)) is not None:
            return rate_mhs / 1000.0
    return None


def _number(entry: Section, name: str, limits: tuple[float, float]) -> float | None:
    return number_of(name, entry.get(name), limits)


def number_of(name: str, told: object, limits: tuple[float, float]) -> float | None:
    """The number that JSON or text tells, None where none was told; BadReply where impossible."""
    if told is None or isinstance(told, bool):
        return None
    if not isinstance(told, int | float | str):
        raise BadReply(f"{name}: expected a number, got {type(told).__name__}")
    return checked(name, told, limits)


def _text(entry: Section, name: str) -> str | None:
    told = entry.get(name)
    return told if isinstance(told, str) and told else None


def _truth(told: object) -> bool | None:
    if isinstance(told, bool):
        return told
    return {"true": True, "false": False}.get(told) if isinstance(told, str) else None
