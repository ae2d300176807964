"""A run from options to a folder of results."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from mesa_llm_city.city import City
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.answers import answering, is_complete
from mesa_llm_city.experiments.atomic_output import MARK, check_free, staged
from mesa_llm_city.experiments.base_map import GROUND, ground_frame
from mesa_llm_city.experiments.catalogue import load_model
from mesa_llm_city.experiments.garbage_collection import settled
from mesa_llm_city.experiments.manifest import manifest
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.summary import save_summary
from mesa_llm_city.llm import LLM
from mesa_llm_city.population import Population

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["PICTURE", "find_people", "make_model", "read_city", "run"]

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
        The folder, complete; after an error there is none. What a language model had
        answered by then is kept beside it, and found again with ``resume=True``.

    Raises
    ------
    CityError
        If an option is impossible or an input has defects, all of them listed; or if a
        language model does not answer as it should.
    LLMBudgetError
        If a limit of money, calls or tokens is reached.

    Notes
    -----
    The seed draws the people and their luck. The map, homes included, is the same
    for all seeds.
    """
    progress = progress or Progress()
    if is_complete(options):
        return options.folder
    check_free(options.folder, force=options.force)
    cpu_s = {"set_up": -process_time()}
    progress.say("reading the city and its people")
    city = read_city(options)
    people = find_people(options, city)
    with answering(options) as llm:
        model = make_model(options, city, people, llm)
        cpu_s["set_up"] += process_time()
        _agree(model, options, progress)
        with staged(options.folder, force=options.force) as folder:
            cpu_s["simulation"] = _simulate(model, options.days, progress)
            progress.say("writing tables and picture")
            _write(model, people, options, folder, cpu_s=cpu_s)
    return options.folder


def make_model(options: RunOptions, city: City, people: Population, llm: LLM | None) -> CityModel:
    """Return the model that the options ask for, at its first midnight."""
    return load_model(options.model)(
        city=city,
        people=people,
        rng=options.seed,
        clock=Clock(start=options.start),
        llm=llm,
        prompts=options.resolve_prompts,
        without=options.without,
    )


def _agree(model: CityModel, options: RunOptions, progress: Progress) -> None:
    """Tell what will be asked; above the threshold somebody has to agree."""
    if not isinstance(model.llm, LLM) or options.replay is not None:
        return
    expected = model.cost_estimate(options.days)
    told = f"expected: {expected}"
    progress.say(told)
    hosted = options.spec().backend == "litellm"
    high = hosted if expected.usd is None else expected.usd.high > options.confirm_above
    if high and not options.yes and not progress.agree(f"{told}\nGo on?"):
        message = "the forecast was declined, and nothing was asked; go on with --yes"
        raise ConfigError(message)


def _write(
    model: CityModel,
    people: Population,
    options: RunOptions,
    folder: Path,
    *,
    cpu_s: Mapping[str, float],
) -> None:
    """Write tables, manifest and picture."""
    frames = _write_tables(model, people, folder)
    if isinstance(model.llm, LLM):
        model.llm.ledger.to_parquet(folder / "calls.parquet")
    told = manifest(model, people, options, frames, cpu_s=cpu_s)
    text = json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / MARK).write_text(f"{text}\n", encoding="utf-8")
    save_summary(folder / PICTURE, model, frames)


def read_city(options: RunOptions) -> City:
    """Return the city that the options name; the synthetic town if they name no files."""
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


def find_people(options: RunOptions, city: City) -> Population:
    """Return the people that the options name, or as many as they ask for."""
    if options.people is None:
        return Population.synthesize(options.citizens, city=city, rng=options.seed)
    return Population.from_table(options.people, city=city, rng=options.seed)


def _simulate(model: CityModel, days: int, progress: Progress) -> float:
    """Run the days and return the CPU seconds they took."""
    began = process_time()
    steps_per_day = model.clock.steps_per_day
    spent = model.llm.totals if isinstance(model.llm, LLM) else None
    progress.begin(days=days, steps_per_day=steps_per_day, spent=spent)
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
    ground_frame(model.city).to_parquet(folder / GROUND, index=False)
    people.to_frame().to_parquet(folder / "people.parquet", index=False)
    frames = {
        "activities": model.activities(),
        "trips": trips.drop(columns="geometry"),
        "visits": model.visits(),
        "conversations": model.conversations(),
        "insights": model.insights(),
        "decisions": model.decisions(),
        "needs": model.needs(),
    }
    for name, frame in frames.items():
        if name != "trips":
            frame.to_parquet(folder / f"{name}.parquet", index=False)
    return frames
