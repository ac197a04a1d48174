"""The miners as numpy columns: mains, firmware, power, coolant and chips of every unit."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from simulators.coolant import Coolant
from simulators.description import PERSONALITIES, PlantDescription
from simulators.faults import Faults
from simulators.firmware import SOFT_OFF_ASLEEP, Work, residual_kw, settled, wake_share
from simulators.modes import Modes
from simulators.names import unit_names
from simulators.trim import Trim

POWER_SPREAD = 0.015
COMMANDS_KEPT = 100_000
HOUR_S = 3_600.0

CLOGGED = 2.0
"""How many times as far above the water chips are on a clogged cold plate."""


class MinerFleet:
    """Every unit of the plant; unit i stands in container `container_of[i]`."""

    def __init__(self, description: PlantDescription, faults: Faults, seed: int) -> None:
        units = description.units
        self.names = unit_names(description)
        self.container_of: NDArray[np.int64] = np.repeat(
            np.arange(len(description.containers)), [box.units for box in description.containers]
        )
        self.power_kw = np.full(units, description.model.standby_kw)
        self.hashrate_ths = np.zeros(units)
        self.elapsed_s = np.zeros(units)
        self.chip_c = np.zeros(units)
        self.work: NDArray[np.int8] = np.full(units, Work.IDLE, np.int8)
        self.soft_off: NDArray[np.int8] = np.full(units, SOFT_OFF_ASLEEP, np.int8)
        self.api_up: NDArray[np.bool_] = np.ones(units, np.bool_)
        self.commands: deque[tuple[float, int, str]] = deque(maxlen=COMMANDS_KEPT)
        self._description = description
        self._model = description.model
        self._faults = faults
        self._now_s = 0.0
        dice = np.random.default_rng([seed, 1])
        self.serials, self.macs = _identities(units, dice)
        self._rated_kw, self._rated_ths, self._takes_power = _makes(description)
        self._full_kw = self._rated_kw * dice.uniform(1.0 - POWER_SPREAD, 1.0 + POWER_SPREAD, units)
        self._dead_s = dice.uniform(*self._model.wake_dead_s, units)
        self.elapsed_s[:] = dice.uniform(2.0 * HOUR_S, 12.0 * HOUR_S, units)
        self._mains: NDArray[np.bool_] = np.ones(units, np.bool_)
        # Time since the last command or return of mains, and when after it the boards begin:
        # never (inf) for a unit that sleeps.
        self._since_s = np.zeros(units)
        self._begin_s = np.full(units, np.inf)
        self._moving: NDArray[np.bool_] = np.zeros(units, np.bool_)
        self._firmware_busy = False
        firmwares = [PERSONALITIES.index(model.personality) for model in description.models]
        self.personality: NDArray[np.int8] = np.array(firmwares, np.int8)[self.container_of]
        self.modes = Modes(units, self._model)
        self.trim = Trim(units)
        # When a unit is to sleep (true) or wake, by the plant's time.
        self._stamped: dict[int, tuple[float, bool]] = {}
        self.coolant = Coolant(description, self.container_of)

    @property
    def now_s(self) -> float:
        """The plant's time at the last step."""
        return self._now_s

    @property
    def inlet_c(self) -> NDArray[np.float64]:
        """Coolant in, of each unit."""
        return self.coolant.inlet_c

    @property
    def outlet_c(self) -> NDArray[np.float64]:
        """Coolant out, of each unit."""
        return self.coolant.outlet_c

    @property
    def full_kw(self) -> NDArray[np.float64]:
        """What each unit draws at full work in its mode, with its own small deviation."""
        return self._full_kw * self.modes.full_kw_share() * self.trim.goal

    @property
    def mode(self) -> NDArray[np.int8]:
        """The work mode that each unit is in."""
        return self.modes.mode

    @property
    def stored_mode(self) -> NDArray[np.int8]:
        """The work mode that each unit starts in."""
        return self.modes.stored

    @property
    def calibrating_s(self) -> NDArray[np.float64]:
        """How long each unit still has to hash until it is calibrated for its mode."""
        return self.modes.calibrating_s

    def sleep(self, unit: int) -> None:
        """What the firmware does on softoff: hashing ends at once, power within seconds."""
        if self._arrives(unit, "sleep") and self.soft_off[unit] != SOFT_OFF_ASLEEP:
            self.soft_off[unit] = SOFT_OFF_ASLEEP
            self.trim.forget(np.array([unit]))
            if self.work[unit] != Work.FAULT:
                self._let_go(np.array([unit]), Work.IDLE)

    @property
    def tuned(self) -> NDArray[np.bool_]:
        """Whether each unit has found its frequencies: before, its power cannot be set."""
        found_s = self._model.wake_ramp_s + self._model.wake_tail_s - 1e-6
        return np.asarray(self._since_s - self._begin_s >= found_s)

    def wake(self, unit: int) -> None:
        """Wake it in the way of its make."""
        if self._takes_power[unit]:
            self.start(unit)
        else:
            self.reboot(unit)

    def start(self, unit: int) -> None:
        """What a WhatsMiner does when its mining service starts; the control board stays up."""
        if self._arrives(unit, "wake") and self.soft_off[unit]:
            self._let_go(np.array([unit]), Work.INIT)
            self._begin_s[unit] = self._dead_s[unit]
            self.soft_off[unit] = 0

    def set_power(self, unit: int, percent: int, *, fast: bool) -> None:
        """What a WhatsMiner does when it is told a share of its power; it must be tuned."""
        if self._arrives(unit, f"power-{percent}") and self.tuned[unit]:
            self.trim.ask(unit, percent, fast=fast)
            self._moving[unit] = True
            self._firmware_busy = True

    def keep_power(self, unit: int, power_kw: float) -> None:
        """What it does when it is told a power in watts: it keeps that over every restart."""
        if self._arrives(unit, f"keep-{power_kw:g}"):
            self.trim.keep(unit, min(power_kw / float(self._rated_kw[unit]), 1.0))
            self._moving[unit] = True
            self._firmware_busy = True

    def reboot(self, unit: int) -> None:
        """What the firmware does on reboot: silence, a dead time of its own, then hashing."""
        if self._arrives(unit, "wake"):
            self._boot(np.array([unit]))

    def order_at(self, unit: int, at_s: float, *, asleep: bool) -> None:
        """Sleep or wake when the plant's time is `at_s`; the newest order of a unit holds."""
        self._stamped[unit] = (at_s, asleep)

    def _carry_out(self) -> None:
        """What was ordered for now."""
        due = [unit for unit, (at_s, _) in self._stamped.items() if at_s <= self._now_s]
        for unit in due:
            if self._stamped.pop(unit)[1]:
                self.sleep(unit)
            else:
                self.start(unit)

    def set_mode(self, unit: int, mode: int) -> None:
        """What the firmware does on a change of mode: at once, or kept for the next start."""
        if not self._arrives(unit, f"mode-{mode}"):
            return
        match PERSONALITIES[self.personality[unit]]:
            case "sleep_only" | "stamped" | "chain":
                return
            case "modes_live":
                self.modes.change(unit, mode, at_once=self.work[unit] != Work.WORKING)
                self._moving[unit] = True
                self._firmware_busy = True
            case "modes_reboot":
                self.modes.keep(unit, mode)

    def feed(self, mains: NDArray[np.bool_]) -> None:
        """Take or give mains; units that get it back start by themselves, whatever they did."""
        mains = mains & ~self._faults.without_mains
        lost = np.flatnonzero(self._mains & ~mains)
        returned = np.flatnonzero(mains & ~self._mains)
        self._mains = mains
        self.power_kw[lost] = 0.0
        self.elapsed_s[lost] = 0.0
        self.api_up[lost] = False
        self._let_go(lost, Work.INIT)
        self._moving[lost] = False
        self.power_kw[returned] = self._model.standby_kw
        self._boot(returned)

    def start_warm(self, running: int) -> None:
        """Let the first units be hashing since hours."""
        self._begin_s[:running] = self._dead_s[:running]
        ramped_s = self._model.wake_ramp_s + self._model.wake_tail_s
        self._since_s[:running] = self._dead_s[:running] + ramped_s
        self.power_kw[:running] = self._full_kw[:running]
        self.hashrate_ths[:running] = self._full_hash_ths()[:running]
        self.work[:running] = Work.WORKING
        self.soft_off[:running] = 0
        self.coolant.heat_from(self.power_kw)

    def settle(self, cold_c: float, container_lpm: NDArray[np.float64]) -> None:
        """Bring water and chips into equilibrium with this inlet."""
        self.coolant.fill(cold_c, container_lpm)
        self._warm_chips()

    def step(
        self, dt_s: float, now_s: float, container_lpm: NDArray[np.float64], cold_c: float
    ) -> float:
        """Advance every unit; gives the heat that the coolant carried to the header, in kJ."""
        self._now_s = now_s
        if self._stamped:
            self._carry_out()
        self.elapsed_s += dt_s * self.api_up
        if self._firmware_busy:
            self._run_firmware(dt_s)
            self.coolant.heat_from(self.power_kw)
        carried_kj = self.coolant.step(dt_s, container_lpm, cold_c)
        self._warm_chips()
        if self.chip_c.max() >= self._model.chip_trip_c:
            self._trip_hot_chips()
        return carried_kj

    def _arrives(self, unit: int, command: str) -> bool:
        if not self.api_up[unit]:
            return False
        self.commands.append((self._now_s, unit, command))
        return not self._faults.deaf[unit]

    def _let_go(self, units: NDArray[np.int64], work: Work) -> None:
        self.work[units] = work
        self.hashrate_ths[units] = 0.0
        self._since_s[units] = 0.0
        self._begin_s[units] = np.inf
        self._moving[units] = True
        self._firmware_busy = True

    def _boot(self, units: NDArray[np.int64]) -> None:
        self._let_go(units, Work.INIT)
        self.modes.start(units)
        self.trim.forget(units)
        self._begin_s[units] = self._dead_s[units]
        self.soft_off[units] = 0
        self.elapsed_s[units] = 0.0
        self.api_up[units] = False

    def _run_firmware(self, dt_s: float) -> None:
        units = np.flatnonzero(self._moving)
        self._firmware_busy = bool(units.size)
        model = self._model
        since_s = self._since_s[units] + dt_s
        hashing_s = since_s - self._begin_s[units]
        share = wake_share(hashing_s, model)
        unsettled = self.modes.step(units, dt_s, hashing_s >= 0.0)
        unsettled |= self.trim.step(units, dt_s)
        trimmed = self.trim.level[units]
        full_kw = self._full_kw[units] * self.modes.kw_level[units] * trimmed
        own_kw = model.standby_kw + (full_kw - model.standby_kw) * share
        left_kw = residual_kw(self.power_kw[units], since_s, dt_s, model)
        self._since_s[units] = since_s
        self.power_kw[units] = np.maximum(own_kw, left_kw)
        self.hashrate_ths[units] = (
            share * self._full_hash_ths()[units] * self.modes.ths_level[units] * trimmed
        )
        self.work[units[hashing_s >= 0.0]] = Work.WORKING
        self.api_up[units[since_s >= model.reboot_silence_s]] = True
        self._moving[units[settled(since_s, hashing_s, model) & ~unsettled]] = False

    def _warm_chips(self) -> None:
        warmer_k = self._model.chip_k_per_kw * self.power_kw
        # The hottest chip stands on the board whose cold plate is clogged.
        warmer_k[self._faults.clogged] *= CLOGGED
        self.chip_c = self.coolant.outlet_c + warmer_k

    def _trip_hot_chips(self) -> None:
        hot = (self.chip_c >= self._model.chip_trip_c) & np.isfinite(self._begin_s)
        self._let_go(np.flatnonzero(hot), Work.FAULT)

    def _full_hash_ths(self) -> NDArray[np.float64]:
        return self._full_kw / self._rated_kw * self._rated_ths


def _makes(
    description: PlantDescription,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """The rated power and hash rate of every unit, and whether its power can be set."""
    sizes = [box.units for box in description.containers]
    models = description.models
    return (
        np.repeat(np.array([model.rated_kw for model in models]), sizes),
        np.repeat(np.array([model.rated_ths for model in models]), sizes),
        np.repeat(np.array([model.api == "whatsminer" for model in models]), sizes),
    )


def _identities(units: int, dice: np.random.Generator) -> tuple[tuple[str, ...], tuple[str, ...]]:
    serials = tuple(dice.bytes(8).hex() for _ in range(units))
    # Locally administered addresses: they belong to no maker.
    macs = tuple(":".join(f"{byte:02x}" for byte in b"\x02" + dice.bytes(5)) for _ in range(units))
    return serials, macs
