"""Respondents of a survey: what is known of each, and their answers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.tables.table import read_table
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.simulation.surveys.question import SurveyQuestion

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Respondents"]

_KINDS = ("scale", "single")
_SHOWN = 10
_BLANK = frozenset({"", "nan", "na", "none"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Respondents:
    """People who have answered a survey.

    Parameters
    ----------
    ids : tuple of str
        Their ids, each once.
    facts : mapping of str to tuple of str
        What else is known of them, such as age and gender, by name; one text for each person,
        empty where it is not known.
    questions : tuple of SurveyQuestion
        What was asked: questions with a scale, or with one option to choose.
    answers : ndarray of float64, shape (n, q)
        Answers: numbers on the scale, or rows of the options from 0 on; NaN where one is missing.

    Raises
    ------
    ConfigError
        If there is nobody or no question, or a question has another kind of answer.
    """

    ids: tuple[str, ...]
    facts: Mapping[str, tuple[str, ...]]
    questions: tuple[SurveyQuestion, ...]
    answers: Float

    def __post_init__(self) -> None:
        """Check that answers can be compared as numbers."""
        if not self.ids or not self.questions:
            message = (
                f"there are {len(self.ids)} respondents and {len(self.questions)} questions; "
                "give at least one of each"
            )
            raise ConfigError(message)
        if wrong := [one.name for one in self.questions if one.kind not in _KINDS]:
            message = (
                f"questions of twins have a scale or one option to choose; {', '.join(wrong)} "
                "has neither, so leave it out"
            )
            raise ConfigError(message)

    @classmethod
    def read(
        cls,
        table: str | Path | pd.DataFrame,
        questions: Iterable[SurveyQuestion],
        *,
        id_column: str | None = None,
        facts: Iterable[str] | None = None,
    ) -> Self:
        """Read respondents from a table with one row per person.

        Parameters
        ----------
        table : str, Path or pandas.DataFrame
            A CSV or Parquet file, or the table itself. It has a column for each question, with
            numbers on its scale, or codes or words of its options; blank cells are missing.
        questions : iterable of SurveyQuestion
            What was asked, such as ``Questionnaire.read("survey.toml").questions``.
        id_column : str, optional
            Column of the ids; rows are numbered from 1 on by default.
        facts : iterable of str, optional
            Columns of what else is known; all other columns by default.

        Raises
        ------
        DataError
            Lists every missing column and every answer that is none, by row.
        """
        frame, name = _frame(table)
        asked = tuple(questions)
        wanted = None if facts is None else tuple(facts)
        _check_columns(frame, name, asked, id_column, wanted)
        defects: list[str] = []
        columns = [_codes(frame[one.name], one, defects) for one in asked]
        ids = _ids(frame, id_column, defects)
        if defects:
            more = len(defects) - _SHOWN
            shown = [*defects[:_SHOWN], *([f"and {more:,} more"] if more > 0 else [])]
            raise DataError.listing(name, shown)
        used = {one.name for one in asked} | {id_column}
        kept = [one for one in frame.columns if one not in used] if wanted is None else wanted
        return cls(
            ids=ids,
            facts={str(one): tuple(_text(cell) for cell in frame[one]) for one in kept},
            questions=asked,
            answers=np.column_stack(columns) if columns else np.empty((len(ids), 0)),
        )

    def __len__(self) -> int:
        """Return the number of respondents."""
        return len(self.ids)

    def rows(self, chosen: Int | Sequence[int]) -> Self:
        """Return some of the respondents, by row."""
        at = np.asarray(chosen, dtype=np.int64)
        return type(self)(
            ids=tuple(self.ids[row] for row in at),
            facts={name: tuple(of[row] for row in at) for name, of in self.facts.items()},
            questions=self.questions,
            answers=self.answers[at],
        )

    def columns_of(self, names: Iterable[str]) -> Int:
        """Return the columns of some questions in `answers`.

        Raises
        ------
        ConfigError
            If there is no question of a name.
        """
        known = {one.name: row for row, one in enumerate(self.questions)}
        found = []
        for name in names:
            if name not in known:
                message = (
                    f"there is no question {name!r}{did_you_mean(name, known)}; the questions are "
                    f"{', '.join(known)}"
                )
                raise ConfigError(message)
            found.append(known[name])
        return np.array(found, dtype=np.int64)

    def spans(self) -> Float:
        """Return the greatest distance of two answers to each question, shape (q,); 1 for options.

        Examples
        --------
        >>> ladder = SurveyQuestion(name="ladder", text="Where?", kind="scale", low=1, high=6)
        >>> one = Respondents(
        ...     ids=("1",), facts={}, questions=(ladder,), answers=np.array([[4.0]]))
        >>> one.spans()
        array([5.])
        """
        return np.array(
            [float(one.high - one.low) if _is_scale(one) else 1.0 for one in self.questions]  # type: ignore[operator]
        )


def _is_scale(question: SurveyQuestion) -> bool:
    return question.kind == "scale"


def _frame(table: str | Path | pd.DataFrame) -> tuple[pd.DataFrame, str]:
    if isinstance(table, str | Path):
        read = read_table(table)
        if read.ragged:
            raise DataError.listing(read.name, read.ragged)
        return read.frame, read.name
    return table, "the table"


def _check_columns(
    frame: pd.DataFrame,
    name: str,
    questions: Sequence[SurveyQuestion],
    id_column: str | None,
    facts: Sequence[str] | None,
) -> None:
    wanted = [*(one.name for one in questions), *(facts or ())]
    wanted += [] if id_column is None else [id_column]
    known = [str(one) for one in frame.columns]
    if missing := [
        f"no column {one!r}{did_you_mean(one, known)}" for one in wanted if one not in known
    ]:
        raise DataError.listing(name, missing, advice=f"The columns are {', '.join(known)}.")


def _ids(frame: pd.DataFrame, id_column: str | None, defects: list[str]) -> tuple[str, ...]:
    if id_column is None:
        return tuple(str(row) for row in range(1, len(frame) + 1))
    ids = [_text(cell) for cell in frame[id_column]]
    seen: set[str] = set()
    for row, one in enumerate(ids, start=1):
        if not one or one in seen:
            defects.append(f"row {row}: id {one!r} is {'blank' if not one else 'there twice'}")
        seen.add(one)
    return tuple(ids)


def _codes(cells: Iterable[object], question: SurveyQuestion, defects: list[str]) -> Float:
    known = dict(_accepted(question))
    found = []
    for row, cell in enumerate(cells, start=1):
        text = _text(cell)
        if not text:
            found.append(np.nan)
        elif text.lower() in known:
            found.append(known[text.lower()])
        else:
            accepted = f"{question.low} to {question.high}" if _is_scale(question) else "an option"
            defects.append(
                f"row {row}: {question.name} is {text!r:.60}; accepted is {accepted}, or blank"
            )
    return np.array(found, dtype=np.float64)


def _accepted(question: SurveyQuestion) -> Iterator[tuple[str, float]]:
    """Yield the texts that are answers, in small letters, and the number of each."""
    if question.low is not None and question.high is not None:
        for point in range(question.low, question.high + 1):
            yield str(point), float(point)
    for row, option in enumerate(question.options):
        yield option.label.lower(), float(row)
        yield str(option.code).lower(), float(row)


def _text(cell: object) -> str:
    """Return a cell as text: whole numbers without a point, missing ones as nothing."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    if text.lower() in _BLANK or text == "<NA>":
        return ""
    whole, point, rest = text.partition(".")
    return whole if point and rest.strip("0") == "" and whole.lstrip("-").isdigit() else text
