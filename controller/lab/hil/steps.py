"""What may stand in a file of acceptance steps: every table, with its keys."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from controller.config.part import Part, Port
from controller.config.plant import Device

Value = float | bool | str
"""A number, true or false, or words: what is set, and what is measured."""

Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,120}$")]
Point = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*:[^\x00-\x1f]{1,200}$")]
Role = Literal["operator", "engineer", "buyer", "grid", "gateway"]

LONGEST_S = 86_400.0
Seconds = Annotated[float, Field(ge=0, le=LONGEST_S)]


class OpcUaBench(Part):
    """An OPC UA server, and who comes in there."""

    url: str = Field(
        pattern=r"^opc\.tcp://[^@\s]+$", description="opc.tcp://HOST:PORT/PATH, without a user"
    )
    user: str = Field("", description="Name of the user; without one: anonymous")
    password_env: str = Field(
        "HEARTH_HIL_PASSWORD",
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Name of the environment variable that holds the user's password",
    )
    certificate: Path | None = Field(None, description="Our certificate, which the server trusts")
    key: Path | None = Field(None, description="The certificate's private key")
    application_uri: str = Field(
        "urn:example.org:FreeOpcUa:opcua-asyncio", description="URI in our certificate"
    )
    namespace: int = Field(2, ge=0, le=65_535, description="Namespace of names without ns=")


class Bench(Part):
    """What is connected; whatever is left out is not there."""

    rig: Port | None = Field(None, description="Control port of a rig on this machine")
    plant: Path | None = Field(None, description="plant.toml, whose devices can be named")
    link: Path | None = Field(
        None, description="Link socket of Hearth's core (default: that of plant)"
    )
    link_role: Role = Field("operator", description="Role of what is asked by the link")
    opcua: OpcUaBench | None = Field(None, description="OPC UA server of the controller")
    look_every_s: float = Field(
        1.0, ge=0.2, le=60.0, description="Time between two looks at all figures"
    )
    record: tuple[Point, ...] = Field((), description="Figures to plot beside those expected")


class Wanted(Part):
    """One figure and what it shall be: within bounds, near a value, or exactly so."""

    figure: Point = Field(description="DOOR:NAME of the figure")
    equals: bool | str | None = Field(None, alias="is", description="This word, true or false")
    low: float | None = Field(None, description="Not below this")
    high: float | None = Field(None, description="Not above this")
    near: float | None = Field(None, description="Around this value")
    by: float = Field(0.0, ge=0, description="How far from near at most")


class Expect(Wanted):
    """What must come within a time and then stay for a time, in the plant's seconds."""

    within_s: Seconds = Field(0.0, description="Latest time at which it begins to be so")
    for_s: Seconds = Field(0.0, description="Time for which it then stays so")


class Always(Wanted):
    """What must be so at every look, from the first step to the last."""

    gap_s: Seconds = Field(5.0, description="Longest time without a value that is let pass")


class Step(Part):
    """One step: a person's part, what is set, a wait, what must come first, what is judged."""

    name: Name = Field(description="Name of the step")
    say: str = Field("", description="What is shown when it begins, for people")
    ask: str = Field("", description="What a person shall do now, and confirm with Enter")
    ask_within_s: Seconds = Field(600.0, description="Time that the person has, in real seconds")
    set: dict[Point, Value] = Field(default_factory=dict, description="DOOR:NAME = value")
    wait_s: Seconds = Field(0.0, description="Wait after that, in the plant's time")
    until: tuple[Expect, ...] = Field((), description="What must come before it is judged")
    expect: tuple[Expect, ...] = Field((), description="What is judged")
    needed: bool = Field(default=False, description="When this step fails, the run ends")


class StepsFile(Part):
    """The whole file."""

    name: Name = Field(description="What is accepted here: title of the report")
    line: str = Field("", description="One line about it")
    given: dict[str, float] = Field(
        default_factory=dict, description='Numbers with names, for values such as "60 % of NAME"'
    )
    bench: Bench = Field(default_factory=Bench)
    device: tuple[Device, ...] = Field((), description="Modbus devices that no plant.toml names")
    always: tuple[Always, ...] = Field((), description="What must be so all the time")
    step: tuple[Step, ...] = Field(min_length=1)

    def lasts_at_most_s(self) -> float:
        """How long all steps take if everything comes at the last moment, without people."""
        return sum(longest_s(step) for step in self.step)


def longest_s(step: Step) -> float:
    """How long a step takes at most, in the plant's time and without its people."""
    waits = [one.within_s + one.for_s for one in step.until]
    judged = [one.within_s + one.for_s for one in step.expect]
    return step.wait_s + max(waits, default=0.0) + max(judged, default=0.0)


def split(point: str) -> tuple[str, str]:
    """Door and name of a point: what stands before and after its first colon."""
    door, _, name = point.partition(":")
    return door, name


def figures_of(file: StepsFile) -> tuple[str, ...]:
    """Every figure that is judged or recorded, each once, in the order of the file."""
    judged = [one.figure for step in file.step for one in (*step.until, *step.expect)]
    always = [one.figure for one in file.always]
    return tuple(dict.fromkeys([*always, *judged, *file.bench.record]))


def points_set(file: StepsFile) -> tuple[str, ...]:
    """Every point that some step sets, each once."""
    return tuple(dict.fromkeys(point for step in file.step for point in step.set))
