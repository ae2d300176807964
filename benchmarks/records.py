"""What records cost: CPU a row, memory in files and in memory, and reading them again.

Prints one JSON object. Each part is measured in a process of its own, in CPU seconds (user and
system). Rows are those of a made-up day: 4 trips and 12 activities a person. Memory is the
growth of the process, at its peak, from just before the first row is appended.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.simulation.records import (
    Coded,
    HourlyAggregates,
    RecordOptions,
    Records,
    Table,
    digest,
    read_records,
)

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
PURPOSES = ("sleep", "work", "leisure", "travel", "meal", "shopping", "care", "rest")
MODES = ("walk", "bicycle", "car", "bus", "train")
PLACES, ZONES = 40_000, 100
ACTIVITIES_PER_TRIP = 3
STEPS = 288


def main() -> None:
    """Measure all parts, and print them."""
    options = _options()
    if options.part is not None:
        print(json.dumps(PARTS[options.part](options)))
        return
    told: dict[str, Any] = {"benchmark": "records", "people": options.people, "days": options.days}
    told |= {part: _in_fresh_process(part, options) for part in PARTS}
    print(json.dumps(told, indent=2))


def appending(_: argparse.Namespace) -> dict[str, float]:
    """Return microseconds of CPU a row: one by one, and 100,000 at once."""
    _warm()
    found: dict[str, float] = {}
    one_by_one = records().trips
    rows = [
        (i % 5_000, i // 50, i // 50 + 9, 3, 4, "meal", "bus", 9.0, 9.0, 1.0, 0.0)
        for i in range(20_000)
    ]
    found["trips_one_by_one"] = per_row(lambda: _add_all(one_by_one, rows), len(rows))
    count = 100_000
    for name, options in (
        ("in_memory", None),
        ("streamed", RecordOptions(stream="stream")),
        ("streamed_sample_of_a_tenth", RecordOptions(stream="sample", sample=0.1)),
    ):
        kept = records(options)
        for table, columns in made_up(count, 0).items():
            append = getattr(kept, table).append_rows
            costs = [per_row(lambda: append(columns), count) for _ in range(5)]  # noqa: B023 - called at once
            found[f"{table}_{name}"] = min(costs)
    return found


def in_memory(options: argparse.Namespace) -> dict[str, float]:
    """Return CPU and memory of days of which all rows stay in memory."""
    return _lived(options, None)


def streamed(options: argparse.Namespace) -> dict[str, float]:
    """Return the same with rows in files."""
    return _lived(options, RecordOptions(stream="stream"))


def streamed_sample(options: argparse.Namespace) -> dict[str, float]:
    """Return the same with the rows of a tenth of the persons in files."""
    return _lived(options, RecordOptions(stream="stream", sample=0.1))


def reading(options: argparse.Namespace) -> dict[str, float]:
    """Return what reading streamed rows costs, and the memory that the dearest takes."""
    _warm()
    kept = records(RecordOptions(stream="stream"))
    _append_days(kept, options)
    kept.flush()
    trips, found = kept.trips, read_records("stream")
    return {
        "trips": len(trips),
        "frame_s": _cpu_s(trips.to_frame),
        "two_columns_s": _cpu_s(lambda: list(found.batches("trips", ["person", "mode"]))),
        "one_person_s": _cpu_s(lambda: trips.to_frame(person=7)),
        "digest_by_columns_s": _cpu_s(lambda: digest({"trips": trips.in_order()})),
        "digest_of_frame_s": _cpu_s(lambda: digest({"trips": trips.to_frame()})),
    }


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, float]]] = {
    "appending": appending,
    "in_memory": in_memory,
    "streamed": streamed,
    "streamed_sample": streamed_sample,
    "reading": reading,
}


def records(options: RecordOptions | None = None) -> Records:
    """Return empty records of a city of 100 zones."""
    zone = np.random.default_rng(1).integers(0, ZONES, PLACES)
    names = [f"zone {row}" for row in range(ZONES)]
    kept = Records(["hunger"], HourlyAggregates(names, zone, PURPOSES, MODES))
    if options is not None:
        kept.keep(options, seed=7, about={"run_seed": 7, "start": "2024-04-01"})
    return kept


def made_up(count: int, minute: int) -> dict[str, dict[str, Any]]:
    """Return rows of trips, activities and decisions that begin about a minute."""
    draw = np.random.default_rng(minute)

    def whole(below: int) -> Int:
        return draw.integers(0, below, count)

    start = minute + whole(60)
    person, purpose = whole(1_000_000), Coded(whole(len(PURPOSES)), PURPOSES)
    ends = {"person": person, "start": start, "end": start + 5 + whole(200), "purpose": purpose}
    return {
        "trips": {
            **ends,
            "origin": whole(PLACES),
            "destination": whole(PLACES),
            "mode": Coded(whole(len(MODES)), MODES),
            **{name: draw.random(count) for name in ("distance_m", "travel_min", "access_min")},
            "cost": draw.random(count),
        },
        "activities": {**ends, "place": whole(PLACES + 1) - 1},
        "decisions": {
            **dict.fromkeys(("component", "choice"), "meal"),
            **dict.fromkeys(("source", "reason"), "rule"),
            "person": person,
            "time": start,
        },
    }


def per_row(call: Callable[[], object], rows: int) -> float:
    """Return microseconds of CPU a row."""
    return round(1e6 * _cpu_s(call) / rows, 3)


def _lived(options: argparse.Namespace, how: RecordOptions | None) -> dict[str, float]:
    _warm()
    kept = records(how)
    before, began = _peak_mb(), process_time()
    made_s = _append_days(kept, options)
    spent = process_time() - began - made_s
    size = sum(one.stat().st_size for one in Path("stream").rglob("*.parquet"))
    return {
        "rows": kept.trips.added + kept.activities.added,
        "cpu_s": round(spent, 2),
        "us_per_row": round(1e6 * spent / (kept.trips.added + kept.activities.added), 3),
        "peak_memory_mb": round(_peak_mb() - before, 1),
        "files_mb": round(size / 1e6, 1),
    }


def _add_all(table: Table, rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        table.add(row)


def _warm() -> None:
    """Load what Arrow and Pandas load on first use, which is no row's cost."""
    kept = records(RecordOptions(stream="warm", sample=0.5))
    for name, columns in made_up(1_000, 0).items():
        getattr(kept, name).append_rows(columns)
    kept.flush()
    kept.trips.to_frame()


def _append_days(kept: Records, options: argparse.Namespace) -> float:
    """Append days step by step; return the CPU seconds that making up the rows took."""
    made_s = 0.0
    trips_per_step = 4 * options.people // STEPS
    for minute in range(0, options.days * 1440, 5):
        began = process_time()
        steps = [made_up(trips_per_step, minute)]
        steps += [
            {"activities": made_up(trips_per_step, minute + number)["activities"]}
            for number in range(1, ACTIVITIES_PER_TRIP)
        ]
        made_s += process_time() - began
        for rows in steps:
            for table in ("trips", "activities"):
                if table in rows:
                    getattr(kept, table).append_rows(rows[table])
    return made_s


def _cpu_s(call: Callable[[], object]) -> float:
    began = process_time()
    call()
    return round(process_time() - began, 3)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def _in_fresh_process(part: str, options: argparse.Namespace) -> dict[str, float]:
    asked = ["--part", part, "--people", str(options.people), "--days", str(options.days)]
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).absolute()), *asked],
            env={**os.environ, **ONE_THREAD},
            cwd=home,
            capture_output=True,
            text=True,
            check=True,
        )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=250_000)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--part", choices=list(PARTS), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
