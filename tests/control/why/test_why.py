"""The chain of a tag is that of the decision: each link is what a phase of the scan has said."""

import pytest

from controller.control.hand import HAND
from controller.control.outputs import output_kinds
from controller.control.why.explain import UnknownNameError, explain
from controller.control.why.step import Step
from tests.control.small_plant import RUNNING, SmallPlant


def chain(plant: SmallPlant, name: str) -> tuple[Step, ...]:
    decision = plant.scan()
    return explain(name, plant.snapshot(), decision, plant.settings)


def said(steps: tuple[Step, ...], stage: str) -> str:
    return "\n".join(step.text for step in steps if step.stage == stage)


def running() -> SmallPlant:
    plant = SmallPlant()
    plant.scans(5)
    return plant


def test_a_speed_is_explained_by_its_loop_and_what_that_looks_at() -> None:
    plant = running()
    steps = chain(plant, "pump-1.speed_pct")

    assert [step.stage for step in steps] == sorted(
        (step.stage for step in steps),
        key=["value", "source", "request", "protection", "limit", "output", "read-back"].index,
    )
    assert "holds primary flow at" in said(steps, "source")
    assert "primary.flow_lpm = 90.0" in said(steps, "source")
    assert "inside its limits" in said(steps, "limit")
    assert "pump-1.running = on" in said(steps, "read-back")


def test_a_hand_is_named_with_its_reason_and_what_is_left_of_it() -> None:
    plant = running()
    wish = plant.request(HAND + "pump-1.speed_pct", 55.0, reason="bearing is loud")
    plant.scan(wish)
    steps = chain(plant, "pump-1.speed_pct")

    assert "bearing is loud" in said(steps, "request")
    assert "is held at 55.0 (hand:" in said(steps, "request")
    assert said(steps, "output") == "written: 55.0"


def test_what_the_envelope_changes_is_told() -> None:
    plant = running()
    wish = plant.request(HAND + "pump-1.speed_pct", 1.0, reason="as slow as can be")
    plant.scan(wish)
    decision = plant.scan()
    steps = explain("pump-1.speed_pct", plant.snapshot(), decision, plant.settings)

    got = decision.outputs["pump-1.speed_pct"]
    assert got > 1.0
    assert said(steps, "limit") == f"the envelope made {got:.1f} of 1.0"


def test_a_device_that_has_something_else_is_told() -> None:
    plant = running()
    plant.set(pump_1__speed_pct=17.0)
    steps = chain(plant, "pump-1.speed_pct")

    assert "differs from what is written" in said(steps, "read-back")


def test_a_trip_is_the_reason_of_what_it_stops() -> None:
    plant = running()
    plant.set(container_02__leak=True)
    plant.scans(2)

    steps = chain(plant, "container-02.contactor_close")
    assert "tripped: leak of container-02" in said(steps, "protection")
    assert said(steps, "output") == "written: off"
    assert not said(chain(plant, "container-01.contactor_close"), "protection")


def test_a_unit_is_explained_from_the_heat_to_its_telemetry() -> None:
    plant = running()
    name = plant.snapshot().fleet.layout.names[0]
    steps = chain(plant, name)

    assert "heat target" in said(steps, "source")
    assert "site power limit" in said(steps, "limit")
    assert said(steps, "output").startswith("ordered:")
    assert "running, 8.4 kW" in said(steps, "read-back")


def test_a_power_that_a_unit_has_not_measured_is_told_as_such() -> None:
    plant = running().unit(0, RUNNING._replace(power_estimated=True))

    steps = chain(plant, plant.snapshot().fleet.layout.names[0])

    assert "running, 8.4 kW (estimated)" in said(steps, "read-back")


def test_the_lowest_limit_comes_first_and_is_marked() -> None:
    plant = running()
    plant.scan(plant.request("power_limit_kw", 20.0, reason="fuse"))
    steps = chain(plant, "plant.power_ceiling_kw")

    lowest = next(step.text for step in steps if step.stage == "limit")
    assert lowest == "operator limit: 20 kW <- the lowest"
    assert "because: fuse" in said(steps, "request")


def test_a_measurement_tells_how_far_it_can_be_trusted() -> None:
    plant = running()
    plant.set(primary__hot_temperature_c=None)
    plant.scans(10)

    value = chain(plant, "primary.hot_temperature_c")[0].text
    assert "uncertain" in value or "bad" in value
    assert "s old" in value


def test_every_output_every_derived_tag_and_every_unit_has_a_chain() -> None:
    plant = running()
    decision = plant.scan()
    snapshot = plant.snapshot()
    units = snapshot.fleet.layout.names

    for name in (*output_kinds(plant.settings), *decision.derived, *snapshot.index, *units):
        assert explain(name, snapshot, decision, plant.settings), name


def test_a_plant_that_is_only_watched_says_so() -> None:
    plant = SmallPlant()
    plant.set(primary__flow_lpm=None)
    steps = chain(plant, "pump-1.speed_pct")

    assert "only watches" in said(steps, "source")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("pump-1.sped_pct", "pump-1.speed_pct"), ("zzz", "`hearth tags` lists all")],
)
def test_a_name_that_nobody_has_is_refused_with_the_nearest(name: str, hint: str) -> None:
    plant = running()
    decision = plant.scan()

    with pytest.raises(UnknownNameError, match="there is no tag") as refusal:
        explain(name, plant.snapshot(), decision, plant.settings)
    assert hint in str(refusal.value)
