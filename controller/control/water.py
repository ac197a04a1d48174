"""What water carries: one mean value for the temperatures of this plant."""

LITRE_KJ_PER_K = 0.980 * 4.19
"""One litre warmed by one kelvin, at 65 °C: 0.980 kg/L, 4.19 kJ/(kg K) (IAPWS-95)."""

KW_PER_LPM_K = LITRE_KJ_PER_K / 60.0
"""One L/min warmed by one kelvin."""
