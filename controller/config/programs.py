"""The two programs: the core with its loop, and the doors of the gateway."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from controller.config.part import Part, Port


class Core(Part):
    """The loop, how far it may reach, and its files."""

    reach: Literal["automatic", "limited", "dry-run"] = Field(
        "automatic", description="Write everywhere, inside the fence only, or nowhere"
    )
    fence: tuple[str, ...] = Field(
        (), description="Equipment that may be written when limited, such as container-01 or pump-1"
    )

    scan_s: float = Field(1.0, ge=0.2, le=5, description="Time between two scans")
    poll_s: float = Field(5.0, ge=1, le=60, description="Time between two polls of a miner")
    start_limit_s: float = Field(15.0, ge=1, le=60, description="Longest wait for a complete image")
    device_watchdog_max_s: float = Field(
        60.0,
        ge=1,
        le=3_600,
        description="Longest time after which a device that is ordered may give up a silent Hearth;"
        " where one would wait longer, or for ever, nothing is written",
    )
    state_dir: Path = Field(Path("run"), description="Folder of link, trip latch and journal")


class OpcUa(Part):
    """The OPC UA server; a path is relative to the folder of plant.toml."""

    host: str = Field(
        "127.0.0.1", max_length=253, description="Address to listen on; never all addresses unasked"
    )
    port: Port = Field(4840, description="TCP port")
    application_uri: str = Field(
        "urn:hearth:server",
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$",
        description="URI in the server's certificate",
    )
    pki_dir: Path = Field(Path("pki"), description="Own certificate, trusted and rejected clients")
    users_file: Path = Field(Path("users.toml"), description="Users with password hashes and roles")
    heat_request_minutes: float = Field(
        15.0, gt=0, le=1_440, description="Life of a written demand"
    )
