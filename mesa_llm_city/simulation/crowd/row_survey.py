"""Surveys of rows by rule: one question, answered by a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Int
from mesa_llm_city.simulation.crowd.row_query import chosen_rows
from mesa_llm_city.simulation.query import Query
from mesa_llm_city.simulation.records import with_dates
from mesa_llm_city.simulation.surveys.form import cells_of
from mesa_llm_city.simulation.surveys.question import Scale, SurveyQuestion, question_of
from mesa_llm_city.simulation.surveys.table import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["RowRule", "survey_rows"]

RowRule: TypeAlias = "Callable[[CrowdAgent, Int], ArrayLike] | str"
"""Returns the answers of rows as a column, or names what they have (`CrowdAgent.values`)."""

_KINDS = ("scale", "single", "open")
_NO_ANSWER = "no answer"


def survey_rows(
    crowd: CrowdAgent,
    question: str | SurveyQuestion,
    *,
    rule: RowRule,
    scale: Scale | None = None,
    agents: Query = None,
) -> pd.DataFrame:
    """Return what rows answer by a rule (see `CrowdAgent.survey`)."""
    import pandas as pd

    asked = _asked(question, scale)
    rows = chosen_rows(crowd, agents)
    values = _answers(crowd, rows, rule)
    codes, unique = pd.factorize(values, use_na_sentinel=True)
    cells = [_cell(asked, one) for one in np.asarray(unique).tolist()]
    missing = codes < 0
    answer = np.array([*(one for one, _ in cells), np.nan], dtype=object)[codes]
    label = np.array([*(label for _, label in cells), ""], dtype=object)[codes]
    is_number = not any(isinstance(one, str) for one, _ in cells)
    frame = pd.DataFrame(
        {
            "wave": 1,
            "person": crowd.people.ids[rows],
            "time": crowd.model.minute,
            "question": asked.name,
            "item": "",
            "answer": answer.astype(np.float64) if is_number else answer,
            "label": label,
            "reason": np.where(missing, _NO_ANSWER, ""),
            "source": np.where(missing, "", str(DecisionSource.RULE)),
        },
        columns=list(COLUMNS),
    )
    words = dict.fromkeys(("question", "item", "label", "reason", "source"), "str")
    return with_dates(frame.astype(words), crowd.model.clock)


def _asked(question: str | SurveyQuestion, scale: Scale | None) -> SurveyQuestion:
    if isinstance(question, str):
        return question_of(question, name="question", scale=scale)
    given: object = question
    if not isinstance(given, SurveyQuestion) or scale is not None:
        message = f"rows are asked a text, or a SurveyQuestion without scale, got {given!r:.80}"
        raise ConfigError(message)
    if given.kind not in _KINDS:
        message = (
            f"rows are asked questions of the kinds {', '.join(_KINDS)}, and {given.name} is of "
            f"the kind {given.kind}; ask its items one by one"
        )
        raise ConfigError(message)
    return given


def _answers(crowd: CrowdAgent, rows: Int, rule: RowRule) -> NDArray[Any]:
    given: object = rule
    if not isinstance(given, str) and not callable(given):
        message = (
            "rule must be a function of the crowd and of rows, or name what rows have, such as "
            f"'mood', got {given!r:.80}"
        )
        raise ConfigError(message)
    found = np.asarray(crowd.values(rule, rows) if isinstance(rule, str) else rule(crowd, rows))
    if found.shape != rows.shape:
        message = (
            f"the rule must return one answer for each of {len(rows)} rows, got an array of shape "
            f"{found.shape}"
        )
        raise ConfigError(message)
    return found


def _cell(question: SurveyQuestion, value: Any) -> tuple[Any, str]:  # noqa: ANN401 - any answer
    """Return an answer as it stands in the table, and its words."""
    is_number = isinstance(value, int | float)
    if question.kind == "open" and is_number:
        return value, ""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    (cell,) = cells_of(question, whole)
    return cell.answer, cell.label
