"""A run from options to a folder of results: read, build, simulate, write.

This file is the whole way; each step has a file of its own.

========================  =============================================
`options`                 what is asked for
`output_folder`           where the results go
`run_lock`                no other run writes there
`unfinished`              answers of a language model are kept
`inputs`                  the city and its people are read
`saves`                   or a save is, from which the run goes on
`run_records`             records are streamed beside the folder, if that is asked for
`simulate`                the language model is tried, the model built, its days are lived
`atomic_output`           the folder appears whole, or not at all
`write`                   tables, manifest, picture
========================  =============================================
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from mesa_llm_city.experiments.atomic_output import atomic_folder, check_free
from mesa_llm_city.experiments.inputs import read_city, read_outsiders, read_people
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.output_folder import with_folder
from mesa_llm_city.experiments.progress import Progress
from mesa_llm_city.experiments.run_lock import locked
from mesa_llm_city.experiments.run_records import begin_records, check_records, keeping_records
from mesa_llm_city.experiments.saves import continued, load_saved, saves_of
from mesa_llm_city.experiments.simulate import (
    build_model,
    check_model,
    confirm_cost,
    run_days,
)
from mesa_llm_city.experiments.unfinished import is_complete, keeping_answers, settle
from mesa_llm_city.experiments.write import write_results
from mesa_llm_city.population import Population

if TYPE_CHECKING:
    from mesa_llm_city.llm import LLM
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["run"]


def run(options: RunOptions, *, progress: Progress | None = None) -> Path:
    """Simulate what the options ask for, and leave a folder of tables and a picture.

    Parameters
    ----------
    options : RunOptions
        City, people, days, seed, parameters, and where the results go.
    progress : Progress, optional
        Gets every step; shows nothing by default.

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
    The seed decides the people and all random choices. The map, homes included, is the
    same for all seeds.
    """
    progress = progress or Progress()
    options = with_folder(continued(options), progress)
    # A run by rules costs nothing, and another one to the same folder takes the next number.
    with locked(options.folder) if options.is_live else nullcontext():
        return _run(options, progress)


def _run(options: RunOptions, progress: Progress) -> Path:
    if is_complete(options):
        settle(options, options.folder)
        return options.folder
    check_free(options.folder, force=options.force)
    check_records(options)

    began_s = process_time()
    with keeping_answers(options) as llm:
        check_model(options, llm, progress)
        model = _begun(options, llm, progress)
        built_s = process_time()
        confirm_cost(model, options, progress)
        begin_records(model, options)
        with (
            keeping_records(model, options),
            atomic_folder(options.folder, force=options.force) as output,
        ):
            started_s = process_time()
            save_to = saves_of(options.folder)
            run_days(model, options.days, progress, save_every=options.save_every, save_to=save_to)
            cpu_s = {"set_up": built_s - began_s, "simulation": process_time() - started_s}
            progress.say("writing tables and picture")
            people = model.population
            known = people if isinstance(people, Population) else Population(tuple(people))
            write_results(output.partial, model, known, options, cpu_s=cpu_s)
        model.surveys.close()
    settle(options, output.folder)
    return output.folder


def _begun(options: RunOptions, llm: LLM | None, progress: Progress) -> CityModel:
    """Return the model of a run: at its first midnight, or as a save has it."""
    if options.from_save is not None:
        progress.say(f"going on from {options.from_save}")
        return load_saved(options, options.from_save, llm)
    progress.say("reading the city and its people")
    city = read_city(options)
    city, people = read_outsiders(options, city, read_people(options, city))
    return build_model(options, city, people, llm)
