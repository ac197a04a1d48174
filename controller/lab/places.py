"""Where the devices of a simulated site listen: loopback addresses and ports that are free now."""

import errno
import secrets
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address

from controller.config.load import ConfigError

HOST = "127.0.0.1"
MINERS_FROM = IPv4Address("127.10.0.0")
MINER_PORT = 4028
OPCUA_PORT = 4840
CONTAINER_STEP = 256
"""Addresses from one container to the next: the container's number is the third byte."""

NETWORK_STEP = 256 * CONTAINER_STEP
NETWORKS = 64
USUAL_UNITS = 92
MOST_CONTAINERS = 32  # as many as the simulated PLC has terminals for
# Below the ports that Linux gives to outgoing connections (ip_local_port_range: 32768 and up).
LOWEST_PORT, HIGHEST_PORT = 20_000, 32_000
TRIES = 200


@dataclass(frozen=True, slots=True)
class Places:
    """The miners' network and every port; `miners` is one below the first of container 0."""

    miners: IPv4Address
    miner_port: int
    cdu_port: int
    heat_meter_port: int
    outdoor_port: int
    boundary_meter_port: int
    feeder_panel_port: int
    control_port: int
    opcua_port: int

    def first_address(self, container: int) -> IPv4Address:
        """The address of a container's first miner; containers count from 1."""
        return self.miners + container * CONTAINER_STEP + 1


def shape(miners: int) -> tuple[int, int]:
    """Containers and units in each that make so many miners, as near to 92 a container as goes."""
    if miners < 1:
        raise ConfigError(f"a plant has at least one miner, not {miners}")
    fits = [count for count in range(1, MOST_CONTAINERS + 1) if miners % count == 0]
    containers = min(fits, key=lambda count: abs(miners // count - USUAL_UNITS))
    return containers, miners // containers


def free_places(
    containers: int,
    units: int,
    *,
    miners: IPv4Address = MINERS_FROM,
    miner_port: int = MINER_PORT,
    opcua_port: int | None = OPCUA_PORT,
) -> Places:
    """Places where nobody listens; the wanted ones when they are free, else the next.

    Sites that are made at the same time want different networks, and no certain OPC UA port (None).
    """
    taken = {miner_port}
    opcua_port = _any_free(taken) if opcua_port is None else _next_free(opcua_port)
    taken.add(opcua_port)
    return Places(
        miners=_free_network(miners, miner_port, containers, units),
        miner_port=miner_port,
        cdu_port=_any_free(taken),
        heat_meter_port=_any_free(taken),
        outdoor_port=_any_free(taken),
        boundary_meter_port=_any_free(taken),
        feeder_panel_port=_any_free(taken),
        control_port=_any_free(taken),
        opcua_port=opcua_port,
    )


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise ConfigError(
                f"{host} cannot be used here ({error.strerror}): the simulated plant needs the"
                " whole of 127.0.0.0/8, as Linux has it"
            ) from error
    return True


def _free_network(first: IPv4Address, port: int, containers: int, units: int) -> IPv4Address:
    for network in (first + step * NETWORK_STEP for step in range(NETWORKS)):
        miners = (
            network + container * CONTAINER_STEP + unit
            for container in range(1, containers + 1)
            for unit in range(1, units + 1)
        )
        if all(is_free(str(miner), port) for miner in miners):
            return network
    raise ConfigError(f"from {first} on, port {port} is taken in {NETWORKS} networks")


def _next_free(port: int) -> int:
    for wanted in range(port, port + TRIES):
        if is_free(HOST, wanted):
            return wanted
    raise ConfigError(f"{HOST}: the ports {port} to {port + TRIES - 1} are all taken")


def _any_free(taken: set[int]) -> int:
    for _ in range(TRIES):
        port = LOWEST_PORT + secrets.randbelow(HIGHEST_PORT - LOWEST_PORT)
        if port not in taken and is_free(HOST, port):
            taken.add(port)
            return port
    raise ConfigError(f"{HOST}: no free port found from {LOWEST_PORT} to {HIGHEST_PORT}")
