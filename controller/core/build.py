"""What the core is built from: the settings of its scan, its drivers, whose orders are accepted."""

from dataclasses import replace

import structlog

from controller.clock.now import real_limit_s
from controller.config.miner_list import accepted_models
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.control.settings import Settings
from controller.field.acceptance import NAME as ACCEPTED_NAME
from controller.field.acceptance import Acceptance, read_accepted
from controller.field.alarm_facts import known_alarms
from controller.field.device_facts import known_devices
from controller.field.devices import Field, build_field

log = structlog.get_logger()


def not_remembered(text: str) -> None:
    """Tell what a restart could not believe."""
    log.warning("not remembered", why=text)


def acceptance(plant: PlantFile) -> Acceptance:
    """Whose orders may be given: the models of plant.toml, and what probes have shown."""
    return Acceptance(
        entries=read_accepted(plant.core.state_dir / ACCEPTED_NAME),
        models=accepted_models(plant),
    )


def settings_and_field(plant: PlantFile) -> tuple[Settings, Field]:
    """What the scan is given, and the drivers that it knows of.

    The first readings take the real time of processes and sockets.
    """
    start_limit_s = real_limit_s(plant.core.start_limit_s)
    settings = replace(scan_settings(plant), start_limit_s=start_limit_s)
    field = build_field(plant, settings)
    settings = known_devices(settings, field.devices)
    return known_alarms(plant, settings, field), field
