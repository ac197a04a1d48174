"""Checks of what fits together: limits, heat and power, times, programs."""

from controller.config.code import Code, error, warning

CODES_OF_SENSE: dict[str, Code] = {
    # Limits of the miners and of the water.
    "HC301": error("inlet_max_c is not below outlet_warn_c.", "put the limits in order"),
    "HC302": error("outlet_warn_c is not below outlet_trip_c.", "put the limits in order"),
    "HC303": error("flow_trip_lpm is not below flow_floor_lpm.", "put the limits in order"),
    "HC304": error(
        "The outlet that is held is not below the outlet from which power is taken back.",
        "lower hydraulics.outlet_setpoint_c, or raise the limit if the miners stand it",
    ),
    "HC305": error(
        "The inlet that is held is not below the inlet from which power is taken back.",
        "lower hydraulics.cold_header_setpoint_c, or raise the limit if the miners stand it",
    ),
    "HC306": error(
        "The inlet held without the district is not below the one held with it.",
        "lower hydraulics.cold_header_reject_c",
    ),
    "HC307": error(
        "The inlet that is held is not below the outlet that is held.",
        "lower hydraulics.cold_header_setpoint_c",
    ),
    "HC308": error(
        "A sleeping miner draws as much as a running one.", "correct standby_kw or rated_kw"
    ),
    "HC309": error(
        "The pump speed of the safe state is below the least speed.",
        "raise hydraulics.pump_safe_pct",
    ),
    "HC310": error(
        "The duty pumps cannot give every unit its least flow.",
        "correct primary_flow_max_lpm or flow_floor_lpm, or install a larger pump",
    ),
    "HC311": warning(
        "In the safe state the pumps give less than the flow at which units are stopped.",
        "raise hydraulics.pump_safe_pct",
    ),
    "HC312": error("More pumps work than there are.", "lower hydraulics.pumps_duty"),
    "HC313": error("A pump is named twice.", "name each pump once"),
    "HC314": error(
        "The tank's least state of charge is not below its greatest.",
        "put tank.low_pct below tank.high_pct",
    ),
    "HC315": error(
        "The tank counts as full only at a temperature that the water does not reach.",
        "put tank.full_c below hydraulics.outlet_setpoint_c",
    ),
    "HC316": error(
        "An electric boiler gives more heat than it draws.",
        "set booster.cop to at most 1, or booster.kind to heat_pump",
    ),
    "HC317": warning(
        "[network] has no effect: an injector without tank has no separator.",
        "take the table out, or add the tank",
    ),
    "HC318": error(
        "Static pressures are not in the order trip, start, fill.",
        "put protection.suction_trip_kpa below hydraulics.suction_start_kpa, and that below"
        " hydraulics.suction_fill_kpa",
    ),
    "HC319": error(
        "The pressure to fill up to is not below the pressure that stops the plant.",
        "put hydraulics.suction_fill_kpa below protection.inlet_trip_kpa",
    ),
    "HC320": warning(
        "The district pump cannot carry the most heat at a difference of 40 K.",
        "correct district_flow_max_lpm, or lower heat.max_heat_kw",
    ),
    "HC321": warning(
        "The network pump cannot carry the most heat at a difference of 40 K.",
        "correct network.flow_max_lpm, or lower heat.max_heat_kw",
    ),
    "HC322": error(
        "A container that sleeps draws more than counts as obeyed: each stop opens its feeder.",
        "correct miners.standby_kw, or raise protection.obeyed_fraction",
    ),
    "HC323": warning(
        "A heat pump gives no more heat than it draws.",
        "set booster.cop to what it reaches in winter, or booster.kind to electric_boiler",
    ),
    "HC324": warning(
        "At full flow all miners warm the water by more than lies between the inlet and the outlet"
        " that are held: full power is not reached when the return is warm.",
        "correct hydraulics.primary_flow_max_lpm, or lower hydraulics.cold_header_setpoint_c",
    ),
    "HC325": warning(
        "The pressure under which all stops is zero: pumps that draw air are never stopped.",
        "set protection.suction_trip_kpa to what the pumps need",
    ),
    "HC326": error(
        "Work modes are not listed by rising power and hash rate, or one is named twice.",
        "put the modes in order, the weakest first",
    ),
    "HC327": error(
        "No work mode draws what a miner is rated at.",
        "let the mode that the miners start in have a power_kw that is rated_kw",
    ),
    "HC328": error(
        "A pre-alarm does not begin before the limit.",
        "put warn on the near side of limit: below it for high, above it for low",
    ),
    "HC329": error("A cause has the name of another one.", "give each interlock a name of its own"),
    "HC330": error(
        "A vote has not as many channels as it votes.",
        "list so many channels as the vote's second number",
    ),
    "HC331": error(
        "A voted tag is voted twice, or is one of its own channels.",
        "give the voted tag a name that no device provides, and vote it once",
    ),
    "HC332": error(
        "The pressure behind the pumps is not above the one at the miners' inlet.",
        "put protection.inlet_trip_kpa below protection.head_trip_kpa",
    ),
    "HC333": error(
        "No device provides a tag that protection looks at.",
        "correct the tag or the channel; `hearth tags` lists all",
    ),
    # Heat and power.
    "HC401": error(
        "The outdoor temperatures of a curve do not rise from point to point.",
        "sort the points by their first number, each of them once",
    ),
    "HC402": error("A curve asks for less than no heat.", "raise the point to at least 0 kW"),
    "HC403": warning(
        "The demand curve rises with the outdoor temperature.",
        "check the points: the first number of each is the outdoor temperature",
    ),
    "HC404": warning(
        "The demand curve asks for more than the most heat; it will be cut off there.",
        "lower the curve, or raise heat.max_heat_kw",
    ),
    "HC405": warning(
        "The most heat is more than miners and booster can give.",
        "lower heat.max_heat_kw",
    ),
    "HC406": warning(
        "The connection carries less than all miners draw: it will be the limit.",
        "correct plant.site_power_kw if the connection is larger",
    ),
    "HC407": warning(
        "The connection carries the miners, but not miners and booster together.",
        "expect fewer miners while the booster works, or correct plant.site_power_kw",
    ),
    "HC408": error(
        "The shares of recovery are not in the order low, usual, high.",
        "put recovery between recovery_low and recovery_high",
    ),
    "HC409": warning(
        "The supply curve is above what the miners' water gives through an exchanger (3 K).",
        "lower the curve, raise what outlets or inlets are held at (hydraulics.outlet_setpoint_c,"
        " cold_header_setpoint_c), let the miners have less flow, or add a booster",
    ),
    "HC410": warning(
        "The supply curve is above supply_max_c; it will be cut off there.",
        "lower the curve, or raise hydraulics.supply_max_c",
    ),
    "HC411": error(
        "The supply curve holds a temperature that no heating network has (0 to 130 °C).",
        "check the points: the second number of each is the supply temperature",
    ),
    "HC412": error(
        "Two entries of the schedule overlap.", "let one end before or when the other begins"
    ),
    "HC413": error(
        "The schedule asks for more than the most heat.",
        "lower the entry's heat_kw, or raise heat.max_heat_kw",
    ),
    "HC414": error(
        "A curve begins a point with a temperature that no weather has (-60 to 60 °C).",
        "check the points: the first number of each is the outdoor temperature",
    ),
    "HC415": warning(
        "The supply curve rises with the outdoor temperature.",
        "check the points: the first number of each is the outdoor temperature",
    ),
    "HC416": warning(
        "There is a schedule, but no time zone is given.",
        'set plant.timezone, such as "Europe/Helsinki", or to "UTC" if that is meant',
    ),
    # Time.
    "HC501": warning(
        "So many sleeps with their shortest times do not fit into a day.",
        "lower miners.sleeps_per_day, min_on_s or min_off_s",
    ),
    "HC502": warning(
        "The contactor opens before a poll can show that the stop was obeyed (9 s and a poll).",
        "raise protection.contactor_after_s, or lower core.poll_s",
    ),
    "HC503": warning(
        "A sleeper counts as disobedient before a poll can show that it is off (9 s and a poll).",
        "raise miners.follow_limit_s, or lower core.poll_s",
    ),
    "HC504": error(
        "Miners are polled so seldom that each of them counts as lost between two polls.",
        "lower core.poll_s",
    ),
    "HC505": warning(
        "Miners are polled so seldom that they are in doubt between two polls.",
        "lower core.poll_s",
    ),
    "HC506": warning(
        "Age of the reading, delay and scan together are slower than the hard-wired flow trip.",
        "lower the delay, or core.scan_s",
    ),
    "HC507": warning(
        "A whole fleet cannot be woken within the time in which a unit must run.",
        "raise miners.wakes_per_s or miners.wake_limit_s",
    ),
    "HC508": warning(
        "After a mains loss contactors close after less proven flow than in an ordinary start.",
        "raise protection.reclose_flow_s: units start by themselves when their mains return",
    ),
    "HC509": warning(
        "A start goes on before every miner can have been polled once.",
        "raise core.start_limit_s, or lower core.poll_s",
    ),
    # Programs.
    "HC601": error(
        'A fence is given without reach = "limited", or the other way round.',
        'name what may be written in fence exactly when reach = "limited"',
    ),
    "HC602": warning(
        "The OPC UA server listens on all addresses of this machine.",
        "name the address of the one network card that people and systems come from",
    ),
    "HC603": error("The fence names equipment that is not there.", "name equipment as the tags do"),
    "HC604": error(
        "The OPC UA server would listen where a device or miner of this plant answers.",
        "give it another address or port",
    ),
    "HC605": error(
        "The OPC UA server has no address or host name that it can listen on.",
        "give the address of one network card of this machine, or its host name",
    ),
    "HC606": error(
        "The path of the socket between core and gateway is longer than the system allows.",
        "set core.state_dir to a folder nearer to the root, such as /var/lib/hearth",
    ),
    "HC607": warning(
        "The fence names equipment that is only measured: nothing is written to it.",
        "name what may be written, such as a container or a pump, or take the name out",
    ),
    "HC608": error(
        "A file stands where a folder is needed, or a folder where a file is.",
        "name another path, or move away what stands there",
    ),
    # Alarms.
    "HC701": error(
        "An alarm of the plant's own does not say what it is about, or what to do.",
        "give it tag, cause, consequence, action and respond_s, or correct the name of a known one",
    ),
    "HC702": error("An alarm stands twice.", "put all of its changes into one [[alarm]]"),
    "HC703": warning(
        "Too many alarms of the plant's own are weighty: operators stop to believe priorities.",
        "lower the priority of what needs no haste; aim at 80 % low, 15 % medium, 5 % high",
    ),
    "HC704": warning(
        "An alarm looks at a tag that this plant does not have: it will never come.",
        "correct the tag; `hearth tags` lists all",
    ),
    "HC705": error(
        "A mode that shall suppress an alarm is no mode of the plant.", "name modes of the plant"
    ),
}
