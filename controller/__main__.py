"""The controller itself, and the door to all other verbs; each loads only its own room."""

import io
import sys
from pathlib import Path

import typer

from controller.config.plant import PlantFile
from controller.core.lifeline import watch
from controller.verbs import laboratory, options, running, site
from controller.verbs.common import explained, live, load, log_to_stderr

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(laboratory.app)
app.add_typer(site.app)
app.add_typer(running.app)


@app.callback()
def about() -> None:
    """Hearth, the supervisory controller of a hash-to-heat plant."""
    explained(watch)
    log_to_stderr()


@app.command()
def run(config: options.Config, speed: options.Speed = "1") -> None:
    """Run the controller: the core, and the gateway as its child."""
    from controller.core.app import run_core

    plant = _load_site(config)
    live(lambda stop: run_core(plant, stop, config.resolve()), speed)


@app.command()
def core(config: options.Config, speed: options.Speed = "1") -> None:
    """Run the core alone; on a site the gateway is a service of its own."""
    from controller.core.app import run_core

    plant = _load_site(config)
    live(lambda stop: run_core(plant, stop, None), speed)


@app.command()
def gateway(config: options.Config, speed: options.Speed = "1") -> None:
    """Run the gateway alone: OPC UA for people and other systems."""
    from controller.gateway.app import serve_gateway
    from controller.gateway.settings import gateway_settings

    settings = gateway_settings(load(config))
    live(lambda stop: serve_gateway(settings, stop), speed)


def _load_site(config: Path) -> PlantFile:
    """The plant with its devices checked; all errors at once."""
    from controller.desk.site import load_site

    return explained(lambda: load_site(config))


def main() -> None:
    """Run the verb that the command line names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal cannot show is written out, never a reason to fail.
            stream.reconfigure(errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
