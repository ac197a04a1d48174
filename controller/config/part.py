"""What every table of plant.toml has in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A table of plant.toml: unknown keys are errors, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
