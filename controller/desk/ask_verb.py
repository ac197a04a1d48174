"""`hearth ask`: a request to the running core from the command line of its machine."""

import asyncio
import getpass
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import typer

from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.control.request_table import HAND, RequestKind, request_kinds
from controller.link.client import LinkClient, LinkError
from controller.link.messages import LINK_NAME

HELP = "help"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, as it was typed."""

    name: str
    value: str | None
    reason: str
    life_s: float
    role: str


def ask_life(
    plant: PlantFile, asking: Asking
) -> Callable[[asyncio.Event], Coroutine[Any, Any, None]]:
    """Ask once and print the verdict."""

    async def life(_stop: asyncio.Event) -> None:
        if asking.name == HELP:
            typer.echo("\n".join(askable(plant)))
            return
        path = plant.core.state_dir / LINK_NAME
        try:
            async with LinkClient(path) as core:
                verdict = await core.ask(
                    asking.name,
                    asking.value,
                    source=f"cli:{getpass.getuser()}",
                    role=asking.role,
                    reason=asking.reason,
                    expires_in_s=asking.life_s,
                )
        except LinkError as lost:
            typer.echo(f"hearth: {lost}\nIs `hearth run` running, under this user?", err=True)
            raise SystemExit(2) from lost
        typer.echo(verdict.reason if verdict.accepted else f"refused: {verdict.reason}")
        raise SystemExit(0 if verdict.accepted else 1)

    return life


def askable(plant: PlantFile) -> list[str]:
    """Every request that this plant knows, a line each; orders by hand are one line."""
    kinds = request_kinds(scan_settings(plant))
    lines = [_line(name, kind) for name, kind in kinds.items() if _listed(name, kind)]
    return [*lines, f"{HAND + 'TAG':<24}{'operator, engineer':<44}the output TAG set by hand"]


def _listed(name: str, kind: RequestKind) -> bool:
    return not name.startswith(HAND) and not kind.refusal


def _line(name: str, kind: RequestKind) -> str:
    unit = f" ({kind.unit})" if kind.unit else ""
    return f"{name:<24}{', '.join(sorted(kind.roles)):<44}{kind.meaning}{unit}"
