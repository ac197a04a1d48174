"""A PLC on the virtual wire that keeps every byte it hears, and a judge of what it may hear."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace

from controller.lab.virtual_loop import VirtualLoop
from drivers.modbus.device import ModbusDevice
from drivers.modbus.profile import Profile, load_profile
from tests.drivers.modbus.memory import Bank

PROFILE = load_profile("sim_cdu_plc")
FOREIGN = replace(PROFILE, frame=None)
WANTED = ("pump-1.speed_pct", "district-pump.speed_pct", "pump-1.run", "container-02.leak")
WRITABLE = (*WANTED[:3], "container-02.contactor_close", "container-02.valve_open_command")
UNIT = 7
# By hand from the manual of the simulated devices: what of this plant may ever be written.
COILS = {0, 33, 65}
SET_POINTS = {2, 6}
MARKS = {0, 1}
FULL = 10_000
READS = {1, 2, 3, 4}


class Listener:
    """A PLC on the virtual wire that keeps every byte it hears."""

    def __init__(self) -> None:
        self.bank = Bank()
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError, asyncio.CancelledError):
            while request := await reader.read(300):
                self.requests.append(request)
                for piece in self.bank.answer(request):
                    writer.write(piece)
        writer.close()

    @property
    def writes(self) -> list[bytes]:
        """Unit, function and data of all that was not a read."""
        return [request[6:] for request in self.requests if request[7] not in READS]


Life = Callable[[ModbusDevice, Listener], Coroutine[None, None, None]]


def on_the_wire(
    life: Life, profile: Profile = PROFILE, may_write: Callable[[str], bool] | None = None
) -> Listener:
    """Live with a device of these tags on a loop of its own, and give back what was heard."""
    listener = Listener()

    async def run() -> None:
        server = await asyncio.start_server(listener.serve, "127.0.0.1", 502)
        device = ModbusDevice(
            "plc", "127.0.0.1", 502, UNIT, profile, wanted={*WANTED, *WRITABLE}, may_write=may_write
        )
        await life(device, listener)
        await device.close()
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(run())
    return listener


def judge(write: bytes, *, framed: bool) -> None:
    """Whether these bytes may ever leave, from the manual and not from the profile."""
    unit, function = write[0], write[1]
    address, second = (int.from_bytes(write[at : at + 2], "big") for at in (2, 4))
    assert unit == UNIT
    if function == 5:
        assert address in COILS
        assert second in (0, 0xFF00)
    elif function == 15:
        assert set(range(address, address + second)) <= COILS
    else:
        assert function == 16
        words = [int.from_bytes(write[at : at + 2], "big") for at in range(7, len(write), 2)]
        assert len(words) == second
        if framed:
            assert (address, second) == (0, 12)
        for at, word in enumerate(words, start=address):
            if framed and at in MARKS:
                continue
            assert word <= (FULL if at in SET_POINTS else 0)
            assert framed or at in SET_POINTS
