"""Arguments and options of the command line that are long, or that several verbs share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from controller.clock.now import VARIABLE

Config = Annotated[Path, typer.Argument(help="plant.toml", metavar="PLANT.toml")]
UsualConfig = Annotated[
    Path | None,
    typer.Argument(
        help="Without it: plant.toml here, run/site/plant.toml, or /etc/hearth/plant.toml",
        metavar="[PLANT.toml]",
    ),
]
Weather = Annotated[str | None, typer.Option(help="seed:N, or a CSV of times and °C")]
Scenario = Annotated[str | None, typer.Option(help="What happens: see `hearth scenarios`")]
Speed = Annotated[
    str,
    typer.Option(
        help="Times as fast as real, 1 to 10, or the clock that a rig has said", envvar=VARIABLE
    ),
]
OfferedSpeed = Annotated[
    str | None,
    typer.Option(
        help="Times as fast as real, 1 to 10: `rig-ctl speed` changes it; without it, real time",
        envvar=VARIABLE,
    ),
]
RealParts = Annotated[
    list[str] | None,
    typer.Option(help="A device, container-N or miner that is real; may be repeated"),
]
Loopback = Annotated[
    Path | None,
    typer.Option(
        help="Write a copy of the plant.toml here in which all that is simulated stands at loopback"
        " addresses, and serve that",
        metavar="FOLDER",
    ),
]
Steps = Annotated[Path, typer.Argument(help="Acceptance steps", metavar="STEPS.toml")]
Only = Annotated[list[str] | None, typer.Option(help="Name of a step; may be repeated")]
Given = Annotated[list[str] | None, typer.Option(help="A number of [given]", metavar="NAME=NUMBER")]
BenchKeys = Annotated[
    list[str] | None,
    typer.Option(help="A key of [bench]: rig, plant or link", metavar="KEY=VALUE"),
]
RigWords = Annotated[
    list[str],
    typer.Argument(
        help="truth, units, faults, fault TARGET VERB, mend [TARGET], set KEY=VALUE ...,"
        " targets [WORD], scenario NAME, scenarios, clock, speed N, monitor or describe",
        metavar="VERB ...",
    ),
]
Personality = Annotated[
    Literal["sleep_only", "modes_live", "modes_reboot", "stamped"],
    typer.Option(help="What the units' firmware knows of work modes"),
]
Serial = Annotated[
    bool, typer.Option("--rtu-over-tcp", help="Modbus: behind a transparent serial gateway")
]
