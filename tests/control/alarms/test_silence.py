"""Silence: one alarm a device, nothing cleared by it, and none while a start still waits."""

from tests.control.alarms.small import AlarmedPlant, alarm


def test_a_silent_sensor_never_clears_its_process_alarm() -> None:
    tag = "primary.hot_temperature_c"
    plant = AlarmedPlant(alarm("hot", tag=tag, limit=80.0, deadband=2.0))
    plant.scans(3)
    plant.set(primary__hot_temperature_c=85.0).scan()

    plant.set(primary__hot_temperature_c=None)
    plant.scans(60)

    assert plant.letter("hot") == "B"


def test_a_silent_device_is_one_alarm_and_not_one_a_tag() -> None:
    tags = ("outdoor.temperature_c",)
    plant = AlarmedPlant(
        alarm("silent.outdoor", sort="silent", device="outdoor"),
        alarm("bad.outdoor", sort="bad", tag=tags[0], device="outdoor", on_delay_s=1.0),
        alarm("cold", sort="low", tag=tags[0], limit=50.0, device="outdoor"),
        outdoor=tags,
    )
    plant.scans(2)
    assert plant.letter("cold") == "B"

    plant.set(outdoor__temperature_c=None)
    decision = plant.scans(90)

    assert decision.derived["alarms.list"] == "silent.outdoor B"
    assert decision.derived["alarms.suppressed"] == 2.0


def unheard() -> AlarmedPlant:
    """A plant that starts, and has not heard the outdoor sensor yet."""
    tag = "outdoor.temperature_c"
    plant = AlarmedPlant(
        alarm("silent.outdoor", sort="silent", device="outdoor"),
        alarm("bad.outdoor", sort="bad", tag=tag, device="outdoor"),
        outdoor=(tag,),
    )
    plant.values[tag] = None
    return plant


def test_at_a_start_who_was_not_heard_yet_is_not_silent() -> None:
    plant = unheard()

    first = plant.scans(5)
    plant.set(outdoor__temperature_c=4.0).scans(3)

    assert first.derived["plant.mode"] == "tracking"
    assert plant.letter("silent.outdoor") == plant.letter("bad.outdoor") == "A"
    assert not any("alarm" in event for event in plant.events)


def test_who_is_not_heard_until_the_end_of_a_start_is_silent() -> None:
    plant = unheard()

    plant.scans(int(plant.settings.start_limit_s) + 2)

    assert plant.letter("silent.outdoor") == "B"


def test_who_was_heard_and_falls_silent_while_a_start_waits_is_silent() -> None:
    plant = unheard()
    plant.set(outdoor__temperature_c=4.0, heat_meter__power_kw=None).scan()

    plant.set(outdoor__temperature_c=None).scans(10)

    assert plant.state.mode == "tracking"
    assert plant.letter("silent.outdoor") == "B"
