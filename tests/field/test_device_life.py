"""Whether a device may be believed: its heartbeat goes on, and it is who it was."""

import asyncio

from controller.image.tag import Quality
from tests.drivers.modbus.memory import SERIAL
from tests.field.obstinate_device import RUN, Bench, bench

HOT = "primary.hot_temperature_c"


def qualities(one: Bench) -> set[int]:
    """Every quality that a point of the device has, those of its outputs included."""
    return {int(quality) for quality in one.snapshot().quality}


async def seconds_until_bad(one: Bench) -> float:
    """How long until nothing of the device counts any more."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    while qualities(one) != {int(Quality.BAD)}:
        await asyncio.sleep(0.1)
        assert loop.time() < begun_s + 20.0, "it is believed for ever"
    return loop.time() - begun_s


async def test_a_heartbeat_that_stands_still_makes_all_values_bad_though_they_come() -> None:
    async with bench() as one:
        assert one.snapshot().number(HOT) == 61.23
        one.bank.beats = False
        woken = one.woken

        assert await seconds_until_bad(one) <= 3.5

        assert one.woken > woken, "the scan is told at once"
        (told,) = one.told("plc")
        assert "its heartbeat has stood still" in told

        await asyncio.sleep(30.0)
        assert qualities(one) == {int(Quality.BAD)}
        assert len(one.told("plc")) == 1


async def test_a_heartbeat_that_goes_on_makes_them_good_again() -> None:
    async with bench() as one:
        one.bank.beats = False
        await asyncio.sleep(10.0)
        one.bank.beats = True
        await asyncio.sleep(2.0)

        assert one.snapshot().number(HOT) == 61.23
        assert "goes on" in one.told("plc")[-1]


async def test_another_device_is_in_quarantine_with_the_first_reading_and_gets_no_order() -> None:
    async with bench() as one:
        one.bank.words[101] = (SERIAL + 1) & 0xFFFF

        assert await seconds_until_bad(one) <= 1.0
        await one.want(10, pump_1__run=True)
        await one.want(5, urgent=True, pump_1__run=True)

        assert one.bank.written == []
        (told,) = one.told("plc")
        assert "in quarantine, neither read nor written" in told
        assert f"serial_number {SERIAL}, got {SERIAL + 1}" in told
        assert len(one.told("security")) == 1


async def test_the_right_device_is_used_again() -> None:
    async with bench() as one:
        one.bank.words[101] = (SERIAL + 1) & 0xFFFF
        await asyncio.sleep(5.0)
        one.bank.words[101] = SERIAL & 0xFFFF
        await asyncio.sleep(11.0)
        await one.want(2, pump_1__run=True)

        assert one.bank.coils[RUN] is True
        assert "the right device answers again" in one.told("plc")[-1]


async def test_a_new_firmware_is_not_believed_before_a_person_has_looked() -> None:
    async with bench() as one:
        one.bank.words[103] = 201

        assert await seconds_until_bad(one) <= 1.0
        assert "who answered first told firmware 200, got 201" in one.told("plc")[0]


async def test_exchanged_words_are_noticed_within_two_readings() -> None:
    async with bench() as one:
        high, low = one.bank.words[100], one.bank.words[101]
        one.bank.words[100], one.bank.words[101] = low, high

        assert await seconds_until_bad(one) <= 1.0
