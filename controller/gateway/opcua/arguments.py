"""A method's arguments as OPC UA wants them checked, and its answers."""

from collections.abc import Sequence

from asyncua import ua
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.opcua.words import status
from controller.link.messages import Verdict

NUMBER = ua.VariantType.Double
WORDS = ua.VariantType.String


def wrong(
    given: Sequence[ua.Variant], kinds: tuple[ua.VariantType, ...]
) -> ua.CallMethodResult | None:
    """The answer to arguments of another number or kind; None to the right ones."""
    if len(given) < len(kinds):
        return failed(StatusCodes.BadArgumentsMissing)
    if len(given) > len(kinds):
        return failed(StatusCodes.BadTooManyArguments)
    fine = tuple(
        argument.VariantType == kind and not argument.is_array and argument.Value is not None
        for argument, kind in zip(given, kinds, strict=True)
    )
    return None if all(fine) else bad_arguments(fine, StatusCodes.BadTypeMismatch)


def bad_arguments(fine: Sequence[bool], why: int) -> ua.CallMethodResult:
    """The answer that names each argument that is not fine."""
    result = failed(StatusCodes.BadInvalidArgument)
    result.InputArgumentResults = [status(StatusCodes.Good if one else why) for one in fine]
    return result


def failed(why: int) -> ua.CallMethodResult:
    """An answer without a verdict."""
    return ua.CallMethodResult(StatusCode=status(why))


def answered(verdict: Verdict) -> ua.CallMethodResult:
    """Accepted or not, and why."""
    return ua.CallMethodResult(
        OutputArguments=[
            ua.Variant(verdict.accepted, ua.VariantType.Boolean),
            ua.Variant(verdict.reason, ua.VariantType.String),
        ]
    )
