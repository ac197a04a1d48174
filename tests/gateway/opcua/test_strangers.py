"""Who is not trusted gets no channel, and rubbish ends the connection that sent it."""

import asyncio
import contextlib
import struct

import pytest
from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.ua.uaerrors import BadSecurityChecksFailed
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.gateway.plant import Plant
from tests.gateway.visitors import Keys, bare_channel, channel, send, visitor

pytestmark = [pytest.mark.real_sockets, pytest.mark.asyncio(loop_scope="module")]

HELLO_BODY = struct.pack("<5I", 0, 65_535, 65_535, 0, 0) + struct.pack("<i", -1)


async def test_an_untrusted_certificate_gets_no_channel_and_is_kept_for_a_look(
    plant: Plant,
) -> None:
    with pytest.raises(BadSecurityChecksFailed):
        async with channel(plant, plant.pki.stranger):
            pass

    kept = {path.read_bytes() for path in plant.settings.rejected_dir.iterdir()}
    assert der_of(plant.pki.stranger) in kept


async def test_a_certificate_that_is_taken_out_of_the_folder_is_trusted_no_more(
    plant: Plant,
) -> None:
    trusted = plant.settings.trusted_dir / plant.pki.colleague.certificate.name
    content = trusted.read_bytes()

    trusted.unlink()
    try:
        with pytest.raises(BadSecurityChecksFailed):
            async with channel(plant, plant.pki.colleague):
                pass
    finally:
        trusted.write_bytes(content)

    async with visitor(plant, keys=plant.pki.colleague) as client:
        assert await client.get_node("ns=2;s=plant.mode").read_value() == "running"


async def test_signing_alone_is_not_enough(plant: Plant) -> None:
    client = Client(plant.settings.url, timeout=5)
    keys = plant.pki.client
    await client.set_security(
        SecurityPolicyBasic256Sha256,
        str(keys.certificate),
        str(keys.key),
        server_certificate=str(plant.settings.certificate),
        mode=ua.MessageSecurityMode.Sign,
    )

    with pytest.raises((ua.UaError, ConnectionError)):
        await client.connect_sessionless()


@pytest.mark.parametrize(
    "rubbish",
    [
        b"GET / HTTP/1.1\r\n\r\n" * 4,
        b"\x00" * 64,
        b"HELF" + struct.pack("<I", 8),
        b"HELF" + struct.pack("<I", 0x7FFF_FFFF),
        b"MSGF" + struct.pack("<IIII", 200, 0, 0, 1) + b"\x00" * 184,
        b"HELF" + struct.pack("<I", 32) + struct.pack("<5I", 0, 100, 100, 0, 0) + b"\xff" * 4,
        b"OPNF" + struct.pack("<II", 60, 0) + b"\xff" * 48,
    ],
    ids=["http", "zeros", "no size", "2 GB", "no channel", "tiny buffers", "no policy"],
)
async def test_rubbish_ends_the_connection(plant: Plant, rubbish: bytes) -> None:
    reader, writer = await asyncio.open_connection(plant.settings.host, plant.settings.port)

    writer.write(rubbish * 10_000 if rubbish == b"\x00" * 64 else rubbish)
    await ended(reader)

    writer.close()


@pytest.mark.parametrize("body", [b"\xff" * 64, b"\x00" * 3, b"\x01\x00\xac\x01" + b"\x09" * 40])
async def test_a_request_that_makes_no_sense_ends_the_connection(plant: Plant, body: bytes) -> None:
    async with bare_channel(plant) as client:
        protocol = client.uaclient.protocol
        message = protocol._connection.message_to_binary(body, request_id=9)  # noqa: SLF001 - theirs
        protocol.transport.write(message)

        assert not await answers(client)


async def test_a_chunk_that_never_ends_is_cut_off(plant: Plant) -> None:
    reader, writer = await asyncio.open_connection(plant.settings.host, plant.settings.port)
    hello = b"HELF" + struct.pack("<I", 8 + len(HELLO_BODY)) + HELLO_BODY

    writer.write(hello + b"OPNC" + struct.pack("<II", 10_000_000, 0) + b"\x00" * 1000)
    await ended(reader)

    writer.close()


async def test_an_array_of_nothings_does_not_take_the_server_away(plant: Plant) -> None:
    """Four bytes say that 268 million elements of no bytes follow."""
    bomb = ua.LiteralOperand()
    request = ua.GetEndpointsRequest()
    request.RequestHeader.AdditionalHeader = bomb
    async with bare_channel(plant) as client:
        protocol = client.uaclient.protocol
        nothing = bytes([0])
        endless = bytes([0x80]) + struct.pack("<i", 0x0FFF_FFFF)
        header = protocol._connection.message_to_binary  # noqa: SLF001 - theirs

        def swapped(body: bytes, **how: object) -> bytes:
            at = body.index(struct.pack("<i", 1) + nothing, 20)
            return header(body[:at] + struct.pack("<i", 5) + endless + body[at + 5 :], **how)

        protocol._connection.message_to_binary = swapped  # noqa: SLF001 - theirs
        with contextlib.suppress(ua.UaError, ConnectionError):
            await send(client, request)

    async with visitor(plant) as client:
        assert await client.get_node("ns=2;s=plant.mode").read_value() == "running"


async def test_a_stranger_may_not_ask_for_ever(plant: Plant) -> None:
    async with bare_channel(plant) as client:
        answered = [await answers(client) for _ in range(25)]

    assert answered[0]
    assert not answered[-1]


async def test_no_more_connections_than_there_is_room_for(plant: Plant) -> None:
    crowd = [
        await asyncio.open_connection(plant.settings.host, plant.settings.port) for _ in range(60)
    ]

    refused = [reader for reader, _ in crowd if await is_closed(reader)]
    for _, writer in crowd:
        writer.close()

    assert len(refused) >= 35


def der_of(keys: Keys) -> bytes:
    pem = keys.certificate.read_bytes()
    return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)


async def answers(client: Client) -> bool:
    try:
        await send(client, ua.GetEndpointsRequest())
    except (ua.UaError, ConnectionError):
        return False
    return True


async def ended(reader: asyncio.StreamReader) -> None:
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionError):
            await reader.read(-1)


async def is_closed(reader: asyncio.StreamReader) -> bool:
    try:
        async with asyncio.timeout(0.05):
            return await reader.read(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True
