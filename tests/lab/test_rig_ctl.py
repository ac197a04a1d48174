"""`hearth rig-ctl`: every verb does its thing, and a wrong word is answered with the right ones."""

import io
import json
from typing import Any

import pytest
from rich.console import Console

from controller.config.load import ConfigError
from controller.lab.rig_client import RigError
from controller.lab.rig_ctl import VERBS, run_verb, settings

RULE = {
    "name": "outlet-too-hot",
    "forbids": "a unit's outlet above 85 °C",
    "count": 2,
    "now": 1,
    "first_s": 1_234.5,
    "first_place": "c01-007",
}
SCENARIO = {
    "name": "cold-snap",
    "over": False,
    "elapsed_s": 60.0,
    "lasts_s": 3_600.0,
    "expectations": [
        {"figure": "heat_sold_kw", "from_s": 0.0, "until_s": 60.0, "misses": 1, "looks": 9}
    ],
}


class PaperRig:
    """A rig on paper: it notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def truth(self) -> dict[str, float]:
        """Some figures."""
        return {"electric_kw": 3_157.891, "running_units": 376}

    def units(self) -> dict[str, list[Any]]:
        """Three units in two containers."""
        return {
            "name": ["c01-001", "c01-002", "c02-001"],
            "power_kw": [8.4, 0.03, 8.5],
            "outlet_c": [79.0, 60.0, 81.5],
            "work": [1, 2, 1],
        }

    def set_fault(self, target: str, verb: str) -> dict[str, str]:
        """Break."""
        if verb != "off":
            raise RigError(f"{target} has no fault {verb!r}")
        self.asked.append(("fault", target, verb))
        return {target: verb}

    def targets(self, word: str = "") -> dict[str, str]:
        """Two things that can break."""
        there = {"pump-1": "ok, off, local, stuck", "link:cdu": "ok, off, slow[:0.05s]"}
        return {name: verbs for name, verbs in there.items() if word in name}

    def clear_fault(self, target: str | None = None) -> dict[str, str]:
        """Mend."""
        self.asked.append(("mend", target))
        return {}

    def set(self, **values: float) -> dict[str, float]:
        """Set."""
        self.asked.append(("set", values))
        return values

    def play(self, name: str) -> dict[str, str]:
        """Begin."""
        self.asked.append(("play", name))
        return {"name": name}

    def monitor(self) -> dict[str, Any]:
        """One broken rule and a scenario."""
        return {"rules": [RULE], "scenario": SCENARIO}

    def describe(self) -> dict[str, Any]:
        """A PLC and a miner."""
        device = {"name": "cdu", "kind": "sim_cdu_plc", "host": "h", "port": 502, "unit": 1}
        miner = {"name": "c01-001", "host": "127.10.1.1", "port": 4028}
        return {"name": "Paper", "devices": [device], "miners": [miner]}


@pytest.fixture
def rig() -> PaperRig:
    return PaperRig()


def say(rig: PaperRig, line: str, *, as_json: bool = False) -> str:
    """What one order prints."""
    console = Console(file=io.StringIO(), width=120)
    run_verb(rig, line.split(), console, as_json=as_json)  # type: ignore[arg-type] # what it asks
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_truth_is_a_table_or_json(rig: PaperRig) -> None:
    assert "3,157.89" in say(rig, "truth")
    assert json.loads(say(rig, "truth", as_json=True)) == rig.truth()


def test_units_are_summed_up_by_container(rig: PaperRig) -> None:
    lines = say(rig, "units").splitlines()

    assert lines[1].split() == ["c01", "0", "1", "1", "0", "8", "79.0"]
    assert lines[2].split() == ["c02", "0", "1", "0", "0", "8", "81.5"]


def test_orders_reach_the_rig_as_they_are_said(rig: PaperRig) -> None:
    for line in (
        "fault pump-1 off",
        "mend pump-1",
        "mend",
        "set outdoor_c=-12 room_c=25.5",
        "scenario calm",
    ):
        say(rig, line)

    assert rig.asked == [
        ("fault", "pump-1", "off"),
        ("mend", "pump-1"),
        ("mend", None),
        ("set", {"outdoor_c": -12.0, "room_c": 25.5}),
        ("play", "calm"),
    ]


def test_what_can_break_is_listed_with_its_verbs(rig: PaperRig) -> None:
    assert "pump-1" in say(rig, "targets")
    assert say(rig, "targets link").split() == ["link:cdu", "ok,", "off,", "slow[:0.05s]"]


def test_a_broken_rule_is_shown_with_place_and_time(rig: PaperRig) -> None:
    shown = say(rig, "monitor")

    assert "c01-007" in shown
    assert "1,234 s" in shown
    assert "missed 1 of 9 looks" in shown


def test_a_stranger_is_shown_where_everything_is(rig: PaperRig) -> None:
    shown = say(rig, "describe")

    assert "sim_cdu_plc" in shown
    assert "127.10.1.1" in shown


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("explode", "truth, units"),
        ("fault pump-1", "TARGET VERB"),
        ("truth now", "nothing more"),
        ("mend pump-1 pump-2", "TARGET"),
        ("scenario", "NAME"),
        ("set outdoor_c=cold", "outdoor_c=-12"),
        ("set outdoor_c", "outdoor_c=-12"),
        ("fault pump-1 sings", "no fault 'sings'"),
    ],
)
def test_wrong_words_are_answered_with_the_right_ones(
    rig: PaperRig, line: str, remedy: str
) -> None:
    with pytest.raises(ConfigError, match=remedy):
        say(rig, line)

    assert rig.asked == []


def test_the_verbs_are_those_that_the_help_names() -> None:
    assert set(VERBS) == {
        *("truth", "units", "faults", "fault", "mend", "set", "scenario", "scenarios"),
        *("targets", "clock", "speed", "monitor", "describe"),
    }
    assert settings(["a=1", "b=-2.5"]) == {"a": 1.0, "b": -2.5}
