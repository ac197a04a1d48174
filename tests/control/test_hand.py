"""What people hold, at the device or by a request: control may not move it."""

from dataclasses import replace

import pytest

from controller.control.hand import control_of, forced
from controller.control.outputs import equipment_outputs, output_kinds
from controller.control.standing import Standing
from controller.control.state import Asked, Request
from controller.image.fleet import Fleet
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Tag
from tests.control.small_plant import SmallPlant, plant_file

FAR_S = 1e9


def snapshot(values: dict[str, float | bool | None], now_s: float = 100.0) -> Snapshot:
    """An image of these tags, each read at 100 s; None was never read."""
    tags = [
        Tag(name, "flag" if isinstance(value, bool) else "number", "", name, 0.0, 100.0, 1.5, 3.0)
        for name, value in values.items()
    ]
    image = ProcessImage(tags, Fleet(SmallPlant().image.fleet.layout))
    for name, value in values.items():
        if value is not None:
            image.put(name, value, 100.0)
    return image.freeze(now_s, 1_767_225_600.0)


def hand(tag: str, value: Asked, source: str = "opcua:emil") -> Standing:
    return (Request("h1", source, "engineer", f"hand:{tag}", value, "works", FAR_S),)


SETTINGS = SmallPlant().settings


def test_without_selectors_and_requests_everything_is_automatic() -> None:
    shown = snapshot({"pump-1.speed_pct": 60.0})

    assert forced(shown, (), SETTINGS) == {}
    assert set(control_of(shown, (), SETTINGS).values()) == {"automatic"}


def test_a_device_at_local_is_held_at_its_read_back() -> None:
    shown = snapshot({"pump-1.remote": False, "pump-1.run": True, "pump-1.speed_pct": 43.0})

    held = forced(shown, (), SETTINGS)

    assert {tag: (one.value, one.why) for tag, one in held.items()} == {
        "pump-1.run": (True, "local"),
        "pump-1.speed_pct": (43.0, "local"),
    }
    assert held["pump-1.run"].value is True
    assert control_of(shown, (), SETTINGS)["pump-1.control"] == "local"


@pytest.mark.parametrize("selector", [None, "stale"])
def test_an_unknown_selector_counts_as_local(selector: str | None) -> None:
    now_s = 100.0 if selector is None else 104.0
    remote = None if selector is None else True
    shown = snapshot({"pump-1.remote": remote, "pump-1.speed_pct": 43.0}, now_s)

    held = forced(shown, (), SETTINGS)

    assert held["pump-1.speed_pct"].why == "local"
    assert held["pump-1.speed_pct"].value == (43.0 if selector is None else None)


def test_what_cannot_be_read_back_is_not_written() -> None:
    held = forced(snapshot({"pump-1.remote": False}), (), SETTINGS)

    assert held["pump-1.speed_pct"].value is None
    assert held["pump-1.run"].value is None


@pytest.mark.parametrize(
    ("tag", "value"),
    [("district-pump.speed_pct", 37.5), ("district-pump.speed_pct", 0.0), ("pump-2.run", False)],
)
def test_an_order_by_hand_holds_its_output_and_names_who(tag: str, value: Asked) -> None:
    held = forced(snapshot({}), hand(tag, value), SETTINGS)

    assert {name: (one.value, one.why) for name, one in held.items()} == {
        tag: (value, "hand: opcua:emil")
    }
    assert control_of(snapshot({}), hand(tag, value), SETTINGS)[
        f"{tag.partition('.')[0]}.control"
    ] == ("hand")


def test_local_outranks_hand() -> None:
    shown = snapshot({"pump-1.remote": False, "pump-1.speed_pct": 43.0})

    held = forced(shown, hand("pump-1.speed_pct", 90.0), SETTINGS)

    assert held["pump-1.speed_pct"].value == 43.0
    assert control_of(shown, hand("pump-1.speed_pct", 90.0), SETTINGS)["pump-1.control"] == "local"


def test_one_local_container_leaves_the_others_alone() -> None:
    shown = snapshot(
        {
            "container-01.remote": False,
            "container-01.contactor_close": True,
            "container-01.valve_open_command": False,
            "container-02.remote": True,
            "container-02.contactor_close": True,
        }
    )

    held = forced(shown, (), SETTINGS)

    assert {tag: one.value for tag, one in held.items()} == {
        "container-01.contactor_close": True,
        "container-01.valve_open_command": False,
    }


def test_only_what_is_installed_can_be_set_by_hand() -> None:
    tank = {"volume_m3": 10.0}
    bare = plant_file(hydraulics={"primary_flow_max_lpm": 100.0, "dry_cooler_kw": 0.0})
    full = plant_file(tank=tank, booster={"rated_kw": 20.0})

    without = set(equipment_outputs(SmallPlant(bare).settings))
    with_all = set(equipment_outputs(SmallPlant(full).settings))

    installed = {"three-way-valve", "dry-cooler", "network-pump", "mixing-valve", "booster"}
    assert not without & installed
    assert with_all >= installed
    assert without >= {"pump-1", "pump-2", "district-pump", "make-up", "exchanger-1"}


def test_every_output_can_be_set_by_hand_in_its_own_kind() -> None:
    plant = SmallPlant()
    plant.scans(2)
    for tag, kind in output_kinds(plant.settings).items():
        wrong = plant.request(f"hand:{tag}", "sideways", role="engineer")
        right = plant.request(f"hand:{tag}", "true" if kind == "flag" else "55", role="engineer")

        decision = plant.scan(wrong, right)

        assert [verdict.accepted for verdict in decision.verdicts] == [False, True], tag
        value = plant.state.requests[-1].value
        assert isinstance(value, bool) == (kind == "flag"), tag


@pytest.mark.parametrize("value", [-0.1, 100.1, True])
def test_a_value_out_of_the_outputs_range_is_refused(value: Asked) -> None:
    plant = SmallPlant()
    plant.scans(2)

    request = plant.request("hand:district-pump.speed_pct", value, role="engineer")

    assert not plant.scan(request).verdicts[0].accepted


def test_who_holds_what_by_hand_is_told_until_it_lapses() -> None:
    plant = SmallPlant()
    plant.scans(2)
    request = plant.request("hand:district-pump.speed_pct", 40.0)

    now = plant.scan(replace(request, until_s=plant.now_s + 120.0))
    later = plant.scans(150)

    told = str(now.derived["plant.by_hand"])
    assert told.startswith("district-pump.speed_pct = 40.0 by opcua:anna")
    assert now.derived["district-pump.control"] == "hand"
    assert later.derived["plant.by_hand"] == ""
    assert later.derived["district-pump.control"] == "automatic"


def test_an_output_that_no_device_of_this_plant_takes_is_refused_by_name() -> None:
    plant = SmallPlant()
    plant.settings = replace(plant.settings, lacking=frozenset({"make-up.valve_open_command"}))
    plant.scans(2)

    asked = ("make-up.valve_open_command", "exchanger-1.valve_open_command")
    verdicts = plant.scan(*(plant.request(f"hand:{tag}", "on") for tag in asked)).verdicts

    assert [verdict.accepted for verdict in verdicts] == [False, True]
    assert "no output 'make-up.valve_open_command' that a device here takes" in verdicts[0].reason
