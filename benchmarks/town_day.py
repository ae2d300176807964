"""CPU and memory of a day in the synthetic town, each size in a process of its own.

Prints one JSON object. CPU seconds are user and system time of the days alone; set-up (town,
people, agents) stands beside them. Resident memory per citizen is the growth of the process
from just before the town is built until the end of the last day, town and tables included,
divided by the number of citizens; libraries have been loaded before, by a day of ten people.
The phases are those of the rounds: who is due perceives, thinks, acts and meets others.
Per added citizen it is the slope over the sizes, in which what is fixed falls away.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.values import Float
from mesa_llm_city.experiments import settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesa_llm_city.models.town_day.model import TownDay

    from mesa_llm_city import CityModel

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


def main() -> None:
    """Run every size, the smallest twice, and print what was measured."""
    options = _options()
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options.days, options.seed)))
        return
    sizes = sorted(options.citizens)
    runs = [_in_fresh_process(size, options.days, options.seed) for size in sizes]
    again = _in_fresh_process(sizes[0], options.days, options.seed)
    told = {
        "benchmark": "town_day",
        "days": options.days,
        "runs": runs,
        "cpu_log_log_slope": _slope(np.log(sizes), np.log([float(run["cpu_s"]) for run in runs])),
        "resident_kb_per_added_citizen": _slope(
            np.array(sizes),
            np.array(
                [float(run["resident_kb_per_citizen"]) * int(run["citizens"]) for run in runs]
            ),
        ),
        "same_digest_in_two_processes": again["digest"] == runs[0]["digest"],
    }
    print(json.dumps(told, indent=2))


def measure(citizens: int, days: int, seed: int) -> dict[str, Any]:
    """Return CPU seconds and memory of one run in this process."""
    from mesa_llm_city.models.town_day.model import TownDay

    warm = TownDay(citizens=10, places=300, rng=seed)
    _live(warm)
    # Reading the tables once loads what Arrow loads on first use, which is no citizen's.
    warm.digest()
    began, memory = process_time(), resident_kb()
    model = TownDay(citizens=citizens, days=days, rng=seed)
    phases_cpu_s = timed_phases(model)
    built, memory_built = process_time(), resident_kb()
    _live(model)
    ran, memory_after = process_time(), resident_kb()
    return {
        "citizens": citizens,
        "set_up_cpu_s": round(built - began, 2),
        "cpu_s": round(ran - built, 2),
        "cpu_s_per_1000_citizen_days": round(1000.0 * (ran - built) / (citizens * days), 2),
        "phases_cpu_s": {name: round(spent_s, 2) for name, spent_s in phases_cpu_s.items()},
        "resident_kb_per_citizen_built": round((memory_built - memory) / citizens, 2),
        "resident_kb_per_citizen": round((memory_after - memory) / citizens, 2),
        "trips_per_citizen_day": round(len(model.records.trips) / (citizens * days), 2),
        "digest": model.digest(),
    }


def timed_phases(model: CityModel) -> dict[str, float]:
    """Have the rounds of a model timed, and return the CPU seconds of each phase as they grow."""
    spent_s: dict[str, float] = {}

    def timed(name: str, phase: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: object, **named: object) -> object:
            began = process_time()
            try:
                return phase(*args, **named)
            finally:
                spent_s[name] = spent_s.get(name, 0.0) + process_time() - began

        return run

    for name in ("perceive", "think", "act", "meet"):
        setattr(model.rounds, name, timed(name, getattr(model.rounds, name)))
    return spent_s


def _live(model: TownDay) -> None:
    """Run the days as the command line does."""
    with settled():
        while model.running:
            model.step()


def resident_kb() -> float:
    """Return the memory of this process that is in RAM now, in units of 1024 bytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1024.0


def _slope(x: Float, y: Float) -> float | None:
    """Return the slope of y over x; None for a single point."""
    return round(float(np.polyfit(x, y, 1)[0]), 3) if len(x) > 1 else None


def _in_fresh_process(citizens: int, days: int, seed: int) -> dict[str, Any]:
    asked = ["--measure", str(citizens), "--days", str(days), "--seed", str(seed)]
    done = subprocess.run(
        [sys.executable, __file__, *asked],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--citizens", type=int, nargs="+", default=[1000, 3000, 10_000])
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
