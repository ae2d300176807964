"""The demonstration: a day in a small town, by rules or with a recorded language model."""

from __future__ import annotations

from pathlib import Path

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.catalogue import list_models
from mesa_llm_city.experiments.options import RunOptions

__all__ = ["demo_options"]

_MODEL = "town_day"
_RECORDING = "recording.jsonl.gz"
_PEOPLE = "recording_people.csv"
"""The people whose days were recorded, whatever people are synthesised now."""


def demo_options(out: Path, *, replay: bool = False) -> RunOptions:
    """Return the options of the demonstration.

    Parameters
    ----------
    out : Path
        Folder of the results; those of an earlier demonstration are replaced.
    replay : bool, default False
        Whether a recorded language model plans days and chooses modes, for 20 people;
        by default rules decide, for 500.

    Raises
    ------
    ConfigError
        If the recording was not installed.
    """
    if not replay:
        return RunOptions(model=_MODEL, citizens=500, out=out, force=True)
    return RunOptions(
        model=_MODEL,
        people=_file(_PEOPLE),
        mind="prompt",
        prompts=("plan", "mode"),
        replay=_file(_RECORDING),
        on_failure="rules",
        out=out,
        force=True,
    )


def _file(name: str) -> Path:
    for model in list_models():
        if model.name == _MODEL and (file := model.folder / name).is_file():
            return file
    message = f"the file {name} of {_MODEL} is missing; install the package anew"
    raise ConfigError(message)
