"""What the gateway is told when it starts; the values come from plant.toml."""

from dataclasses import dataclass
from pathlib import Path

from controller.config.plant import PlantFile
from controller.link.messages import LINK_NAME


@dataclass(frozen=True)
class OpcUaSettings:
    """Where the OPC UA server listens, whom it trusts, and what may be asked of it."""

    certificate: Path
    private_key: Path
    trusted_dir: Path
    rejected_dir: Path
    users_file: Path
    max_heat_kw: float
    host: str = "127.0.0.1"
    port: int = 4840
    application_uri: str = "urn:hearth:gateway"
    heat_request_default_minutes: float = 15.0
    heat_request_max_minutes: float = 1440.0

    @property
    def url(self) -> str:
        """The endpoint that clients are told."""
        return f"opc.tcp://{self.host}:{self.port}/hearth"


@dataclass(frozen=True)
class GatewaySettings:
    """Where core is, and the doors."""

    link_path: Path
    opcua: OpcUaSettings


def gateway_settings(plant: PlantFile) -> GatewaySettings:
    """The gateway's share of plant.toml."""
    opcua = plant.opcua
    return GatewaySettings(
        link_path=plant.core.state_dir / LINK_NAME,
        opcua=OpcUaSettings(
            certificate=opcua.pki_dir / "own" / "server.pem",
            private_key=opcua.pki_dir / "own" / "server-key.pem",
            trusted_dir=opcua.pki_dir / "trusted",
            rejected_dir=opcua.pki_dir / "rejected",
            users_file=opcua.users_file,
            max_heat_kw=plant.heat.max_heat_kw,
            host=opcua.host,
            port=opcua.port,
            application_uri=opcua.application_uri,
            heat_request_default_minutes=opcua.heat_request_minutes,
        ),
    )
