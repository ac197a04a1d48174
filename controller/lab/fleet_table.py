"""The fleet on the screen: one row a container, and all of them below."""

from collections.abc import Iterable

import numpy as np
from rich.table import Table
from rich.text import Text

from controller.image.fleet import Bytes, UnitState
from controller.lab.shown import NOTHING, Look

STATES = (
    (UnitState.RUNNING, "run"),
    (UnitState.STARTING, "start"),
    (UnitState.STOPPING, "stop"),
    (UnitState.ASLEEP, "sleep"),
    (UnitState.FAULT, "fault"),
    (UnitState.UNKNOWN, "lost"),
)
WRONG = (UnitState.FAULT, UnitState.UNKNOWN)
STATE_STYLES = {"open": "green", "opening": "yellow", "closing": "yellow", "tripped": "bold red"}


def fleet_table(look: Look) -> Table:
    """Units by state, power, proven flow and contactor of each container."""
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim", show_edge=False)
    table.add_column("container", no_wrap=True)
    for _, word in STATES:
        table.add_column(word, justify="right", no_wrap=True)
    table.add_column("kW", justify="right", no_wrap=True)
    table.add_column("flow", no_wrap=True)
    table.add_column("feeder", no_wrap=True)
    of = np.array([unit.container for unit in look.mirror.hello.units])
    states = look.mirror.columns["state"].astype(np.int8)
    if not look.fresh:
        states = np.full_like(states, UnitState.UNKNOWN)
    for container in np.unique(of).tolist():
        _add_container(table, look, container, states[of == container])
    power = look.shown("plant.electric_power_kw")
    table.add_row("all", *_counts(states), power, "", "", style="bold")
    return table


def _add_container(table: Table, look: Look, container: int, states: Bytes) -> None:
    tag = f"container-{container:02}"
    state = look.text(f"{tag}.state")
    table.add_row(
        Text(f"{container:2} ").append(state or NOTHING, STATE_STYLES.get(state, "dim")),
        *_counts(states),
        look.shown(f"{tag}.power_kw"),
        _worried(look.flag(f"{tag}.flow_proven", "proven", "no")),
        _worried(look.flag(f"{tag}.contactor_closed", "closed", "OPEN")),
    )


def _counts(states: Bytes) -> Iterable[Text]:
    for state, _ in STATES:
        count = int(np.count_nonzero(states == state))
        style = "dim" if not count else ("bold red" if state in WRONG else "")
        yield Text(str(count) if count else "·", style)


def _worried(word: str) -> Text:
    """Green where all is well, dim where nothing flows, red where the mains is cut."""
    styles = {"proven": "green", "closed": "green", "OPEN": "bold red", NOTHING: "bold red"}
    return Text(word, styles.get(word, "dim"))
