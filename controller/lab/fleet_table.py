"""The fleet on the screen: one row a container, and all of them below."""

from collections.abc import Iterable, Mapping

import numpy as np
from rich.table import Table
from rich.text import Text

from controller.image.fleet import Bytes, UnitState
from controller.lab.shown import NOTHING, Look
from controller.lab.shown import WRONG as RED

STATES = (
    (UnitState.RUNNING, "run", "green"),
    (UnitState.STARTING, "start", "yellow"),
    (UnitState.STOPPING, "stop", "dark_orange"),
    (UnitState.ASLEEP, "sleep", "grey42"),
    (UnitState.FAULT, "fault", "red"),
    (UnitState.UNKNOWN, "lost", "magenta"),
)
WRONG = (UnitState.FAULT, UnitState.UNKNOWN)
CONTAINER_STYLES = {"open": "green", "opening": "yellow", "closing": "yellow", "tripped": RED}
BAR, BAR_CELLS = "\N{BLACK VERTICAL RECTANGLE}", 14


def fleet_table(look: Look, most_rows: int, *, wide: bool) -> Table:
    """Units by state, power, proven flow and contactor of each container.

    Where there is no room for all, those with something wrong come first and the rest are summed.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim", show_edge=False)
    table.add_column("container", no_wrap=True)
    if wide:
        table.add_column("units", no_wrap=True)
    for _, word, _ in STATES:
        table.add_column(word, justify="right", no_wrap=True)
    table.add_column("kW", justify="right", no_wrap=True)
    table.add_column("flow", no_wrap=True)
    table.add_column("feeder", no_wrap=True)
    states = _by_container(look)
    shown, folded = _chosen(look, states, most_rows)
    for container in shown:
        _add_container(table, look, container, states[container], wide=wide)
    if folded:
        together = np.concatenate([states[container] for container in folded])
        name = Text(f"{len(folded)} more", "dim")
        table.add_row(name, *_bars(together, wide=wide), *_counts(together), "", "", "")
    every = np.concatenate([*states.values(), np.zeros(0, np.int8)])
    power = look.shown("plant.electric_power_kw")
    table.add_row("all", *_bars(every, wide=wide), *_counts(every), power, "", "", style="bold")
    return table


def shares(counts: list[int], cells: int) -> list[int]:
    """The cells of each part, together all of them; what is there at all has one, if it fits."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    given = [0] * len(counts)
    for _ in range(cells):
        owed = [count * cells / total - cell for count, cell in zip(counts, given, strict=True)]
        # What has none yet goes before what has too little.
        first = max(
            range(len(counts)), key=lambda row: (counts[row] > 0 and not given[row], owed[row])
        )
        given[first] += 1
    return given


def _by_container(look: Look) -> Mapping[int, Bytes]:
    of = np.array([unit.container for unit in look.mirror.hello.units])
    states = look.mirror.columns["state"].astype(np.int8)
    if not look.fresh:
        states = np.full_like(states, UnitState.UNKNOWN)
    return {container: states[of == container] for container in np.unique(of).tolist()}


def _chosen(look: Look, states: Mapping[int, Bytes], most_rows: int) -> tuple[list[int], list[int]]:
    """The containers with rows of their own, and those that are summed."""
    if len(states) <= most_rows:
        return list(states), []
    by_need = sorted(
        states, key=lambda container: not _worrying(look, container, states[container])
    )
    room = max(most_rows - 1, 0)
    return sorted(by_need[:room]), sorted(by_need[room:])


def _worrying(look: Look, container: int, states: Bytes) -> bool:
    tripped = look.text(f"{_tag(container)}.state") == "tripped"
    return tripped or bool(np.isin(states, WRONG).any())


def _tag(container: int) -> str:
    return f"container-{container:02}"


def _add_container(table: Table, look: Look, container: int, states: Bytes, *, wide: bool) -> None:
    tag = _tag(container)
    state = look.text(f"{tag}.state")
    table.add_row(
        Text(f"{container:2} ").append(state or NOTHING, CONTAINER_STYLES.get(state, "dim")),
        *_bars(states, wide=wide),
        *_counts(states),
        look.shown(f"{tag}.power_kw"),
        _worried(look.flag(f"{tag}.flow_proven", "proven" if wide else "yes", "no")),
        _worried(look.flag(f"{tag}.contactor_closed", "closed", "OPEN")),
    )


def _bars(states: Bytes, *, wide: bool) -> Iterable[Text]:
    """The states of a container's units as one coloured bar, where there is room for it."""
    if wide:
        counts = [int(np.count_nonzero(states == state)) for state, _, _ in STATES]
        bar = Text()
        for (_, _, style), cells in zip(STATES, shares(counts, BAR_CELLS), strict=True):
            bar.append(BAR * cells, style)
        yield bar


def _counts(states: Bytes) -> Iterable[Text]:
    for state, _, _ in STATES:
        count = int(np.count_nonzero(states == state))
        style = "dim" if not count else (RED if state in WRONG else "")
        yield Text(str(count) if count else "·", style)


def _worried(word: str) -> Text:
    """Green where all is well, dim where nothing flows, red where the mains is cut."""
    styles = {"proven": "green", "yes": "green", "closed": "green", "OPEN": RED, NOTHING: RED}
    return Text(word, styles.get(word, "dim"))
