"""What a library of others reads of a miner, run in its own environment: one line of JSON.

`.venv-peers/bin/python tests/wire/foreign_reader.py pyasic|pyasic_rs ADDRESS [pause|resume]`. The
second library also tries to pause the unit, or to resume it, and tells how that ended.
"""

import asyncio
import importlib
import json
import os
import sys
import warnings
from typing import Any

FACTORIES = {"pyasic": "pyasic.miners.factory", "pyasic_rs": "pyasic_rs"}


async def told(name: str, address: str, order: str) -> dict[str, object]:
    """The library's own words for the unit."""
    library: Any = importlib.import_module(FACTORIES[name])
    miner = await library.MinerFactory().get_miner(address)
    data = await miner.get_data()
    found: dict[str, object] = {"wattage_w": data.wattage, "hashrate": str(data.hashrate)}
    if name == "pyasic_rs":
        found |= {
            "hashrate_ths": data.hashrate.value,
            "model": data.device_info.model,
            "serial": data.serial_number,
            "board_c": data.average_temperature,
            "hashing": data.is_mining,
        }
        try:
            found[order] = await getattr(miner, order)()
        except RuntimeError as error:
            found[order] = str(error)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(asyncio.run(told(*(*sys.argv[1:], "pause")[:3]))), flush=True)  # noqa: T201
    # The threads of one of them do not always survive the interpreter's own end.
    os._exit(0)
