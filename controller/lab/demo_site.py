"""Writes a site folder for a simulated plant: plant.toml, a user, and a client that is trusted."""

import secrets
import shlex
import shutil
import socket
import string
import sys
from dataclasses import dataclass
from pathlib import Path

from controller.config.plant import Heat, Hydraulics, Plant
from controller.gateway.opcua.certificates import make_certificate
from controller.gateway.users import add_user
from controller.lab.places import HOST, Places, free_places

CONTAINERS, UNITS = 10, 92
PASSWORD_LENGTH = 20
# asyncua's command line tools present this URI, and a certificate must say the same (asyncua 2.1.0,
# client/client.py).
CLIENT_URI = "urn:example.org:FreeOpcUa:opcua-asyncio"
SECURITY = "Basic256Sha256,SignAndEncrypt"


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything of the site is found, and who may come in."""

    folder: Path
    config: Path
    link: Path
    control_port: int
    opcua_url: str
    user: str
    password: str
    client_certificate: Path
    client_key: Path

    def opcua_command(self, tool: str, *arguments: str) -> str:
        """A line for the shell: one of asyncua's tools, asking this site's server."""
        where = Path(sys.executable).parent / tool
        security = f"{SECURITY},{self.client_certificate},{self.client_key}"
        words = (
            str(where),
            *("-v", "ERROR", "--timeout", "10", "-u", self.opcua_url, "--security", security),
            *("--user", self.user, "--password", self.password, *arguments),
        )
        return shlex.join(words)


def write_site(
    folder: Path,
    *,
    containers: int = CONTAINERS,
    units: int = UNITS,
    places: Places | None = None,
) -> Site:
    """Write the site of a plant with so many containers of so many units, sized accordingly."""
    if places is None:
        places = free_places(containers, units)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    config = folder / "plant.toml"
    config.write_text(plant_text(containers, units, places), encoding="utf-8")
    password = _password()
    add_user(folder / "users.toml", name="operator", role="operator", password=password)
    certificate, key = folder / "client.pem", folder / "client-key.pem"
    hosts = ("localhost", HOST, socket.gethostname())
    make_certificate(certificate, key, CLIENT_URI, "client", hosts)
    trusted = folder / "pki" / "trusted"
    trusted.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(certificate, trusted)
    return Site(
        folder=folder,
        config=config,
        link=folder / "run" / "link.sock",
        control_port=places.control_port,
        opcua_url=f"opc.tcp://{HOST}:{places.opcua_port}/hearth",
        user="operator",
        password=password,
        client_certificate=certificate,
        client_key=key,
    )


def plant_text(containers: int, units: int, places: Places) -> str:
    """The plant.toml of such a plant; what it does not say is as on a real site."""
    parts = [_head(containers, units), _water(containers * units)]
    parts += [
        f'[[container]]\nunits = {units}\nfirst_address = "{places.first_address(number)}"\n'
        f"port = {places.miner_port}\n"
        for number in range(1, containers + 1)
    ]
    parts += [
        f'[[device]]\nname = "{name}"\nprofile = "{profile}"\nhost = "{HOST}"\nport = {port}\n'
        for name, profile, port in (
            ("cdu", "sim_cdu_plc", places.cdu_port),
            ("heat-meter", "sim_heat_meter", places.heat_meter_port),
            ("outdoor", "sim_outdoor_sensor", places.outdoor_port),
        )
    ]
    parts.append(f'[opcua]\nhost = "{HOST}"\nport = {places.opcua_port}\n')
    return "\n".join(parts)


def _head(containers: int, units: int) -> str:
    return f"""\
# The plant of the demonstration: {containers} containers of {units} miners, all of them simulated.

[plant]
name = "Hearth demo"
site_power_kw = {_sized(Plant().site_power_kw, containers * units):.1f}

[miners]
# The simulated units obey, and so they are accepted here. On a real site an engineer accepts a
# model after having seen one of its units obey.
accepted = true
# Short, so that the restart of the story can be watched; a real site keeps the default.
min_off_s = 120
"""


def _water(units: int) -> str:
    """Pumps, cooler and heat demand in proportion to the number of miners."""
    water, heat = Hydraulics(), Heat()
    curve = ", ".join(f"[{c:.1f}, {_sized(kw, units):.1f}]" for c, kw in heat.demand_curve)
    return f"""\
[hydraulics]
primary_flow_max_lpm = {_sized(water.primary_flow_max_lpm, units):.1f}
district_flow_max_lpm = {_sized(water.district_flow_max_lpm, units):.1f}
dry_cooler_kw = {_sized(water.dry_cooler_kw, units):.1f}

[heat]
max_heat_kw = {_sized(heat.max_heat_kw, units):.1f}
demand_curve = [{curve}]
"""


def _sized(of_full_plant: float, units: int) -> float:
    return of_full_plant * units / (CONTAINERS * UNITS)


def _password() -> str:
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(PASSWORD_LENGTH))
