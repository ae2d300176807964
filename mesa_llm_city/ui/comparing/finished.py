"""Finished runs in folders that are compared: their options, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.ui.comparing.done import Done
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["finished_run"]

# What is named otherwise, or where files lie.
_TOLD_APART = frozenset({"interventions", "name"})


def finished_run(name: str, home: Path, city: Replay, *, crowd: bool = False) -> ForkedRun:
    """Return a finished run under a name, with its options and what was done to it.

    Parameters
    ----------
    name : str
        Its name.
    home : Path
        Folder of the run.
    city : Replay
        The run, to be looked at.
    crowd : bool, default False
        Whether the rows of its crowd are looked at.

    Raises
    ------
    ConfigError
        If it is no folder of a run.
    DataError
        If its manifest has defects.
    """
    manifest = read_manifest(home)
    config = manifest["config"]
    begin = _given_at(manifest, city.clock)
    planned = [Done(begin, one["kind"], one) for one in config.get("interventions") or ()]
    acts = [Done(one["minute"], one["kind"], one["what"]) for one in manifest.get("acts") or ()]
    options = {key: value for key, value in config.items() if key not in _TOLD_APART}
    changed = {f"set {key}": value for key, value in manifest["parameters"].items()}
    return ForkedRun(
        name=name,
        city=city,
        done=(*planned, *acts),
        options={**options, **changed},
        folder=home,
        hidden_rows=0 if crowd else int(config.get("crowd") or 0),
    )


def _given_at(manifest: Mapping[str, Any], clock: Clock) -> int:
    """Return when a run was given its list of interventions: at its beginning, or its save."""
    save = manifest.get("from_save")
    return 0 if save is None else clock.minute_of(datetime.fromisoformat(save["moment"]))
