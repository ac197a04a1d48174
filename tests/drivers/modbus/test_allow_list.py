"""Nothing leaves for a device that is not on its list: by name, by word, by byte, by rate."""

import asyncio
import inspect
import re
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DeviceError, NotAllowed, TooOften
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import Profile
from tests.drivers.modbus.listener import (
    FOREIGN,
    FULL,
    PROFILE,
    UNIT,
    WANTED,
    WRITABLE,
    Listener,
    judge,
    on_the_wire,
)
from tests.tidy.sources import python_files

numbers = st.one_of(
    st.booleans(),
    st.floats(),
    st.floats(0.0, 100.0),
    st.integers(-70_000, 70_000),
    st.integers(-(2**70), 2**70),
)
names = st.one_of(st.sampled_from([*WANTED, *WRITABLE, "pump-2.speed_pct", "x"]), st.text())
orders = st.dictionaries(names, numbers, max_size=4)
frames = st.one_of(orders, st.fixed_dictionaries(dict.fromkeys(WANTED[:2], numbers)))
words = st.lists(st.one_of(st.integers(0, FULL), st.integers(-5, 70_000)), max_size=14)
addresses = st.one_of(st.integers(0, 70), st.integers(-5, 70_000))


def ask_everything(
    wanted: Mapping[str, float],
    frame: Mapping[str, float],
    heartbeat: float,
    epoch: float,
    group: str,
) -> None:
    async def life(device: ModbusDevice, _listener: Listener) -> None:
        for urgent in (False, True):
            calls: list[Coroutine[object, object, object]] = [
                device.write(wanted, urgent=urgent),
                device.write_frame(
                    frame,
                    heartbeat=heartbeat,  # type: ignore[arg-type] - whatever a caller may think of
                    epoch=epoch,  # type: ignore[arg-type]
                    urgent=urgent,
                ),
                device.read(group),
                device.read_frame(),
                device.identify(),
            ]
            for call in calls:
                with suppress(DeviceError):
                    await call

    for profile in (PROFILE, FOREIGN):
        for write in on_the_wire(life, profile).writes:
            judge(write, framed=profile is PROFILE)


anything = given(
    orders, frames, numbers, numbers, st.sampled_from(["output", "protective", "no group"])
)


@settings(max_examples=30, deadline=None)
@anything
def test_whatever_is_asked_every_byte_that_leaves_is_on_the_list(
    wanted: Mapping[str, float],
    frame: Mapping[str, float],
    heartbeat: float,
    epoch: float,
    group: str,
) -> None:
    ask_everything(wanted, frame, heartbeat, epoch, group)


@pytest.mark.campaign
@anything
def test_thousands_of_askings_do_not_get_another_byte_past_the_list(
    wanted: Mapping[str, float],
    frame: Mapping[str, float],
    heartbeat: float,
    epoch: float,
    group: str,
) -> None:
    ask_everything(wanted, frame, heartbeat, epoch, group)


@settings(max_examples=60, deadline=None)
@given(addresses, words, st.sampled_from(["coil", "holding"]), st.sampled_from([PROFILE, FOREIGN]))
def test_the_gate_itself_lets_no_other_word_pass(
    address: int, values: list[int], table: str, profile: Profile
) -> None:
    async def life(device: ModbusDevice, _listener: Listener) -> None:
        gate = device._gate  # noqa: SLF001 - the last thing before the link
        send = gate.send_coils if table == "coil" else gate.send_registers
        with suppress(DeviceError):
            await send(address, values, connection=None, in_time=None, urgent=True)

    for write in on_the_wire(life, profile).writes:
        judge(write, framed=profile is PROFILE)


