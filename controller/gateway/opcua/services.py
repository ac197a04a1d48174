"""The services of OPC UA by who may use them; what is not named here is not served."""

from asyncua import ua
from asyncua.ua.object_ids import ObjectIds


def _kind(name: str) -> ua.NodeId:
    """How a request of this service is marked on the wire."""
    return ua.NodeId(getattr(ObjectIds, f"{name}Request_Encoding_DefaultBinary"))


CREATE_SESSION = _kind("CreateSession")
ACTIVATE_SESSION = _kind("ActivateSession")
CLOSE_SESSION = _kind("CloseSession")
CLOSE_CHANNEL = _kind("CloseSecureChannel")

DISCOVERY = frozenset({_kind("GetEndpoints"), _kind("FindServers")})
"""For everybody, on any channel."""

SERVED = frozenset(
    _kind(name)
    for name in (
        "Read",
        "Write",
        "Call",
        "Browse",
        "TranslateBrowsePathsToNodeIds",
        "RegisterNodes",
        "UnregisterNodes",
        "CreateSubscription",
        "ModifySubscription",
        "DeleteSubscriptions",
        "SetPublishingMode",
        "Publish",
        "Republish",
        "CreateMonitoredItems",
        "ModifyMonitoredItems",
        "DeleteMonitoredItems",
        "SetMonitoringMode",
    )
)
"""For a person whose session is activated.

Not among them: the changing of nodes, history, the transfer of subscriptions and the registering of
servers, which asyncua would let a stranger do.
"""
