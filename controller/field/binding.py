"""Makes a device's points the plant's tags: the same registers under other names, in house units.

Conversion is a matter of scale, offset and meaning of a register, so a bound profile is a profile
like any other, and whoever reads or writes it knows nothing of the binding.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from controller.config.binding import Binding
from controller.config.site import Device
from controller.config.words import meant
from controller.control.outputs import output_kinds
from controller.control.settings import Settings
from controller.field.known_tags import Known, house_unit, known_tag
from drivers.modbus.checks import check_registers
from drivers.modbus.entry import numbered
from drivers.modbus.meaning import Flag
from drivers.modbus.profile import FOLDER, Profile, ProfileError, load_profile, read_profile
from drivers.modbus.register import Group, Register
from drivers.modbus.units import Conversion, conversion, difference, known_units


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a device of plant.toml: code, key in its table, and what."""

    code: str
    key: str
    text: str


class _DoesNotFit(Exception):  # noqa: N818 - becomes a Mistake
    """A tag that cannot be taken from this point."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def bound_profile(device: Device, settings: Settings) -> tuple[Profile | None, tuple[Mistake, ...]]:
    """The device's registers as its plant wants them; without those that are mistaken."""
    try:
        profile = device_profile(device)
    except ProfileError as error:
        key = "registers" if _ships(device.profile) else "profile"
        return None, (Mistake("HC206", key, f"device {device.name}: {error}"),)
    mistakes: list[Mistake] = []
    bound: dict[str, Register] = {}
    taken: dict[str, str] = {}
    for key, tag, point, binding in _bindings(device, mistakes):
        try:
            bound[tag] = _bound(profile, tag, point, binding, settings)
            taken[point] = tag
        except _DoesNotFit as error:
            mistakes.append(Mistake(error.code, f"points.{key}", str(error)))
    rest = _unbound(device, profile, taken, settings, mistakes)
    mistakes += [
        Mistake("HC208", f"points.{one.name}", f"{one.name} is there twice")
        for one in rest
        if one.name in bound
    ]
    registers = (*bound.values(), *(one for one in rest if one.name not in bound))
    try:
        check_registers(registers, profile.exists, profile.limits)
    except ValueError as error:
        mistakes.append(Mistake("HC223", "points", str(error)))
    names = {point: tag for point, tag in taken.items() if point not in {r.name for r in rest}}
    return replace(profile, registers=registers, life=profile.life.renamed(names)), tuple(mistakes)


def _unbound(
    device: Device,
    profile: Profile,
    taken: Collection[str],
    settings: Settings,
    mistakes: list[Mistake],
) -> list[Register]:
    """The registers that are tags by their own name, and those that are only shown."""
    found: list[Register] = []
    for one in profile.registers:
        if one.group in {"identity", "frame"}:
            found.append(one)
        elif "." not in one.name:
            # Nobody has said what it would be to order it.
            if device.others and one.name not in taken:
                found.append(replace(one, writable=False))
        elif not device.registers:
            found.append(one)
        else:
            try:
                found.append(_as_tag(one, one.name, None, settings))
            except _DoesNotFit as error:
                mistakes.append(Mistake(error.code, "registers", str(error)))
    return found


def _ships(profile: str) -> bool:
    return profile in {each.stem for each in FOLDER.glob("*.toml")}


def device_profile(device: Device) -> Profile:
    """The device's registers under their own names; ProfileError where they make no profile."""
    requests = device.requests.model_dump(exclude_none=True)
    if not (device.registers or requests or device.exists):
        return load_profile(device.profile)
    entries = [one.entry() for one in device.registers]
    exists: dict[str, Any] = {str(table): list(span) for table, span in device.exists.items()}
    changes = {"requests": requests, "exists": exists}
    return read_profile(FOLDER / f"{device.profile}.toml", entries, changes)


def _bindings(device: Device, mistakes: list[Mistake]) -> Iterator[tuple[str, str, str, Binding]]:
    """Each binding as often as it repeats: its key, the tag, the point, and how."""
    for key, binding in device.points.items():
        for n in range(1, binding.repeat + 1):
            try:
                yield key, numbered(key, n), numbered(binding.point, n), binding
            except ValueError as error:
                mistakes.append(Mistake("HC220", f"points.{key}", str(error)))


def _bound(
    profile: Profile, tag: str, point: str, binding: Binding, settings: Settings
) -> Register:
    named = {one.name: one for one in profile.registers}
    if point in profile.open:
        told = " and ".join(_asked(key, may) for key, may in profile.open[point].items())
        raise _DoesNotFit("HC221", f"{point}: its manual leaves open {told}")
    if point not in named:
        told = f"{profile.name} has no point {point!r}{meant(point, named)}"
        raise _DoesNotFit("HC220", told if named else f"{told}; it has none of its own")
    one = _scaled(named[point], binding)
    if binding.on or binding.off or binding.above is not None:
        one = _switch(one, binding)
    one = replace(one, inverted=one.inverted is not binding.inverted)
    if binding.inverted and not one.is_flag:
        raise _DoesNotFit("HC222", f"{point} is a number and cannot be inverted")
    return _as_tag(one, tag, binding.unit, settings)


