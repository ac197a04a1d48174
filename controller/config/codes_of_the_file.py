"""Checks of what is written: the file itself, its keys, the miners, the devices and their tags."""

from controller.config.code import Code, error, warning

CODES_OF_THE_FILE: dict[str, Code] = {
    # The file itself.
    "HC001": error(
        "The file cannot be read.",
        "name a file that exists and may be read; deploy/plant.example.toml is one to begin with",
    ),
    "HC002": error("The text is not UTF-8.", "save the file in UTF-8"),
    "HC003": error("The text is not TOML.", "mend the syntax at this place; see toml.io"),
    "HC004": error(
        "A password, token or secret stands in the file.",
        "take it out and change it; people get passwords by `hearth users add`, programs take"
        " secrets from their environment",
    ),
    "HC005": error("There is no such key.", "take it out, or write it as the reference has it"),
    "HC006": error("A key is missing that has no default.", "add it"),
    "HC007": error("A value is not of the kind that stands here.", "write it as expected"),
    "HC008": error("A value is out of its range.", "give a value within the range"),
    "HC009": error("A value is none of those that may stand here.", "choose one of them"),
    "HC010": error("A value is written in a way that cannot be understood.", "mend it"),
    # The miners.
    "HC101": error(
        "A container's miners are given in no way, or in two.",
        "give first_address and units, or addresses, or an inventory, or miner tables",
    ),
    "HC102": error(
        "An address, range or network of miners cannot be used.",
        'write "10.0.1.5", "10.0.1.7-10.0.1.40" or "10.0.2.0/26"',
    ),
    "HC103": error(
        "A container lists more or fewer miners than its units say.",
        "correct the list, or leave units out",
    ),
    "HC104": error(
        "An inventory file cannot be read or used.",
        "give a CSV file in UTF-8 with the header address[,port][,name][,serial][,container]",
    ),
    "HC105": error("A row of an inventory is wrong.", "correct the row"),
    "HC106": error(
        "Two miners have the same address and port.", "give each miner an address of its own"
    ),
    "HC107": error("Two miners have the same name.", "give each miner a name of its own"),
    "HC108": error(
        "A miner and a Modbus device have the same address and port.",
        "correct one of the two addresses",
    ),
    "HC109": warning(
        "A container holds another model than the one that is accepted: it is only watched.",
        "expect no heat on demand from it, or say accepted = true in its container",
    ),
    "HC110": error(
        "Two miners have the same serial number.", "correct the serial number of one of them"
    ),
    "HC111": warning(
        "A miner and a Modbus device have the same address, at different ports.",
        "correct one of the two, unless a gateway with forwarded ports stands there",
    ),
    "HC112": warning(
        "No dialect describes this model: its miners are only watched.",
        "correct the model, or describe it in the dialects of its driver, such as drivers/cgminer",
    ),
    "HC113": error(
        "A container names a login that cannot be had.",
        "write it into the file that miners.logins_file names: a table with account and password,"
        " readable by its owner alone (chmod 600)",
    ),
    "HC114": warning(
        "The power of these miners shall be set, but they cannot be ordered a power.",
        'take trim_from_pct out, or say api = "whatsminer" and login of the miners that can be',
    ),
    # Devices and tags.
    "HC201": error("Two devices have the same name.", "give each device a name of its own"),
    "HC202": error(
        "Two devices have the same host, port and unit.", "correct host, port or unit of one"
    ),
    "HC203": error(
        "A meter or sensor is named that is not among the devices.",
        "name a device of this file, or add the device",
    ),
    "HC204": warning(
        "What is sold is measured before tank or booster.",
        "set boundary_meter to the heat meter at the plant's boundary",
    ),
    "HC205": error(
        "A device has no address or host name that can be reached.",
        "give the IPv4 address or the host name of the device",
    ),
    "HC206": error(
        "A device's profile does not exist or is broken.",
        "name a profile of drivers/modbus/profiles, or mend it",
    ),
    "HC207": error(
        "No device provides a tag that the plant needs.",
        "add the device that measures or switches it, or take out what needs it",
    ),
    "HC208": error(
        "Two devices provide the same tag.", "let one device provide it, or correct its profile"
    ),
    "HC210": error(
        "Devices with one host and port are framed differently.",
        "give all devices behind one gateway the same framing",
    ),
    "HC212": warning(
        "An instrument is missing that protection would use.",
        "add the device that measures it, or be sure that something hard-wired guards against this",
    ),
    "HC213": warning(
        "Two devices of one kind must answer with the same serial number.",
        "correct the serial number of one of them",
    ),
    "HC214": error(
        "A profile says of an output that it is only read.",
        "give the register of the output writable = true",
    ),
    "HC215": error(
        "A profile gives a number where a switch is expected, or a switch where a number is.",
        "correct the type of the register, or the name of its point",
    ),
    "HC216": error(
        "A profile gives a tag another unit than the one that ends its name.",
        "scale the register to the unit of the name, and correct its unit",
    ),
    "HC217": warning(
        "A profile lets an input wait that stops the plant: it is read and believed more slowly.",
        'give the register group = "protective"',
    ),
    "HC218": warning(
        "There is a tank, but none of its temperatures is measured: nobody knows how full it is.",
        "add the device that measures the layers, or correct its profile",
    ),
    "HC220": error(
        "A tag is taken from a point that its device does not have.",
        "name a point of the profile (`hearth probe ADDRESS PROFILE` lists them), or add the"
        " register in [[device.registers]]",
    ),
    "HC221": error(
        "A tag is taken from a point of which the manual leaves something open.",
        "say it in a [[device.registers]] table with the point's name, as the device is set up",
    ),
    "HC222": error(
        "A tag and the point that it is taken from do not fit.",
        "correct the point, or say its unit, or which of its numbers are on, off, or above",
    ),
    "HC223": error(
        "Registers of a device cannot be read or written together.",
        "correct the registers; let each output have a register of its own",
    ),
    "HC224": error(
        "An output of the plant is taken from a point that cannot be written.",
        "bind the output to a writable point, or mark the register as writable",
    ),
}
