"""Tags taken from any device's points: converted, checked, and told where they do not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config.settings import scan_settings
from controller.config.site import Device
from controller.field.binding import bound_profile
from controller.field.devices import modbus_device, points_of
from drivers.modbus.blocks import read_blocks
from drivers.modbus.register import Register
from tests.scenarios.evening import small_plant

SETTINGS = scan_settings(small_plant(units=4, containers=2))


def device(profile: str = "grundfos_cim", **keys: object) -> Device:
    return Device.model_validate({"name": "dev", "profile": profile, "host": "10.0.0.1", **keys})


def register(tag: str, one: Device) -> Register:
    profile, mistakes = bound_profile(one, SETTINGS)
    assert mistakes == ()
    return {found.name: found for found in profile.registers}[tag]


def mistakes(one: Device) -> list[tuple[str, str, str]]:
    return [(found.code, found.key, found.text) for found in bound_profile(one, SETTINGS)[1]]


def analogue(**keys: object) -> Device:
    return device("generic_analog_in", registers=[{"name": "raw", "address": 7, **keys}])


def test_a_tag_is_read_in_the_unit_that_ends_its_name() -> None:
    flow = register("primary.flow_lpm", device(points={"primary.flow_lpm": "flow_m3h"}))

    assert flow.decode([600]) == pytest.approx(1000.0)
    assert flow.unit == "L/min"
    assert (flow.low, flow.high) == (0.0, pytest.approx(100_000.0))


def test_kelvins_become_degrees_and_differences_stay_differences() -> None:
    warm = register(
        "dev.water_temperature_c", device(points={"dev.water_temperature_c": "liquid_temperature"})
    )
    rise = register(
        "dev.rise_k",
        device(
            "generic_analog_in",
            registers=[{"name": "rise", "address": 0, "unit": "°F"}],
            points={"dev.rise_k": "rise"},
        ),
    )

    assert warm.decode([35_315]) == pytest.approx(80.0)
    assert rise.decode([18]) == pytest.approx(10.0)


def test_a_block_without_units_is_told_its_unit_and_scale() -> None:
    one = analogue(scale=0.01, low=0.0, high=10.0)
    points = {
        "primary.inlet_pressure_kpa": {"from": "raw", "unit": "bar", "scale": 0.5, "offset": 1.0}
    }
    bound = register(
        "primary.inlet_pressure_kpa",
        one.model_copy(update={"points": device(points=points).points}),
    )

    assert bound.decode([200]) == pytest.approx(100.0 * (2.0 * 0.5 + 1.0))
    assert (bound.low, bound.high) == pytest.approx((100.0, 600.0))


def test_what_protection_needs_is_read_as_such_whatever_the_device_thinks_of_it() -> None:
    one = device(points={"pump-1.running": "rotating", "dev.note_c": "electronics_temperature"})

    assert register("pump-1.running", one).group == "protective"
    assert register("dev.note_c", one).group == "slow"


def test_a_word_of_states_is_a_switch_that_reads_and_writes() -> None:
    run = register(
        "pump-1.run", device(points={"pump-1.run": {"from": "control", "on": "run", "off": "stop"}})
    )

    assert (run.writable, run.group) == (True, "output")
    assert run.encode(1) == [3]
    assert run.encode(0) == [1]
    assert run.decode([3]) is True
    assert run.decode([0]) is None, "a pump at its panel is neither"


def test_a_number_above_a_limit_is_a_switch() -> None:
    points = {"exchanger-1.valve_open": {"from": "position_pct", "above": 95.0}}
    valve = register("exchanger-1.valve_open", device("belimo_energy_valve", points=points))

    assert valve.decode([9_600]) is True
    assert valve.decode([9_000]) is False


def test_an_output_may_be_two_numbers_of_a_set_point() -> None:
    points = {"container-01.valve_open_command": {"from": "setpoint_pct", "on": 100.0, "off": 0.0}}
    valve = register(
        "container-01.valve_open_command", device("belimo_energy_valve", points=points)
    )

    assert valve.encode(1) == [10_000]
    assert valve.encode(0) == [0]


def test_a_plant_knows_its_gateway_better_than_the_profile_does() -> None:
    one = device(
        "generic_analog_in",
        registers=[{"name": "raw_{n}", "address": 0, "repeat": 4, "step": 4}],
        requests={"read_words": 9},
        exists={"input": [0, 15]},
    )
    profile, _ = bound_profile(one, SETTINGS)

    blocks = read_blocks(profile, profile.registers)
    assert [(block.address, block.count) for block in blocks] == [(0, 9), (12, 1)]


def test_repeated_bindings_and_registers_count_together() -> None:
    one = device(
        "generic_digital_in",
        registers=[{"name": "di_{n}", "address": 8, "repeat": 2}],
        points={"container-{n:02}.leak": {"from": "di_{n}", "repeat": 2, "inverted": True}},
    )
    second = register("container-02.leak", one)

    assert second.address == 9
    assert second.decode([0]) is True
    assert second.group == "protective"


def test_what_is_not_bound_is_shown_and_never_written() -> None:
    names = {tag.name: one.writable for (tag, one) in points_of(device(), SETTINGS)[0]}
    quiet = points_of(device(others=False), SETTINGS)[0]

    assert names["dev.flow_m3h"] is False
    assert names["dev.setpoint_pct"] is False
    assert quiet == ()


def test_a_start_waits_for_what_decides_and_not_for_what_is_only_shown() -> None:
    one = device(points={"pump-1.running": "rotating"})

    assert {tag.name for tag, _ in points_of(one, SETTINGS)[0] if tag.awaited} == {"pump-1.running"}


def test_what_is_read_seldom_may_be_older() -> None:
    one = device(period_s={"slow": 300.0}, points={"dev.note_c": "electronics_temperature"})
    tags = {tag.name: tag for tag, _ in points_of(one, SETTINGS)[0]}

    assert (tags["dev.note_c"].uncertain_after_s, tags["dev.note_c"].bad_after_s) == (900.0, 1800.0)
    assert tags["dev.flow_m3h"].bad_after_s == 15.0


def test_a_bound_device_has_only_tags_of_its_own_names() -> None:
    driver = modbus_device(device(points={"pump-1.running": "rotating"}), SETTINGS)

    assert driver.tags["pump-1.running"].bit == 6
    assert "dev.rotating" not in driver.tags


@given(
    st.integers(0, 27_648),
    st.sampled_from([1.0 / 27_648, 100.0 / 27_648, 0.01, 0.0001, 1.0 / 4095]),
    st.sampled_from(["1", "%", "‰"]),
)
def test_every_step_of_an_output_is_read_back_and_written_again(
    raw: int, scale: float, unit: str
) -> None:
    entry = {"name": "raw", "address": 0, "scale": scale, "unit": unit, "low": 0.0}
    one = device(
        "generic_analog_out",
        registers=[{**entry, "high": 27_648 * scale}],
        points={"pump-1.speed_pct": "raw"},
    )
    speed = register("pump-1.speed_pct", one)

    value = speed.decode([raw])

    assert speed.encode(value) == [raw]
    assert speed.encode(speed.high) == [27_648]


@pytest.mark.parametrize(
    ("one", "code", "key", "text"),
    [
        (
            device(points={"primary.flow_lpm": "flow"}),
            "HC220",
            "points.primary.flow_lpm",
            "no point 'flow', did you mean 'flow_m3h'?",
        ),
        (
            device("kamstrup_multical", points={"district.flow_lpm": "flow_v1"}),
            "HC221",
            "points.district.flow_lpm",
            "leaves open unit (L/h or m³/h)",
        ),
        (
            device(points={"primary.flow_lpm": "head_bar"}),
            "HC222",
            "points.primary.flow_lpm",
            "is in 'bar', and the tag is in L/min",
        ),
        (
            device(
                "generic_analog_in",
                registers=[{"name": "raw", "address": 7}],
                points={"primary.flow_lpm": "raw"},
            ),
            "HC222",
            "points.primary.flow_lpm",
            "has no unit, and the tag is in L/min: say it, one of L/min",
        ),
        (
            device(points={"pump-1.running": "speed_rpm"}),
            "HC222",
            "points.pump-1.running",
            "is a switch, its point is a number: say which",
        ),
        (
            device(points={"primary.flow_lpm": "rotating"}),
            "HC222",
            "points.primary.flow_lpm",
            "is a number, its point is a switch",
        ),
        (
            device(points={"pump-1.run": "rotating"}),
            "HC224",
            "points.pump-1.run",
            "is an output, but its point cannot be written",
        ),
        (
            device(points={"pump-1.run": {"from": "control", "on": "runs"}}),
            "HC222",
            "points.pump-1.run",
            "no state 'runs', did you mean 'run'?; it has local, stop, run",
        ),
        (
            device(points={"pump-1.run": {"from": "control", "on": "run"}}),
            "HC223",
            "points",
            "a number for on and one for off",
        ),
        (
            device(points={"pump-1.running": {"from": "speed_rpm", "above": 1.0, "on": 3.0}}),
            "HC222",
            "points.pump-1.running",
            "either above, or on and off",
        ),
        (
            device(points={"pump-1.speed_pct": "setpoint_pct", "pump-2.speed_pct": "setpoint_pct"}),
            "HC223",
            "points",
            "overlaps pump-1.speed_pct, and both are writable",
        ),
        (
            device(points={"primary.flow_lpm": {"from": "flow_m3h", "scale": 0.0}}),
            "HC222",
            "points.primary.flow_lpm",
            "scale is zero",
        ),
        (
            device(
                registers=[
                    {
                        "name": "setpoint_pct",
                        "address": 70_00,
                        "type": "float64",
                        "low": 0.0,
                        "high": 1e9,
                        "scale": 0.0,
                    }
                ]
            ),
            "HC206",
            "registers",
            "scale is zero",
        ),
        (device("no_such_device"), "HC206", "profile", "no_such_device.toml"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    one: Device, code: str, key: str, text: str
) -> None:
    found = mistakes(one)

    assert [(found[0][0], found[0][1])] == [(code, key)]
    assert text in found[0][2]
