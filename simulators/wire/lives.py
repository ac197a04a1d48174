"""Tasks that live as long as a block does; what goes wrong in the block keeps its own face."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def lives() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group; a failure that is alone leaves it as it is and not as a group of one."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as several:
        if len(several.exceptions) == 1:
            raise several.exceptions[0] from None
        raise
