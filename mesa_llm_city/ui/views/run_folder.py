"""Whether the folder of a finished run can be looked at, which is asked before it is read."""

from __future__ import annotations

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
    if crowd:
        from mesa_llm_city.experiments.crowd_results import crowd_in

        crowd_in(home, manifest)
    return manifest
