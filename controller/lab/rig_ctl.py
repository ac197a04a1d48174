"""`hearth rig-ctl`: the control port by hand, as tables or as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from controller.config.load import ConfigError
from controller.lab.rig_client import RigClient, RigError

WORKS = {0: "booting", 1: "working", 2: "asleep", 3: "fault"}

Verb = Callable[[RigClient, Sequence[str]], object]


class WrongWordsError(ConfigError):
    """The words after the verb make no order; the message says which do."""


def run_verb(client: RigClient, words: Sequence[str], console: Console, *, as_json: bool) -> None:
    """Do what the words say and show what the rig answers; ConfigError when it refuses."""
    verb, *rest = words
    if verb not in VERBS:
        raise WrongWordsError(f"{verb!r} is no order: there are {', '.join(VERBS)}")
    ask, show = VERBS[verb]
    try:
        answer = ask(client, rest)
    except RigError as error:
        raise ConfigError(str(error)) from error
    if as_json:
        console.out(json.dumps(answer, indent=2), highlight=False)
    else:
        show(console, answer)


def settings(words: Sequence[str]) -> dict[str, float]:
    """KEY=VALUE pairs as numbers."""
    pairs = [word.partition("=") for word in words]
    try:
        return {key: float(value) for key, _, value in pairs}
    except ValueError as error:
        raise WrongWordsError("set takes KEY=VALUE with numbers, such as outdoor_c=-12") from error


def _exactly(words: Sequence[str], *names: str) -> Sequence[str]:
    if len(words) != len(names):
        raise WrongWordsError(
            f"expected {' '.join(names) or 'nothing more'}, got {' '.join(words)}"
        )
    return words


def _one_number(words: Sequence[str]) -> float:
    try:
        return float(*_exactly(words, "N"))
    except ValueError as error:
        raise WrongWordsError(f"speed takes a number of 1 to 10, not {words[0]!r}") from error


def _mend(client: RigClient, words: Sequence[str]) -> object:
    return client.clear_fault(*(_exactly(words, "TARGET") if words else ()))


def _targets(client: RigClient, words: Sequence[str]) -> object:
    return client.targets(*(_exactly(words, "WORD") if words else ()))


def _pairs(console: Console, answer: Any) -> None:  # noqa: ANN401 - JSON
    table = Table(box=None, show_header=False)
    for name, value in answer.items():
        table.add_row(str(name), _shown(value))
    console.print(table if answer else "none")


def _described(console: Console, answer: Any) -> None:  # noqa: ANN401 - JSON
    _pairs(console, {key: value for key, value in answer.items() if isinstance(value, str | float)})
    table = Table("device", "kind", "host", "port", "unit", box=None)
    for device in answer["devices"]:
        table.add_row(*(_shown(device[key]) for key in ("name", "kind", "host", "port", "unit")))
    first, last = answer["miners"][0], answer["miners"][-1]
    table.add_row(
        f"{first['name']} to {last['name']}",
        "cgminer",
        f"{first['host']} to {last['host']}",
        str(first["port"]),
        "",
    )
    console.print(table)


def _units(console: Console, answer: Any) -> None:  # noqa: ANN401 - JSON
    """One row a container: a plant has hundreds of units."""
    boxes = np.array([name.partition("-")[0] for name in answer["name"]])
    work, power_kw, outlet_c = (np.array(answer[key]) for key in ("work", "power_kw", "outlet_c"))
    table = Table("container", *WORKS.values(), "kW", "hottest °C", box=None)
    for box in np.unique(boxes).tolist():
        here = boxes == box
        counts = [str(int((work[here] == state).sum())) for state in WORKS]
        hottest = f"{outlet_c[here].max():.1f}"
        table.add_row(box, *counts, f"{power_kw[here].sum():,.0f}", hottest)
    console.print(table)


def _monitored(console: Console, answer: Any) -> None:  # noqa: ANN401 - JSON
    table = Table("rule", "times", "now", "first at", "where", box=None)
    for rule in answer["rules"]:
        first = rule["first_s"]
        table.add_row(
            rule["forbids"],
            str(rule["count"]),
            str(rule["now"]),
            "" if first is None else f"{first:,.0f} s",
            rule["first_place"] or "",
            style="bold red" if rule["count"] else "",
        )
    console.print(table)
    if answer["scenario"] is not None:
        _played(console, answer["scenario"])


def _played(console: Console, scenario: Mapping[str, Any]) -> None:
    state = "over" if scenario["over"] else f"{scenario['elapsed_s']:,.0f} s"
    console.print(f"scenario {scenario['name']}: {state} of {scenario['lasts_s']:,.0f} s")
    for one in scenario["expectations"]:
        console.print(
            f"  {one['figure']} {one['from_s']:,.0f} to {one['until_s']:,.0f} s:"
            f" missed {one['misses']} of {one['looks']} looks"
        )


def _shown(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


VERBS: dict[str, tuple[Verb, Callable[[Console, Any], None]]] = {
    "truth": (lambda rig, words: (_exactly(words), rig.truth())[1], _pairs),
    "units": (lambda rig, words: (_exactly(words), rig.units())[1], _units),
    "faults": (lambda rig, words: (_exactly(words), rig.faults())[1], _pairs),
    "fault": (lambda rig, words: rig.set_fault(*_exactly(words, "TARGET", "VERB")), _pairs),
    "targets": (_targets, _pairs),
    "mend": (_mend, _pairs),
    "set": (lambda rig, words: rig.set(**settings(words)), _pairs),
    "scenario": (lambda rig, words: rig.play(*_exactly(words, "NAME")), _pairs),
    "scenarios": (lambda rig, words: (_exactly(words), rig.scenarios())[1], _pairs),
    "speed": (lambda rig, words: rig.turn(_one_number(words)), _pairs),
    "clock": (lambda rig, words: (_exactly(words), rig.clock())[1], _pairs),
    "monitor": (lambda rig, words: (_exactly(words), rig.monitor())[1], _monitored),
    "describe": (lambda rig, words: (_exactly(words), rig.describe())[1], _described),
}
"""What each verb asks the rig, and how its answer is shown."""
