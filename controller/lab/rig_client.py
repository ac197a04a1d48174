"""What tests and the demo use to look behind the simulated plant's sensors and to break things.

Every call waits for the answer, at most two seconds: from a coroutine, call it in a thread.
"""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, TypedDict
from urllib.parse import urlencode

LIMIT_S = 2.0
OK = 200


class RigError(Exception):
    """The rig did not answer, or refused; the message is the rig's own."""


class Command(TypedDict):
    """One order that reached a miner."""

    at_s: float
    unit: str
    verb: str


class Units(TypedDict):
    """What every miner really does; the arrays belong together by position."""

    name: list[str]
    power_kw: list[float]
    outlet_c: list[float]
    work: list[int]


class RigClient:
    """The control port of a rig at `host`:`port`."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    def truth(self) -> dict[str, float | int | bool]:
        """What is really the case in the plant."""
        result: dict[str, float | int | bool] = self._ask("GET", "/truth")
        return result

    def commands(self, since_s: float = 0.0) -> list[Command]:
        """The orders that reached a miner at `since_s` of the plant's time or later."""
        result: list[Command] = self._ask("GET", f"/commands?since={since_s!r}")["commands"]
        return result

    def units(self) -> Units:
        """What every miner really does."""
        result: Units = self._ask("GET", "/units")
        return result

    def faults(self) -> dict[str, str]:
        """The faults that are set, by target."""
        result: dict[str, str] = self._ask("GET", "/faults")
        return result

    def targets(self, word: str = "") -> dict[str, str]:
        """Everything with this word in its name that can break, and the ways in which it can."""
        result: dict[str, str] = self._ask("GET", "/targets?" + urlencode({"like": word}))
        return result

    def set_fault(self, target: str, verb: str) -> dict[str, str]:
        """Break `target`; all faults that are now set."""
        result: dict[str, str] = self._ask("POST", "/fault", {"target": target, "verb": verb})
        return result

    def clear_fault(self, target: str | None = None) -> dict[str, str]:
        """Mend `target`, or everything; all faults that are still set."""
        query = "" if target is None else "?" + urlencode({"target": target})
        result: dict[str, str] = self._ask("DELETE", f"/fault{query}")
        return result

    def breakable(self) -> dict[str, list[str]]:
        """Everything that can break, and the ways in which it can."""
        result: dict[str, list[str]] = self._ask("GET", "/breakable")
        return result

    def settings(self) -> dict[str, float]:
        """What surrounds the plant, as it was set last."""
        result: dict[str, float] = self._ask("GET", "/set")
        return result

    def set(self, **values: float) -> dict[str, float]:
        """Change what surrounds the plant: `outdoor_c`, `district_return_c` and others."""
        result: dict[str, float] = self._ask("POST", "/set", values)
        return result

    def clock(self) -> dict[str, Any]:
        """The speed that was asked for, and the one that is achieved."""
        result: dict[str, Any] = self._ask("GET", "/clock")
        return result

    def turn(self, speed: float) -> dict[str, Any]:
        """Go on at another speed; the clock as it is then."""
        result: dict[str, Any] = self._ask("POST", "/speed", {"speed": speed})
        return result

    def describe(self) -> dict[str, Any]:
        """The plant, its devices and where they listen."""
        result: dict[str, Any] = self._ask("GET", "/describe")
        return result

    def monitor(self) -> dict[str, Any]:
        """What must not be, how often it was, and how the scenario goes."""
        result: dict[str, Any] = self._ask("GET", "/monitor")
        return result

    def scenarios(self) -> dict[str, str]:
        """Every scenario with its one line."""
        result: dict[str, str] = self._ask("GET", "/scenarios")
        return result

    def play(self, name: str) -> dict[str, str]:
        """Begin a scenario."""
        result: dict[str, str] = self._ask("POST", "/scenario", {"name": name})
        return result

    # The answer's shape is the rig's promise; the callers above name it.
    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
        connection = HTTPConnection(self._host, self._port, timeout=LIMIT_S)
        content = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, content, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, HTTPException, ValueError) as error:
            message = f"rig at {self._host}:{self._port} did not answer {method} {path}: {error}"
            raise RigError(message) from error
        finally:
            connection.close()
        if response.status != OK:
            raise RigError(str(answer.get("error", answer)))
        return answer
