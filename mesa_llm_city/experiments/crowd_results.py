"""The crowd of a run: asked for by the options, and written beside the tables of citizens."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.simulation.crowd.crowd import Crowd

if TYPE_CHECKING:
    from mesa_llm_city.experiments.catalogue import ModelFactory
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["crowd_findings", "crowd_of", "write_crowd"]

_TABLES = ("activities", "trips", "visits", "messages")
_COUNTS = ("hourly_activity", "hourly_modes", "heard")


def crowd_of(options: RunOptions, factory: ModelFactory) -> dict[str, Any]:
    """Return the argument with which a model is given its crowd; none without a crowd.

    Parameters
    ----------
    options : RunOptions
        The options; `crowd` is the number of people.
    factory : ModelFactory
        What makes the model.

    Raises
    ------
    ConfigError
        If there is to be a crowd, and the model takes none.
    """
    if not options.crowd:
        return {}
    if "crowd" not in inspect.signature(factory).parameters:
        message = (
            f"crowd: {options.model} takes no crowd; leave it out, or run a model that does, such "
            "as metropolis"
        )
        raise ConfigError(message)
    return {"crowd": Crowd(options.crowd)}


def crowd_findings(model: CityModel) -> dict[str, dict[str, Any]]:
    """Return what a manifest says of the crowd; nothing without one.

    Parameters
    ----------
    model : CityModel
        The model after its last step.
    """
    crowd = model.crowd_or_none
    if crowd is None:
        return {}
    told = {
        "people": len(crowd),
        "trips": crowd.trips_ended,
        "talks": crowd.talks,
        "options": crowd.options.to_dict(),
        "bytes_per_person": round(crowd.memory_bytes / max(len(crowd), 1), 1),
        "digest": crowd.digest(),
    }
    return {"crowd": told}


def write_crowd(folder: Path, model: CityModel) -> None:
    """Write the counts of the crowd by hour and message, and its tables if they are kept.

    Parameters
    ----------
    folder : Path
        Where to; files are named ``crowd_NAME.parquet``.
    model : CityModel
        The model after its last step; without a crowd nothing is written.
    """
    crowd = model.crowd_or_none
    if crowd is None:
        return
    for name in _written(crowd):
        getattr(crowd, name)().to_parquet(folder / f"crowd_{name}.parquet", index=False)


def _written(crowd: CrowdAgent) -> tuple[str, ...]:
    return (*_COUNTS, *_TABLES) if crowd.options.tables else _COUNTS
