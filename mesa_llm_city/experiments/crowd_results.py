"""The crowd of a run: asked for by the options, and written beside the tables of citizens."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.table_parts import write_parts
from mesa_llm_city.simulation.crowd.crowd import Crowd
from mesa_llm_city.simulation.crowd.crowd_tables import CROWD_TABLES

if TYPE_CHECKING:
    from mesa_llm_city.experiments.catalogue import ModelFactory
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent
    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.simulation.records import Records

__all__ = ["CROWD", "crowd_findings", "crowd_in", "crowd_of", "records_told", "write_crowd"]

CROWD = "crowd"
"""Name of the folder in that of a run in which the tables of the crowd lie."""

_COUNTS = ("hourly_activity", "hourly_modes", "zone_flows", "heard")


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
        If there is to be a crowd, and the model takes none; or tables of a crowd without one.
    """
    if not options.crowd:
        if options.crowd_tables:
            message = "crowd_tables: this run has no crowd; add --crowd N, or leave it out"
            raise ConfigError(message)
        return {}
    if "crowd" not in inspect.signature(factory).parameters:
        message = (
            f"crowd: {options.model} takes no crowd; leave it out, or run a model that does, such "
            "as metropolis"
        )
        raise ConfigError(message)
    return {"crowd": Crowd(options.crowd, tables=options.crowd_tables)}


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
        **_counts(crowd),
        **records_told(crowd.records),
    }
    return {"crowd": told}


def _counts(crowd: CrowdAgent) -> dict[str, dict[str, int]]:
    """Return the number of rows of each table; nothing if none are kept."""
    if not crowd.options.tables:
        return {}
    counts = {name: len(getattr(crowd.records, name)) for name in CROWD_TABLES}
    doing, sample = crowd.going_on()["person"].to_numpy(), crowd.records.sample
    counts["activities"] += len(doing) if sample is None else int(sample.keeps(doing).sum())
    return {"counts": counts}


def records_told(records: Records) -> dict[str, dict[str, Any]]:
    """Return what a manifest says of how tables were kept; nothing of whole tables in memory."""
    if records.stream is None and records.sample is None:
        return {}
    sample = None if records.sample is None else records.sample.to_json()
    return {"records": {"in_parts": records.stream is not None, "sample": sample}}


def crowd_in(folder: Path, manifest: Mapping[str, Any]) -> tuple[Mapping[str, Any], Path]:
    """Return what the manifest of a run says of its crowd, and where the tables of that lie.

    Raises
    ------
    ConfigError
        If there was no crowd, or it kept no tables.
    """
    told = manifest.get("crowd")
    if not isinstance(told, Mapping):
        message = f"{folder} is a run without a crowd; leave --crowd out to measure its citizens"
        raise ConfigError(message)
    if not (folder / CROWD / "people.parquet").is_file():
        message = f"the crowd of {folder} kept no tables; run it again with --crowd-tables"
        raise ConfigError(message)
    return told, folder / CROWD


def write_crowd(folder: Path, model: CityModel) -> None:
    """Write the counts of the crowd by hour and message, and its tables if they are kept.

    Parameters
    ----------
    folder : Path
        Folder of the run; the tables go into its folder `CROWD`, under the names that those of
        citizens have.
    model : CityModel
        The model after its last step; without a crowd nothing is written.
    """
    crowd = model.crowd_or_none
    if crowd is None:
        return
    home = folder / CROWD
    home.mkdir()
    for name in _COUNTS:
        getattr(crowd, name)().to_parquet(home / f"{name}.parquet", index=False)
    if not crowd.options.tables:
        return
    crowd.people.to_parquet(home / "people.parquet")
    for name in CROWD_TABLES:
        if name in crowd.records.streamed:
            write_parts(home / name, crowd.part_frames(name))
        else:
            getattr(crowd, name)().to_parquet(home / f"{name}.parquet", index=False)
