"""A run from options to a folder of results."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from mesa_llm_city.city import City
from mesa_llm_city.clock import Clock
from mesa_llm_city.experiments.catalogue import load_model
from mesa_llm_city.experiments.garbage import settled
from mesa_llm_city.experiments.manifest import manifest
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.staging import MARK, check_free, staged
from mesa_llm_city.experiments.summary import save_summary
from mesa_llm_city.persona import Population

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.model import CityModel

__all__ = ["PICTURE", "run"]

PICTURE = "summary.png"
"""Name of the picture in the folder of a run."""


def run(options: RunOptions, *, progress: Progress | None = None) -> Path:
    """Simulate what the options ask for, and leave a folder of tables and a picture.

    Parameters
    ----------
    options : RunOptions
        City, people, days, seed, and where the results go.
    progress : Progress, optional
        Told of every step; silent by default.

    Returns
    -------
    Path
        The folder, complete; after an error there is none.

    Raises
    ------
    CityError
        If an option is impossible or an input has defects, all of them listed.

    Notes
    -----
    The seed draws the people and their luck. The map, homes included, is the same
    for all seeds.
    """
    progress = progress or Progress()
    check_free(options.folder, force=options.force)
    cpu_s = {"set_up": -process_time()}
    progress.say("reading the city and its people")
    city = _city(options)
    people = _people(options, city)
    clock = Clock(start=options.start)
    model = load_model(options.model)(city=city, people=people, rng=options.seed, clock=clock)
    cpu_s["set_up"] += process_time()
    with staged(options.folder, force=options.force) as folder:
        cpu_s["simulation"] = _simulate(model, options.days, progress)
        progress.say("writing tables and picture")
        frames = _write_tables(model, people, folder)
        told = manifest(model, people, options, frames, cpu_s=cpu_s)
        text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
        (folder / MARK).write_text(f"{text}\n", encoding="utf-8")
        save_summary(folder / PICTURE, model, frames)
    return options.folder


def _city(options: RunOptions) -> City:
    if not options.places:
        return City.synthetic()
    return City.from_files(
        list(options.places),
        zones=options.zones,
        stations=options.stations,
        network=options.network,
        categories=options.categories,
        unknown=options.unknown,
        bad_rows=options.bad_rows,
    )


def _people(options: RunOptions, city: City) -> Population:
    if options.people is None:
        return Population.synthesize(options.citizens, city=city, rng=options.seed)
    return Population.from_table(options.people, city=city, rng=options.seed)


def _simulate(model: CityModel, days: int, progress: Progress) -> float:
    """Run the days and return the CPU seconds they took."""
    began = process_time()
    steps_per_day = model.clock.steps_per_day
    progress.begin(days=days, steps_per_day=steps_per_day)
    with settled():
        for _ in range(days * steps_per_day):
            model.step()
            progress.advance()
    return process_time() - began


def _write_tables(model: CityModel, people: Population, folder: Path) -> dict[str, pd.DataFrame]:
    """Write all tables, and return those of the digest, in its order, without geometry."""
    trips = model.trips()
    trips.to_parquet(folder / "trips.parquet", index=False)
    model.city.to_geodataframe().to_parquet(folder / "places.parquet")
    people.to_frame().to_parquet(folder / "people.parquet", index=False)
    frames = {
        "activities": model.activities(),
        "trips": trips.drop(columns="geometry"),
        "visits": model.visits(),
        "decisions": model.decisions(),
        "needs": model.needs(),
    }
    for name, frame in frames.items():
        if name != "trips":
            frame.to_parquet(folder / f"{name}.parquet", index=False)
    return frames
