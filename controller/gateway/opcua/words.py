"""asyncua's words said in plain types: its annotations ask for its own integers everywhere."""

from asyncua import ua

NAMESPACE_URI = "urn:hearth:plant"
NAMESPACE = 2


def status(code: int) -> ua.StatusCode:
    """A status by its code."""
    return ua.StatusCode(ua.UInt32(code))


def node_id(name: str) -> ua.NodeId:
    """Our node of this name."""
    return ua.NodeId(ua.String(name), ua.Int16(NAMESPACE))


def standard(number: int) -> ua.NodeId:
    """A node of the standard address space."""
    return ua.NodeId(ua.Int32(number), ua.Int16(0))


def text(words: str) -> ua.LocalizedText:
    """Words for people."""
    return ua.LocalizedText(words)


def named(name: str, namespace: int = NAMESPACE) -> ua.QualifiedName:
    """A browse name; a plain string would land in namespace 0."""
    return ua.QualifiedName(name, namespace)
