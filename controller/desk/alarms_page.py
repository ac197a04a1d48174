"""The reference of the alarms: every one that the example plant has, with what to do."""

from pathlib import Path

from controller.config.alarms import AlarmTemplate, shipped
from controller.config.load import load_plant
from controller.control.alarms.definition import Alarm
from controller.desk.alarms_verb import alarm_settings

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.example.toml"
HOURS_FROM_S, MINUTES_FROM_S = 7_200.0, 120.0
_HEAD = """# Alarms

Made by `hearth reference`; do not edit.

What each plant alarms, rationalised as ISA-18.2 and IEC 62682 ask. `{n}` stands for each
container, pump, exchanger, device or protective tag. States are A normal, B unacknowledged, C
acknowledged, D over and unacknowledged, E latched and unacknowledged, F latched; shelved,
suppressed and out of service are flags beside them. `[[alarm]]` in plant.toml changes or adds;
`hearth alarms --defined` lists those of a plant.
"""


def alarms_page() -> str:
    """The page, with the limits of the example plant."""
    alarms = alarm_settings(load_plant(EXAMPLE)).alarms
    entries = (_entry(template, _first(template, alarms)) for template in shipped())
    counts = ", ".join(
        f"{sum(one.priority == priority for one in alarms)} {priority}"
        for priority in ("low", "medium", "high", "critical")
    )
    return "\n".join((_HEAD, *entries, f"The example plant has {len(alarms)} alarms: {counts}.\n"))


def _first(template: AlarmTemplate, alarms: tuple[Alarm, ...]) -> Alarm | None:
    """One alarm of the example that was made of this template."""
    return next((one for one in alarms if one.cause == template.cause), None)


def _entry(template: AlarmTemplate, example: Alarm | None) -> str:
    return (
        f"## `{template.name}`\n\n{_condition(template, example)}\n\n"
        f"- cause: {template.cause}\n- consequence: {template.consequence}\n"
        f"- what to do: {template.action}\n- within: {_span(template.respond_s)}\n"
    )


def _condition(template: AlarmTemplate, example: Alarm | None) -> str:
    words = [f"{template.priority}, group `{template.group}`", _looks(template, example)]
    if template.on_delay_s or template.off_delay_s:
        words.append(f"on after {template.on_delay_s:g} s, off after {template.off_delay_s:g} s")
    if template.count:
        words.append(f"or {template.count} times in {_span(template.count_s)}")
    if template.latching:
        words.append("latching")
    if template.realarm_s:
        words.append(f"sounds again after {_span(template.realarm_s)}")
    if template.quiet_modes:
        words.append(f"suppressed in {', '.join(template.quiet_modes)}")
    return "; ".join(words) + "."


def _looks(template: AlarmTemplate, example: Alarm | None) -> str:
    less = f" less `{template.less}`" if template.less else ""
    match template.sort:
        case "high" | "low":
            sign = "at or above" if template.sort == "high" else "at or below"
            limit = "its limit" if example is None else f"{example.limit:g}"
            return f"`{template.tag}`{less} {sign} {limit}"
        case "on" | "off":
            return f"`{template.tag}` is {template.sort}"
        case "word":
            return f"`{template.tag}` is not “{template.word}”"
        case "bad":
            return "the quality of the tag is bad"
        case "silent":
            return "every tag of the device is bad"
        case _:
            return f"the trip {template.tag} is latched"


def _span(seconds: float) -> str:
    if seconds >= HOURS_FROM_S:
        return f"{seconds / 3_600.0:g} h"
    return f"{seconds / 60.0:g} min" if seconds >= MINUTES_FROM_S else f"{seconds:g} s"
