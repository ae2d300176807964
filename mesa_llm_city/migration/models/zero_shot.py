"""The outcome of a survey by prompt: a language model reads a profile, answers Yes or No."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, Field

from mesa_llm_city.core.asking import Backend, Thought, ask, run_all
from mesa_llm_city.core.errors import ConfigError, DataError, LLMError
from mesa_llm_city.core.values import Float
from mesa_llm_city.migration.models.base import Predictions, ProbabilityModel, check_schema
from mesa_llm_city.migration.models.checkpoint import (
    CONFIG,
    check_record,
    read_saved,
    read_training_rows,
    write_saved,
)
from mesa_llm_city.migration.models.expectation_rule import ExpectationRule
from mesa_llm_city.migration.models.push_pull import READ_COLUMNS, PushPullRule
from mesa_llm_city.migration.models.training_rows import TrainingRows
from mesa_llm_city.migration.survey.column import Column
from mesa_llm_city.migration.survey.encoded_columns import finite
from mesa_llm_city.migration.survey.outcome import Wording
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.migration.survey.verbalisation import Verbalisation
from mesa_llm_city.prompts import Reason, rules_after

__all__ = ["OutcomeReply", "PromptModel"]

_KIND = "prompt"
_FULL = 20.0
_LANGUAGE = "en"


class OutcomeReply(BaseModel):
    """Answer of a language model."""

    reason: Reason
    answer: Literal["Yes", "No"]
    certainty: int = Field(ge=1, le=10)

    @property
    def p(self) -> float:
        """Probability of label 1: one half, plus or minus 0.05 for each step of certainty."""
        step = self.certainty / _FULL
        return 0.5 + step if self.answer == "Yes" else 0.5 - step


class PromptModel:
    """A language model that is asked about each person, without training on the survey.

    The baseline "Prompt" of RMS-Agent, sec. 5.1. Answers are stored, counted and limited as
    those of all other prompts.

    Parameters
    ----------
    backend : Backend, optional
        Source of the answers, such as an `LLM`; without it the model can only be saved.
    missing : {"indicator", "impute"}, default "indicator"
        Whether the profile says that a value is missing, or has the typical value of the
        rows given to `fit`.
    rule : ProbabilityModel, optional
        Decides where there is no answer, if the backend is configured to use rules then; by
        default `PushPullRule` if the survey has its columns, and otherwise an
        `ExpectationRule`, fitted by `fit`.

    Attributes
    ----------
    backend : Backend or None
        As given; may be set after loading.
    rule : ProbabilityModel or None
        As given or fitted; may be set after loading.
    training_rows : TrainingRows or None
        Fingerprints of the rows given to `fit`, if their typical values are used.

    Raises
    ------
    ConfigError
        If an option has another value.

    Examples
    --------
    >>> from mesa_llm_city.llm import LLM, ClientSpec
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> no = '{"reason": "young, with work", "answer": "No", "certainty": 8}'
    >>> llm = LLM(ClientSpec(backend="scripted", model="-", script=lambda _: no))
    >>> people = synthetic_survey(3, seed=1)
    >>> PromptModel(llm).fit(people).predict_proba(people)[:, 1].round(2).tolist()
    [0.1, 0.1, 0.1]
    """

    def __init__(
        self,
        backend: Backend | None = None,
        *,
        missing: Literal["indicator", "impute"] = "indicator",
        rule: ProbabilityModel | None = None,
    ) -> None:
        if missing not in {"indicator", "impute"}:
            message = f"missing must be one of indicator, impute, got {missing!r}"
            raise ConfigError(message)
        self.backend = backend
        self.missing = missing
        self.rule: ProbabilityModel | None = rule
        self.training_rows: TrainingRows | None = None
        self._schema: Schema | None = None
        self._fills: dict[str, float] = {}

    @property
    def schema(self) -> Schema:
        """The schema of the rows that the model can read."""
        if self._schema is None:
            message = "the model has no schema; call fit, or PromptModel.load"
            raise ConfigError(message)
        return self._schema

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Keep the schema and, with ``missing="impute"``, typical values; nothing is trained.

        Raises
        ------
        ConfigError
            If the schema has no English words for the question.
        """
        del val
        train.schema.wording_in(_LANGUAGE)
        self._schema = train.schema
        self._fills = _typical_values(train) if self.missing == "impute" else {}
        if self.rule is None and not _has_push_and_pull(train.schema):
            signs = any(spec.expected for spec in train.schema.inputs)
            self.rule = ExpectationRule().fit(train) if signs else None
        # Without typical values nothing is learnt, so no row counts as seen.
        self.training_rows = TrainingRows.of(train if self.missing == "impute" else train.take([]))
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of labels 0 and 1, shape (n, 2).

        Where there is no answer, they are those of the rule (see `predict_with_fallback`).
        """
        p = self.predict_with_fallback(table).p
        return np.column_stack([1.0 - p, p])

    def predict_with_fallback(self, table: SurveyTable) -> Predictions:
        """Return probabilities of being back, and for whom the rule decided.

        The model is asked once about equal profiles.

        Raises
        ------
        DataError
            If the schema is not the one given to `fit`, or has no columns for the rule where
            it has to decide.
        ConfigError
            If there is no backend.
        LLMError
            If there is no answer, unless the backend is configured to use rules then.
        """
        check_schema(table.schema, self.schema)
        if self.backend is None:
            message = (
                "there is no language model to ask; set backend to an LLM (command line: --llm)"
            )
            raise ConfigError(message)
        profiles = self.profiles(table)
        different = list(dict.fromkeys(profiles))
        words = self.schema.wording_in(_LANGUAGE)
        thoughts = [Thought(_answered(one, words), person=_number(one)) for one in different]
        known = dict(zip(different, run_all(thoughts, backend=self.backend), strict=True))
        p = np.array([known[one] for one in profiles], dtype=np.float64)
        by_rule = np.isnan(p)
        if by_rule.any():
            rule = self._rule()
            p[by_rule] = rule.predict_proba(table.take(np.flatnonzero(by_rule)))[:, 1]
        return Predictions(p, by_rule)

    def _rule(self) -> ProbabilityModel:
        if self.rule is not None:
            return self.rule
        if _has_push_and_pull(self.schema):
            return PushPullRule()
        message = (
            "there is no rule for this survey where the language model has no answer; "
            "give expected signs in the schema, or set rule to a model"
        )
        raise ConfigError(message)

    def profiles(self, table: SurveyTable) -> list[tuple[str, ...]]:
        """Return the profile of each person: a line for each column that a model is given."""
        frame = table.frame.fillna(self._fills) if self._fills else table.frame
        words = self.schema.wording_in(_LANGUAGE)
        columns = [_lines(frame[spec.name].tolist(), spec, words) for spec in self.schema.inputs]
        return list(zip(*columns, strict=True))

    def save(self, folder: str | Path) -> None:
        """Write ``config.json``; backend and rule are not saved."""
        record = {
            "options": {"missing": self.missing},
            "schema": self.schema.to_json(),
            "fills": self._fills,
        }
        write_saved(Path(folder), _KIND, record, {}, self.training_rows)

    @classmethod
    def load(cls, folder: str | Path, *, backend: Backend | None = None) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If it is missing, truncated or of another kind.
        """
        record, _ = read_saved(Path(folder), _KIND)
        try:
            model = cls._restored(record, backend)
            model.training_rows = read_training_rows(Path(folder), record)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            message = f"the model in {folder} is not valid ({error}); save it again"
            raise DataError(message) from error
        check_record(Path(folder) / CONFIG, record)
        return model

    @classmethod
    def _restored(cls, record: Mapping[str, Any], backend: Backend | None) -> Self:
        model = cls(backend, **record["options"])
        model._schema = Schema.from_json(record["schema"])
        model._fills = {name: finite(name, value) for name, value in record["fills"].items()}
        return model


