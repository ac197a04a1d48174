"""Programs and people that knock at the gateway's OPC UA door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from controller.gateway.settings import OpcUaSettings

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Keys:
    """One program's certificate and key."""

    certificate: Path
    key: Path
    uri: str


@dataclass(frozen=True)
class Pki:
    """The server's folders, a trusted program, another trusted one, and a stranger."""

    folder: Path
    client: Keys
    colleague: Keys
    stranger: Keys


class House(Protocol):
    """As much of the plant as a visitor has to know."""

    settings: OpcUaSettings
    pki: Pki


@asynccontextmanager
async def visitor(
    house: House,
    user: str = "olga",
    password: str = PASSWORD,
    keys: Keys | None = None,
    policy: type = SecurityPolicyBasic256Sha256,
) -> AsyncIterator[Client]:
    client = await program(house, keys, policy)
    client.set_user(user)
    client.set_password(password)
    async with client:
        yield client


async def program(
    house: House, keys: Keys | None = None, policy: type = SecurityPolicyBasic256Sha256
) -> Client:
    """A client with a certificate, not connected yet."""
    own = house.pki.client if keys is None else keys
    client = Client(house.settings.url, timeout=5)
    client.application_uri = own.uri
    await client.set_security(
        policy,
        str(own.certificate),
        str(own.key),
        server_certificate=str(house.settings.certificate),
        mode=ua.MessageSecurityMode.SignAndEncrypt,
    )
    return client


@asynccontextmanager
async def channel(house: House, keys: Keys | None = None) -> AsyncIterator[Client]:
    """A program with an open, secured channel and no session."""
    client = await program(house, keys)
    await client.connect_sessionless()
    try:
        yield client
    finally:
        await client.disconnect_sessionless()


@asynccontextmanager
async def bare_channel(house: House) -> AsyncIterator[Client]:
    """A program with an open channel without any security."""
    client = Client(house.settings.url, timeout=5)
    await client.connect_sessionless()
    try:
        yield client
    finally:
        await client.disconnect_sessionless()


async def send(client: Client, request: object, token: ua.NodeId | None = None) -> object:
    """Send a request as it is, under any token; a refusal raises."""
    protocol = client.uaclient.protocol
    if token is not None:
        protocol.authentication_token = token
    return await protocol.send_request(request)


def token_of(client: Client) -> ua.NodeId:
    """The secret of a session, as its owner knows it."""
    return client.uaclient.protocol.authentication_token


def heat_write(kw: float) -> ua.WriteRequest:
    """A write to the heat demand."""
    value = ua.WriteValue()
    value.NodeId = ua.NodeId("requests.heat_demand_kw", 2)
    value.AttributeId = ua.AttributeIds.Value
    value.Value = ua.DataValue(ua.Variant(kw, ua.VariantType.Double))
    request = ua.WriteRequest()
    request.Parameters.NodesToWrite = [value]
    return request


def mode_read(count: int = 1) -> ua.ReadRequest:
    """A read of the plant's mode, so many times over."""
    value = ua.ReadValueId()
    value.NodeId = ua.NodeId("plant.mode", 2)
    value.AttributeId = ua.AttributeIds.Value
    request = ua.ReadRequest()
    request.Parameters.NodesToRead = [value] * count
    return request


def activation(identity: object) -> ua.ActivateSessionRequest:
    """An activation whose signature is rubbish."""
    request = ua.ActivateSessionRequest()
    request.Parameters.UserIdentityToken = identity
    request.Parameters.ClientSignature.Signature = b"rubbish" * 32
    return request
