"""A protocol that writes down everything that happens to it, and one that answers."""

import asyncio


class Notebook(asyncio.Protocol):
    """Writes down everything that happens to it."""

    def __init__(self) -> None:
        self.events: list[bytes | str] = []
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Keep the wire, for the test to use."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        self.events.append(data)

    def eof_received(self) -> None:
        """Note the end; the wire closes by itself."""
        self.events.append("end")

    def connection_lost(self, exc: Exception | None) -> None:
        """Note how it ended."""
        self.events.append(type(exc).__name__ if exc is not None else "closed")

    def pause_writing(self) -> None:
        """Note that the peer does not read."""
        self.events.append("pause")

    def resume_writing(self) -> None:
        """Note that the peer reads again."""
        self.events.append("resume")


class Echo(Notebook):
    """Gives back what it gets."""

    def data_received(self, data: bytes) -> None:
        """Note it and answer."""
        super().data_received(data)
        self.transport.write(data)
