"""The ways in which a device can fail us, and those in which we refuse to ask it."""


class DeviceError(Exception):
    """A device did not do what it was asked; the message names it and what was expected."""


class NoAnswer(DeviceError):  # noqa: N818 - the field's word, not Python's
    """Nobody answered in time: refused, timed out, hung up."""


class Resting(NoAnswer):
    """Not asked: it failed before and is left alone for `for_s` more seconds."""

    def __init__(self, told: str, for_s: float) -> None:
        super().__init__(told)
        self.for_s = for_s


class BadReply(DeviceError):  # noqa: N818
    """An answer came that cannot be trusted: short, long, foreign, garbled or out of range."""


class Refused(DeviceError):  # noqa: N818
    """The device understood and said no."""


class Misasked(Refused):
    """It has no such function, address or value: the configuration or the profile is wrong."""


class Denied(Refused):
    """It takes no orders from us: a login, an access list or a switch of it must be mended."""


class Busy(Refused):
    """It is at work on something else and asks for patience."""


class TooLate(DeviceError):  # noqa: N818
    """The order was not sent: when its turn came, whoever gave it no longer meant it."""


class NotAllowed(DeviceError, ValueError):  # noqa: N818
    """The order is not on the device's list of what may be written; nothing was sent."""


class TooOften(DeviceError):  # noqa: N818
    """The order was not sent: this register, or this device, has been written to just now."""


class WrongDevice(BadReply):
    """Another device answers at this address, or the same one with another program."""
