"""Writes a site folder for a simulated plant: plant.toml, a user, and a client that is trusted."""

import secrets
import shlex
import shutil
import socket
import string
import sys
from dataclasses import dataclass
from pathlib import Path

from controller.gateway.opcua.certificates import make_certificate
from controller.gateway.users import add_user
from controller.lab.places import HOST, Places, free_places
from controller.lab.site_text import CONTAINERS, FULL, UNITS, Variant, plant_text

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
    variant: Variant = FULL,
) -> Site:
    """Write the site of a plant with so many containers of so many units, sized accordingly."""
    if places is None:
        places = free_places(containers, units)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    config = folder / "plant.toml"
    config.write_text(plant_text(containers, units, places, variant), encoding="utf-8")
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


def _password() -> str:
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(PASSWORD_LENGTH))
