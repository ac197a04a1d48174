"""Mistakes of writing: the file itself, its keys, its values, and the lists of miners."""

from tests.config.broken_plant import DEVICES, Mistake

CDU = DEVICES["cdu"]

FILE = (
    Mistake("HC002", "", whole=b'[plant]\nname = "B\xe4der"  # here\n', told="byte"),
    Mistake("HC003", "", whole='[plant]\nname = "Baths  # here\n', told="character"),
    Mistake("HC003", "", whole="[plant]\n[plant]  # here\n", told="twice"),
    Mistake("HC003", "", whole=f"[plant]\nx = {'[' * 5_000} # here\n", told="nested"),
    Mistake("HC003", "", whole=f"{'.'.join(['a'] * 500)} = 1  # here\n", told="nested"),
)

KEYS = (
    Mistake("HC004", "opcua.password", {"opcua": 'password = "geheim"  # here'}),
    Mistake("HC004", "plant.api_key", {"plant": 'api_key = "geheim"  # here'}),
    Mistake(
        "HC004",
        "opcua.application_uri",
        {"opcua": 'application_uri = "opc.tcp://anna:geheim@plant"  # here'},
    ),
    Mistake(
        "HC005", "miners.inlet_max", {"miners": "inlet_max = 72.0  # here"}, told="inlet_max_c"
    ),
    Mistake("HC005", "plant.scan_s", {"plant": "scan_s = 1.0  # here"}, told="[core]"),
    Mistake("HC005", "cooling", {"cooling": "fans = 3"}),
    Mistake("HC006", "device.1.host", {"[[device]]  # here": 'name = "x"\nprofile = "y"'}),
    Mistake("HC006", "container", whole='[[device]]\nname = "a"\nprofile = "b"\nhost = "c"\n'),
    Mistake("HC007", "miners.rated_kw", {"miners": 'rated_kw = "8.4"  # here'}, told="a text"),
    Mistake("HC007", "miners.accepted", {"miners": "accepted = 1  # here"}, told="true or false"),
    Mistake("HC007", "hydraulics.exchangers", {"hydraulics": "exchangers = 1.5  # here"}),
    Mistake("HC007", "hydraulics.pumps", {"hydraulics": 'pumps = "pump-1"  # here'}, told="a list"),
    Mistake("HC008", "core.scan_s", {"core": "scan_s = 60.0  # here"}, told="5"),
    Mistake("HC008", "miners.rated_kw", {"miners": "rated_kw = nan  # here"}, told="finite"),
    Mistake("HC008", "plant.site_power_kw", {"plant": "site_power_kw = 1e12  # here"}),
    Mistake("HC008", "heat.max_heat_kw", {"heat": "max_heat_kw = -60.0  # here"}),
    Mistake("HC008", "hydraulics.pumps", {"hydraulics": "pumps = []  # here"}, told="at least 1"),
    Mistake("HC009", "plant.network_role", {"plant": 'network_role = "boss"  # here'}, told="sole"),
    Mistake("HC010", "plant.timezone", {"plant": 'timezone = "Mars/Base"  # here'}, told="Mars"),
    Mistake("HC010", "opcua.application_uri", {"opcua": 'application_uri = "hearth"  # here'}),
    Mistake(
        "HC010", "device.1.name", devices={"cdu": f'name = "C D U"  # here\n{CDU}'}, told="small"
    ),
)


def _hours(line: str) -> dict[str, str]:
    return {
        "plant": 'timezone = "UTC"',
        "[[heat.schedule]]": f'to = "09:00"\nheat_kw = 40.0\n{line}',
    }


TIMES = (
    Mistake("HC010", "heat.schedule.1.from", _hours("from = 530  # here"), told="05:30"),
    Mistake("HC010", "heat.schedule.1.from", _hours('from = "05:30Z"  # here'), told="timezone"),
    Mistake("HC010", "heat.schedule.1.from", _hours('from = "05:30:00.5"  # here'), told="whole"),
    Mistake("HC010", "heat.schedule.1.from", _hours('from = "dawn"  # here')),
)


def _row(row: str) -> dict[str, str | bytes]:
    rows = "".join(f"10.20.2.{n},4028,m{n}\n" for n in (1, 2, 3))
    return {"list.csv": f"address,port,name\n{rows}{row}\n"}


