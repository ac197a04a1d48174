"""Profiles are data with a manual; a mistake in one is named with its file and register."""

from pathlib import Path

import pytest

from drivers.modbus.profile import FOLDER, ProfileError, load_profile, read_profile

MANUAL = 'manual = "maker, rev. 1, p. 2"\n'
ONE = '[[register]]\nname = "flow_lpm"\ntable = "input"\naddress = 20\ntype = "uint16"\n'
OUTPUT = (
    '[[register]]\nname = "pump-{n}.speed_pct"\ntable = "holding"\naddress = 10\ntype = "int16"\n'
    "low = 0.0\nhigh = 100.0\nwritable = true\n"
)


@pytest.fixture
def write(tmp_path: Path) -> Path:
    return tmp_path / "meter.toml"


@pytest.mark.parametrize("name", [path.stem for path in FOLDER.glob("sim_*.toml")])
def test_every_simulated_device_is_sound_and_says_who_it_is(name: str) -> None:
    profile = load_profile(name)

    assert "sim_devices.md" in profile.manual
    assert {one.name for one in profile.registers if one.group == "identity"} == {
        "serial_number",
        "model_code",
        "firmware",
    }


def test_the_plant_plc_repeats_pumps_and_containers() -> None:
    registers = {one.name: one for one in load_profile("sim_cdu_plc").registers}

    assert registers["pump-4.speed_pct"].address == 5
    assert registers["container-01.flow_proven"].address == 32
    assert registers["container-32.valve_closed"].address == 191
    assert registers["container-32.valve_open_command"].address == 95
    assert "container-33.leak" not in registers


def test_only_outputs_of_the_plant_plc_can_be_written() -> None:
    registers = load_profile("sim_cdu_plc").registers

    writable = {one for one in registers if one.writable}
    read_back = {one for one in registers if one.group == "output"}

    assert {one.name for one in read_back - writable} == {"hearth.epoch"}
    assert writable <= read_back
    assert {one.table for one in writable} == {"holding", "coil"}


def test_a_repeated_register_steps_from_address_to_address(write: Path) -> None:
    write.write_text(MANUAL + OUTPUT + "repeat = 3\nstep = 2\n")

    registers = read_profile(write).registers

    assert [(one.name, one.address) for one in registers] == [
        ("pump-1.speed_pct", 10),
        ("pump-2.speed_pct", 12),
        ("pump-3.speed_pct", 14),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not toml", "line 1"),
        (ONE, "expected the manual"),
        (MANUAL, "register"),
        (MANUAL + "colour = 1\n" + ONE, "unknown keys .*colour"),
        (MANUAL + ONE + "colour = 1\n", "flow_lpm: unknown keys .*colour"),
        (MANUAL + ONE.replace("address = 20\n", ""), "flow_lpm: missing .*address"),
        (MANUAL + ONE.replace("uint16", "uint17"), "flow_lpm: type is 'uint17'"),
        (MANUAL + ONE + 'group = "nice"\n', "flow_lpm: group is 'nice'"),
        (MANUAL + ONE + "scale = 0.0\n", "flow_lpm: scale is zero"),
        (MANUAL + ONE + "writable = true\n", "flow_lpm: table input cannot be written"),
        (MANUAL + ONE + ONE, "flow_lpm: is there twice"),
        (MANUAL + "[exists]\ninput = [0, 19]\n" + ONE, "flow_lpm: input 20 does not exist"),
        (MANUAL + ONE.replace("20", "65536"), "flow_lpm: input 65536 does not exist"),
        (MANUAL + ONE.replace("input", "coil"), "flow_lpm: table coil holds bool"),
        (MANUAL + OUTPUT.replace("low = 0.0\n", ""), "needs low and high"),
        (MANUAL + "[exists]\ninput = [[0, 19], [21, 30]]\n" + ONE, "input 20 does not exist"),
        (MANUAL + "[exists]\nregister = [0, 9]\n" + ONE, "no table 'register'"),
        (MANUAL + "[exists]\ninput = [9, 0]\n" + ONE, "9 to 0 is not a span"),
        (MANUAL + "[forbidden]\ninput = [20, 20]\n" + ONE, "flow_lpm: input 20 is forbidden"),
        (MANUAL + "[requests]\nread_words = 126\n" + ONE, "read_words is 126, not 1 to 125"),
        (MANUAL + "[requests]\nwords = 1\n" + ONE, "requests: unknown keys .*words"),
        (MANUAL + ONE + "bit = 16\n", "uint16 has no bit 16"),
        (MANUAL + ONE.replace("uint16", "float32") + "bit = 1\n", "not of float32"),
        (MANUAL + ONE + 'order = "ABDC"\n', "order is 'ABDC'"),
        (MANUAL + ONE + "not_available = [65536]\n", "not_available 65536 does not fit"),
        (MANUAL + ONE + 'states = { one = "on" }\n', "'one' is not a whole number"),
        (MANUAL + ONE + "factor = { type = 'int16' }\n", "factor: missing .*address"),
        (MANUAL + ONE + "factor = { address = 1, means = 'half' }\n", "means is 'half'"),
        (MANUAL + ONE + "unit_code = { address = 1 }\n", "unit_code: missing .*codes"),
        (
            MANUAL + ONE + "unit_code = { address = 1, codes = { 1 = 'bar' } }\nunit = 'kW'\n",
            "'bar' cannot become 'kW'",
        ),
        (MANUAL + ONE + "low = 2.0\nhigh = 1.0\n", "low is above high"),
        (MANUAL + ONE.replace("flow_lpm", "flow_{x}"), "only {n} and {n:02}"),
        (MANUAL + ONE + "repeat = 0\n", "repeat is 0"),
        (MANUAL + OUTPUT.replace('"int16"', '"uint16"') + "bit = 1\n", "cannot be written alone"),
        (MANUAL + OUTPUT.replace("int16", "float32") + "repeat = 2\n", "pump-2.* overlaps pump-1"),
    ],
)
def test_a_mistake_is_named_with_file_and_register(write: Path, text: str, expected: str) -> None:
    write.write_text(text)

    with pytest.raises(ProfileError, match=rf"meter\.toml: .*{expected}"):
        read_profile(write)


