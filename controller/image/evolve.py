"""`dataclasses.replace` for the state of a scan: several times as fast where there are no slots.

A scan replaces some part of its memory dozens of times. The original calls the class's `__init__`,
which sets every field anew; this copies the instance's dictionary.
"""

from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["replace"]

if TYPE_CHECKING:
    from dataclasses import replace
else:
    import dataclasses

    T = TypeVar("T")
    _PLAIN: dict[type, frozenset[str] | None] = {}

    def replace(one: T, /, **changes: Any) -> T:  # noqa: ANN401 - whatever the fields are
        """The same with these fields changed; TypeError for a field that it does not have."""
        kind = type(one)
        try:
            names = _PLAIN[kind]
        except KeyError:
            names = _PLAIN[kind] = _plain(kind)
        if names is None:
            return dataclasses.replace(one, **changes)
        if not names.issuperset(changes):
            raise TypeError(f"{kind.__name__} has no field {sorted(set(changes) - names)}")
        other = object.__new__(kind)
        fields = other.__dict__
        fields.update(one.__dict__)
        fields.update(changes)
        return other

    def _plain(kind: type) -> frozenset[str] | None:
        """The fields of a class whose instances are nothing but them; None for any other."""
        fields = dataclasses.fields(kind)
        odd = hasattr(kind, "__slots__") or hasattr(kind, "__post_init__")
        if odd or not all(field.init for field in fields):
            return None
        return frozenset(field.name for field in fields)
