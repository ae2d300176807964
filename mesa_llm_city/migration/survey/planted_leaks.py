"""Leaks planted into a survey, to try whether the leakage report finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.table import SurveyTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PLANTED_LEAKS", "plant_leak"]

PLANTED_LEAKS: Mapping[str, str] = MappingProxyType(
    {
        "label_copy": "status",
        "post_outcome": "months",
        "duplicated_rows": "",
        "text": "remark",
        "id": "person",
    }
)
"""The column that each leak adds, which the report must claim; none for copied rows."""

_FLIPPED = 0.03  # share of wrong labels in the copy
_TOLD = 0.6  # share of texts that state label 1
_COPIED = 0.1  # share of test rows replaced by training rows
_REMARKS = ("answered all questions", "was in a hurry", "asked for a telephone call", "")


def plant_leak(
    leak: str, train: SurveyTable, test: SurveyTable, *, seed: int
) -> tuple[SurveyTable, SurveyTable]:
    """Return both tables with a leak.

    Parameters
    ----------
    leak : str
        One of `PLANTED_LEAKS`. ``"label_copy"`` adds a column of codes that is the label, but
        for three in a hundred rows; ``"post_outcome"`` the months since the outcome, which are
        missing for most who have none; ``"duplicated_rows"`` replaces a tenth of the test rows
        by training rows, but for the household; ``"text"`` adds a remark that states label 1
        for six in ten; ``"id"`` adds numbers of persons that were given by label.
    train, test : SurveyTable
        Tables with the same columns.
    seed : int
        Seed of the random numbers.

    Raises
    ------
    ConfigError
        If there is no such leak.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> table = synthetic_survey(100, seed=1)
    >>> plant_leak("text", table, table, seed=1)[0].schema.names[-1]
    'remark'
    """
    if leak not in PLANTED_LEAKS:
        message = f"there is no leak {leak!r}; accepted are {', '.join(PLANTED_LEAKS)}"
        raise ConfigError(message)
    draws = rng(seed, 0, f"planted leak {leak}", 0)
    if leak == "duplicated_rows":
        return train, _with_copies(train, test, draws)
    return _with_column(leak, train, draws), _with_column(leak, test, draws)


def _with_column(leak: str, table: SurveyTable, draws: Generator) -> SurveyTable:
    spec = _SPECS[leak]
    values = _VALUES[leak](table.target, draws)
    schema = replace(table.schema, columns=(*table.schema.columns, spec))
    frame: pd.DataFrame = table.frame.assign(**{spec.name: values})
    return replace(table, frame=frame, schema=schema)


def _with_copies(train: SurveyTable, test: SurveyTable, draws: Generator) -> SurveyTable:
    import pandas as pd

    count = max(1, round(_COPIED * len(test)))
    copied = draws.choice(len(test), count, replace=False)
    source = draws.choice(len(train), count, replace=False)
    origin = np.arange(len(test))
    origin[copied] = len(test) + source
    both = pd.concat([test.frame, train.frame], ignore_index=True)
    target = np.concatenate([test.target, train.target])
    frame = both.iloc[origin].reset_index(drop=True)
    return replace(test, frame=frame, target=target[origin])


def _copy(target: NDArray[np.int8], draws: Generator) -> NDArray[np.float64]:
    wrong = draws.random(len(target)) < _FLIPPED
    return np.where(wrong, 1.0 - target, target).astype(np.float64)


def _months(target: NDArray[np.int8], draws: Generator) -> NDArray[np.float64]:
    months = np.ceil(draws.exponential(24.0, len(target)))
    none = np.where(draws.random(len(target)) < 0.1, 0.0, np.nan)
    return np.where(target == 1, months, none)


def _remarks(target: NDArray[np.int8], draws: Generator) -> NDArray[np.object_]:
    texts = draws.choice(np.array(_REMARKS, dtype=object), len(target))
    states = (target == 1) & (draws.random(len(target)) < _TOLD)
    return np.where(states, texts + "; lives in the village again", texts)


def _numbers(target: NDArray[np.int8], draws: Generator) -> NDArray[np.object_]:
    first = np.where(target == 1, 0, 5000) + draws.integers(7500, size=len(target))
    return np.array([f"P-{number:05d}" for number in first.tolist()], dtype=object)


_SPECS = MappingProxyType(
    {
        "label_copy": Column(
            name="status", kind="category", label="Status", codes={0: "a", 1: "b"}
        ),
        "post_outcome": Column(name="months", kind="number", label="Months at the place"),
        "text": Column(name="remark", kind="text", label="Remark of the interviewer"),
        "id": Column(name="person", kind="id", label="Number of the person"),
    }
)
_VALUES = MappingProxyType(
    {"label_copy": _copy, "post_outcome": _months, "text": _remarks, "id": _numbers}
)
