"""What a day of a crowd costs: time of a step, memory a citizen, and the way to it.

Prints one JSON object; each number of people is measured in a process of its own with one
thread. Times of steps are means and greatest values of the 288 steps of each day, in CPU and in
wall time; `queries` are those of the step-time experiment, timed apart, none by default. Peak
memory is that of the whole process, libraries and town included. The digest is that of rows and
counts by the hour after the last day.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from time import process_time
from typing import Any

from mesa_llm_city import City
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.experiments.paper.step_times import machine, timed_day

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


def main() -> None:
    """Measure every number of people, and print what was found."""
    options = _options()
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options)))
        return
    runs = [_in_fresh_process(count, options) for count in options.people]
    print(json.dumps({"benchmark": "crowd", "days": options.days, "runs": runs}, indent=2))


def measure(people: int, options: argparse.Namespace) -> dict[str, Any]:
    """Return times and memory of one number of people in this process."""
    began = process_time()
    town = City.synthetic(places=options.places) if options.places else City.for_people(people)
    city_cpu_s = process_time() - began
    # A small crowd loads what libraries load on first use, which is no step's.
    timed_day(50, seed=options.seed, city=City.synthetic(places=300), queries=options.queries)
    day = timed_day(
        people, seed=options.seed, city=town, queries=options.queries, days=options.days
    )
    told = day.to_dict()
    if not options.queries:
        told = {name: one for name, one in told.items() if not name.startswith("queries")}
    spent_s = float(day.times("cpu").sum()) / 1000.0
    return {
        **told,
        "city_cpu_s": round(city_cpu_s, 3),
        "us_per_citizen_day": round(1e6 * spent_s / (people * options.days), 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0, 1),
        "trips_per_citizen_day": round(day.trips / (people * options.days), 3),
        "step_min": DAY_MIN * options.days / len(day.steps),
        **machine(town),
    }


def _in_fresh_process(people: int, options: argparse.Namespace) -> dict[str, Any]:
    asked = ["--measure", str(people), "--days", str(options.days), "--seed", str(options.seed)]
    asked += ["--places", str(options.places)] if options.places else []
    asked += ["--queries"] if options.queries else []
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
    parser.add_argument("--people", type=int, nargs="+", default=[10_000])
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--places", type=int, help="size of the town; by default three for ten")
    parser.add_argument("--queries", action="store_true", help="one query a person and step")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
