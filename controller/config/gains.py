"""The gains of the control loops: what `hearth tune` proposes goes here."""

from typing import Annotated

from pydantic import Field

from controller.config.part import Part

Gain = Annotated[float, Field(gt=0, le=1_000)]
Seconds = Annotated[float, Field(gt=0, le=100_000)]

LOOPS = ("outlet", "flow", "supply", "reject", "heat", "pressure", "mixing", "booster")
"""Every loop that a plant may have."""


class Loops(Part):
    """Gains of the loops: output in % for each unit of the error, and integral time.

    The errors of flow and heat are in % of their greatest, of pressure in kPa, of others in K.
    """

    outlet_gain: Gain = Field(1.5, description="Hottest running outlet, by primary flow")
    outlet_integral_s: Seconds = Field(120.0, description="Its integral time")
    flow_gain: Gain = Field(0.5, description="Primary flow, by the pumps' speed")
    flow_integral_s: Seconds = Field(6.0, description="Its integral time")
    supply_gain: Gain = Field(2.0, description="Supply behind the exchangers, by the district pump")
    supply_integral_s: Seconds = Field(600.0, description="Its integral time")
    reject_gain: Gain = Field(1.5, description="Cold header, by the dry cooler")
    reject_integral_s: Seconds = Field(60.0, description="Its integral time")
    heat_gain: Gain = Field(0.3, description="Heat that is sold, by the network pump (injector)")
    heat_integral_s: Seconds = Field(60.0, description="Its integral time")
    pressure_gain: Gain = Field(
        0.3, description="Consumers' pressure, by the network pump (sole_source)"
    )
    pressure_integral_s: Seconds = Field(8.0, description="Its integral time")
    mixing_gain: Gain = Field(1.5, description="Supply of the network, by the mixing valve")
    mixing_integral_s: Seconds = Field(40.0, description="Its integral time")
    booster_gain: Gain = Field(4.0, description="Supply of the network, by the booster")
    booster_integral_s: Seconds = Field(60.0, description="Its integral time")
