"""Register table of sim_cdu_plc, from its manual."""

from simulators.wire.layouts.layout import Bit, Fixed, Layout, Setting, Word

SERIAL_NUMBER = 20260117
MODEL_CODE = 0xCD01
FIRMWARE = 104
PUMPS = range(1, 5)
CONTAINERS = range(1, 33)

CDU_PLC = Layout(
    inputs=(
        Word(0, "uint16", "plc.heartbeat"),
        Word(1, "uint16", "plc.boot_count"),
        Word(10, "int16", "primary.hot_temperature_c", 100),
        Word(11, "int16", "primary.cold_temperature_c", 100),
        Word(12, "int16", "district.supply_temperature_c", 100),
        Word(13, "int16", "district.return_temperature_c", 100),
        Word(14, "int16", "dry-cooler.outlet_temperature_c", 100),
        Word(20, "uint16", "primary.flow_lpm"),
        Word(21, "uint16", "district.flow_lpm"),
        *(Word(29 + n, "int16", f"pump-{n}.speed_feedback_pct", 100) for n in PUMPS),
        Word(38, "int16", "district-pump.speed_feedback_pct", 100),
        Word(40, "int16", "three-way-valve.position_feedback_pct", 100),
        Word(41, "int16", "dry-cooler.fan_feedback_pct", 100),
        Fixed(100, "uint32", SERIAL_NUMBER),
        Fixed(102, "uint16", MODEL_CODE),
        Fixed(103, "uint16", FIRMWARE),
    ),
    inputs_length=104,
    discretes=(
        *(Bit(n - 1, f"pump-{n}.running") for n in PUMPS),
        Bit(8, "district-pump.running"),
        *(Bit(31 + c, f"container-{c:02}.flow_proven") for c in CONTAINERS),
        *(Bit(63 + c, f"container-{c:02}.leak") for c in CONTAINERS),
        *(Bit(95 + c, f"container-{c:02}.contactor_closed") for c in CONTAINERS),
        *(Bit(127 + c, f"container-{c:02}.valve_open") for c in CONTAINERS),
        *(Bit(159 + c, f"container-{c:02}.valve_closed") for c in CONTAINERS),
    ),
    discretes_length=192,
    holdings=(
        *(Setting(9 + n, f"pump-{n}.speed_pct", 0, 100, 100) for n in PUMPS),
        Setting(18, "district-pump.speed_pct", 0, 100, 100),
        Setting(20, "three-way-valve.position_pct", 0, 100, 100),
        Setting(21, "dry-cooler.fan_pct", 0, 100, 100),
    ),
    holdings_length=42,
    coils=(
        *(Bit(n - 1, f"pump-{n}.run") for n in PUMPS),
        Bit(8, "district-pump.run"),
        *(Bit(31 + c, f"container-{c:02}.contactor_close") for c in CONTAINERS),
        *(Bit(63 + c, f"container-{c:02}.valve_open_command") for c in CONTAINERS),
    ),
    coils_length=96,
)
