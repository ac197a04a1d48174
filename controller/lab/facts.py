"""What a foreign controller has to know of a simulated plant: what stands there, and where."""

from dataclasses import asdict

from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, miner_addresses
from controller.lab.description import describe

MANUAL = "deploy/reference/sim_devices.md"


def facts(plant: PlantFile) -> dict[str, object]:
    """The plant's figures, every device and every miner with its address, as JSON takes them."""
    layout = fleet_layout(plant)
    units = zip(layout.names, layout.container_of.tolist(), miner_addresses(plant), strict=True)
    return {
        "name": plant.plant.name,
        "site_power_kw": plant.plant.site_power_kw,
        "plant": asdict(describe(plant)),
        "manual": MANUAL,
        "devices": [
            {
                "name": device.name,
                "kind": device.profile,
                "protocol": "Modbus TCP",
                "host": device.host,
                "port": device.port,
                "unit": device.unit,
            }
            for device in plant.device
        ],
        "roles": {
            "heat_meter": plant.heat_meter,
            "boundary_meter": plant.boundary_meter or plant.heat_meter,
            "outdoor": plant.outdoor,
        },
        "miners": [
            {"name": name, "container": container + 1, "host": host, "port": port}
            for name, container, (host, port) in units
        ],
    }
