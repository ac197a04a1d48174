"""Whatever is asked, by whomever, in whatever order: what people may never bring about."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from controller.control.state import Request
from tests.control.small_plant import SmallPlant

NAMES = st.sampled_from(
    [
        "heat_demand_kw",
        "heat_nomination_kw",
        "district_signal_kw",
        "power_limit_kw",
        "contract_limit_kw",
        "grid_limit_kw",
        "contract_override",
        "withdraw",
        "heat_demand_withdraw",
        "plant_mode",
        "trip_reset",
        "hand:district-pump.speed_pct",
        "hand:pump-1.run",
        "nonsense",
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(0.0, 70.0),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=6),
    NAMES,
)
ROLES = st.sampled_from(["viewer", "operator", "engineer", "buyer", "grid", "gateway"])
asked = st.tuples(
    NAMES, VALUES, ROLES, st.sampled_from(["", "because", "x\n"]), st.floats(-5.0, 20.0)
)
streams = st.lists(st.lists(asked, max_size=5), min_size=1, max_size=8)


def play(plant: SmallPlant, stream: list) -> list:
    """Each second's requests, and what was decided on them."""
    told, number = [], 0
    for arrivals in stream:
        requests = []
        for name, value, role, reason, life_s in arrivals:
            number += 1
            until_s = plant.now_s + 1.0 + life_s
            requests.append(Request(f"p{number}", "test", role, name, value, reason, until_s))
        told.append((requests, plant.scan(*requests)))
    return told


@given(streams)
@settings(max_examples=60)
def test_every_request_gets_one_verdict(stream: list) -> None:
    plant = SmallPlant()
    plant.scans(2)

    for requests, decision in play(plant, stream):
        assert sorted(verdict.request for verdict in decision.verdicts) == sorted(
            request.id for request in requests
        )
        assert all(verdict.reason for verdict in decision.verdicts)


@given(streams)
@settings(max_examples=60)
def test_no_stream_of_requests_lifts_a_ceiling(stream: list) -> None:
    plant = SmallPlant()
    plant.scans(2)

    for _, decision in play(plant, stream):
        limits = [request for request in decision.state.requests if request.name == "grid_limit_kw"]
        ceiling_kw = decision.derived["plant.power_ceiling_kw"]
        assert ceiling_kw <= min([67.2, *(float(request.value) for request in limits)]) + 1e-9


@given(streams)
@settings(max_examples=60)
def test_no_stream_goes_below_contracted_heat_without_override_or_grid(stream: list) -> None:
    plant = SmallPlant()
    plant.scans(2)

    for _, decision in play(plant, stream):
        stands = {request.name: request.value for request in decision.state.requests}
        owed_kw = stands.get("heat_nomination_kw", stands.get("district_signal_kw"))
        if owed_kw is None or "contract_override" in stands:
            continue
        assert decision.derived["plant.heat_target_kw"] >= owed_kw - 1e-9
        held_by = str(decision.derived["plant.limited_by"])
        if "grid_limit_kw" not in stands and "held at" not in held_by:
            assert held_by in {"none", "installed units", "primary pump capacity"}


@given(streams)
@settings(max_examples=60)
def test_only_what_is_sound_stands_and_only_once(stream: list) -> None:
    plant = SmallPlant()
    plant.scans(2)

    for _, decision in play(plant, stream):
        names = [request.name for request in decision.state.requests]
        assert len(set(names)) == len(names)
        for request in decision.state.requests:
            assert request.value is not None
            assert request.until_s > decision.state.last_s
        for name, value in decision.derived.items():
            assert not (isinstance(value, float) and not math.isfinite(value)), name
