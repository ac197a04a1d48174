"""The verbs that talk to a running controller: why, ask, alarms."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from controller.config.plant import PlantFile
from controller.verbs import options
from controller.verbs.common import explained, live, load

app = typer.Typer()


@app.command()
def why(
    name: Annotated[str, typer.Argument(help="Tag or unit", metavar="TAG")],
    config: options.UsualConfig = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON")] = False,  # noqa: FBT002
) -> None:
    """Ask the running controller why a tag or a unit is as it is: wish, limits, output, read-back.

    Without a PLANT.toml it is the first there is of plant.toml here, run/site/plant.toml, and
    /etc/hearth/plant.toml. Exit code 0: explained; 1: there is nothing of this name; 2: no
    controller answers.
    """
    from controller.desk.why_verb import why_life

    live(why_life(_meant(config), name, as_json=as_json))


@app.command()
def ask(
    name: Annotated[str, typer.Argument(help="Request, such as alarm_ack or trip_reset")],
    value: Annotated[str | None, typer.Argument(help="What is asked for, where it has one")] = None,
    config: Annotated[
        Path | None, typer.Option("--plant", help="Without it: as for `hearth why`")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; some requests are not taken without")] = "",
    for_min: Annotated[
        float | None,
        typer.Option("--for", help="Minutes until it lapses; 60, of a bypass 240", min=0.1),
    ] = None,
    role: Annotated[Literal["operator", "engineer"], typer.Option(help="As whom")] = "operator",
) -> None:
    """Ask the running controller for something: a target, a limit, a reset, an acknowledgement.

    Whoever may reach the controller's socket on this machine is believed to be of the role that he
    names; the journal keeps the name of his account. `hearth ask help` lists what may be asked.
    Exit code 0: accepted; 1: refused, with the reason; 2: no controller answers.
    """
    from controller.desk.ask_verb import Asking, ask_life

    usual_min = 240.0 if name.startswith("bypass:") else 60.0
    asking = Asking(name, value, reason, (for_min or usual_min) * 60.0, role)
    live(ask_life(_meant(config), asking))


@app.command()
def alarms(
    config: options.UsualConfig = None,
    report: Annotated[bool, typer.Option("--report", help="Figures of performance")] = False,  # noqa: FBT002
    days: Annotated[float, typer.Option(help="Days that the report looks back", min=0.01)] = 30.0,
    defined: Annotated[bool, typer.Option("--defined", help="Every alarm there can be")] = False,  # noqa: FBT002
    as_json: Annotated[bool, typer.Option("--json", help="As JSON")] = False,  # noqa: FBT002
) -> None:
    """List the alarms as their journal has them: state, since when, cause, and what to do.

    It reads the journal in the state folder, so that it also works while the controller is away.
    Acknowledge with `hearth ask alarm_ack NAME`.
    """
    from controller.desk.alarms_verb import Wanted, show_alarms

    wanted = Wanted(report=report, days=days, defined=defined, as_json=as_json)
    plant = _meant(config)
    explained(lambda: show_alarms(plant, wanted, typer.echo))


def _meant(config: Path | None) -> PlantFile:
    """The plant of the file that is named, or of the usual one."""
    from controller.desk.usual import usual_plant

    return load(config or explained(usual_plant))
