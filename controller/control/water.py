"""What water carries: one mean value for the temperatures of this plant."""

LITRE_KJ_PER_K = 0.980 * 4.19
"""One litre warmed by one kelvin, at 65 °C: 0.980 kg/L, 4.19 kJ/(kg K) (IAPWS-95)."""

KW_PER_LPM_K = LITRE_KJ_PER_K / 60.0
"""One L/min warmed by one kelvin."""


def rise_k(power_kw: float, flow_lpm: float) -> float:
    """How much this power warms this flow, in K."""
    return power_kw / (KW_PER_LPM_K * flow_lpm)


def warmest_c(power_kw: float, least_lpm: float, outlet_c: float, inlet_c: float) -> float:
    """How warm miners of this power make their water, held at this outlet and inlet, in °C.

    At its least flow it is warmed by no more than their power.
    """
    return min(outlet_c, inlet_c + rise_k(power_kw, least_lpm))