def test_these_are_all_the_ways_to_a_device_that_there_are() -> None:
    asked = {
        name
        for name, member in inspect.getmembers(ModbusDevice, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }

    assert asked == {"read", "write", "write_frame", "read_frame", "identify", "close"}


def test_only_the_gate_uses_the_writing_half_of_a_link() -> None:
    written = re.compile(r"\.write_(registers?|coils?)\b")
    users = {
        path.name
        for path in python_files("drivers", "controller")
        if written.search(path.read_text(encoding="utf-8"))
    }

    assert users <= {"link.py", "allow_list.py"}, "orders go through ModbusDevice, which asks"


def test_all_that_may_be_written_is_written() -> None:
    async def life(device: ModbusDevice, _listener: Listener) -> None:
        await device.write(dict.fromkeys(WRITABLE[2:], True))
        await device.write_frame(dict.fromkeys(WANTED[:2], 100.0), heartbeat=65_535, epoch=65_535)

    heard = on_the_wire(life).writes

    assert [write[1] for write in heard] == [5, 5, 5, 16]
    assert len(on_the_wire(lambda one, _: one.write({"pump-1.speed_pct": 1}), FOREIGN).writes) == 1


@pytest.mark.parametrize(
    ("table", "address", "words", "expected"),
    [
        ("coil", 1, [1], "plc: not sent: coil 1 is not on the list"),
        ("coil", 0, [1, 1], "plc: not sent: coil 1 is not on the list"),
        ("coil", 33, [], "coil 33 nothing to write"),
        ("holding", 12, [1], "holding 12 is not on the list"),
        ("holding", 2, [1], "holding 2 is taken only in a whole frame"),
        ("holding", 0, [1] * 11, "holding 0 is taken only in a whole frame"),
        ("holding", 0, [7, 1, FULL + 1] + [0] * 9, "pump-1.speed_pct: expected 0 to 100 %"),
        ("holding", 0, [7, 1, 0, 1] + [0] * 8, "holding 3 takes only 0 in a frame, not 1"),
        ("holding", 0, [70_000, 1] + [0] * 10, "holding 0 takes only 0 in a frame, not 70000"),
    ],
)
def test_what_is_not_on_the_list_is_refused_by_name(
    table: str, address: int, words: list[int], expected: str
) -> None:
    device = ModbusDevice("plc", "h", 502, UNIT, PROFILE, wanted={*WANTED, *WRITABLE})

    with pytest.raises(NotAllowed, match=expected):
        device.allowed.check(table, address, words)  # type: ignore[arg-type]


def test_a_dry_run_has_an_empty_list() -> None:
    async def life(device: ModbusDevice, _listener: Listener) -> None:
        with pytest.raises(NotAllowed, match="not be written within this program's reach"):
            await device.write({"pump-1.run": False}, urgent=True)
        with pytest.raises(NotAllowed, match="nothing of this device may be written"):
            await device.write_frame(dict.fromkeys(WANTED[:2], 1.0), heartbeat=1, epoch=1)

    assert on_the_wire(life, may_write=lambda _tag: False).writes == []


def test_inside_a_fence_only_its_equipment_is_on_the_list() -> None:
    async def life(device: ModbusDevice, _listener: Listener) -> None:
        await device.write({"container-02.contactor_close": False})
        with pytest.raises(NotAllowed, match=r"pump-1\.run may not be written"):
            await device.write({"pump-1.run": False})

    heard = on_the_wire(life, may_write=lambda tag: tag.startswith("container-02"))

    assert [write.hex(" ") for write in heard.writes] == ["07 05 00 21 00 00"]


def test_a_loop_gone_wild_is_held_back_and_a_stop_is_not() -> None:
    async def life(device: ModbusDevice, listener: Listener) -> None:
        for _ in range(10):
            await device.write({"pump-1.run": True})
        with pytest.raises(TooOften, match=r"more than 10 writes a second to pump-1\.run"):
            await device.write({"pump-1.run": True})
        assert device.too_soon("pump-1.run")
        assert not device.too_soon("container-02.contactor_close")
        for _ in range(30):
            await device.write({"pump-1.run": False}, urgent=True)
        assert len(listener.writes) == 40
        with pytest.raises(TooOften, match="more than 20 writes a second to it"):
            await device.write({"container-02.contactor_close": True})
        await asyncio.sleep(1.0)
        await device.write({"pump-1.run": True})

    assert len(on_the_wire(life).writes) == 41


def test_a_register_that_wears_out_is_written_as_seldom_as_its_profile_says() -> None:
    registers = tuple(
        replace(one, writes_per_s=0.1) if one.name == "pump-1.run" else one
        for one in PROFILE.registers
    )

    async def life(device: ModbusDevice, _listener: Listener) -> None:
        await device.write({"pump-1.run": True})
        await asyncio.sleep(9.0)
        with pytest.raises(TooOften, match=r"more than 0\.1 writes a second to pump-1\.run"):
            await device.write({"pump-1.run": False})
        await asyncio.sleep(1.0)
        await device.write({"pump-1.run": False})

    assert len(on_the_wire(life, replace(PROFILE, registers=registers)).writes) == 2


def test_the_list_can_be_read_by_a_person() -> None:
    device = ModbusDevice("plc", "10.0.0.5", 502, UNIT, PROFILE, wanted={*WANTED, *WRITABLE})

    lines = device.allowed.lines()

    assert len(lines) == len(WRITABLE)
    assert lines[0] == (
        "plc 10.0.0.5:502 unit 7: pump-1.run, coil 0, functions 5, 15, off or on, at most 10/s"
    )
    assert "pump-1.speed_pct, holding 2, functions 16, 0 to 100 %, at most 10/s" in lines[3]
