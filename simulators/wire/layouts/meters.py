"""Register tables of sim_heat_meter and sim_outdoor_sensor, from their manual."""

from simulators.wire.layouts.layout import Fixed, Layout, Word

HEAT_METER_SERIAL = 71000001
HEAT_METER_MODEL_CODE = 0x4E01
OUTDOOR_SERIAL = 33000001
OUTDOOR_MODEL_CODE = 0x0D01
FIRMWARE = 100

HEAT_METER = Layout(
    inputs=(
        Word(0, "float32", "flow_lpm"),
        Word(2, "float32", "supply_temperature_c"),
        Word(4, "float32", "return_temperature_c"),
        Word(6, "float32", "power_kw"),
        Word(8, "uint32", "energy_kwh", 10),
        Fixed(12, "uint32", HEAT_METER_SERIAL),
        Fixed(14, "uint16", HEAT_METER_MODEL_CODE),
        Fixed(15, "uint16", FIRMWARE),
    ),
    inputs_length=16,
)

OUTDOOR_SENSOR = Layout(
    inputs=(
        Word(0, "int16", "temperature_c", 100),
        Fixed(1, "uint32", OUTDOOR_SERIAL),
        Fixed(3, "uint16", OUTDOOR_MODEL_CODE),
        Fixed(4, "uint16", FIRMWARE),
    ),
    inputs_length=5,
)
