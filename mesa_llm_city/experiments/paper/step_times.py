"""Time of a step by number of people, with and without queries (CitySim, appendix C.1, table 2)."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from time import perf_counter, process_time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core import kernels, streams
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.garbage_collection import settled
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.simulation.crowd.crowd import Crowd
from mesa_llm_city.simulation.crowd.row_needs import set_need
from mesa_llm_city.simulation.model import CityModel

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.core.values import Float

__all__ = [
    "PUBLISHED_MS",
    "StepTime",
    "TimedDay",
    "machine",
    "step_times",
    "step_times_table",
    "timed_day",
]

PUBLISHED_MS: Mapping[int, float] = MappingProxyType(
    {1_000: 9.0, 10_000: 9.7, 100_000: 21.0, 1_000_000: 183.0}
)
"""Mean time of a step in table 2 of the paper, in ms of wall time, by number of people."""

_FETCHES_PER_SET = 999
_ONE_BY_ONE = 1000
_MS = 1000.0


class StepTime(NamedTuple):
    """What a step took, in ms.

    Attributes
    ----------
    cpu, wall : float
        The step itself.
    queries_cpu, queries_wall : float
        The queries after it.
    """

    cpu: float
    wall: float
    queries_cpu: float
    queries_wall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedDay:
    """Times and counts of one day of a crowd.

    Parameters
    ----------
    people : int
        Number of rows.
    seed : int
        Seed of the model.
    load_cpu_s : float
        CPU seconds of making the model, without the city.
    steps : tuple of StepTime
        What each step took.
    fetch_one_us : float
        Microseconds of CPU of one fetch of position and purpose, one row at a time.
    on_the_way : dict of str to float
        Share of people under way at each full hour.
    trips : int
        Trips that have ended.
    bytes_per_person : float
        Bytes of all columns of people and state, by the number of people.
    digest : str
        Fingerprint of the crowd after the day.
    """

    people: int
    seed: int
    load_cpu_s: float
    steps: tuple[StepTime, ...]
    fetch_one_us: float
    on_the_way: dict[str, float]
    trips: int
    bytes_per_person: float
    digest: str

    def times(self, name: str) -> Float:
        """Return one of the times of all steps, in ms."""
        return np.array([getattr(one, name) for one in self.steps])

    def to_dict(self) -> dict[str, Any]:
        """Return means and greatest values of the steps, and the rest, as plain values."""
        told = {
            f"{name}_ms": {
                "mean": round(float(self.times(name).mean()), 3),
                "max": round(float(self.times(name).max()), 3),
            }
            for name in StepTime._fields
        }
        rest = {name: one for name, one in asdict(self).items() if name != "steps"}
        return {**rest, **told}


def timed_day(
    people: int,
    *,
    seed: int,
    city: City | None = None,
    queries: bool = True,
    days: int = 1,
    progress: Progress | None = None,
) -> TimedDay:
    """Let a crowd live a day of 288 steps, and time each step and the queries after it.

    After each step everybody issues one query. One in 1,000 sets a need of a random row; the
    others fetch position and purpose of a random row. They are carried out in columns, as
    ``crowd.values`` takes rows. A set changes what follows, so a day with queries has another
    digest than one without.

    Parameters
    ----------
    people : int
        Number of rows; nobody else lives in the model.
    seed : int
        Seed of people, lives and queries.
    city : City, optional
        The city; by default a town that is large enough for the people.
    queries : bool, default True
        Whether there are queries.
    days : int, default 1
        Number of days.
    progress : Progress, optional
        Gets every step.

    Raises
    ------
    ConfigError
        If there are no people.
    """
    if people < 1:
        message = f"people must be at least 1, got {people}"
        raise ConfigError(message)
    town = City.for_people(people) if city is None else city
    told = progress or Progress()
    began = process_time()
    model = CityModel(town, [], rng=seed, crowd=Crowd(people))
    load_cpu_s = process_time() - began
    steps: list[StepTime] = []
    on_the_way: dict[str, float] = {}
    told.begin(days=days, steps_per_day=model.clock.steps_per_day)
    with settled():
        for _ in range(days * model.clock.steps_per_day):
            steps.append(_step(model, queries=queries))
            if model.minute % HOUR_MIN == 0:
                share = float(np.mean(model.crowd.values("is_travelling")))
                on_the_way[f"{model.minute // HOUR_MIN}:00"] = round(share, 4)
            told.advance()
    return TimedDay(
        people=people,
        seed=seed,
        load_cpu_s=round(load_cpu_s, 3),
        steps=tuple(steps),
        fetch_one_us=_fetch_one_us(model),
        on_the_way=on_the_way,
        trips=model.crowd.trips_ended,
        bytes_per_person=round(model.crowd.memory_bytes / people, 1),
        digest=model.crowd.digest(),
    )


def step_times(
    people: Iterable[int], seeds: int = 5, *, progress: Progress | None = None
) -> list[TimedDay]:
    """Time a day for several numbers of people, each with several seeds.

    Parameters
    ----------
    people : iterable of int
        Numbers of people.
    seeds : int, default 5
        Seeds from 1 on; the town is the same for all.
    progress : Progress, optional
        Gets every step.

    Raises
    ------
    ConfigError
        If there are no people or no seeds.
    """
    counts = tuple(people)
    if not counts or min(counts) < 1 or seeds < 1:
        message = (
            f"people must be numbers of at least 1, got {list(counts)}, and seeds at least 1, "
            f"got {seeds}"
        )
        raise ConfigError(message)
    told = progress or Progress()
    return [*_days(counts, seeds, told)]


def step_times_table(days: Iterable[TimedDay]) -> pd.DataFrame:
    """Return the times of a step by number of people.

    Parameters
    ----------
    days : iterable of TimedDay
        From `step_times`.

    Returns
    -------
    pandas.DataFrame
        One row for each number of people: ``people``, ``seeds``; mean over the seeds and
        standard deviation between them (NaN for one seed) of the mean step in ms of CPU and wall,
        without and with queries (``step_cpu``, ``step_cpu_sd``, ``step_wall``, ..,
        ``with_queries_cpu``, ..); ``paper_wall``, the published mean.
    """
    import pandas as pd

    by_people: dict[int, list[TimedDay]] = {}
    for day in days:
        by_people.setdefault(day.people, []).append(day)
    rows = []
    for people, some in sorted(by_people.items()):
        row: dict[str, float] = {"people": people, "seeds": len(some)}
        for clock in ("cpu", "wall"):
            alone = [float(day.times(clock).mean()) for day in some]
            after = [float(day.times(f"queries_{clock}").mean()) for day in some]
            both = [one + more for one, more in zip(alone, after, strict=True)]
            for name, values in (("step", alone), ("with_queries", both)):
                row[f"{name}_{clock}"] = statistics.fmean(values)
                row[f"{name}_{clock}_sd"] = _sd(values)
        row["paper_wall"] = PUBLISHED_MS.get(people, float("nan"))
        rows.append(row)
    return pd.DataFrame(rows)


def machine(city: City) -> dict[str, Any]:
    """Return what times depend on besides the people: cores, compiled loops, size of the map."""
    return {
        "cores": os.cpu_count(),
        "numba": kernels.in_use(),
        "map": {
            "places": len(city.places),
            "zones": len(city.zones),
            "stations": len(city.stations),
        },
    }


def _days(counts: tuple[int, ...], seeds: int, progress: Progress) -> Iterator[TimedDay]:
    for people in counts:
        city = City.for_people(people)
        for seed in range(1, seeds + 1):
            progress.say(f"{people:,} people, seed {seed}")
            yield timed_day(people, seed=seed, city=city, progress=progress)


def _step(model: CityModel, *, queries: bool) -> StepTime:
    cpu, wall = process_time(), perf_counter()
    model.step()
    cpu_after, wall_after = process_time(), perf_counter()
    if queries:
        _issue_queries(model)
    return StepTime(
        _MS * (cpu_after - cpu),
        _MS * (wall_after - wall),
        _MS * (process_time() - cpu_after),
        _MS * (perf_counter() - wall_after),
    )


def _issue_queries(model: CityModel) -> None:
    """Let everybody issue one query about a random row."""
    crowd, count = model.crowd, len(model.crowd)
    rng = streams.rng(model.run_seed, 0, "queries", model.minute)
    rows = crowd.rows[rng.integers(0, count, count)]
    is_set = rng.random(count) * (1 + _FETCHES_PER_SET) < 1.0
    for name in ("x", "y", "purpose"):
        crowd.values(name, rows[~is_set])
    changed = np.unique(rows[is_set])
    if len(changed):
        need = next(iter(model.parameters.needs))
        set_need(crowd, need, changed, rng.random(len(changed)))


def _fetch_one_us(model: CityModel) -> float:
    """Return microseconds of CPU that position and purpose of one row take."""
    crowd = model.crowd
    rng = streams.rng(model.run_seed, 0, "queries one by one", model.minute)
    rows = crowd.rows[rng.integers(0, len(crowd), _ONE_BY_ONE)].tolist()
    began = process_time()
    for row in rows:
        one = crowd[row]
        _ = one.pos, one.purpose
    return round(1e6 * (process_time() - began) / len(rows), 2)


def _sd(values: list[float]) -> float:
    return statistics.stdev(values) if len(values) > 1 else float("nan")
