"""Mistakes of heat: curves, recovery, and power that does not fit together."""

from tests.config.broken_plant import Mistake
from tests.config.mistakes_of_sense import FULL

MISTAKES = (
    Mistake(
        "HC401", "heat.demand_curve", {"heat": "demand_curve = [[5.0, 20.0], [5.0, 9.0]]# here"}
    ),
    Mistake(
        "HC401", "heat.supply_curve", {"heat": "supply_curve = [[5.0, 70.0], [0.0, 65.0]]# here"}
    ),
    Mistake("HC402", "heat.demand_curve", {"heat": "demand_curve = [[5.0, -1.0]]  # here"}),
    Mistake(
        "HC403", "heat.demand_curve", {"heat": "demand_curve = [[0.0, 5.0], [9.0, 9.0]]  # here"}
    ),
    Mistake("HC404", "heat.demand_curve", {"heat": "demand_curve = [[0.0, 61.0]]  # here"}),
    Mistake("HC405", "heat.max_heat_kw", {"heat": "max_heat_kw = 68.0  # here"}, told="at best 67"),
    Mistake("HC406", "plant.site_power_kw", {"plant": "site_power_kw = 60.0  # here"}),
    Mistake("HC407", "plant.site_power_kw", {**FULL, "plant": "site_power_kw = 70.0  # here"}),
    Mistake("HC408", "heat.recovery_low", {"heat": "recovery_low = 1.0  # here"}),
    Mistake("HC408", "heat.recovery", {"heat": "recovery = 0.7  # here"}),
    Mistake("HC409", "heat.supply_curve", {"heat": "supply_curve = [[0.0, 77.5]]  # here"}),
    Mistake(
        "HC409",
        "heat.supply_curve",
        {
            "heat": "supply_curve = [[0.0, 76.0]]  # here",
            "miners": "flow_floor_lpm = 20.0",
            "hydraulics": "primary_flow_max_lpm = 200.0",
        },
        told="at most 73.1",
    ),
    Mistake("HC410", "heat.supply_curve", {**FULL, "heat": "supply_curve = [[0.0, 90.5]]  # here"}),
    Mistake("HC411", "heat.supply_curve", {"heat": "supply_curve = [[0.0, -1.0]]  # here"}),
    Mistake(
        "HC412",
        "heat.schedule",
        {
            "plant": 'timezone = "UTC"',
            "heat": "schedule = ["
            '{from = "05:00", to = "09:00", heat_kw = 40.0}, '
            '{from = "08:00", to = "09:00", heat_kw = 20.0}]  # here',
        },
        told="08:00",
    ),
    Mistake(
        "HC413",
        "heat.schedule.1.heat_kw",
        {
            "plant": 'timezone = "UTC"',
            "[[heat.schedule]]": 'from = "05:00"\nto = "09:00"\nheat_kw = 61.0  # here',
        },
    ),
    Mistake("HC414", "heat.demand_curve", {"heat": "demand_curve = [[60.5, 17.0]]  # here"}),
    Mistake("HC414", "heat.supply_curve", {"heat": "supply_curve = [[65.0, 17.0]]  # here"}),
    Mistake(
        "HC415", "heat.supply_curve", {"heat": "supply_curve = [[0.0, 65.0], [9.0, 70.0]]# here"}
    ),
    Mistake(
        "HC416",
        "heat.schedule",
        {"[[heat.schedule]]  # here": 'from = "05:00"\nto = "09:00"\nheat_kw = 40.0'},
    ),
)
