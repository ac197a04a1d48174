"""Solve the towns of `district_cases.json` with pandapipes; its answer goes to standard output.

For the peers' environment: `make peers`, then `.venv-peers/bin/python` this file. It shares nothing
with the simulators but the towns.
"""

import json
import math
import sys
import warnings
from pathlib import Path
from typing import Any

import pandapipes

Tree = dict[str, Any]

CASES = Path(__file__).resolve().parents[1] / "data" / "district_cases.json"
KELVIN = 273.15
STATIC_BAR = 6.0
VALVE_BORE_M = 0.1
OPTIONS = {"friction_model": "colebrook", "max_iter_hyd": 200, "max_iter_therm": 200}


def town(cases: Tree, supply_c: float, dp_kpa: float) -> tuple[Any, Any, Any, Any]:
    """Pipes and pump; the junctions of each street's end, supply and return."""
    net = pandapipes.create_empty_network(fluid="water")
    plant = [_junction(net, supply_c) for _ in range(2)]
    ends = {None: plant}
    pipes = {}
    for street in cases["streets"]:
        name, start = street["name"], ends[street["behind"]]
        ends[name] = [_junction(net, supply_c) for _ in range(2)]
        for side, (begin, end) in enumerate(((start[0], ends[name][0]), (ends[name][1], start[1]))):
            pipes[name, side] = pandapipes.create_pipe_from_parameters(
                net,
                begin,
                end,
                length_km=street["length_m"] / 1_000.0,
                inner_diameter_mm=1_000.0 * street["bore_m"],
                k_mm=1_000.0 * cases["roughness_m"],
                sections=20,
                u_w_per_m2k=street["u_w_per_m_k"] / (math.pi * street["bore_m"]),
                text_k=cases["ground_c"] + KELVIN,
            )
    pandapipes.create_circ_pump_const_pressure(
        net,
        plant[1],
        plant[0],
        p_flow_bar=STATIC_BAR,
        plift_bar=dp_kpa / 100.0,
        t_flow_k=supply_c + KELVIN,
    )
    return net, plant, ends, pipes


def heat(cases: Tree, case: Tree) -> Tree:
    """Consumers take their heat and cool the water: flows and temperatures."""
    net, plant, ends, pipes = town(cases, case["supply_c"], dp_kpa=250.0)
    for street in cases["streets"]:
        supply, back = ends[street["name"]]
        pandapipes.create_heat_consumer(
            net,
            supply,
            back,
            qext_w=1_000.0 * street["share"] * case["consumers_kw"],
            treturn_k=case["return_c"] + KELVIN,
        )
    pandapipes.pipeflow(net, mode="bidirectional", max_iter_bidirect=200, **OPTIONS)
    at_c = net.res_junction.t_k - KELVIN
    return {
        "flow_kg_s": float(net.res_circ_pump_pressure.mdot_from_kg_per_s.iloc[0]),
        "return_c": float(at_c[plant[1]]),
        "streets": {
            street["name"]: {
                "flow_kg_s": float(net.res_pipe.mdot_from_kg_per_s[pipes[street["name"], 0]]),
                "arriving_c": float(at_c[ends[street["name"]][0]]),
                "return_c": float(at_c[ends[street["name"]][1]]),
            }
            for street in cases["streets"]
        },
    }


def pressure(cases: Tree, case: Tree) -> Tree:
    """Consumers stand still with these valves: how the flow divides."""
    net, _, ends, pipes = town(cases, 60.0, case["dp_kpa"])
    for name, kv_m3h in case["kv_m3h"].items():
        # Kv is the flow at 1 bar of water of 1,000 kg/m³: zeta = 2 dp (A/Q)² over the density.
        bore_m2 = math.pi / 4.0 * VALVE_BORE_M**2
        zeta = 2.0 * 1e5 * (bore_m2 / (kv_m3h / 3_600.0)) ** 2 / 1_000.0
        supply, back = ends[name]
        pandapipes.create_valve(
            net,
            supply,
            back,
            "ju",
            inner_diameter_mm=1_000.0 * VALVE_BORE_M,
            loss_coefficient=zeta,
        )
    pandapipes.pipeflow(net, mode="hydraulics", **OPTIONS)
    return {name: float(net.res_pipe.mdot_from_kg_per_s[pipes[name, 0]]) for name in case["kv_m3h"]}


def main() -> None:
    """Solve every case."""
    warnings.simplefilter("ignore")
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    solved = {
        "program": f"pandapipes {pandapipes.__version__}",
        "heat": {case["name"]: heat(cases, case) for case in cases["heat"]},
        "pressure": {case["name"]: pressure(cases, case) for case in cases["pressure"]},
    }
    json.dump(_rounded(solved), sys.stdout, indent=1)
    sys.stdout.write("\n")


def _junction(net: Any, temperature_c: float) -> Any:  # noqa: ANN401 - of pandapipes
    return pandapipes.create_junction(net, pn_bar=STATIC_BAR, tfluid_k=temperature_c + KELVIN)


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any leaf of a tree
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
