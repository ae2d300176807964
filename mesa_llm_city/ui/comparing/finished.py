"""Finished runs in folders that are compared: their options, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.ui.comparing.runs import Done, ForkedRun
from mesa_llm_city.ui.views.replay import Replay

__all__ = ["finished_run"]

# What is named otherwise, or where files lie.
_TOLD_APART = frozenset({"interventions", "name"})


def finished_run(name: str, home: Path, city: Replay) -> ForkedRun:
    """Return a finished run under a name, with its options and what was done to it.

    Parameters
    ----------
    name : str
        Its name.
    home : Path
        Folder of the run.
    city : Replay
        The run, to be looked at.

    Raises
    ------
    ConfigError
        If it is no folder of a run.
    DataError
        If its manifest has defects.
    """
    manifest = read_manifest(home)
    config = manifest["config"]
    planned = [Done(None, str(one["kind"]), one) for one in config.get("interventions") or []]
    acts = [Done(int(one["minute"]), str(one["kind"]), one["what"]) for one in _acts(manifest)]
    options = {key: value for key, value in config.items() if key not in _TOLD_APART}
    changed = {f"set {key}": value for key, value in manifest["parameters"].items()}
    return ForkedRun(
        name=name, city=city, done=(*planned, *acts), options={**options, **changed}, folder=home
    )


def _acts(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    acts: list[Mapping[str, Any]] = manifest.get("acts") or []
    return acts
