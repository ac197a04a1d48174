"""What stands in local does not hear the PLC; what is dead does not move."""

from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


def test_a_pump_in_local_keeps_its_speed_and_the_plc_its_order(small: World, run: Run) -> None:
    before_pct = small.plc.command_value("pump-1.speed_pct")
    small.faults.set("pump-1", "local")
    small.plc.command("pump-1.speed_pct", 5.0)
    small.plc.command("pump-1.run", value=False)

    run(small, 20.0)

    points = small.plc.points()
    assert small.plc.command_value("pump-1.speed_pct") == 5.0
    assert points["pump-1.remote"] is False
    assert points["pump-1.running"] is True
    assert points["pump-1.speed_feedback_pct"] == before_pct


def test_back_in_remote_a_device_obeys_the_present_order(small: World, run: Run) -> None:
    small.faults.set("pump-1", "local")
    small.plc.command("pump-1.speed_pct", 5.0)
    run(small, 5.0)

    small.faults.clear("pump-1")
    run(small, 10.0)

    assert small.plc.points()["pump-1.remote"] is True
    assert small.plc.points()["pump-1.speed_feedback_pct"] == 5.0


@pytest.mark.parametrize(
    ("device", "order", "feedback"),
    [
        ("district-pump", "speed_pct", "speed_feedback_pct"),
        ("network-pump", "speed_pct", "speed_feedback_pct"),
        ("three-way-valve", "position_pct", "position_feedback_pct"),
        ("dry-cooler", "fan_pct", "fan_feedback_pct"),
        ("mixing-valve", "position_pct", "position_feedback_pct"),
        ("booster", "power_pct", "power_kw"),
    ],
)
def test_every_device_in_local_stays_at_what_it_did(
    variant: Callable[..., World], run: Run, device: str, order: str, feedback: str
) -> None:
    world = variant("sole source with everything")
    if device == "booster":
        world.plc.command("booster.run", value=True)
    world.plc.command(f"{device}.{order}", 40.0)
    run(world, 90.0)
    before = world.plc.points()[f"{device}.{feedback}"]
    world.faults.set(device, "local")
    world.plc.command(f"{device}.{order}", 90.0)

    run(world, 90.0)

    assert float(before or 0.0) > 0.0
    assert world.plc.points()[f"{device}.{feedback}"] == before
    assert world.plc.points()[f"{device}.remote"] is False


def test_the_valve_of_a_container_in_local_stays(small: World, run: Run) -> None:
    small.faults.set("container-01", "local")
    small.plc.command("container-01.valve_open_command", value=False)
    small.plc.command("container-02.valve_open_command", value=True)

    run(small, 30.0)

    points = small.plc.points()
    assert points["container-01.remote"] is False
    assert points["container-01.valve_open"] is True
    assert points["container-02.valve_open"] is True


@pytest.mark.parametrize("valve", ["three-way-valve", "mixing-valve"])
def test_a_dead_valve_stays_where_it_is(
    variant: Callable[..., World], run: Run, valve: str
) -> None:
    world = variant("tank")
    world.plc.command(f"{valve}.position_pct", 100.0)
    run(world, 15.0)
    world.faults.set(valve, "off")

    run(world, 60.0)

    position_pct = world.plc.points()[f"{valve}.position_feedback_pct"]
    assert position_pct == pytest.approx(25.0, abs=0.1)


def test_a_dead_dry_cooler_comes_to_a_stand(small: World, run: Run) -> None:
    small.plc.command("dry-cooler.fan_pct", 50.0)
    run(small, 10.0)
    small.faults.set("dry-cooler", "off")

    run(small, 10.0)

    assert small.plc.points()["dry-cooler.fan_feedback_pct"] == 0.0


def test_a_wet_leak_rope_shows_and_a_dry_one_does_not(small: World) -> None:
    small.faults.set("container-02.leak", "wet")

    points = small.plc.points()

    assert points["container-01.leak"] is False
    assert points["container-02.leak"] is True


def test_a_pressed_emergency_stop_shows_until_it_is_released(small: World) -> None:
    small.faults.set("emergency-stop", "pressed")
    pressed = small.plc.points()["safety.emergency_stop_released"]
    small.faults.clear("emergency-stop")

    assert pressed is False
    assert small.plc.points()["safety.emergency_stop_released"] is True


@pytest.mark.parametrize(
    ("target", "verb"), [("exchanger-3", "fouled"), ("network-pump", "local"), ("booster", "off")]
)
def test_what_is_not_installed_cannot_break(small: World, target: str, verb: str) -> None:
    with pytest.raises(ValueError, match="unknown fault target"):
        small.faults.set(target, verb)
