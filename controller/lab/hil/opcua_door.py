"""`opcua:` tags and requests of a controller through its OPC UA server, ours or a foreign one.

A name without `ns=` is a tag of Hearth's, and what is set by such a name is a request; a name with
it is a node of any server, and what is set is written to the node.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

from asyncua import ua
from asyncua.client.client import Client
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaError

from controller.clock.now import real_limit_s
from controller.lab.hil.door import DoorError, Look, Undo
from controller.lab.hil.requests import REASON, life, put_back, tags_before
from controller.lab.hil.rig_door import plain
from controller.lab.hil.steps import OpcUaBench, Value

TIMEOUT_S = 4.0
BEGIN_WITHIN_S, AGAIN_AFTER_S = 10.0, 1.0
MINUTE_S = 60.0
NODE = "ns="
REQUESTS, ASK = "requests", "requests.ask"
TROUBLES = (OSError, TimeoutError, UaError)

T = TypeVar("T")

# What the library would log it also raises, and whoever asked says it once.
logging.getLogger("asyncua").setLevel(logging.CRITICAL)


class OpcUaDoor:
    """One session; when it breaks, the next look begins a new one."""

    def __init__(self, bench: OpcUaBench) -> None:
        self.where = bench.url
        self._bench = bench
        self._client: Client | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        await self._leave()

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """Nodes that the server has not; DoorError where nobody lets us in."""
        names = [*read, *(name for name in put if name.startswith(NODE))]
        found = {name: why for name in names if (why := self._not_a_node(name))}
        if found:
            return found
        values = await self._first_read(names)
        absent = {StatusCodes.BadNodeIdUnknown, StatusCodes.BadNodeIdInvalid}
        return {
            name: "the server has no such node"
            for name, value in zip(names, values, strict=True)
            if value.StatusCode is not None and value.StatusCode.value in absent
        }

    async def look(self, names: Sequence[str]) -> Look:
        """What the server shows; values that are not good are none."""
        try:
            values = await self._in_time(self._read(names))
        except TROUBLES:
            return {}
        return {name: _good(value) for name, value in zip(names, values, strict=True)}

    async def undo(self, name: str) -> Undo | None:
        """A node gets its old value, a request what stood before; else ours is withdrawn."""
        if name.startswith(NODE):
            before = (await self.look([name])).get(name)
            if before is None:
                raise DoorError(f"opcua:{name} cannot be read, so it is not written")
            return Undo(f"opcua:{name}", f"{before}", lambda: self.put(name, before, 0.0))
        return put_back("opcua", name, dict(await self.look(tags_before(name))), self.put)

    async def put(self, name: str, value: Value, life_s: float) -> None:
        """Write a node, or ask for a request; DoorError says why not."""
        try:
            if name.startswith(NODE):
                await self._in_time(self._write(name, value))
            else:
                await self._in_time(self._ask(name, value, life_s))
        except TROUBLES as error:
            raise DoorError(f"opcua:{name} = {value}: {_told(error)}") from error

    async def _first_read(self, names: Sequence[str]) -> list[ua.DataValue]:
        """All values, also of a server that has only begun to start."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + real_limit_s(BEGIN_WITHIN_S)
        while True:
            try:
                return await self._in_time(self._read(names))
            except TROUBLES as error:
                if loop.time() >= until_s:
                    told = f"{self.where} does not let us read: {_told(error)}"
                    raise DoorError(told) from error
            await asyncio.sleep(real_limit_s(AGAIN_AFTER_S))

    async def _read(self, names: Sequence[str]) -> list[ua.DataValue]:
        client = await self._inside()
        nodes = [client.get_node(self._node_id(name)) for name in names]
        values: list[ua.DataValue] = await client.read_attributes(nodes) if nodes else []
        return values

    async def _write(self, name: str, value: Value) -> None:
        node = (await self._inside()).get_node(self._node_id(name))
        kind = await node.read_data_type_as_variant_type()
        await node.write_value(ua.DataValue(ua.Variant(_in_kind(value, kind), kind)))

    async def _ask(self, name: str, value: Value, life_s: float) -> None:
        client = await self._inside()
        parent = client.get_node(self._node_id(REQUESTS))
        minutes = life(life_s) / MINUTE_S
        words = str(value).lower() if isinstance(value, bool) else str(value)
        accepted, why = await parent.call_method(
            self._node_id(ASK),
            ua.Variant(name, ua.VariantType.String),
            ua.Variant(words, ua.VariantType.String),
            ua.Variant(minutes, ua.VariantType.Double),
            ua.Variant(REASON, ua.VariantType.String),
        )
        if not accepted:
            raise DoorError(f"opcua:{name} = {value} was refused: {why}")

    async def _inside(self) -> Client:
        """The session, begun when there is none."""
        if self._client is None:
            client = await self._knocking()
            await client.connect()
            self._client = client
        return self._client

    async def _knocking(self) -> Client:
        bench = self._bench
        client = Client(bench.url, timeout=real_limit_s(TIMEOUT_S))
        client.application_uri = bench.application_uri
        if bench.user:
            client.set_user(bench.user)
            client.set_password(_password(bench.password_env))
        if bench.certificate is not None:
            await client.set_security(
                SecurityPolicyBasic256Sha256,
                str(bench.certificate),
                str(bench.key),
                mode=ua.MessageSecurityMode.SignAndEncrypt,
            )
        return client

    async def _in_time(self, work: Awaitable[T]) -> T:
        """One after the other, each within its time; what breaks a session ends it."""
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(real_limit_s(2.0 * TIMEOUT_S)):
                    return await work
            except TROUBLES:
                await self._leave()
                raise

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(*TROUBLES):
                async with asyncio.timeout(real_limit_s(TIMEOUT_S)):
                    await client.disconnect()

    def _not_a_node(self, name: str) -> str | None:
        try:
            self._node_id(name)
        except (UaError, ValueError):
            return "write a tag of Hearth's, or a node such as ns=2;s=NAME"
        return None

    def _node_id(self, name: str) -> ua.NodeId:
        text = name if name.startswith(NODE) else f"ns={self._bench.namespace};s={name}"
        node: ua.NodeId = ua.NodeId.from_string(text)
        return node


def _password(variable: str) -> str:
    password = os.environ.get(variable)
    if password is None:
        raise DoorError(f"the user's password is expected in the environment variable {variable}")
    return password


def _good(value: ua.DataValue) -> Value | None:
    """The value in our kinds; None where it is not good or not a scalar of ours."""
    if value.StatusCode is None or not value.StatusCode.is_good() or value.Value is None:
        return None
    held = value.Value.Value
    if isinstance(held, bool | str):
        return held
    return plain(held) if isinstance(held, int | float) else None


def _in_kind(value: Value, kind: ua.VariantType) -> Any:  # noqa: ANN401 - as OPC UA has it
    whole = {
        ua.VariantType.SByte,
        ua.VariantType.Byte,
        ua.VariantType.Int16,
        ua.VariantType.UInt16,
        ua.VariantType.Int32,
        ua.VariantType.UInt32,
        ua.VariantType.Int64,
        ua.VariantType.UInt64,
    }
    if kind in whole and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _told(error: BaseException) -> str:
    return str(error) or type(error).__name__