FRAME = '[frame]\ntable = "holding"\nfirst = 8\nlast = 10\nheartbeat = "beat"\nepoch = "epoch"\n'
BEAT = (
    '[[register]]\nname = "beat"\ntable = "holding"\naddress = 8\ntype = "uint16"\n'
    '[[register]]\nname = "epoch"\ntable = "holding"\naddress = 9\ntype = "uint16"\n'
)


def test_a_frame_names_its_place_and_who_carries_heartbeat_and_epoch(write: Path) -> None:
    write.write_text(MANUAL + FRAME + BEAT + OUTPUT)

    frame = read_profile(write).frame

    assert (frame.first, frame.last) == (8, 10)
    assert (frame.heartbeat.address, frame.epoch.address) == (8, 9)


def test_a_profile_without_a_frame_has_none(write: Path) -> None:
    write.write_text(MANUAL + OUTPUT)

    assert read_profile(write).frame is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('epoch = "epoch"\n', "", "expected the keys"),
        ('table = "holding"\nfirst', 'table = "coil"\nfirst', "table is 'coil'"),
        ('heartbeat = "beat"', 'heartbeat = "pulse"', "no register is called .*pulse"),
        ("first = 8", "first = 9", "beat must be a uint16 inside it"),
        ("last = 10", "last = 7", "8 to 7 is not 1 to 123"),
        ("last = 10", "last = 131", "8 to 131 is not 1 to 123"),
        ('address = 9\ntype = "uint16"', 'address = 9\ntype = "int16"', "epoch must be a uint16"),
    ],
)
def test_a_mistake_in_a_frame_is_named(write: Path, old: str, new: str, expected: str) -> None:
    write.write_text((MANUAL + FRAME + BEAT + OUTPUT).replace(old, new))

    with pytest.raises(ProfileError, match=rf"meter\.toml: frame: .*{expected}"):
        read_profile(write)


def test_a_profile_that_does_not_exist_is_named() -> None:
    with pytest.raises(ProfileError, match=r"nobody\.toml"):
        load_profile("nobody")


OPEN = MANUAL + ONE + 'ask = { unit = ["m3/h", "L/h"] }\n'


def test_what_the_manual_leaves_open_is_asked_for_and_not_read_before(write: Path) -> None:
    write.write_text(OPEN)

    asked = read_profile(write)
    given = read_profile(write, [{"name": "flow_lpm", "unit": "m3/h"}])

    assert asked.registers == ()
    assert asked.open == {"flow_lpm": {"unit": ("m3/h", "L/h")}}
    assert [one.unit for one in given.registers] == ["m³/h"]
    assert given.open == {}


def test_only_what_the_manual_allows_fills_the_gap(write: Path) -> None:
    write.write_text(OPEN)

    with pytest.raises(ProfileError, match=r"flow_lpm: unit is 'bar', expected one of"):
        read_profile(write, [{"name": "flow_lpm", "unit": "bar"}])


def test_a_plant_adds_registers_of_its_own_and_defaults_hold_for_them(write: Path) -> None:
    write.write_text(MANUAL + 'generic = true\n[defaults]\ntable = "discrete"\ntype = "bool"\n')

    profile = read_profile(write, [{"name": "leak_{n}", "address": 8, "repeat": 2}])

    assert [(one.name, one.table, one.address) for one in profile.registers] == [
        ("leak_1", "discrete", 8),
        ("leak_2", "discrete", 9),
    ]
