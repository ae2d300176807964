"""The table of answers: one row per person, question and item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.records import with_dates

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Row", "answer_table", "wide_table"]


class Row(NamedTuple):
    """An answer, or its absence.

    Attributes
    ----------
    wave : int
        Number of the time at which the survey was held, from 1 on.
    person : int
        Id of the person.
    time : int
        Minutes since the start of the run.
    question, item : str
        Names of the question and of its item; the item is empty if there is none.
    answer : object
        A number, a code or words; None if it is missing.
    label : str
        The words of a number or code.
    reason : str
        Why, in the words of a language model; or why there is no answer.
    source : str
        ``"rule"`` or ``"prompt"``; empty if the answer is missing.
    """

    wave: int
    person: int
    time: int
    question: str
    item: str
    answer: Any
    label: str
    reason: str
    source: str


COLUMNS = Row._fields
"""Columns of a table of answers."""


def answer_table(rows: Iterable[Row], clock: Clock) -> pd.DataFrame:
    """Return rows as a table, ordered as they are, with times as dates.

    Missing answers are NaN. The column ``answer`` is one of floats if all answers are numbers.
    """
    import pandas as pd

    kept = list(rows)
    frame = pd.DataFrame(kept, columns=list(COLUMNS))
    answers = [row.answer for row in kept]
    known = [one for one in answers if one is not None]
    is_number = all(isinstance(one, Real) for one in known)
    values = [float("nan") if one is None else one for one in answers]
    frame["answer"] = pd.Series(values, dtype="float64" if is_number else "object")
    types = {"wave": "int64", "person": "int64", "time": "int64"}
    words = dict.fromkeys(("question", "item", "label", "reason", "source"), "str")
    return with_dates(frame.astype({**types, **words}), clock)


def wide_table(answers: pd.DataFrame) -> pd.DataFrame:
    """Return a table of answers with a row for each person and wave, a column for each answer.

    Parameters
    ----------
    answers : pandas.DataFrame
        What `CityModel.survey` or `Survey.answers` returns.

    Returns
    -------
    pandas.DataFrame
        Columns ``wave``, ``person``, ``time``, and one named by each question, or by question and
        item as ``trust_family``. Columns whose answers are all numbers are floats.

    Raises
    ------
    ConfigError
        If it is no such table.
    """
    if missing := [name for name in COLUMNS if name not in answers]:
        message = f"this is no table of answers: it lacks {', '.join(missing)}"
        raise ConfigError(message)
    keys = ["wave", "person", "time"]
    names = _names(answers["question"].tolist(), answers["item"].tolist())
    long = answers.assign(name=names)
    wide = long.pivot_table(  # every cell has one value, so that the first is the value
        index=keys, columns="name", values="answer", aggfunc=_first, dropna=False, sort=False
    )
    kept = wide.reindex(columns=list(dict.fromkeys(names))).infer_objects()
    numbers = dict.fromkeys(kept.select_dtypes("number"), "float64")
    return kept.astype(numbers).rename_axis(columns=None).reset_index()


def _first(values: pd.Series[Any]) -> Any:  # noqa: ANN401 - whatever an answer is
    return values.iloc[0]


def _names(questions: Sequence[str], items: Sequence[str]) -> list[str]:
    pairs = zip(questions, items, strict=True)
    return [f"{question}_{item}" if item else question for question, item in pairs]
