"""What a run of a sweep costs beside the model: CPU seconds by engine, of all processes.

The model does nothing, so all that is counted is ours. Prints one JSON object: the CPU seconds that
starting the workers costs, and milliseconds for each further run, for the engines whose libraries
are installed. Ray is left out unless it is named: its servers listen on all addresses.

    python benchmarks/sweeps.py [ENGINE ...]
"""

from __future__ import annotations

import json
import resource
import sys
from tempfile import TemporaryDirectory

import mesa

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments import sweep

FEW, MANY, WORKERS = 2, 202, 2


class Nothing(mesa.Model):
    """A model that ends in its first step."""

    def __init__(self, rng: int = 0) -> None:
        super().__init__(rng=rng)
        self.datacollector = mesa.DataCollector({"steps": "steps"})

    def step(self) -> None:
        """End."""
        self.datacollector.collect(self)
        self.running = False


def cpu_s(engine: str, runs: int) -> float:
    """Return the CPU seconds of a sweep, in this process and in its children."""
    before = _used()
    with TemporaryDirectory() as folder:
        sweep(Nothing, {}, seeds=range(runs), engine=engine, workers=WORKERS, out=folder)  # type: ignore[arg-type]
    return _used() - before


def _used() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return used[0].ru_utime + used[0].ru_stime + used[1].ru_utime + used[1].ru_stime


def main() -> None:
    """Measure, and print."""
    found: dict[str, object] = {}
    for engine in sys.argv[1:] or ("serial", "processes", "dask"):
        try:
            few, many = cpu_s(engine, FEW), cpu_s(engine, MANY)
        except ConfigError as error:
            found[engine] = str(error)
            continue
        each_ms = 1000 * (many - few) / (MANY - FEW)
        found[engine] = {"start_cpu_s": round(few, 2), "run_cpu_ms": round(each_ms, 2)}
    print(json.dumps({"workers": WORKERS, "engines": found}, indent=2))


if __name__ == "__main__":
    main()