WHATSMINERS = (
    'units = 4\nfirst_address = "10.20.2.1"\napi = "whatsminer"\nmodel = "M65S"\n'
    "accepted = true\nrated_kw = 7.308\n"
)
LISTED = {2: 'inventory = "list.csv"'}
MINERS = (
    Mistake("HC101", "container.2", containers={2: "units = 4"}, told="nothing"),
    Mistake(
        "HC101",
        "container.2",
        containers={2: 'first_address = "10.20.2.1"\naddresses = ["10.20.3.1"]'},
        told="first_address and addresses",
    ),
    Mistake(
        "HC102",
        "container.2.addresses.1",
        containers={2: 'addresses = ["10.20.2.9-10.20.2.1"]  # here'},
        told="ends before it begins",
    ),
    Mistake(
        "HC102",
        "container.2.addresses.1",
        containers={2: 'addresses = ["10.20.2.0/33"]  # here'},
        told="not a network",
    ),
    Mistake(
        "HC102",
        "container.2.first_address",
        containers={2: 'units = 4\nfirst_address = "224.0.0.1"  # here'},
        told="one device",
    ),
    Mistake(
        "HC103",
        "container.2",
        containers={2: 'units = 5\naddresses = ["10.20.2.1-4"]'},
        told="5, but 4",
    ),
    Mistake(
        "HC103",
        "container.2.units",
        containers={2: 'units = 5  # here\ninventory = "list.csv"'},
        files=_row("10.20.2.4,4028,m4"),
        told="5, but 4",
    ),
    Mistake(
        "HC104",
        "container.2.inventory",
        containers={2: 'inventory = "lost.csv"  # here'},
        told="lost.csv: No such file",
    ),
    Mistake("HC104", "", containers=LISTED, files={"list.csv": "address\n"}, told="no miner"),
    Mistake(
        "HC104",
        "",
        containers=LISTED,
        files={"list.csv": "adress # here\n1.2.3.4\n"},
        told="adress",
    ),
    Mistake(
        "HC104",
        "",
        containers=LISTED,
        files={"list.csv": b"address,name\n10.20.2.1,K\xe4lte# here\n"},
        told="not UTF-8",
    ),
    Mistake(
        "HC104",
        "container.2.inventory",
        containers={2: 'inventory = "list.csv"  # here', 3: 'inventory = "list.csv"'},
        files={"list.csv": "address,container\n10.20.3.1,3\n"},
        told="no row",
    ),
    Mistake("HC105", "", containers=LISTED, files=_row("10.20.2.4# here"), told="3 cells"),
    Mistake("HC105", "port", containers=LISTED, files=_row("10.20.2.4,x,# here"), told="no number"),
    Mistake("HC105", "address", containers=LISTED, files=_row("10.20.2.400 # here,,m4")),
    Mistake("HC105", "name", containers=LISTED, files=_row("10.20.2.4,,m 4 # here")),
    Mistake(
        "HC105",
        "container",
        containers=LISTED,
        files={"list.csv": "address,container\n10.20.2.1,2\n10.20.2.2,7# here\n"},
        told="no number",
    ),
    Mistake(
        "HC106",
        "container.2.first_address",
        containers={2: 'units = 4\nfirst_address = "10.20.1.4"  # here'},
        told="10.20.1.4:4028 of c02-001 is also that of c01-004",
    ),
    Mistake(
        "HC107",
        "container.2.inventory",
        containers={2: 'inventory = "list.csv"  # here'},
        files=_row("10.20.2.4,,m1"),
        told="list.csv:5 and list.csv:2",
    ),
    Mistake(
        "HC110",
        "container.2.inventory",
        containers={2: 'inventory = "list.csv"  # here'},
        files={
            "list.csv": "address,serial\n" + "".join(f"10.20.2.{n},A{n % 3}\n" for n in range(4))
        },
        told="list.csv:5 and list.csv:2",
    ),
    Mistake(
        "HC109",
        "container.2.model",
        containers={2: 'units = 4\nfirst_address = "10.20.2.1"\nmodel = "1346"  # here'},
        told="accepted is 1566HA",
    ),
    Mistake("HC112", "miners.model", {"miners": 'model = "S19"  # here'}, told="S19"),
    Mistake(
        "HC113",
        "miners.logins_file",
        {"miners": 'accepted = true\nlogins_file = "logins.toml"  # here'},
        containers={2: f'{WHATSMINERS}login = "trim"'},
        files={"logins.toml": '[trim]\naccount = "super"\npassword = "geheim"\n'},
        told="may be read by others: chmod 600",
    ),
    Mistake(
        "HC113",
        "container.2.login",
        containers={2: f'{WHATSMINERS}login = "trim"  # here'},
        told="'trim' does not stand in",
    ),
    Mistake(
        "HC114",
        "container.2.trim_from_pct",
        containers={2: 'units = 4\nfirst_address = "10.20.2.1"\ntrim_from_pct = 50.0  # here'},
        told='api is "cgminer"',
    ),
    Mistake(
        "HC114",
        "container.2.trim_from_pct",
        containers={2: f"{WHATSMINERS}trim_from_pct = 50.0  # here"},
        told="no login",
    ),
    Mistake(
        "HC114",
        "miners.trim_from_pct",
        {"miners": "accepted = true\ntrim_from_pct = 50.0  # here"},
        containers={2: f"{WHATSMINERS}trim_from_pct = 100.0"},
        told='api is "cgminer"',
    ),
)

MISTAKES = (*FILE, *KEYS, *TIMES, *MINERS)