def _has_push_and_pull(schema: Schema) -> bool:
    return set(READ_COLUMNS) <= set(schema.names)


async def _answered(profile: tuple[str, ...], words: Wording) -> float:
    """Return the probability given by a language model; NaN if a rule is to decide."""
    try:
        reply = await ask(
            "survey_outcome",
            OutcomeReply,
            task=words.task,
            question=words.question,
            profile=list(profile),
        )
    except LLMError as error:
        rules_after(error)
        return float("nan")
    return reply.p


def _number(profile: tuple[str, ...]) -> int:
    """Return a number for a profile, so that its random stream does not depend on the batch."""
    digest = blake2b("\n".join(profile).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "little")


def _lines(values: Sequence[object], spec: Column, words: Wording) -> list[str]:
    style = Verbalisation()
    return [f"{spec.label}: {style.value_of(value, spec, words)}" for value in values]


def _typical_values(table: SurveyTable) -> dict[str, float]:
    """Return the median of each number and the most frequent code of each category."""
    typical: dict[str, float] = {}
    for spec in table.schema.inputs:
        known = table.frame[spec.name].dropna()
        if len(known) and spec.kind != "text":
            middle = known.mode().iloc[0] if spec.is_coded else known.median()
            typical[spec.name] = float(middle)
    return typical
