"""A place of plant.toml is found in the line where an editor shows it."""

import pytest

from controller.config.lines import Lines


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("[plant]\nname = 'x'", "plant.name", 2),
        ("plant.name = 'x'", "plant.name", 1),
        ("[plant]\nname = 'x'", "plant.timezone", 1),
        ("[plant]\nname = 'x'", "miners.model", None),
        ("[[device]]\nname = 'a'\n[[device]]\nname = 'b'", "device.2.name", 4),
        ("[[device]]\nname = 'a'\n[[device]]\nname = 'b'", "device", 1),
        ("[[container]]\n[[container.miner]]\naddress = 'a'", "container.1.miner.1.address", 3),
        ("[heat]\nsupply_curve = [\n  [1.0, 2.0],\n]\nrecovery = 1.0", "heat.recovery", 5),
        ("[plant]\nname = ']['\ntimezone = 'UTC'", "plant.timezone", 3),
        # What stands in a text of many lines is no table and no key.
        ('[plant]\nname = """\n[miners]\nmodel = 1\n"""\ntimezone = "UTC"', "miners", None),
        ('[plant]\nname = """\n[miners]\nmodel = 1\n"""\ntimezone = "UTC"', "plant.timezone", 6),
        ("[plant]\nname = '''\n[miners]\n'''\n[core]\nscan_s = 1", "core.scan_s", 6),
        # Three quotes in a comment or in a short text begin nothing.
        ('# don\'t """\n[plant]\nname = "x" # """', "plant.name", 3),
        ('[plant]\nname = \'"""\'\n[core]\nscan_s = 1', "core.scan_s", 4),
        ('[plant]\nname = ""\n[core]\nscan_s = 1', "core.scan_s", 4),
        # A line ends where editors end it.
        ("[plant]\nname = 'a\u2028b\x85c'\ntimezone = 'UTC'", "plant.timezone", 3),
    ],
)
def test_a_place_has_its_line(text: str, place: str, line: int | None) -> None:
    assert Lines(text)[place] == line
