"""The folder of a run: tables first, then the manifest, at last the picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.secrets import redact_values
from mesa_llm_city.experiments.atomic_output import MANIFEST
from mesa_llm_city.experiments.base_map import BASE_MAP, base_map_frame
from mesa_llm_city.experiments.crowd_results import write_crowd
from mesa_llm_city.experiments.manifest import manifest
from mesa_llm_city.experiments.options import RunOptions
from mesa_llm_city.experiments.picture_file import picture_file
from mesa_llm_city.experiments.summary import save_summary
from mesa_llm_city.experiments.survey_table import survey_table
from mesa_llm_city.experiments.table_parts import needed_frames, write_parts
from mesa_llm_city.llm import LLM
from mesa_llm_city.population import Population
from mesa_llm_city.simulation.records import digest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["PICTURE", "SURVEYS", "DrawsItself", "write_results"]

PICTURE = "summary.png"
"""Name of the picture in the folder of a run."""

SURVEYS = "surveys.parquet"
"""Name of the table of answers to surveys in the folder of a run."""

_DPI = 110

# They follow from the tables of the digest, so that they are no part of it.
_HOURLY = ("hourly_activity", "hourly_modes", "zone_flows")


@runtime_checkable
class DrawsItself(Protocol):
    """A model that has a picture of its own in place of the usual one."""

    def draw(self) -> Figure:
        """Return the picture of the run."""
        ...


def write_results(
    folder: Path,
    model: CityModel,
    people: Population,
    options: RunOptions,
    *,
    cpu_s: Mapping[str, float],
) -> None:
    """Write all that a run leaves behind.

    A picture that cannot be drawn costs no run: there is a warning instead.

    Parameters
    ----------
    folder : Path
        Where to; it exists.
    model : CityModel
        The model after its last step.
    people : Population
        The people of the run.
    options : RunOptions
        Options of the run.
    cpu_s : mapping of str to float
        CPU seconds by stage.

    Raises
    ------
    ConfigError
        If files cannot be written, as on a full disk.
    """
    try:
        # Made again if somebody has removed it during the run.
        folder.mkdir(parents=True, exist_ok=True)
        frames = _write_tables(folder, model, people)
        fingerprint = _digest(model, frames)
        contents = manifest(model, people, options, frames, cpu_s=cpu_s, fingerprint=fingerprint)
        text = json.dumps(redact_values(contents), indent=2, ensure_ascii=False, allow_nan=False)
        (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        message = (
            f"out: the results cannot be written to {options.folder} "
            f"({error.strerror or error}); make room, or choose another folder"
        )
        raise ConfigError(message) from error
    with picture_file(folder / PICTURE) as picture:
        if isinstance(model, DrawsItself):
            model.draw().savefig(picture, dpi=_DPI)
        else:
            save_summary(picture, model, frames)


def _write_tables(folder: Path, model: CityModel, people: Population) -> dict[str, pd.DataFrame]:
    """Write all tables, and return those of the digest, in its order."""
    model.city.to_geodataframe().to_parquet(folder / "places.parquet")
    base_map_frame(model.city).to_parquet(folder / BASE_MAP, index=False)
    # All who ever lived there, if somebody has come or changed since.
    everybody = people if not len(model.records.events) else Population(tuple(model.everybody))
    everybody.to_frame().to_parquet(folder / "people.parquet", index=False)
    if isinstance(model.llm, LLM):
        model.llm.ledger.to_parquet(folder / "calls.parquet")
    if model.economy_or_none is not None:
        # Balances follow from the payments, so they are no part of the digest.
        model.accounts().to_parquet(folder / "accounts.parquet", index=False)
    if model.surveys:
        survey_table(model.surveys).to_parquet(folder / SURVEYS, index=False)
    for name in _HOURLY:
        getattr(model, name)().to_parquet(folder / f"{name}.parquet", index=False)
    write_crowd(folder, model)
    _write_minds(folder, model)
    return _write_events(folder, model)


def _write_minds(folder: Path, model: CityModel) -> None:
    """Write what went on in people's minds, if it was kept; it is no part of the digest."""
    minds = model.records.minds
    if minds is not None and model.records.streamed:
        for name in minds.tables:
            write_parts(folder / name, model.part_frames(name))
        return
    for name, frame in model.minds().items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def _write_events(folder: Path, model: CityModel) -> dict[str, pd.DataFrame]:
    """Write the tables of the digest, and return them; of those in parts, what is needed."""
    frames: dict[str, pd.DataFrame] = {}
    for name in model.table_names():
        if name in model.records.streamed:
            write_parts(folder / name, model.part_frames(name))
            frames |= needed_frames(folder, [name])
        else:
            frames[name] = model.table(name)
            frames[name].to_parquet(folder / f"{name}.parquet", index=False)
    return frames


def _digest(model: CityModel, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the digest of the model, for which whole tables need not be read again."""
    is_whole = model.records.stream is None and model.records.sample is None
    return digest(frames) if is_whole else model.digest()
