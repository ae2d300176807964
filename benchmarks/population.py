"""CPU and memory of synthesised populations as columns, each size in a process of its own.

Prints one JSON object. CPU seconds are user and system time of one thread. The town is made
first and stands apart; it has three places for ten people, as the usual synthetic town. The peak
of resident memory is that of the whole process, libraries and town included, after the town and
after the people. ``--ways`` also measures the ways between the zones of the town, which a model
needs and a population does not; ``--files`` writes and reads a Parquet file, and ``--persons``
makes a `Persona` of each row.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mesa_llm_city.population import PopulationColumns

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
PLACES_PER_PERSON = 0.3
Told = dict[str, float | int]


def main() -> None:
    """Measure every size, and print what was found."""
    options = _options()
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options)))
        return
    runs = [_in_fresh_process(size, options) for size in sorted(options.people)]
    told = {"benchmark": "population", "seed": options.seed, "runs": runs}
    if len(runs) > 1:
        sizes, seconds = (
            np.log([float(run[name]) for run in runs]) for name in ("people", "people_cpu_s")
        )
        told["cpu_log_log_slope"] = round(float(np.polyfit(sizes, seconds, 1)[0]), 3)
    print(json.dumps(told, indent=2))


def measure(people: int, options: argparse.Namespace) -> Told:
    """Return CPU seconds and memory of one population in this process."""
    from mesa_llm_city import City
    from mesa_llm_city.population import PopulationColumns

    places = max(300, round(PLACES_PER_PERSON * people))
    # Libraries are loaded before, by a handful of people.
    PopulationColumns.synthesize(10, city=City.synthetic(places=300), rng=options.seed).persona(0)
    began = process_time()
    city = City.synthetic(options.seed, places=places)
    built, peak_town = process_time(), peak_mb()
    columns = PopulationColumns.synthesize(people, city=city, rng=options.seed)
    made = process_time()
    told: Told = {
        "people": people,
        "places": places,
        "zones": len(city.zones),
        "town_cpu_s": round(built - began, 2),
        "town_peak_mb": peak_town,
        "people_cpu_s": round(made - built, 2),
        "us_per_person": round(1e6 * (made - built) / people, 1),
        "peak_mb": peak_mb(),
        "columns_mb": round(columns.memory_bytes / 1e6, 1),
        "persona_ms": _one_by_one(columns, people),
    }
    if options.ways:
        began = process_time()
        _ = city.skims
        told |= {"ways_cpu_s": round(process_time() - began, 2), "ways_peak_mb": peak_mb()}
    if options.files:
        told |= _files(columns)
    if options.persons:
        began = process_time()
        columns.personas()
        told |= {"persons_cpu_s": round(process_time() - began, 2), "persons_peak_mb": peak_mb()}
    return told


def _one_by_one(columns: PopulationColumns, people: int) -> float:
    """Return the milliseconds that one person takes to be made of a row."""
    rows = range(0, people, max(1, people // 100))
    began = process_time()
    for row in rows:
        columns.persona(row)
    return round(1e3 * (process_time() - began) / len(rows), 2)


def _files(columns: PopulationColumns) -> Told:
    """Return what a Parquet file of all people costs."""
    from mesa_llm_city.population import PopulationColumns

    with TemporaryDirectory() as home:
        file, began = Path(home, "people.parquet"), process_time()
        columns.to_parquet(file)
        written = process_time()
        PopulationColumns.read_parquet(file)
        return {
            "write_cpu_s": round(written - began, 2),
            "read_cpu_s": round(process_time() - written, 2),
            "file_mb": round(file.stat().st_size / 1e6, 1),
            "files_peak_mb": peak_mb(),
        }


def peak_mb() -> float:
    """Return the greatest resident memory of this process so far, in 10**6 bytes (Linux)."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6, 1)


def _in_fresh_process(people: int, options: argparse.Namespace) -> Told:
    asked = ["--measure", str(people), "--seed", str(options.seed)]
    asked += [f"--{name}" for name in ("ways", "files", "persons") if getattr(options, name)]
    done = subprocess.run(
        [sys.executable, __file__, *asked],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=True,
    )
    told: Told = json.loads(done.stdout)
    return told


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--ways", action="store_true", help="Ways between zones as well.")
    parser.add_argument("--files", action="store_true", help="A Parquet file as well.")
    parser.add_argument("--persons", action="store_true", help="All persons as well.")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
