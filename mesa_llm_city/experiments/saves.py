"""Runs that save themselves now and then, and runs that go on from a save."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.catalogue import load_model
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.policy_files import read_policies
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.saving import read_head

if TYPE_CHECKING:
    from mesa_llm_city.llm import LLM

__all__ = ["continued", "load_saved", "saves_of", "steps_left"]

_ENDING = ".save"


def saves_of(folder: Path) -> Path:
    """Return where a run saves itself, by the folder of its results.

    Examples
    --------
    >>> saves_of(Path("runs", "town_day-7")).as_posix()
    'runs/town_day-7.save'
    """
    return folder.with_name(f"{folder.name}{_ENDING}")


def continued(options: RunOptions) -> RunOptions:
    """Return options in which seed, start and number of people are those of the save, if any.

    The results of a run that was broken off take the place they were meant for.

    Raises
    ------
    DataError
        If there is no save in the folder, or it is of another version.
    """
    folder = options.from_save
    if folder is None:
        return options
    head = read_head(folder)
    told: dict[str, Any] = {
        "seed": head["seed"],
        "start": date.fromisoformat(head["start"]),
        "citizens": head["people"],
    }
    meant = folder.with_name(folder.name.removesuffix(_ENDING))
    if options.out is None and meant != folder and not meant.exists():
        told["out"] = meant
    # Not checked again, since whoever goes on from a save may not give them.
    return options.model_copy(update=told)


def load_saved(options: RunOptions, folder: Path, llm: LLM | None) -> CityModel:
    """Return the model of a save, with the parameters and prompts that the options change.

    Raises
    ------
    ConfigError
        If the model of the options cannot be loaded, or has lived for all of the days already.
    DataError
        If the save does not fit.
    """
    kind = load_model(options.model)
    if not (isinstance(kind, type) and issubclass(kind, CityModel)):
        message = (
            f"the model {options.model!r} is no class of models, so it cannot go on from a save"
        )
        raise ConfigError(message)
    model = kind.load(
        folder,
        llm=llm,
        prompts=(options.prompts or None) if options.asks else None,
        policies=read_policies(options) or None,
        interventions=options.interventions,
        **options.parameters.changed(),
    )
    if not steps_left(model, options.days):
        told = f"day {model.minute // DAY_MIN + 1} {model.clock.at(model.minute):%H:%M}"
        message = (
            f"the save in {folder} is of {told}, and day {options.days} is over; give a greater "
            "number of days, which counts from the start of the saved run"
        )
        raise ConfigError(message)
    return model


def steps_left(model: CityModel, days: int) -> int:
    """Return how many steps a model has to live until a number of days are over."""
    return max(days * DAY_MIN - model.minute, 0) // model.clock.step_min
