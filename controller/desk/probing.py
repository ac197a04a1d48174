"""`hearth probe`, `accept` and `accepted`: from one unit that was tried to orders for its kind."""

import asyncio
import dataclasses
import hashlib
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from controller.clock.now import utc_s
from controller.config.findings import ConfigError
from controller.config.miner_list import accepted_models, listed_miners
from controller.config.plant import PlantFile
from controller.field.acceptance import NAME, Accepted, add_accepted, read_accepted
from controller.field.probe import Probe, Report
from controller.link.messages import LINK_NAME
from drivers.cgminer.dialects import dialect_for
from drivers.cgminer.miner import Miner

Say = Callable[[str], object]
FOLDER = "probes"


def unit_named(plant: PlantFile, unit: str) -> Miner:
    """The miner of this name or address; ConfigError names some that there are."""
    units = listed_miners(plant)
    for one in units:
        if unit not in (one.name, one.host, f"{one.host}:{one.port}"):
            continue
        if plant.container[one.container].api != "cgminer":
            raise ConfigError(
                f"{one.name} is no Avalon: try it by hand, and accept its model in its container"
            )
        return Miner(one.name, one.host, one.port, utc_s=utc_s)
    raise ConfigError(f"there is no unit {unit!r}; there are {units[0].name} to {units[-1].name}")


def refuse_while_commanded(plant: PlantFile) -> None:
    """ConfigError while a running core may command units: two hands on one unit prove nothing."""
    if plant.core.reach == "dry-run" or not _core_runs(plant.core.state_dir / LINK_NAME):
        return
    raise ConfigError(
        f'a core runs with reach = "{plant.core.reach}": stop it, or run it with core.reach ='
        ' "dry-run", until the probe is over'
    )


async def probe_unit(
    plant: PlantFile,
    unit: str,
    say: Say,
    confirm: Callable[[str], bool],
    stop: asyncio.Event,
    *,
    modes: bool,
) -> tuple[Report, Path]:
    """Probe one unit, and keep the report in the state folder."""
    refuse_while_commanded(plant)
    probe = Probe(unit_named(plant, unit), plant.miners.outlet_warn_c, say, stop, modes=modes)
    reading = await probe.look()
    report = probe.report
    if reading is not None:
        told = f"{report.unit}: {report.model}, firmware {report.firmware}, {report.serial}"
        if confirm(f"{told}. It will be put to sleep and woken again: go on?"):
            # Somebody may have started the core while the question stood there.
            refuse_while_commanded(plant)
            await probe.sleep_and_wake()
        else:
            report.steps.clear()
    return report, _keep(plant, report)


def accept(plant: PlantFile, report_file: Path, by: str) -> Accepted:
    """Accept the kind of unit that a passed report is about; ConfigError says why not."""
    try:
        raw = report_file.read_bytes()
        told = json.loads(raw)
        steps = [(str(step["name"]), step["passed"] is True) for step in told["steps"]]
        kind = {name: str(told[name]) for name in ("model", "firmware", "dialect")}
        listed = {str(word) for word in told["capabilities"]}
        passed = told["passed"] is True
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{report_file} is not a report of a probe: {error!r}") from error
    lacking = [name for name in ("look", "sleep", "wake") if (name, True) not in steps]
    failed = [name for name, shown in steps if not shown]
    if lacking or failed or not passed:
        raise ConfigError(f"{report_file}: not shown: {', '.join(lacking or failed) or 'passed'}")
    if not by.strip() or not all(kind.values()):
        raise ConfigError("a kind is accepted with model and firmware, and by somebody: --by NAME")
    _same_dialect(report_file, kind, listed)
    entry = Accepted(
        **kind, report_sha256=hashlib.sha256(raw).hexdigest(), by=by.strip(), utc=_utc()
    )
    path = plant.core.state_dir / NAME
    try:
        add_accepted(path, entry)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read or written, mend it first: {error}") from error
    return entry


def _same_dialect(report_file: Path, kind: dict[str, str], listed: set[str]) -> None:
    """ConfigError unless units of this kind would be ordered just as the probe has ordered one."""
    dialect = dialect_for(kind["model"], kind["firmware"])
    if dialect.sleep is None or dialect.wake is None or dialect.name != kind["dialect"]:
        raise ConfigError(
            f"{report_file}: probed as {kind['dialect']}, but this program speaks {dialect.name}"
            " to such units: probe again"
        )
    if unlisted := sorted(dialect.words - listed):
        raise ConfigError(f"{report_file}: the unit's help does not list {', '.join(unlisted)}")


def accepted_lines(plant: PlantFile) -> list[str]:
    """What is accepted here, a line each."""
    lines = [
        f"{one.model}, firmware {one.firmware}: {one.dialect}, by {one.by}, {one.utc}"
        for one in read_accepted(plant.core.state_dir / NAME)
    ]
    lines += [
        f"{model}, any firmware: by plant.toml ({_where(model, plant)})"
        for model in sorted(accepted_models(plant))
    ]
    return lines or ["nothing is accepted: every unit is only monitored"]


def _where(model: str, plant: PlantFile) -> str:
    """The key that accepts a model."""
    usual = plant.miners.accepted and model == plant.miners.model
    return "miners.accepted" if usual else "container.accepted"


def _keep(plant: PlantFile, report: Report) -> Path:
    folder = plant.core.state_dir / FOLDER
    # One by one: the folders above one that is made get other rights, and core wants its own.
    plant.core.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{report.unit}-{_utc().replace(':', '')}.json"
    told = {**dataclasses.asdict(report), "passed": report.passed, "utc": _utc()}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path.with_suffix(".txt").write_text(_readable(report), encoding="utf-8")
    return path


def _readable(report: Report) -> str:
    """The report as an engineer reads it: who, what was measured, what the dialect claims."""
    lines = [
        f"unit {report.unit}: {report.model}, firmware {report.firmware}, {report.serial}",
        f"dialect {report.dialect}; help lists {', '.join(report.capabilities) or 'nothing'}",
    ]
    for step in report.steps:
        claim = "" if step.claimed_s is None else f" (dialect: {step.claimed_s:.0f} s)"
        water = f"inlet {_celsius(step.inlet_c)}, outlet {_celsius(step.outlet_c)}"
        verdict = "passed" if step.passed else "FAILED"
        lines.append(f"{step.name}: {verdict}, {step.seconds:.0f} s{claim}; {water}; {step.told}")
    lines.append(f"{'passed' if report.passed else 'NOT passed'}; left {report.left_as}")
    return "\n".join(lines) + "\n"


def _celsius(temperature_c: float | None) -> str:
    return "unknown" if temperature_c is None else f"{temperature_c:.1f} °C"


def _core_runs(link: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(1.0)
        try:
            door.connect(str(link))
        except OSError:
            return False
    return True


def _utc() -> str:
    return datetime.fromtimestamp(utc_s(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
