"""The buffer tank: how full it is, from its layers and the network's return."""

from controller.control.settings import Settings
from controller.image.process_image import Snapshot

LAYERS = 8
LEAST_SPAN_K = 5.0


def charge_pct(snapshot: Snapshot, settings: Settings) -> float | None:
    """State of charge: 0 % all at the return temperature, 100 % all at the full temperature.

    Layers that are not known are left out; None without any, or without a tank.
    """
    if settings.tank is None:
        return None
    layers_c = [
        value
        for layer in range(1, LAYERS + 1)
        if (value := snapshot.number(f"tank.layer_{layer}_temperature_c")) is not None
    ]
    return_c = snapshot.number("network.return_temperature_c")
    if not layers_c or return_c is None:
        return None
    span_k = max(settings.tank.full_c - return_c, LEAST_SPAN_K)
    mean_c = sum(layers_c) / len(layers_c)
    return min(max(100.0 * (mean_c - return_c) / span_k, 0.0), 100.0)


def top_c(snapshot: Snapshot) -> float | None:
    """The water that leaves the separator for the network: the tank's top, else the exchangers'."""
    top = snapshot.number("tank.layer_1_temperature_c")
    return snapshot.number("district.supply_temperature_c") if top is None else top
