"""Primary pumps: which of them work, and how much of the full flow those can give."""

import math

from controller.control.settings import Settings
from controller.image.process_image import Snapshot

# Pumps share one pipe: k of n give more than k/n of the flow (parallel pumps on a quadratic pipe).
SHARE_EXPONENT = 0.75


def flow_share(snapshot: Snapshot, settings: Settings) -> float:
    """The share of the full primary flow that the running pumps can give, from 0 to 1."""
    hydraulics = settings.hydraulics
    running = sum(snapshot.flag(f"{pump}.running") is True for pump in hydraulics.pumps)
    return math.pow(min(running / hydraulics.pumps_duty, 1.0), SHARE_EXPONENT)
