"""What is wrong with steps beyond their form, found before anything is touched."""

from collections import Counter
from collections.abc import Iterator, Mapping

from controller.config.load import ConfigError
from controller.config.words import meant
from controller.lab.description import describe
from controller.lab.hil.bench import RESERVED, devices_of, plant_of
from controller.lab.hil.door import DoorError
from controller.lab.hil.limits import bounds
from controller.lab.hil.modbus_door import ModbusDoor
from controller.lab.hil.problems import Problem
from controller.lab.hil.rig_door import MENDED, SETTABLE, UNSAFE
from controller.lab.hil.steps import Step, StepsFile, Value, Wanted, split
from simulators.faults import Faults
from simulators.monitor import RULES

RIG_DOORS = ("rig", "fault", "monitor")
KEYS = {"rig": "rig", "fault": "rig", "monitor": "rig", "link": "link", "opcua": "opcua"}


def find_nonsense(file: StepsFile) -> list[Problem]:
    """Every point, value and bound that cannot be meant."""
    try:
        plant = plant_of(file)
        devices = devices_of(file, plant)
    except ConfigError as error:
        return [Problem("bench.plant", str(error), "correct the plant.toml or the device")]
    faults = None if plant is None else Faults(describe(plant))
    return list(_Sense(file, devices, faults).problems())


class _Sense:
    """All checks of one file."""

    def __init__(
        self, file: StepsFile, devices: Mapping[str, ModbusDoor], faults: Faults | None
    ) -> None:
        self._file = file
        self._devices = devices
        self._faults = faults

    def problems(self) -> Iterator[Problem]:
        """From the top of the file down."""
        yield from self._benches()
        for number, one in enumerate(self._file.always, 1):
            yield from self._wanted(one, f"always.{number}")
        for number, step in enumerate(self._file.step, 1):
            yield from self._step(step, f"step.{number}")

    def _benches(self) -> Iterator[Problem]:
        bench = self._file.bench
        names = Counter(device.name for device in self._file.device)
        for name in (*names, *self._devices):
            if name in RESERVED or names[name] > 1:
                place, remedy = "device", "give the device a name of its own"
                yield Problem(place, f"{name!r} names a door that is there already", remedy)
        opcua = bench.opcua
        if opcua is not None and (opcua.certificate is None) != (opcua.key is None):
            yield Problem("bench.opcua", "certificate and key go together", "give both, or neither")
        for number, point in enumerate(bench.record, 1):
            yield from self._figure(point, f"bench.record.{number}")
        twice = Counter(step.name for step in self._file.step)
        for number, step in enumerate(self._file.step, 1):
            if twice[step.name] > 1:
                remedy = "give each step a name of its own"
                yield Problem(f"step.{number}.name", f"{step.name!r} is there twice", remedy)

    def _step(self, step: Step, place: str) -> Iterator[Problem]:
        for point, value in step.set.items():
            yield from self._setting(point, value, f"{place}.set")
        for key, wanted in (("until", step.until), ("expect", step.expect)):
            for number, one in enumerate(wanted, 1):
                yield from self._wanted(one, f"{place}.{key}.{number}")

    def _wanted(self, one: Wanted, place: str) -> Iterator[Problem]:
        yield from self._figure(one.figure, f"{place}.figure")
        bounded = [one.low, one.high, one.near]
        if one.equals is None and bounded == [None, None, None]:
            yield Problem(place, "nothing is wanted of it", "add is, near with by, low or high")
        if one.equals is not None and bounded != [None, None, None]:
            remedy = "use is for words, true and false, and low, high, near for numbers"
            yield Problem(place, "is and bounds exclude each other", remedy)
        if one.near is None and one.by:
            yield Problem(f"{place}.by", "by belongs to near", "add near, or take by out")
        low, high = bounds(one)
        if low > high:
            told = f"nothing lies between {low:g} and {high:g}"
            yield Problem(place, told, "put low below high, and near between them")

    def _figure(self, point: str, place: str) -> Iterator[Problem]:
        door, name = split(point)
        yield from self._door(door, place)
        if door in self._devices and (why := self._devices[door].wrong(name)):
            yield Problem(place, f"{point} is not there", why)
        if door == "monitor" and name not in {UNSAFE, *RULES}:
            yield Problem(place, f"{point} is not there", f"there are {UNSAFE}, {', '.join(RULES)}")
        if door == "fault":
            yield from self._target(name, place)

    def _setting(self, point: str, value: Value, place: str) -> Iterator[Problem]:
        door, name = split(point)
        place = f"{place}.{point}"
        yield from self._door(door, place)
        if door in self._devices:
            yield from self._register(door, name, value, place)
        elif door == "monitor":
            yield Problem(place, "nothing of the monitor can be set", "set something else")
        elif door == "rig":
            yield from _weather(name, value, place)
        elif door == "fault":
            yield from self._target(name, place)
            yield from self._verb(name, value, place)

    def _register(self, door: str, name: str, value: Value, place: str) -> Iterator[Problem]:
        try:
            why = self._devices[door].wrong(name, value)
        except DoorError as error:
            why = str(error)
        if why is not None:
            yield Problem(place, f"{name} cannot be set to {value!r}", why)

    def _door(self, door: str, place: str) -> Iterator[Problem]:
        bench = self._file.bench
        there = {"rig": bench.rig, "link": bench.link or bench.plant, "opcua": bench.opcua}
        if door in self._devices:
            return
        if door in KEYS:
            if there[KEYS[door]] is None:
                remedy = f"say where it is: [bench] {KEYS[door]}"
                yield Problem(place, f"{door}: is not connected", remedy)
            return
        known = [*KEYS, *self._devices]
        text = f"there is no door {door!r}{meant(door, known)}"
        yield Problem(place, text, f"there are {', '.join(known)}; devices come with [bench] plant")

    def _target(self, name: str, place: str) -> Iterator[Problem]:
        if self._faults is None:
            return
        try:
            self._faults.verbs(name)
        except ValueError as error:
            yield Problem(place, f"nothing is called {name!r}", str(error))

    def _verb(self, name: str, value: Value, place: str) -> Iterator[Problem]:
        if self._faults is None or value == MENDED or name not in self._faults.targets():
            return
        try:
            self._faults.check(name, str(value))
        except ValueError as error:
            remedy = f"{error}; and {MENDED}"
            yield Problem(place, f"{name} cannot be {value!r}", remedy)


def _weather(name: str, value: Value, place: str) -> Iterator[Problem]:
    if name not in SETTABLE:
        text = f"{name!r} cannot be set{meant(name, SETTABLE)}"
        yield Problem(place, text, f"can be set: {', '.join(SETTABLE)}")
        return
    low, high = SETTABLE[name]
    if isinstance(value, bool | str) or not low <= value <= high:
        yield Problem(place, f"{value!r} is refused", f"give a number from {low:g} to {high:g}")
