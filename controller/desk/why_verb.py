"""`hearth why`: ask the running core why a tag or a unit is as it is."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import typer

from controller.config.plant import PlantFile
from controller.link.client import LinkClient, LinkError
from controller.link.messages import LINK_NAME, Explanation

STAGE_WIDTH = 11


def why_life(
    plant: PlantFile, name: str, *, as_json: bool
) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
    """Ask once and print the chain; ends with 1 where nothing of the name is known."""

    async def life(_stop: asyncio.Event) -> None:
        path = plant.core.state_dir / LINK_NAME
        try:
            async with LinkClient(path) as core:
                told = await core.explain(name)
        except LinkError as lost:
            typer.echo(f"hearth: {lost}\nIs `hearth run` running, under this user?", err=True)
            raise SystemExit(2) from lost
        if told.refusal:
            typer.echo(f"hearth: {told.refusal}", err=True)
            raise SystemExit(1)
        typer.echo(as_json_text(name, told) if as_json else as_text(told))

    return life


def as_text(told: Explanation) -> str:
    """The chain as lines; a phase that says more than one thing is named once."""
    lines, before = [f"at {_utc(told)}"], ""
    for stage, text in told.steps:
        lines.append(f"{'' if stage == before else stage:<{STAGE_WIDTH}}{text}")
        before = stage
    return "\n".join(lines)


def as_json_text(name: str, told: Explanation) -> str:
    """The chain for programs."""
    steps = [{"stage": stage, "text": text} for stage, text in told.steps]
    return json.dumps({"name": name, "utc": _utc(told), "steps": steps}, ensure_ascii=False)


def _utc(told: Explanation) -> str:
    moment = datetime.fromtimestamp(told.utc_s, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
