"""Drafting the schema of a survey from its file: kinds, codes and missing codes, to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.migration.survey.cells import blank_cells
from mesa_llm_city.migration.survey.column import Column, Kind
from mesa_llm_city.migration.survey.guess import (
    Described,
    Guess,
    distinct_codes,
    guess_column,
    is_blank_column,
)
from mesa_llm_city.migration.survey.outcome import Outcome, Wording
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.survey_file import SurveyFile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Draft", "draft_schema"]

_MOST_OUTCOMES = 12
_SHOWN = 3
_AFFIRMATIVE = ("1", "yes", "true", "y", "ja", "oui", "si")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A schema that was guessed from a file.

    Parameters
    ----------
    schema : Schema
        The guess.
    notes : mapping of str to tuple of str
        What to check, by name of the column; ``""`` is for the survey as a whole.
    """

    schema: Schema
    notes: Mapping[str, tuple[str, ...]]


def draft_schema(
    file: SurveyFile,
    outcome: str,
    *,
    positive: str | None = None,
    group: str | None = None,
    weight: str | None = None,
    period: str | None = None,
    task: str = "",
    question: str = "",
) -> Draft:
    """Guess the schema of a survey from its file.

    Parameters
    ----------
    file : SurveyFile
        The rows, and what the file says about its columns.
    outcome : str
        Name of the column that is to be predicted.
    positive : str, optional
        Value of the outcome that is label 1; by default 1, yes or true.
    group, weight, period : str, optional
        Names of the columns of the household, the weight and the survey wave.
    task, question : str, optional
        English words for language models; both or neither.

    Returns
    -------
    Draft
        Columns that are empty or have one value only are left out.

    Raises
    ------
    ConfigError
        If a column is not there, the outcome cannot be one, or `positive` is no value of it.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"age": [31, 42, 57, 999] * 9, "union": ["no", "yes"] * 18})
    >>> draft = draft_schema(SurveyFile(frame=frame), "union")
    >>> draft.schema.outcome.positive, draft.schema["age"].missing
    ('yes', (999,))
    """
    frame = file.frame
    _check_names(frame, outcome, group, weight, period)
    if bool(task) != bool(question):
        message = "give both task and question, or neither"
        raise ConfigError(message)
    given: tuple[tuple[str | None, Kind], ...]
    given = ((group, "group"), (weight, "weight"), (period, "period"))
    roles = {name: kind for name, kind in given if name is not None}
    notes: dict[str, tuple[str, ...]] = {}
    columns: list[Column] = []
    for name in (str(one) for one in frame.columns if str(one) != outcome):
        if is_blank_column(frame[name]):
            notes[""] = (*notes.get("", ()), f"{name} is left out: it has one value or none")
            continue
        guess = _guess(file, name, roles.get(name), set(roles.values()))
        columns.append(guess.column)
        notes[name] = guess.notes
    found, about = _outcome(file, outcome, positive)
    words = {"en": Wording(task=task, question=question)} if task else {}
    if not words:
        about = (*about, "without wording.en, no language model can be asked")
    notes[""] = (*about, *notes.get("", ()))
    return Draft(
        schema=Schema(columns=tuple(columns), outcome=found, wording=words),
        notes={name: told for name, told in notes.items() if told},
    )


def _guess(file: SurveyFile, name: str, role: Kind | None, taken: set[Kind]) -> Guess:
    label = file.labels.get(name) or name.replace("_", " ").strip().capitalize()
    if role is not None:
        _check_role(file, name, role)
        return Guess(Column(name=name, kind=role, label=label), ())
    told = Described(name, label, file.codes.get(name, {}), file.missing.get(name, ()))
    guess = guess_column(file.frame[name], told)
    if guess.column.kind in taken and guess.column.kind in {"weight", "period"}:
        note = (f"looks like another {guess.column.kind}; it is kept as an identifier",)
        return Guess(Column(name=name, kind="id", label=label), note)
    if guess.column.kind in {"weight", "period"}:
        taken.add(guess.column.kind)
    return guess


def _check_role(file: SurveyFile, name: str, role: Kind) -> None:
    """Refuse a weight that is no weight."""
    if role != "weight":
        return
    values = distinct_codes(file.frame[name]) if name in file.frame else []
    wrong = [one for one in values if not _is_weight(one)]
    if wrong:
        message = (
            f"{name} cannot be the weight: it has {', '.join(map(str, wrong[:_SHOWN]))}; "
            "name a column of numbers of at least 0"
        )
        raise ConfigError(message)


def _is_weight(value: object) -> bool:
    try:
        return 0.0 <= float(str(value)) < float("inf")
    except ValueError:
        return False


def _outcome(file: SurveyFile, name: str, positive: str | None) -> tuple[Outcome, tuple[str, ...]]:
    values = distinct_codes(file.frame[name])
    words = file.codes.get(name, {})
    missing = file.missing.get(name, ())
    values = [value for value in values if value not in missing]
    blank = int(np.count_nonzero(blank_cells(file.frame[name])))
    if not 2 <= len(values) <= _MOST_OUTCOMES:
        message = (
            f"{name} has {_counted(values)}; an outcome has 2 to {_MOST_OUTCOMES}, "
            "such as 0 and 1; make a column of classes, or name another"
        )
        raise ConfigError(message)
    chosen = _positive(name, values, positive)
    codes: dict[int | str, str] = {
        value: str(words.get(value, value if isinstance(value, str) else f"{name} {value}"))
        for value in values
    }
    told = [f"label 1 is {chosen!r}; give --positive for another"]
    told += ["window: is it a stock, what has been, or a flow, what happens in some years?"]
    if blank:
        missing = (*missing, "")
        told.append(
            f"{blank:,} of {len(file.frame):,} rows have no value of {name} and are left out; "
            "is this right?"
        )
    return Outcome(name=name, positive=chosen, codes=codes, missing=missing), tuple(told)


def _counted(values: list[Any]) -> str:
    if len(values) == 1:
        return f"one value only, {values[0]}"
    return f"{len(values)} different values" if values else "no values"


def _positive(name: str, values: list[Any], positive: str | None) -> int | str:
    known = {str(value).casefold(): value for value in values}
    if positive is not None:
        if positive.casefold() not in known:
            message = (
                f"{positive!r} is no value of {name}{did_you_mean(positive, map(str, values))}; "
                f"these are {', '.join(map(str, values))}"
            )
            raise ConfigError(message)
        found: int | str = known[positive.casefold()]
        return found
    likely = [known[word] for word in _AFFIRMATIVE if word in known]
    if not likely:
        message = (
            f"which value of {name} is label 1? give positive (--positive), one of "
            f"{', '.join(map(str, values))}"
        )
        raise ConfigError(message)
    first: int | str = likely[0]
    return first


def _check_names(frame: pd.DataFrame, outcome: str, *others: str | None) -> None:
    known = [str(name) for name in frame.columns]
    for name in (outcome, *others):
        if name is not None and name not in known:
            message = (
                f"the file has no column {name!r}{did_you_mean(name, known)}; "
                f"it has {', '.join(known)}"
            )
            raise ConfigError(message)
    used = [name for name in (outcome, *others) if name is not None]
    if len(set(used)) < len(used):
        message = f"outcome, group, weight and period must differ, got {', '.join(used)}"
        raise ConfigError(message)
