"""The buffer tank: how full it is, from its layers and the network's return."""

from controller.control.settings import Settings
from controller.control.water import LITRE_KJ_PER_K
from controller.image.process_image import Snapshot

LAYERS = tuple(f"tank.layer_{layer}_temperature_c" for layer in range(1, 9))
LEAST_SPAN_K = 5.0


def charge_pct(snapshot: Snapshot, settings: Settings) -> float | None:
    """State of charge: 0 % all at the return temperature, 100 % all at the full temperature.

    Layers that are not known are left out; None without any, or without a tank.
    """
    return_c, above_k = snapshot.number("network.return_temperature_c"), _above_return_k(snapshot)
    if settings.tank is None or return_c is None or above_k is None:
        return None
    span_k = max(settings.tank.full_c - return_c, LEAST_SPAN_K)
    return min(max(100.0 * above_k / span_k, 0.0), 100.0)


def charge_kwh(snapshot: Snapshot, settings: Settings) -> float | None:
    """Heat in kWh that the tank's water holds above the network's return, never less than none."""
    above_k = _above_return_k(snapshot)
    if settings.tank is None or above_k is None:
        return None
    kwh_per_k = settings.tank.volume_m3 * 1_000.0 * LITRE_KJ_PER_K / 3_600.0
    return max(kwh_per_k * above_k, 0.0)


def full_charge_kwh(snapshot: Snapshot, settings: Settings) -> float | None:
    """Heat in kWh that a full tank holds above the network's return."""
    return_c = snapshot.number("network.return_temperature_c")
    if settings.tank is None or return_c is None:
        return None
    kwh_per_k = settings.tank.volume_m3 * 1_000.0 * LITRE_KJ_PER_K / 3_600.0
    return kwh_per_k * max(settings.tank.full_c - return_c, LEAST_SPAN_K)


def top_c(snapshot: Snapshot) -> float | None:
    """The water that leaves the separator for the network.

    While more comes from the exchangers than the network takes, it is theirs; else the tank's top.
    """
    top = snapshot.number("tank.layer_1_temperature_c")
    made_c = snapshot.number("district.supply_temperature_c")
    made_lpm = snapshot.number("district.flow_lpm")
    taken_lpm = snapshot.number("network.flow_lpm")
    if top is None or made_c is None:
        return made_c if top is None else top
    surplus = made_lpm is not None and taken_lpm is not None and made_lpm > max(taken_lpm, 0.0)
    return made_c if surplus else top


def hot_share(snapshot: Snapshot, setpoint_c: float) -> float:
    """The share of hot water, the rest being return, with which the network gets this temperature.

    Up to what the exchangers give it is theirs; beyond, the tank's top is mixed in. One while the
    hot water is not warm enough, or not known.
    """
    top, return_c = top_c(snapshot), snapshot.number("network.return_temperature_c")
    if top is None or return_c is None:
        return 1.0
    wanted_k = max(setpoint_c - return_c, 0.0)
    made_c = snapshot.number("district.supply_temperature_c")
    made_lpm = snapshot.number("district.flow_lpm")
    flow_lpm = snapshot.number("network.flow_lpm")
    if made_c is None or made_lpm is None or not flow_lpm:
        return min(wanted_k / max(top - return_c, LEAST_SPAN_K), 1.0)
    made_k, made = max(made_c - return_c, 0.0), max(made_lpm / flow_lpm, 0.0)
    if wanted_k <= made * made_k:
        return min(wanted_k / max(made_k, LEAST_SPAN_K), 1.0)
    stored_c = snapshot.number("tank.layer_1_temperature_c")
    stored_k = 0.0 if stored_c is None else stored_c - return_c
    if stored_k < LEAST_SPAN_K:
        return 1.0
    return min(max((wanted_k - made * (made_k - stored_k)) / stored_k, 0.0), 1.0)


def _above_return_k(snapshot: Snapshot) -> float | None:
    """How much warmer the known layers are than the network's return, in the mean."""
    layers_c = [value for name in LAYERS if (value := snapshot.number(name)) is not None]
    return_c = snapshot.number("network.return_temperature_c")
    if not layers_c or return_c is None:
        return None
    return sum(layers_c) / len(layers_c) - return_c
