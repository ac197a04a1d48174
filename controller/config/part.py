"""What every table of plant.toml has in common."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

Port = Annotated[int, Field(ge=1, le=65_535)]
Celsius = Annotated[float, Field(ge=-60, le=150)]

_NUMBERS = (float, int, float | None, int | None)


class Part(BaseModel):
    """A table of plant.toml: unknown keys are errors, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        """Refuse `true` and texts where a number stands, which pydantic would take for one."""
        kind = cls.model_fields[info.field_name or ""].annotation
        if kind in _NUMBERS and isinstance(value, bool | str):
            told = "a text" if isinstance(value, str) else "true or false"
            raise PydanticCustomError("kind", "expected a number, not {told}", {"told": told})
        if kind is bool and not isinstance(value, bool):
            raise PydanticCustomError("kind", "expected true or false")
        return value
