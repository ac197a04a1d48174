"""How a decision came about: what each phase of the scan wanted before the next had its say."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.control.hand import Forced
from controller.control.power import PowerBand
from controller.control.state import Mode
from controller.control.targets import HeatTarget
from controller.image.fleet import Bytes, Flags
from controller.image.tag import Value


@dataclass(frozen=True, slots=True)
class Trace:
    """The phases of one scan in their order; nothing in it is worked out afterwards.

    `looped` is what loops and switches wanted, `held` what people hold instead, `shared` what
    dispatch wanted of each unit before protection and the ceiling of power had their say.
    `missing` says what a start waits for, `power_kw` what the heat needs in electric power.
    """

    mode: Mode
    missing: tuple[str, ...]
    target: HeatTarget
    power_kw: float
    committed_kw: float
    band: PowerBand
    looped: Mapping[str, Value]
    held: Mapping[str, Forced]
    shared: Bytes
    stop_units: Flags
    pumps_off: bool
    pumps_may_stop: bool
    flow_setpoint_lpm: float
    supply_setpoint_c: float
