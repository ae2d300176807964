"""Whether the folder of a finished run can be looked at, which is asked before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.core.text_files import is_file
from mesa_llm_city.experiments.atomic_output import MANIFEST
from mesa_llm_city.experiments.saved_run import read_manifest
from mesa_llm_city.experiments.table_parts import has_table

__all__ = ["REPLAYED", "check_folder"]

REPLAYED = ("activities", "trips", "visits", "decisions", "needs", "conversations", "insights")
"""Names of the tables that a replay reads."""


def check_folder(home: Path, *, crowd: bool = False) -> dict[str, Any]:
    """Return the manifest of a folder that can be replayed.

    Parameters
    ----------
    home : Path
        The folder.
    crowd : bool, default False
        Whether the rows of its crowd are to be shown.

    Raises
    ------
    ConfigError
        If it is no folder of a run, or of one without a crowd that kept tables.
    DataError
        If the manifest cannot be used, or tables are missing.
    """
    needed = (*REPLAYED, "people", "places") if is_file(home / MANIFEST) else ()
    lacking = [f"{name}.parquet" for name in needed if not has_table(home, name)]
    if lacking:
        defects = [f"{one} is missing; run it again with --force" for one in lacking]
        source = str(home)
        raise DataError.listing(source, defects)
    manifest = read_manifest(home)
    _check_done(home, manifest)
    if crowd:
        from mesa_llm_city.experiments.crowd_results import crowd_in

        crowd_in(home, manifest)
    return manifest


def _check_done(home: Path, manifest: Mapping[str, Any]) -> None:
    """Check what a manifest says was done to its run."""
    given: dict[str, tuple[object, dict[str, type]]] = {
        "config.interventions": (manifest["config"].get("interventions"), {"kind": str}),
        "acts": (manifest.get("acts"), {"minute": int, "kind": str, "what": dict}),
    }
    defects = [
        f"{name} must be a list of tables with {', '.join(fields)}, got {rows!r:.80}"
        for name, (rows, fields) in given.items()
        if rows is not None and not _are_tables(rows, fields)
    ]
    if defects:
        source = str(home / MANIFEST)
        raise DataError.listing(source, defects, advice="It was changed; copy the folder again.")


def _are_tables(rows: object, fields: Mapping[str, type]) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, dict) and all(isinstance(row.get(one), fields[one]) for one in fields)
        for row in rows
    )
