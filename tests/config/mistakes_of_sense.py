"""Mistakes of sense: each value may stand there, but not together with the others."""

from tests.config.broken_plant import Mistake

FULL = {"tank": "", "booster": "rated_kw = 5.0", "plant": "site_power_kw = 80.0"}
"""The tables of a plant with everything."""


def _device(**keys: object) -> str:
    """A heat meter that stands nowhere else, with these keys."""
    given = {"profile": '"sim_heat_meter"', "host": '"10.20.0.20"', **keys}
    return "\n".join(f"{key} = {value}" for key, value in given.items())


DEVICES = (
    Mistake(
        "HC108",
        "device.6.host",
        devices={"spare": _device(host='"10.20.1.3"  # here', port=4028)},
        told="as c01-003",
    ),
    Mistake(
        "HC111", "device.6.host", devices={"spare": _device(host='"10.20.1.3"  # here')}, told="c01"
    ),
    Mistake(
        "HC202",
        "device.6.host",
        devices={"spare": _device(host='"10.20.0.14"  # here')},
        told="as feeders",
    ),
    Mistake(
        "HC202",
        "device.7.host",
        devices={
            "a": _device(host='"Meters.example"'),
            "b": _device(host='"meters.EXAMPLE"  # here'),
        },
        told="as a",
    ),
    Mistake(
        "HC201",
        "device.6.name",
        devices={"spare": f'name = "outdoor"  # here\n{_device()}'},
        told="as device.3",
    ),
    Mistake("HC203", "outdoor", {"": 'outdoor = "outdor"  # here'}, told="did you mean 'outdoor'"),
    Mistake("HC203", "heat_meter", {"": 'heat_meter = "..."  # here'}, told="there are cdu"),
    Mistake("HC204", "boundary_meter", {**FULL, "": 'boundary_meter = "heat-meter"  # here'}),
    Mistake("HC205", "device.6.host", devices={"spare": _device(host='"10.20.0.300"  # here')}),
    Mistake("HC205", "device.6.host", devices={"spare": _device(host='"224.0.0.1"  # here')}),
    Mistake("HC206", "device.6.profile", devices={"spare": _device(profile='"no_such"  # here')}),
    Mistake(
        "HC207",
        "hydraulics.pumps",
        {"hydraulics": 'pumps = ["pump-1", "pumpe-2"]  # here'},
        told="no device knows pumpe-2, did you mean",
    ),
    Mistake(
        "HC207",
        "device.3.profile",
        devices={"outdoor": 'host = "10.20.0.12"\nprofile = "sim_heat_meter"  # here'},
        told="outdoor.temperature_c",
    ),
    Mistake("HC208", "device.6", devices={"spare": _device(profile='"sim_cdu_plc"')}, told="cdu"),
    Mistake(
        "HC210",
        "device.6.framing",
        devices={
            "spare": _device(host='"10.20.0.13"', unit=2, framing='"rtu_over_tcp"  # here'),
        },
        told="boundary-meter has tcp",
    ),
    Mistake(
        "HC213",
        "device.6.serial",
        devices={
            "heat-meter": 'profile = "sim_heat_meter"\nhost = "10.20.0.11"\nserial = 7',
            "spare": _device(serial="7  # here"),
        },
        told="as heat-meter",
    ),
)

ECO = '{ name = "eco", power_kw = 5.2, hashrate_ths = 310.0 }'
NORMAL = '{ name = "normal", power_kw = 8.4, hashrate_ths = 460.0 }'
TWICE = '{ name = "normal", power_kw = 9.6, hashrate_ths = 505.0 }'
FOUR = 'units = 4\nfirst_address = "10.20.1.1"'

