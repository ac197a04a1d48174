"""Brings reports into the address space: only what has changed, and never for long at a stretch."""

import asyncio
from collections.abc import Iterator

import numpy as np
from asyncua import ua
from asyncua.server.server import Server
from numpy.typing import NDArray

from controller.gateway.opcua.space import Space
from controller.gateway.opcua.values import (
    GOOD,
    NO_CORE,
    UNCERTAIN,
    nothing,
    of_number,
    of_sample,
    of_state,
    when,
)
from controller.image.fleet import UNCERTAIN_AFTER_S
from controller.link.messages import Hello, Report
from controller.link.mirror import Column, Mirror

WRITES_AT_A_STRETCH = 200

Write = tuple[ua.NodeId, ua.DataValue]


class Publisher:
    """Writes what differs from what was written last; a client sees each change once."""

    def __init__(self, server: Server, hello: Hello, space: Space) -> None:
        self._server = server
        self._hello = hello
        self._space = space
        self._mirror = Mirror(hello)
        self._told: dict[str, Column] = {}
        self._told_doubt: NDArray[np.bool_] | None = None

    async def publish(self, report: Report) -> None:
        """Write a report's news."""
        self._mirror.apply(report)
        await self._write(self._tags(report))
        if report.fleet:
            await self._write(self._units(report.utc_s))

    async def core_away(self) -> None:
        """Say of every value that nobody knows it any more."""
        gone = nothing(NO_CORE)
        self._told.clear()
        columns = self._space.columns.values()
        nodes = [*self._space.tags, *(node for column in columns for node in column)]
        await self._write((node, gone) for node in nodes)

    async def _write(self, writes: Iterator[Write]) -> None:
        for count, (node, value) in enumerate(writes, 1):
            await self._server.write_attribute_value(node, value)
            if count % WRITES_AT_A_STRETCH == 0:
                await asyncio.sleep(0)

    def _tags(self, report: Report) -> Iterator[Write]:
        for sample in report.values:
            tag = self._hello.tags[sample.tag]
            yield self._space.tags[sample.tag], of_sample(sample, tag.kind)

    def _units(self, utc_s: float) -> Iterator[Write]:
        seen_utc_s = self._mirror.seen_utc_s
        # Written so that a unit that was never seen is doubtful.
        doubt = ~(utc_s - seen_utc_s <= UNCERTAIN_AFTER_S)
        turned = np.True_ if self._told_doubt is None else doubt != self._told_doubt
        for name, nodes in self._space.columns.items():
            column = self._mirror.columns[name]
            changed = turned | ~_same(column, self._told.get(name))
            make = of_state if column.dtype == np.int8 else of_number
            for row in np.flatnonzero(changed).tolist():
                quality = UNCERTAIN if doubt[row] else GOOD
                at = when(float(seen_utc_s[row])) or when(utc_s)
                yield nodes[row], make(column[row].item(), quality, at)
            self._told[name] = column
        self._told_doubt = doubt


def _same(column: Column, told: Column | None) -> NDArray[np.bool_]:
    if told is None:
        return np.zeros(len(column), np.bool_)
    if column.dtype == np.int8:
        return np.asarray(column == told)
    return np.asarray((column == told) | (np.isnan(column) & np.isnan(told)))
