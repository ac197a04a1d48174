"""Who answers at an address: the identity registers, held against what is expected and was told."""

from collections.abc import Mapping
from typing import Final

from drivers.errors import WrongDevice
from drivers.modbus.profile import Profile
from drivers.modbus.register import Register

MODEL_CODE: Final = "model_code"
SERIAL_NUMBER: Final = "serial_number"


class Identity:
    """One device's identity: its model by the profile, its serial number by the plant's file."""

    def __init__(self, name: str, profile: Profile, serial_number: int | None) -> None:
        self.registers: list[Register] = [
            register for register in profile.registers if register.group == "identity"
        ]
        self._name = name
        self._model_code = profile.model_code
        self._serial_number = serial_number
        # As they were told first.
        self._first_told: Mapping[str, int | None] = {}

    def recognise(self, words: Mapping[str, list[int]]) -> dict[str, int | None]:
        """The identity registers in these words by name; WrongDevice where they are another's."""
        found: dict[str, int | None] = {}
        for one in self.registers:
            value = one.decode(words[one.name])
            found[one.name] = None if value is None else int(value)
        self._expect(found, MODEL_CODE, self._model_code)
        self._expect(found, SERIAL_NUMBER, self._serial_number)
        for what, told in self._first_told.items():
            self._expect(found, what, told, "who answered first told")
        self._first_told = self._first_told or found
        return found

    def _expect(
        self,
        found: Mapping[str, int | None],
        what: str,
        expected: int | None,
        why: str = "expected",
    ) -> None:
        if expected is not None and found.get(what) != expected:
            raise WrongDevice(
                f"{self._name}: another device at this address:"
                f" {why} {what} {expected}, got {found.get(what)}"
            )
