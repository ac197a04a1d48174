"""The scenarios that come with Hearth: one TOML file each, read into what the player takes."""

import tomllib
from collections.abc import Collection
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from controller.config.load import ConfigError
from simulators.hand import RANGES
from simulators.monitor import RULES
from simulators.scenario import Expectation, Scenario, Step

# Without a share these figures would fit one size of plant only.
SIZED = "network_demand_share"
FARTHEST = 1e9


def _known(name: str, known: Collection[str]) -> str:
    """The name, when somebody bears it."""
    if name not in known:
        raise ValueError(f"{name!r} is unknown: there are {', '.join(known)}")
    return name


Rule = Annotated[str, AfterValidator(lambda name: _known(name, RULES))]
Setting = Annotated[str, AfterValidator(lambda name: _known(name, (*RANGES, SIZED)))]


class Part(BaseModel):
    """A table of a scenario; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class StepFile(Part):
    """What happens at one moment."""

    at_s: float = Field(ge=0)
    say: str = ""
    over_s: float = Field(0.0, ge=0)
    set: dict[Setting, float] = Field(default_factory=dict)
    fault: dict[str, str] = Field(default_factory=dict)
    mend: tuple[str, ...] = ()


class ExpectFile(Part):
    """What must then be seen; a `share` is of the heat that all miners give at full power."""

    figure: str
    from_s: float = Field(ge=0)
    until_s: float = Field(ge=0)
    low: float | None = None
    high: float | None = None
    low_share: float | None = None
    high_share: float | None = None


class ScenarioFile(Part):
    """A whole file."""

    line: str = Field(min_length=10)
    step: tuple[StepFile, ...] = Field(min_length=1)
    expect: tuple[ExpectFile, ...] = ()
    allow: tuple[Rule, ...] = ()


def scenario_names() -> tuple[str, ...]:
    """Every scenario there is."""
    folder = files("controller.lab") / "scenarios"
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def list_scenarios() -> list[str]:
    """One line each: the name and what happens."""
    names = scenario_names()
    width = max(map(len, names))
    return [f"{name:{width}}  {load_scenario(name, 1.0).line}" for name in names]


def load_scenario(name: str, full_heat_kw: float) -> Scenario:
    """The scenario of this name for a plant of this size."""
    if name not in scenario_names():
        raise ConfigError(f"no scenario {name!r}: there are {', '.join(scenario_names())}")
    text = (files("controller.lab") / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    try:
        file = ScenarioFile.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigError(f"scenario {name}: {error}") from error
    return Scenario(
        name=name,
        line=file.line,
        steps=tuple(_step(step, full_heat_kw) for step in file.step),
        expectations=tuple(_expectation(one, full_heat_kw) for one in file.expect),
        allowed=file.allow,
    )


def _step(step: StepFile, full_heat_kw: float) -> Step:
    values = dict(step.set)
    if SIZED in values:
        values["network_demand_kw"] = full_heat_kw * values.pop(SIZED)
    return Step(
        at_s=step.at_s,
        say=step.say,
        values=values,
        over_s=step.over_s,
        faults=tuple(step.fault.items()),
        mend=step.mend,
    )


def _expectation(one: ExpectFile, full_heat_kw: float) -> Expectation:
    low = one.low if one.low_share is None else one.low_share * full_heat_kw
    high = one.high if one.high_share is None else one.high_share * full_heat_kw
    return Expectation(
        figure=one.figure,
        from_s=one.from_s,
        until_s=one.until_s,
        low=-FARTHEST if low is None else low,
        high=FARTHEST if high is None else high,
    )
