"""The drivers of the miners, whatever their make, in the order of the layout."""

from collections.abc import Callable

from controller.clock.now import real_limit_s
from controller.config.findings import ConfigError
from controller.config.logins import BadLogins, MinerLogin, read_logins
from controller.config.miner_list import listed_miners
from controller.config.plant import PlantFile
from drivers.cgminer.miner import Miner
from drivers.whatsminer.login import Login
from drivers.whatsminer.miner import WhatsMiner

Unit = Miner | WhatsMiner
"""What the poller and the actuator speak to."""


def unit_drivers(plant: PlantFile, utc_s: Callable[[], float]) -> tuple[Unit, ...]:
    """A driver for each miner, who asks for UTC; ConfigError where a login cannot be had."""
    logins = site_logins(plant)
    units: list[Unit] = []
    for one in listed_miners(plant):
        box = plant.container[one.container]
        if box.api == "cgminer":
            units.append(Miner(one.name, one.host, one.port, on_loop=real_limit_s, utc_s=utc_s))
            continue
        units.append(
            WhatsMiner(
                one.name,
                one.host,
                one.port,
                _login(box.login, logins),
                on_loop=real_limit_s,
                utc_s=utc_s,
            )
        )
    return tuple(units)


def site_logins(plant: PlantFile) -> dict[str, MinerLogin]:
    """The logins of the site, read where a container names one; ConfigError says what is bad."""
    if all(box.login is None for box in plant.container):
        return {}
    try:
        return read_logins(plant.miners.logins_file)
    except BadLogins as error:
        raise ConfigError(str(error)) from error


def _login(name: str | None, logins: dict[str, MinerLogin]) -> Login | None:
    if name is None:
        return None
    known = logins.get(name)
    if known is None:
        raise ConfigError(f"login {name!r} does not stand in the logins file")
    return Login(known.account, known.password)
