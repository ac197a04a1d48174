"""Modes of the plant's own loops, as people ask for them: no bump, no way around a limit."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from controller.control.decision import Decision
from controller.control.loops.memory import loop_states
from controller.control.loops.table import Loop, loops
from controller.control.why.explain import explain
from tests.control.small_plant import SmallPlant, plant_file

LAYERS = {f"tank.layer_{layer}_temperature_c": 75.0 for layer in range(1, 9)}
NETWORK = {"network": {"flow_max_lpm": 70.0}}
SCANS = 60
PLANTS: dict[str, dict[str, object]] = {
    "plain": {},
    "tank": {"tank": {"volume_m3": 10.0}, "booster": {"rated_kw": 20.0}, **NETWORK},
    "sole": {"plant": {"network_role": "sole_source"}, **NETWORK},
}
WITH_OUTPUT = [
    ("plain", name, mode)
    for name in ("flow", "supply", "reject")
    for mode in ("manual", "automatic")
] + [
    (kind, name, mode)
    for kind, name in (("tank", "heat"), ("tank", "mixing"), ("sole", "pressure"))
    for mode in ("manual", "automatic")
]


def plant_of(kind: str) -> SmallPlant:
    extra = LAYERS if kind == "tank" else {}
    return SmallPlant(plant_file(**PLANTS[kind]), extra={**extra, "network.flow_lpm": 40.0})


def scans(plant: SmallPlant, seconds: int, *asked: tuple[str, float | None]) -> Iterator[Decision]:
    """So many scans, whose outputs the devices take at once; wishes come with the first."""
    requests = [plant.request(name, value) for name, value in asked]
    for second in range(seconds):
        decision = plant.scan(*(requests if second == 0 else []))
        plant.values |= {tag: v for tag, v in decision.outputs.items() if tag in plant.values}
        yield decision


def run(plant: SmallPlant, seconds: int, *asked: tuple[str, float | None]) -> Decision:
    *_, last = scans(plant, seconds, *asked)
    return last


def outputs(plant: SmallPlant, loop: Loop, *asked: tuple[str, float | None]) -> list[float]:
    return [float(one.outputs[loop.outputs[0]]) for one in scans(plant, SCANS, *asked)]


@pytest.mark.parametrize(("kind", "name", "mode"), WITH_OUTPUT)
def test_no_loop_jumps_when_its_mode_changes(kind: str, name: str, mode: str) -> None:
    plant = plant_of(kind)
    loop = loops(plant.settings)[name]
    before = outputs(plant, loop)

    there = outputs(plant, loop, (f"loop:{name}.{mode}", 95.0 if mode == "manual" else loop.high))
    back = outputs(plant, loop, (f"loop:{name}.cascade", None))

    ramp_pct = loop.output_pct_per_s + 1e-9
    assert abs(there[0] - before[-1]) <= ramp_pct
    assert abs(back[0] - there[-1]) <= ramp_pct
    if mode == "manual":
        assert max(abs(b - a) for a, b in pairwise(there)) <= ramp_pct
        assert there[-1] == pytest.approx(95.0)


@pytest.mark.parametrize(("kind", "name"), [("plain", "flow"), ("plain", "supply")])
def test_without_a_value_a_loop_is_held_as_it_is(kind: str, name: str) -> None:
    plant = plant_of(kind)
    loop = loops(plant.settings)[name]
    before = outputs(plant, loop)

    held = outputs(plant, loop, (f"loop:{name}.manual", None))

    assert held == pytest.approx([before[-1]] * SCANS)
    assert loop_states(plant.state, plant.settings)[name].mode == "manual"


def test_of_one_loop_the_newest_wish_stands_and_its_end_is_cascade() -> None:
    plant = plant_of("plain")

    run(plant, 3, ("loop:supply.manual", 50.0))
    run(plant, 3, ("loop:supply.automatic", 70.0))
    in_automatic = [one.name for one in plant.state.requests]
    decision = run(plant, 640)

    assert in_automatic == ["loop:supply.automatic"]
    assert plant.state.requests == ()
    assert decision.derived["loop.supply.mode"] == "cascade"
    assert any("loop:supply.automatic of operator lapsed" in told for told in plant.events)


@pytest.mark.parametrize(
    ("name", "value", "changes", "said"),
    [
        ("loop:supply.automatic", 95.0, {}, "must lie between 55 and 90 °C"),
        ("loop:flow.manual", 101.0, {}, "must lie between 0 and 100 %"),
        ("loop:flow.manual", 50.0, {"role": "viewer"}, "may not ask"),
        ("loop:flow.manual", 50.0, {"reason": " "}, "needs a reason"),
        ("loop:flow.manual", float("nan"), {}, "needs a number"),
        ("loop:flow.manual", "much", {}, "needs a number"),
        ("loop:booster.manual", 50.0, {}, "no request"),
        ("withdraw", "loop:flow.cascade", {}, "can stand"),
    ],
)
def test_what_may_not_be_asked_is_refused(
    name: str, value: float | str, changes: dict[str, object], said: str
) -> None:
    plant = plant_of("plain")
    plant.scans(3)

    decision = plant.scan(plant.request(name, value, **changes))

    assert said in decision.verdicts[0].reason
    assert not decision.verdicts[0].accepted


def test_before_anything_was_decided_there_is_nothing_to_hold() -> None:
    plant = plant_of("plain")

    decision = plant.scan(plant.request("loop:supply.manual"))

    assert decision.verdicts[0].reason == "nothing is known of this loop yet"


def test_a_set_point_never_takes_the_miners_their_least_flow() -> None:
    plant = plant_of("plain")

    decision = run(plant, 200, ("loop:flow.automatic", 0.0))

    floor_lpm = 1.03 * 8 * plant.settings.unit.flow_floor_lpm
    assert decision.derived["loop.flow.setpoint"] == pytest.approx(floor_lpm)


def test_the_master_follows_while_the_loop_below_does_not_listen() -> None:
    plant = plant_of("plain").set(primary__flow_lpm=95.0)

    run(plant, 30, ("loop:flow.manual", 80.0))
    decision = run(plant, 1, ("loop:flow.cascade", None))

    assert decision.derived["loop.flow.setpoint"] == pytest.approx(95.0, abs=0.5)


def test_while_the_district_is_lost_no_set_point_keeps_the_heat_in() -> None:
    plant = plant_of("plain").set(primary__cold_temperature_c=65.0)
    run(plant, 5, ("loop:reject.automatic", 72.0))

    decision = run(plant, 20, ("heat_demand_kw", 60.0))
    plant.set(district__flow_lpm=0.0)
    lost = run(plant, 20)

    assert decision.outputs["three-way-valve.position_pct"] == 0.0
    assert lost.outputs["three-way-valve.position_pct"] == 100.0
    assert lost.derived["loop.reject.setpoint"] == 60.0


def test_protection_outranks_a_loop_in_somebody_s_hand() -> None:
    plant = plant_of("plain")
    run(plant, 30, ("loop:flow.manual", 20.0))

    decision = run(plant, 15, ("loop:flow.manual", 0.0))
    plant.set(primary__hot_temperature_c=99.0)
    tripped = run(plant, 10)

    hydraulics = plant.settings.hydraulics
    assert decision.outputs["pump-1.speed_pct"] == hydraulics.pump_min_pct
    assert tripped.derived["plant.tripped"] is True
    assert tripped.outputs["pump-1.speed_pct"] == hydraulics.pump_safe_pct


def test_an_order_by_hand_shows_as_manual_and_outranks_the_mode_of_its_loop() -> None:
    plant = plant_of("plain")

    run(plant, 5, ("loop:supply.automatic", 70.0))
    decision = run(plant, 3, ("hand:district-pump.speed_pct", 44.0))

    assert decision.derived["loop.supply.mode"] == "manual"
    assert decision.outputs["district-pump.speed_pct"] == 44.0


@pytest.mark.parametrize("kind", PLANTS)
def test_every_loop_is_told_and_explained(kind: str) -> None:
    plant = plant_of(kind)
    decision = run(plant, 5, ("loop:supply.automatic", 70.0))

    for name, loop in loops(plant.settings).items():
        told = explain(f"loop.{name}.mode", plant.snapshot(), decision, plant.settings)
        assert any(loop.holds in one.text for one in told), name
        assert decision.derived[f"loop.{name}.setpoint"] is not None, name
    supply = explain("district-pump.speed_pct", plant.snapshot(), decision, plant.settings)
    words = " ".join(one.text for one in supply)
    by_hand = str(decision.derived["plant.by_hand"])
    assert by_hand.startswith("loop:supply.automatic = 70.0 by opcua:anna")
    assert "loop supply is in automatic" in words
    assert "loop:supply.automatic = 70.0 by opcua:anna as operator" in words


def test_gains_come_from_the_plant_s_file() -> None:
    file = plant_file(loops={"supply_gain": 3.5, "supply_integral_s": 321.0})

    tuning = loops(SmallPlant(file).settings)["supply"].tuning

    assert (tuning.gain, tuning.integral_s) == (3.5, 321.0)
