"""Register table of sim_feeder_panel, from its manual."""

from simulators.wire.layouts.layout import Fixed, Layout, Word

SERIAL_NUMBER = 52000001
MODEL_CODE = 0x5E01
FIRMWARE = 100
CONTAINERS = range(1, 33)
WORDS_EACH = 4

FEEDER_PANEL = Layout(
    inputs=(
        *(
            Word(WORDS_EACH * (c - 1), "float32", f"container-{c:02}.feeder_power_kw")
            for c in CONTAINERS
        ),
        *(
            Word(WORDS_EACH * (c - 1) + 2, "uint32", f"container-{c:02}.feeder_energy_kwh", 10)
            for c in CONTAINERS
        ),
        Fixed(128, "uint32", SERIAL_NUMBER),
        Fixed(130, "uint16", MODEL_CODE),
        Fixed(131, "uint16", FIRMWARE),
    ),
    inputs_length=132,
)
