"""Condensation: how cold the miners' water may be in the air around them."""

from controller.control.settings import Settings
from controller.image.process_image import Snapshot

DEW_POINT = "room.dew_point_c"
# The dampest air on record had a dew point of 35 °C (Dhahran, July 2003): more is a fault.
MOST_DEW_C = 35.0
# Below so much above its least the inlet is kept from falling, the more the nearer it comes.
DRY_BAND_K = 3.0


def least_inlet_c(snapshot: Snapshot, settings: Settings) -> float | None:
    """The inlet below which the room's water condenses; None where no dew point can be believed."""
    dew_c = snapshot.number(DEW_POINT)
    if dew_c is None or dew_c > MOST_DEW_C:
        return None
    return dew_c + settings.protection.dew_point_margin_k


def dry_share(snapshot: Snapshot, settings: Settings) -> float:
    """How far heat may be taken out of the miners' water: 1 is freely, 0 is not at all.

    It falls while the inlet comes near its least; what is not known holds nothing back.
    """
    least_c = least_inlet_c(snapshot, settings)
    cold_c = snapshot.number("primary.cold_temperature_c")
    if least_c is None or cold_c is None:
        return 1.0
    return min(max((cold_c - least_c) / DRY_BAND_K, 0.0), 1.0)
