"""Every check of a configuration: its code, how grave it is, what it looks for and the remedy."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """One check, as the reference describes it."""

    severity: Severity
    meaning: str
    remedy: str


def _error(meaning: str, remedy: str) -> Code:
    return Code("error", meaning, remedy)


def _warning(meaning: str, remedy: str) -> Code:
    return Code("warning", meaning, remedy)


CODES: dict[str, Code] = {
    # The file itself.
    "HC001": _error(
        "The file cannot be read.",
        "name a file that exists and may be read; deploy/plant.example.toml is one to begin with",
    ),
    "HC002": _error("The text is not UTF-8.", "save the file in UTF-8"),
    "HC003": _error("The text is not TOML.", "mend the syntax at this place; see toml.io"),
    "HC004": _error(
        "A password, token or secret stands in the file.",
        "take it out and change it; people get passwords by `hearth users add`, programs take"
        " secrets from their environment",
    ),
    "HC005": _error("There is no such key.", "take it out, or write it as the reference has it"),
    "HC006": _error("A key is missing that has no default.", "add it"),
    "HC007": _error("A value is not of the kind that stands here.", "write it as expected"),
    "HC008": _error("A value is out of its range.", "give a value within the range"),
    "HC009": _error("A value is none of those that may stand here.", "choose one of them"),
    "HC010": _error("A value is written in a way that cannot be understood.", "mend it"),
    # The miners.
    "HC101": _error(
        "A container's miners are given in no way, or in two.",
        "give first_address and units, or addresses, or an inventory, or miner tables",
    ),
    "HC102": _error(
        "An address, range or network of miners cannot be used.",
        'write "10.0.1.5", "10.0.1.7-10.0.1.40" or "10.0.2.0/26"',
    ),
    "HC103": _error(
        "A container lists more or fewer miners than its units say.",
        "correct the list, or leave units out",
    ),
    "HC104": _error(
        "An inventory file cannot be read or used.",
        "give a CSV file in UTF-8 with the header address[,port][,name][,serial][,container]",
    ),
    "HC105": _error("A row of an inventory is wrong.", "correct the row"),
    "HC106": _error(
        "Two miners have the same address and port.", "give each miner an address of its own"
    ),
    "HC107": _error("Two miners have the same name.", "give each miner a name of its own"),
    "HC108": _error(
        "A miner and a Modbus device have the same address and port.",
        "correct one of the two addresses",
    ),
    "HC109": _warning(
        "A container holds another model than the one that is accepted: it is only watched.",
        "expect no heat on demand from it, or set miners.model to the model to be commanded",
    ),
    "HC110": _error(
        "Two miners have the same serial number.", "correct the serial number of one of them"
    ),
    # Devices and tags.
    "HC201": _error("Two devices have the same name.", "give each device a name of its own"),
    "HC202": _error(
        "Two devices have the same host, port and unit.", "correct host, port or unit of one"
    ),
    "HC203": _error(
        "A meter or sensor is named that is not among the devices.",
        "name a device of this file, or add the device",
    ),
    "HC204": _warning(
        "What is sold is measured before tank or booster.",
        "set boundary_meter to the heat meter at the plant's boundary",
    ),
    "HC205": _error(
        "A device has no address or host name that can be reached.",
        "give the IPv4 address or the host name of the device",
    ),
    "HC206": _error(
        "A device's profile does not exist or is broken.",
        "name a profile of drivers/modbus/profiles, or mend it",
    ),
    "HC207": _error(
        "No device provides a tag that the plant needs.",
        "add the device that measures or switches it, or take out what needs it",
    ),
    "HC208": _error(
        "Two devices provide the same tag.", "let one device provide it, or correct its profile"
    ),
    "HC209": _warning(
        "Equipment is named that no device knows.", "correct the name, or add the device"
    ),
    "HC212": _warning(
        "An instrument is missing that protection would use.",
        "add the device that measures it, or be sure that something hard-wired guards against this",
    ),
    "HC220": _error(
        "A tag is taken from a point that its device does not have.",
        "name a point of the profile (`hearth probe ADDRESS PROFILE` lists them), or add the"
        " register in [[device.registers]]",
    ),
    "HC221": _error(
        "A tag is taken from a point of which the manual leaves something open.",
        "say it in a [[device.registers]] table with the point's name, as the device is set up",
    ),
    "HC222": _error(
        "A tag and the point that it is taken from do not fit.",
        "correct the point, or say its unit, or which of its numbers are on, off, or above",
    ),
    "HC223": _error(
        "Registers of a device cannot be read or written together.",
        "correct the registers; let each output have a register of its own",
    ),
    "HC224": _error(
        "An output of the plant is taken from a point that cannot be written.",
        "bind the output to a writable point, or mark the register as writable",
    ),
    # Limits of the miners and of the water.
    "HC301": _error("inlet_max_c is not below outlet_warn_c.", "put the limits in order"),
    "HC302": _error("outlet_warn_c is not below outlet_trip_c.", "put the limits in order"),
    "HC303": _error("flow_trip_lpm is not below flow_floor_lpm.", "put the limits in order"),
    "HC304": _error(
        "The outlet that is held is not below the outlet from which power is taken back.",
        "lower hydraulics.outlet_setpoint_c, or raise the limit if the miners stand it",
    ),
    "HC305": _error(
        "The inlet that is held is not below the inlet from which power is taken back.",
        "lower hydraulics.cold_header_setpoint_c, or raise the limit if the miners stand it",
    ),
    "HC306": _error(
        "The inlet held without the district is not below the one held with it.",
        "lower hydraulics.cold_header_reject_c",
    ),
    "HC307": _error(
        "The inlet that is held is not below the outlet that is held.",
        "lower hydraulics.cold_header_setpoint_c",
    ),
    "HC308": _error(
        "A sleeping miner draws as much as a running one.", "correct standby_kw or rated_kw"
    ),
    "HC309": _error(
        "The pump speed of the safe state is below the least speed.",
        "raise hydraulics.pump_safe_pct",
    ),
    "HC310": _error(
        "The duty pumps cannot give every unit its least flow.",
        "correct primary_flow_max_lpm or flow_floor_lpm, or install a larger pump",
    ),
    "HC311": _warning(
        "In the safe state the pumps give less than the flow at which units are stopped.",
        "raise hydraulics.pump_safe_pct",
    ),
    "HC312": _error("More pumps work than there are.", "lower hydraulics.pumps_duty"),
    "HC313": _error("A pump is named twice.", "name each pump once"),
    "HC314": _error(
        "The tank's least state of charge is not below its greatest.",
        "put tank.low_pct below tank.high_pct",
    ),
    "HC315": _error(
        "The tank counts as full only at a temperature that the water does not reach.",
        "put tank.full_c below hydraulics.outlet_setpoint_c",
    ),
    "HC316": _error(
        "An electric boiler gives more heat than it draws.",
        "set booster.cop to at most 1, or booster.kind to heat_pump",
    ),
    "HC317": _warning(
        "[network] has no effect: an injector without tank has no separator.",
        "take the table out, or add the tank",
    ),
    "HC318": _error(
        "Static pressures are not in the order trip, start, fill.",
        "put protection.suction_trip_kpa below hydraulics.suction_start_kpa, and that below"
        " hydraulics.suction_fill_kpa",
    ),
    "HC319": _error(
        "The pressure to fill up to is not below the pressure that stops the plant.",
        "put hydraulics.suction_fill_kpa below protection.inlet_trip_kpa",
    ),
    "HC320": _warning(
        "The district pump cannot carry the most heat at a difference of 40 K.",
        "correct district_flow_max_lpm, or lower heat.max_heat_kw",
    ),
    "HC321": _warning(
        "The network pump cannot carry the most heat at a difference of 40 K.",
        "correct network.flow_max_lpm, or lower heat.max_heat_kw",
    ),
    # Heat and power.
    "HC401": _error(
        "The outdoor temperatures of a curve do not rise from point to point.",
        "sort the points by their first number, each of them once",
    ),
    "HC402": _error("A curve asks for less than no heat.", "raise the point to at least 0 kW"),
    "HC403": _warning(
        "The demand curve rises with the outdoor temperature.",
        "check the points: the first number of each is the outdoor temperature",
    ),
    "HC404": _warning(
        "The demand curve asks for more than the most heat; it will be cut off there.",
        "lower the curve, or raise heat.max_heat_kw",
    ),
    "HC405": _warning(
        "The most heat is more than miners and booster can give.",
        "lower heat.max_heat_kw",
    ),
    "HC406": _warning(
        "The connection carries less than all miners draw: it will be the limit.",
        "correct plant.site_power_kw if the connection is larger",
    ),
    "HC407": _warning(
        "The connection carries the miners, but not miners and booster together.",
        "expect fewer miners while the booster works, or correct plant.site_power_kw",
    ),
    "HC408": _error(
        "The shares of recovery are not in the order low, usual, high.",
        "put recovery between recovery_low and recovery_high",
    ),
    "HC409": _warning(
        "The supply curve is above what the miners' water gives through an exchanger (3 K).",
        "lower the curve, raise hydraulics.outlet_setpoint_c, or add a booster",
    ),
    "HC410": _warning(
        "The supply curve is above supply_max_c; it will be cut off there.",
        "lower the curve, or raise hydraulics.supply_max_c",
    ),
    "HC411": _error(
        "The supply curve holds a temperature that no heating network has (0 to 130 °C).",
        "check the points: the second number of each is the supply temperature",
    ),
    "HC412": _error(
        "Two entries of the schedule overlap.", "let one end before or when the other begins"
    ),
    "HC413": _error(
        "The schedule asks for more than the most heat.",
        "lower the entry's heat_kw, or raise heat.max_heat_kw",
    ),
    # Time.
    "HC501": _warning(
        "So many sleeps with their shortest times do not fit into a day.",
        "lower miners.sleeps_per_day, min_on_s or min_off_s",
    ),
    "HC502": _warning(
        "The contactor opens before a poll can show that the stop was obeyed (9 s and a poll).",
        "raise protection.contactor_after_s, or lower core.poll_s",
    ),
    "HC503": _warning(
        "A sleeper counts as disobedient before a poll can show that it is off (9 s and a poll).",
        "raise miners.follow_limit_s, or lower core.poll_s",
    ),
    "HC504": _error(
        "Miners are polled so seldom that each of them counts as lost between two polls.",
        "lower core.poll_s",
    ),
    "HC505": _warning(
        "Miners are polled so seldom that they are in doubt between two polls.",
        "lower core.poll_s",
    ),
    "HC506": _warning(
        "Age of the reading, delay and scan together are slower than the hard-wired flow trip.",
        "lower the delay, or core.scan_s",
    ),
    "HC507": _warning(
        "A whole fleet cannot be woken within the time in which a unit must run.",
        "raise miners.wakes_per_s or miners.wake_limit_s",
    ),
    # Programs.
    "HC601": _error(
        'A fence is given without reach = "limited", or the other way round.',
        'name what may be written in fence exactly when reach = "limited"',
    ),
    "HC602": _warning(
        "The OPC UA server listens on all addresses of this machine.",
        "name the address of the one network card that people and systems come from",
    ),
    "HC603": _error(
        "The fence names equipment that is not there.", "name equipment as the tags do"
    ),
    "HC604": _error(
        "The OPC UA server would listen where a device or miner of this plant answers.",
        "give it another address or port",
    ),
}
"""By code; a code keeps its meaning for ever and is never given again."""
