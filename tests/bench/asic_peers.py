"""A library of others reads a miner again and again, in its own environment: CPU-µs of a reading.

`.venv-peers/bin/python tests/bench/asic_peers.py pyasic|pyasic_rs`. The miner is looked up once.
"""

import asyncio
import importlib
import os
import sys
import time
from typing import Any

ADDRESS = "127.1.0.1"
READINGS = {"pyasic": 100, "pyasic_rs": 300}
FACTORIES = {"pyasic": "pyasic.miners.factory", "pyasic_rs": "pyasic_rs"}


async def reading_us(name: str) -> float:
    """The whole process' CPU time, threads included, for one `get_data`."""
    library: Any = importlib.import_module(FACTORIES[name])
    miner = await library.MinerFactory().get_miner(ADDRESS)
    data = await miner.get_data()
    if data.hashrate is None:
        raise SystemExit(f"{name} reads no hashrate")
    begun_s = time.process_time()
    for _ in range(READINGS[name]):
        await miner.get_data()
    return (time.process_time() - begun_s) / READINGS[name] * 1e6


if __name__ == "__main__":
    print(f"{asyncio.run(reading_us(sys.argv[1])):.1f}", flush=True)  # noqa: T201
    # The threads of one of them do not always survive the interpreter's own end.
    os._exit(0)
