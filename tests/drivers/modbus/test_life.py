"""What a profile says of its device's life, and the mistakes that it can hold."""

from pathlib import Path

import pytest

from drivers.modbus.life import WRITES_PER_S, Heartbeat, Life, Watchdog
from drivers.modbus.profile import Profile, ProfileError, load_profile, read_profile

MANUAL = 'manual = "maker, rev. 1, p. 2"\n'
REGISTERS = """
[[register]]
name = "beat"
table = "input"
address = 0
type = "uint16"
[[register]]
name = "time_out_s"
table = "holding"
address = 1
type = "uint16"
scale = 0.1
[[register]]
name = "serial_number"
table = "input"
address = 2
type = "uint16"
group = "identity"
[[register]]
name = "reset"
table = "coil"
address = 3
type = "bool"
writable = true
"""
BEAT = 'heartbeat = { register = "beat", period_s = 2.0 }\n'
WATCHDOG = 'watchdog = { register = "time_out_s", low = 1.0, high = 30.0, disabled = 6553.5 }\n'


def profile(folder: Path, text: str) -> Profile:
    path = folder / "io.toml"
    path.write_text(MANUAL + text)
    return read_profile(path)


def test_a_profile_may_name_heartbeat_watchdog_and_the_most_writes(tmp_path: Path) -> None:
    life = profile(tmp_path, BEAT + WATCHDOG + "writes_per_s = 2\n" + REGISTERS).life

    assert life == Life(Heartbeat("beat", 2.0), Watchdog("time_out_s", 1.0, 30.0, 6553.5), 2.0)


def test_a_profile_that_says_nothing_has_the_usual_rate_and_neither_of_the_two(
    tmp_path: Path,
) -> None:
    assert profile(tmp_path, REGISTERS).life == Life(None, None, WRITES_PER_S)


def test_the_plcs_profile_knows_the_plcs_own_life() -> None:
    life = load_profile("sim_cdu_plc").life

    assert life.heartbeat == Heartbeat("plc.heartbeat", 1.0)
    assert life.watchdog == Watchdog("plc.fallback_after_s", 1.0, 60.0)


def test_a_pulse_and_a_rate_belong_to_their_register(tmp_path: Path) -> None:
    found = profile(tmp_path, REGISTERS + "pulse = true\nwrites_per_s = 0.1\n").registers[-1]

    assert (found.pulse, found.writes_per_s) == (True, 0.1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BEAT.replace(", period_s = 2.0", ""), "heartbeat: expected the keys"),
        (BEAT.replace("period_s", "period"), "heartbeat: expected the keys"),
        (BEAT.replace("2.0", "0.0"), "heartbeat: period_s is 0.0"),
        (BEAT.replace('"beat"', '"beet"'), "heartbeat: no register is called 'beet'"),
        (BEAT.replace('"beat"', '"serial_number"'), "heartbeat: serial_number is in a group"),
        (WATCHDOG.replace("low = 1.0", "low = 31.0"), "watchdog: low 31.0 is above high 30.0"),
        (WATCHDOG.replace("low = 1.0, ", ""), "watchdog: expected the keys"),
        ("writes_per_s = 0\n", "writes_per_s: 0, expected more than 0"),
        ("writes_per_s = true\n", "writes_per_s: True, expected more than 0"),
    ],
)
def test_a_mistake_about_a_devices_life_is_named(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ProfileError, match=rf"io\.toml: {expected}"):
        profile(tmp_path, text + REGISTERS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            REGISTERS.replace('"reset"', '"reset"\npulse = true').replace("writable = true", ""),
            "reset",
        ),
        (REGISTERS + "writes_per_s = 0.0\n", "reset: writes_per_s is 0.0"),
        (REGISTERS.replace("scale = 0.1", "writes_per_s = 1.0"), "time_out_s: writes_per_s is 1.0"),
    ],
)
def test_a_mistake_about_an_order_is_named_with_its_register(
    tmp_path: Path, text: str, expected: str
) -> None:
    with pytest.raises(ProfileError, match=expected):
        profile(tmp_path, text)


def test_a_pulse_may_not_lie_in_a_frame_that_is_repeated(tmp_path: Path) -> None:
    frame = """
    frame = { table = "holding", first = 10, last = 12, heartbeat = "hb", epoch = "ep" }
    """
    words = "".join(
        f'[[register]]\nname = "{name}"\ntable = "holding"\naddress = {address}\ntype = "{kind}"\n'
        f"{more}\n"
        for name, address, kind, more in (
            ("hb", 10, "uint16", ""),
            ("ep", 11, "uint16", ""),
            ("go", 12, "bool", "writable = true\npulse = true"),
        )
    )

    with pytest.raises(ProfileError, match="go: a pulse may not lie in a frame"):
        profile(tmp_path, frame + words)
