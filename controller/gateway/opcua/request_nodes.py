"""The folder of requests: a heat demand that may be written, and the methods."""

from typing import Any, NoReturn

from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.server.server import Server
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.opcua.methods import METHODS
from controller.gateway.opcua.nodes import ANALOG_ITEM, READ_WRITE, Garden, sort
from controller.gateway.opcua.requests import HEAT_DEMAND
from controller.gateway.opcua.space import ROOT, UNITS_SORT, plant_range
from controller.gateway.opcua.units import engineering_units
from controller.gateway.opcua.values import NO_DATA, nothing
from controller.gateway.opcua.words import named, node_id, standard, text

FOLDER = node_id("requests")
NUMBER, FLAG, WORDS = ua.VariantType.Double, ua.VariantType.Boolean, ua.VariantType.String


async def plant_requests(server: Server, garden: Garden, max_heat_kw: float) -> ua.NodeId:
    """Plant the folder; gives the node of the heat demand."""
    garden.folder(ROOT, FOLDER, "Requests")
    heat = node_id(HEAT_DEMAND)
    of = sort(
        NUMBER,
        "Heat asked for; a write is a request with the default expiry",
        type_definition=ANALOG_ITEM,
        access=READ_WRITE,
    )
    garden.variable(FOLDER, heat, "HeatDemand", of, nothing(NO_DATA))
    plant_range(garden, heat, HEAT_DEMAND, 0.0, max_heat_kw)
    units = node_id(f"{HEAT_DEMAND}.EngineeringUnits")
    garden.property(heat, units, "EngineeringUnits", UNITS_SORT, engineering_units("kW"))
    for node, method in METHODS.items():
        inputs = [_argument(one.name, one.kind, one.meaning) for one in method.inputs]
        await _method(server, node, method.name, inputs)
    return heat


async def _method(server: Server, node: ua.NodeId, name: str, inputs: list[ua.Argument]) -> None:
    outputs = [
        _argument("accepted", FLAG, "Whether core took it"),
        _argument("why", WORDS, "Core's reason"),
    ]
    folder = server.get_node(FOLDER)
    await folder.add_method(node, named(name), _never, inputs, outputs)


async def _never(*_: Any) -> NoReturn:  # noqa: ANN401 - asyncua's shape
    """Calls from outside go to the door, not through asyncua."""
    raise ServiceError(StatusCodes.BadServiceUnsupported)


def _argument(name: str, kind: ua.VariantType, words: str) -> ua.Argument:
    return ua.Argument(
        Name=ua.String(name),
        DataType=standard(kind.value),
        ValueRank=ua.Int32(-1),
        Description=text(words),
    )