LIMITS = (
    Mistake("HC301", "miners.inlet_max_c", {"miners": "inlet_max_c = 82.0  # here"}),
    Mistake("HC302", "miners.outlet_warn_c", {"miners": "outlet_warn_c = 86.0  # here"}),
    Mistake("HC303", "miners.flow_trip_lpm", {"miners": "flow_trip_lpm = 10.5  # here"}),
    Mistake(
        "HC304", "hydraulics.outlet_setpoint_c", {"hydraulics": "outlet_setpoint_c = 82.0  # here"}
    ),
    Mistake(
        "HC305",
        "hydraulics.cold_header_setpoint_c",
        {"hydraulics": "cold_header_setpoint_c = 70.0  # here", "miners": "inlet_max_c = 69.0"},
    ),
    Mistake(
        "HC306",
        "hydraulics.cold_header_reject_c",
        {"hydraulics": "cold_header_reject_c = 70.0  # here"},
    ),
    Mistake(
        "HC307",
        "hydraulics.cold_header_setpoint_c",
        {"hydraulics": "cold_header_setpoint_c = 78.0  # here\noutlet_setpoint_c = 78.0"}
        | {"miners": "inlet_max_c = 79.0", "heat": "supply_curve = [[0.0, 70.0]]"},
    ),
    Mistake(
        "HC308",
        "miners.standby_kw",
        {
            "miners": "standby_kw = 0.9  # here",
            "heat": "max_heat_kw = 30.0\ndemand_curve = [[0.0, 30.0]]"
            "\nsupply_curve = [[0.0, 60.0]]",
        },
        {1: 'units = 4\nfirst_address = "10.20.1.1"\nrated_kw = 0.5'},
    ),
    Mistake("HC326", "miners.modes", {"miners": f"modes = [{NORMAL}, {ECO}]  # here"}),
    Mistake("HC326", "miners.modes", {"miners": f"modes = [{NORMAL}, {TWICE}]  # here"}),
    Mistake("HC327", "miners.modes", {"miners": f"modes = [{ECO}]  # here"}, told="8.4 kW"),
    Mistake("HC327", "container.1.modes", {}, {1: f"{FOUR}\nmodes = [{ECO}]  # here"}),
    Mistake(
        "HC309",
        "hydraulics.pump_safe_pct",
        {"hydraulics": "pump_min_pct = 90.0\npump_safe_pct = 85.0  # here"},
    ),
    Mistake(
        "HC310",
        "hydraulics.primary_flow_max_lpm",
        {
            "miners": "flow_floor_lpm = 14.0",
            "hydraulics": "primary_flow_max_lpm = 111.0  # here",
            "heat": "supply_curve = [[0.0, 60.0]]",
        },
        told="8 units need 112",
    ),
    Mistake("HC311", "hydraulics.pump_safe_pct", {"hydraulics": "pump_safe_pct = 50.0  # here"}),
    Mistake("HC312", "hydraulics.pumps_duty", {"hydraulics": "pumps_duty = 3  # here"}),
    Mistake("HC313", "hydraulics.pumps", {"hydraulics": 'pumps = ["pump-1", "pump-1"]  # here'}),
    Mistake("HC314", "tank.low_pct", {"tank": "low_pct = 80.0  # here"}),
    Mistake("HC315", "tank.full_c", {"tank": "full_c = 80.0  # here"}),
    Mistake("HC316", "booster.cop", {**FULL, "booster": "rated_kw = 5.0\ncop = 3.0  # here"}),
    Mistake("HC317", "network", {"network  # here": "flow_max_lpm = 40.0"}),
    Mistake(
        "HC318", "protection.suction_trip_kpa", {"protection": "suction_trip_kpa = 100.0  # here"}
    ),
    Mistake(
        "HC318", "hydraulics.suction_start_kpa", {"hydraulics": "suction_start_kpa = 180.0  # here"}
    ),
    Mistake(
        "HC319", "hydraulics.suction_fill_kpa", {"hydraulics": "suction_fill_kpa = 700.0 # here"}
    ),
    Mistake(
        "HC320",
        "hydraulics.district_flow_max_lpm",
        {"hydraulics": "district_flow_max_lpm = 20.0  # here"},
        told="carries 55 kW",
    ),
    Mistake(
        "HC321",
        "network.flow_max_lpm",
        {"tank": "", "network": "flow_max_lpm = 20.0  # here"},
        told="carries 55 kW",
    ),
    Mistake("HC322", "miners.standby_kw", {"miners": "standby_kw = 0.85  # here"}, told="0.84 kW"),
    Mistake(
        "HC325", "protection.suction_trip_kpa", {"protection": "suction_trip_kpa = 0.0  # here"}
    ),
    Mistake(
        "HC323",
        "booster.cop",
        {**FULL, "booster": 'kind = "heat_pump"\nrated_kw = 5.0\ncop = 1.0  # here'},
    ),
    Mistake(
        "HC324",
        "hydraulics.primary_flow_max_lpm",
        {"hydraulics": "primary_flow_max_lpm = 90.0  # here"},
        told="10.9 K, not 10",
    ),
)