def _asked(key: str, may: tuple[object, ...]) -> str:
    return f"{key} ({' or '.join(map(str, may))})" if may else key


def _as_tag(one: Register, tag: str, unit: str | None, settings: Settings) -> Register:
    """The register under the tag's name, in its unit, read as often as the tag needs it."""
    if not one.is_flag:
        one = _converted(one, unit or one.unit, house_unit(tag))
    known = known_tag(tag, settings)
    output = tag in output_kinds(settings)
    if known is not None and known.flag is not one.is_flag:
        kinds = ("a switch", "a number") if known.flag else ("a number", "a switch")
        remedy = ": say which numbers are on and off, or above" if known.flag else ""
        raise _DoesNotFit("HC222", f"{tag} is {kinds[0]}, its point is {kinds[1]}{remedy}")
    if output and not one.writable:
        raise _DoesNotFit("HC224", f"{tag} is an output, but its point cannot be written")
    return replace(one, name=tag, group=_group(one, known, output=output), writable=output)


def _group(one: Register, known: Known | None, *, output: bool) -> Group:
    """How the tag is read: as what it is for Hearth, not as what the device thinks of it."""
    if output:
        return "output"
    if known is not None and known.protective:
        return "protective"
    decides = known is not None and one.group == "slow"
    return "normal" if decides or one.group == "output" else one.group


def _scaled(one: Register, binding: Binding) -> Register:
    if binding.scale is None and binding.offset is None:
        return one
    if binding.scale == 0.0 or one.is_flag:
        why = "scale is zero" if binding.scale == 0.0 else "it is on or off and has no scale"
        raise _DoesNotFit("HC222", f"{binding.point}: {why}")
    scale = 1.0 if binding.scale is None else binding.scale
    return _times(one, Conversion(scale, binding.offset or 0.0))


def _times(one: Register, how: Conversion) -> Register:
    """The same register in other numbers."""
    if how == Conversion():
        return one
    if one.beside and (how.offset != 0.0 or one.offset != 0.0):
        raise _DoesNotFit("HC222", f"{one.name}: a value with a factor beside it has no zero point")
    low, high = (
        None if end is None else _round(end * how.factor + how.offset)
        for end in (one.low, one.high)
    )
    if how.factor < 0.0:
        low, high = high, low
    return replace(
        one,
        scale=one.scale * how.factor,
        offset=one.offset * how.factor + how.offset,
        low=low,
        high=high,
        beside=tuple(
            replace(
                beside,
                codes=tuple((code, k, d * how.factor) for code, k, d in beside.codes),
            )
            for beside in one.beside
        ),
    )


def _round(end: float) -> float:
    """The end of a range as people write it: 27,648 steps of 100/27,648 are 100."""
    return float(f"{end:.12g}")


def _converted(one: Register, given: str, wanted: str) -> Register:
    if not wanted:
        return replace(one, unit=given)
    how = difference(given, wanted) if wanted == "K" else conversion(given, wanted)
    if how is None:
        told = f"{one.name} is in {given!r}" if given else f"{one.name} has no unit"
        remedy = "" if given else f": say it, one of {', '.join(_alike(wanted))}"
        raise _DoesNotFit("HC222", f"{told}, and the tag is in {wanted}{remedy}")
    return replace(_times(one, how), unit=wanted)


def _alike(unit: str) -> list[str]:
    return [name for name in known_units() if conversion(name, unit) is not None]


def _switch(one: Register, binding: Binding) -> Register:
    """The number as a switch."""
    if one.is_flag:
        raise _DoesNotFit("HC222", f"{one.name} is on or off already: leave on, off, above out")
    if binding.above is not None and (binding.on or binding.off):
        raise _DoesNotFit("HC222", f"{one.name}: either above, or on and off")
    flag = Flag(
        tuple(_number(one, state) for state in binding.on),
        tuple(_number(one, state) for state in binding.off),
        binding.above,
    )
    if not flag.on and flag.above is None:
        raise _DoesNotFit("HC222", f"{one.name}: off is given, but nothing is on")
    if one.writable and not one.states:
        for number in (*flag.on, *flag.off):
            if not (one.low is None or number >= one.low) or not (
                one.high is None or number <= one.high
            ):
                raise _DoesNotFit("HC222", f"{one.name}: {number:g} cannot be written there")
    return replace(one, flag=flag, unit="")


def _number(one: Register, state: float | str) -> float:
    """The number of a state; a number that has no state is one that the register never holds."""
    words: Mapping[str, int] = {word: number for number, word in one.states}
    if isinstance(state, str):
        if state not in words:
            told = f"{one.name} has no state {state!r}{meant(state, words)}"
            raise _DoesNotFit("HC222", f"{told}; it has {', '.join(words) or 'none'}")
        return float(words[state])
    if words and state not in words.values():
        raise _DoesNotFit("HC222", f"{one.name} never holds {state:g}")
    return float(state)
