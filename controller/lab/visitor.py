"""Who may visit the control port and what a request may hold; a refusal says what is allowed."""

import asyncio
import ipaddress
import json
import math
from collections.abc import Awaitable, Callable, Collection, Mapping
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from controller.clock.now import real_limit_s

BODY_CAP_BYTES = 4096
BODY_LIMIT_S = 2.0

Handler = Callable[[Request], Awaitable[JSONResponse]]


class WrongRequest(Exception):  # noqa: N818 - the visitor's mistake, told back to it
    """The request cannot be served; the message names what is allowed."""


def guarded(handler: Handler) -> Handler:
    """The handler behind the door: visitors are checked, refusals become JSON."""

    async def endpoint(request: Request) -> JSONResponse:
        try:
            check_visitor(request)
            return await handler(request)
        except WrongRequest as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint


def not_found(allowed: str) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    """The answer to a path or method that does not exist."""

    async def endpoint(request: Request, _error: Exception) -> JSONResponse:
        message = f"{request.method} {request.url.path} is not here; allowed: {allowed}"
        return JSONResponse({"error": message}, status_code=400)

    return endpoint


def check_visitor(request: Request) -> None:
    """Refuse names that were made to point here (DNS rebinding), and pages of a browser."""
    host = request.headers.get("host", "")
    if not _is_loopback(host):
        raise WrongRequest(f"Host {host!r} is refused; allowed: localhost or a loopback address")
    if "origin" in request.headers:
        raise WrongRequest("web pages are refused; allowed: requests without an Origin")


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
        return name == "localhost" or ipaddress.ip_address(name or "").is_loopback
    except ValueError:
        return False


async def read_json(request: Request) -> Mapping[str, object]:
    """The object in the body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise WrongRequest(f"body of type {kind!r} is refused; allowed: application/json")
    body = bytearray()
    try:
        async with asyncio.timeout(real_limit_s(BODY_LIMIT_S)):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_CAP_BYTES:
                    raise WrongRequest(f"body too long; allowed: {BODY_CAP_BYTES} bytes")
        content = json.loads(body)
    except (TimeoutError, ClientDisconnect, ValueError, RecursionError) as error:
        raise WrongRequest("body is not whole JSON; allowed: one JSON object") from error
    if not isinstance(content, dict):
        raise WrongRequest("body is not an object; allowed: one JSON object")
    return content


def refuse_unknown(body: Mapping[str, object], allowed: Collection[str]) -> None:
    """Refuse an empty body and keys that mean nothing here."""
    if not body or not set(body) <= set(allowed):
        raise WrongRequest(f"keys {sorted(body)} are refused; allowed: {', '.join(allowed)}")


def text(body: Mapping[str, object], name: str) -> str:
    """A key that must be there and hold text."""
    value = body.get(name)
    if not isinstance(value, str):
        raise WrongRequest(f"{name} is missing or not text; allowed: a string")
    return value


def number(value: object, name: str, within: tuple[float, float]) -> float:
    """A finite number within its range, given as a number or as its text."""
    low, high = within
    try:
        result = float(value) if isinstance(value, str | int | float) else math.nan
    except (ValueError, OverflowError):
        result = math.nan
    if isinstance(value, bool) or not math.isfinite(result) or not low <= result <= high:
        raise WrongRequest(f"{name} {value!r} is refused; allowed: a number {low:g} to {high:g}")
    return result
