"""Mistakes of tags that are taken from a device's points."""

from tests.config.broken_plant import Mistake


def bound(code: str, tag: str, profile: str, line: str, told: str, place: str = "") -> Mistake:
    """The feeders' panel in another device's place, with a line of its points."""
    points = f"[device.points]\n{line}"
    device = f'profile = "{profile}"\nhost = "10.20.0.14"\n{points}'
    where = place or f"device.5.points.{tag}"
    return Mistake(code, where, devices={"feeders": device}, told=told)


MISTAKES = (
    bound(
        *("HC220", "annex.flow_lpm", "grundfos_cim", '"annex.flow_lpm" = "flow"  # here'),
        told="grundfos_cim has no point 'flow', did you mean 'flow_m3h'?",
    ),
    bound(
        *("HC221", "annex.flow_lpm", "kamstrup_multical", '"annex.flow_lpm" = "flow_v1"  # here'),
        told="flow_v1: its manual leaves open unit (L/h or m³/h)",
    ),
    bound(
        *("HC222", "annex.flow_lpm", "grundfos_cim", '"annex.flow_lpm" = "head_bar"  # here'),
        told="head_bar is in 'bar', and the tag is in L/min",
    ),
    bound(
        *("HC223", "", "grundfos_cim"),
        '"pump-1.speed_pct" = "setpoint_pct"\n"pump-2.speed_pct" = "setpoint_pct"',
        told="pump-2.speed_pct: overlaps pump-1.speed_pct, and both are writable",
        place="device.5.points",
    ),
    bound(
        *("HC224", "pump-1.run", "grundfos_cim", '"pump-1.run" = "rotating"  # here'),
        told="pump-1.run is an output, but its point cannot be written",
    ),
)
