"""Run the measuring groups, print their rows and keep them in bench.json."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.machine import machine
from tests.bench.registry import GROUPS, measured
from tests.bench.rows import Row, merged, read, write

FILE: Final = Path("bench.json")


def main() -> None:
    """Measure what the command line names, all groups if it names none."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", choices=GROUPS, metavar="GROUP", help=", ".join(GROUPS))
    only = parser.parse_args().only
    ran = GROUPS if only is None else (only,)
    rows = [_with_machine(row) for group in ran for row in measured(group)]
    write(FILE, merged(read(FILE), rows, ran))
    Console().print(_table(rows))


def _with_machine(row: Row) -> Row:
    return replace(row, note="; ".join(part for part in (row.note, machine()) if part))


def _table(rows: list[Row]) -> Table:
    table = Table("name", "value", "unit", "goal", "", "peers", title=machine())
    for row in rows:
        value = f"{row.value:.4g}" if row.value is not None else "none"
        verdict = "[green]ok[/]" if row.met else "[red]MISS[/]"
        peers = ", ".join(f"{name} {number:.4g}" for name, number in row.peers.items())
        table.add_row(row.name, value, row.unit, row.goal, verdict, peers)
    return table


if __name__ == "__main__":
    main()
