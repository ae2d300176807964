"""What policy can change about migration, and who is asked: the same on both pages of migration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mesa_llm_city.experiments.model_program import Lever

__all__ = ["LEVERS", "source_of_people"]

LEVERS = (
    Lever(
        name="rural_subsidy",
        label="Subsidy in villages, RMB a year",
        low=0.0,
        high=20_000.0,
        step=500.0,
    ),
    Lever(
        name="hukou_reform",
        label="Share of migrants given the hukou a year",
        low=0.0,
        high=1.0,
    ),
)
"""Subsidy and reform, each at rest at 0."""


def source_of_people(options: Mapping[str, Any]) -> str:
    """Return where the people of a run come from, in words.

    Parameters
    ----------
    options : mapping
        Options of the run; ``data`` is a file of survey rows, if there is one.

    Examples
    --------
    >>> source_of_people({"data": "surveys/rows.csv"}), source_of_people({})
    ('rows of rows.csv', 'invented people')
    """
    data = options.get("data")
    return f"rows of {Path(str(data)).name}" if data else "invented people"
