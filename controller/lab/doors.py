"""What a visitor of the control port may ask of the laboratory and do to it."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from controller.clock.shared import FASTEST, SLOWEST, ClockError
from controller.config.load import ConfigError
from controller.lab.laboratory import Laboratory
from controller.lab.scenario_files import load_scenario, scenario_names
from controller.lab.visitor import WrongRequest, number, read_json, refuse_unknown, text
from simulators.hand import RANGES


class Doors:
    """One method for each door."""

    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory
        self._world = laboratory.world

    async def truth(self, _request: Request) -> JSONResponse:
        """What is really the case, unseen by any sensor."""
        return JSONResponse(self._laboratory.truth())

    async def commands(self, request: Request) -> JSONResponse:
        """Every sleep and wake that reached a miner at `since` seconds or later."""
        since_s = number(request.query_params.get("since", "0"), "since", (0.0, float("inf")))
        fleet = self._world.fleet
        found = []
        for at_s, index, verb in reversed(fleet.commands):
            if at_s < since_s:
                break
            found.append({"at_s": at_s, "unit": fleet.names[index], "verb": verb})
        return JSONResponse({"now_s": self._world.now_s, "commands": found[::-1]})

    async def units(self, _request: Request) -> JSONResponse:
        """What every miner really does, one array for each figure."""
        fleet = self._world.fleet
        return JSONResponse(
            {
                "name": fleet.names,
                "power_kw": fleet.power_kw.round(4).tolist(),
                "outlet_c": fleet.outlet_c.round(3).tolist(),
                "work": fleet.work.tolist(),
            }
        )

    async def faults(self, _request: Request) -> JSONResponse:
        """The faults that are set."""
        return JSONResponse(self._world.faults.active())

    async def targets(self, request: Request) -> JSONResponse:
        """What can break and how; `like` leaves only the names with this word in them."""
        faults, word = self._world.faults, request.query_params.get("like", "")
        return JSONResponse({name: faults.told(name) for name in faults.targets() if word in name})

    async def breakable(self, _request: Request) -> JSONResponse:
        """Everything that can break, and the ways in which it can."""
        faults = self._world.faults
        return JSONResponse({target: faults.verbs(target) for target in faults.targets()})

    async def set_fault(self, request: Request) -> JSONResponse:
        """Break something."""
        body = await read_json(request)
        refuse_unknown(body, ("target", "verb"))
        try:
            self._world.faults.set(text(body, "target"), text(body, "verb"))
        except ValueError as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse(self._world.faults.active())

    async def clear_fault(self, request: Request) -> JSONResponse:
        """Mend one target, or everything."""
        try:
            self._world.faults.clear(request.query_params.get("target"))
        except ValueError as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse(self._world.faults.active())

    async def settings(self, _request: Request) -> JSONResponse:
        """What surrounds the plant, as it was set last."""
        return JSONResponse(self._laboratory.hand.values)

    async def set(self, request: Request) -> JSONResponse:
        """Change weather, network or room; all of it or nothing."""
        body = await read_json(request)
        refuse_unknown(body, tuple(RANGES))
        wanted = {name: number(value, name, RANGES[name]) for name, value in body.items()}
        try:
            self._laboratory.hand.set(wanted)
        except ValueError as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse(wanted)

    async def clock(self, _request: Request) -> JSONResponse:
        """The speed that was asked for, and the one that the plant achieves."""
        return JSONResponse(self._laboratory.clock())

    async def speed(self, request: Request) -> JSONResponse:
        """Go on faster or slower, with every program on this clock."""
        body = await read_json(request)
        refuse_unknown(body, ("speed",))
        try:
            self._laboratory.governor.ask(number(body.get("speed"), "speed", (SLOWEST, FASTEST)))
        except ClockError as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse(self._laboratory.clock())

    async def describe(self, _request: Request) -> JSONResponse:
        """The plant, its devices and their addresses, for a controller that does not know them."""
        return JSONResponse(self._laboratory.facts)

    async def monitor(self, _request: Request) -> JSONResponse:
        """Every rule of the outside monitor, how often it was broken, and the scenario."""
        monitor, player = self._laboratory.monitor, self._laboratory.player
        return JSONResponse(
            {
                "now_s": self._world.now_s,
                "unsafe_outputs_total": monitor.total,
                "rules": monitor.told(),
                "scenario": None if player is None else player.told(),
            }
        )

    async def scenarios(self, _request: Request) -> JSONResponse:
        """Every scenario that can be played, with its one line."""
        return JSONResponse({name: load_scenario(name, 1.0).line for name in scenario_names()})

    async def play(self, request: Request) -> JSONResponse:
        """Begin a scenario now, in the place of the one that may run."""
        body = await read_json(request)
        refuse_unknown(body, ("name",))
        full_heat_kw = self._world.description.full_heat_kw
        try:
            scenario = load_scenario(text(body, "name"), full_heat_kw)
            self._laboratory.play(scenario)
        except (ConfigError, ValueError) as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse({"name": scenario.name, "line": scenario.line})