TIMES = (
    Mistake("HC501", "miners.sleeps_per_day", {"miners": "sleeps_per_day = 58  # here"}),
    Mistake(
        "HC502",
        "protection.contactor_after_s",
        {"protection": "contactor_after_s = 13.0  # here"},
    ),
    Mistake("HC503", "miners.follow_limit_s", {"miners": "follow_limit_s = 13.0  # here"}),
    Mistake(
        "HC504",
        "core.poll_s",
        {"core": "poll_s = 30.0  # here\nstart_limit_s = 60.0", "miners": "follow_limit_s = 60.0"}
        | {"protection": "contactor_after_s = 60.0"},
    ),
    Mistake(
        "HC505",
        "core.poll_s",
        {"core": "poll_s = 15.0  # here\nstart_limit_s = 60.0", "miners": "follow_limit_s = 60.0"}
        | {"protection": "contactor_after_s = 60.0"},
    ),
    Mistake(
        "HC506",
        "protection.flow_delay_s",
        {"protection": "flow_delay_s = 4.0  # here", "core": "scan_s = 4.0"},
        told="up to 11 s",
    ),
    Mistake(
        "HC507",
        "miners.wakes_per_s",
        {"miners": "wakes_per_s = 0.01  # here"},
        told="800 s",
    ),
    Mistake("HC508", "protection.reclose_flow_s", {"protection": "reclose_flow_s = 9.0  # here"}),
    Mistake("HC509", "core.start_limit_s", {"core": "start_limit_s = 5.0  # here"}),
)

PROGRAMS = (
    Mistake("HC601", "core.fence", {"core": 'reach = "automatic"\nfence = ["pump-1"]  # here'}),
    Mistake("HC601", "core.fence", {"core  # here": 'reach = "limited"'}),
    Mistake("HC602", "opcua.host", {"opcua": 'host = "0.0.0.0"  # here'}),
    Mistake(
        "HC603",
        "core.fence",
        {"core": 'reach = "limited"\nfence = ["pump-1", "pump1"]  # here'},
        told="did you mean 'pump-1'",
    ),
    Mistake(
        "HC604",
        "opcua.port",
        {"opcua": 'host = "10.20.0.10"\nport = 502  # here'},
        told="the address of cdu",
    ),
    Mistake("HC605", "opcua.host", {"opcua": 'host = "10.20.0.300"  # here'}),
    Mistake("HC606", "core.state_dir", {"core": f'state_dir = "{"run/" * 30}"  # here'}),
    Mistake(
        "HC607",
        "core.fence",
        {"core": 'reach = "limited"\nfence = ["outdoor"]  # here'},
        told="no output",
    ),
    Mistake("HC608", "core.state_dir", {"core": 'state_dir = "run"  # here'}, files={"run": "x"}),
    Mistake("HC608", "opcua.users_file", {"opcua": 'users_file = "."  # here'}),
)

MISTAKES = (*DEVICES, *LIMITS, *TIMES, *PROGRAMS)
