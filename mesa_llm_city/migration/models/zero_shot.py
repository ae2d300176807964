"""The migration decision by prompt: a language model is told a person, and says Yes or No."""

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
from mesa_llm_city.migration.models.base import Predictions, check_schema
from mesa_llm_city.migration.models.checkpoint import read_saved, write_saved
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.survey.schema import FeatureSpec, Schema
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.migration.survey.verbalisation import Verbalisation
from mesa_llm_city.prompts import Reason, rules_after

__all__ = ["PromptModel", "ReturneeReply"]

_KIND = "prompt"
_FULL = 20.0


class ReturneeReply(BaseModel):
    """What a language model answers."""

    reason: Reason
    answer: Literal["Yes", "No"]
    certainty: int = Field(ge=1, le=10)

    @property
    def p(self) -> float:
        """Probability of returning: one half, and a twentieth for each step of certainty."""
        step = self.certainty / _FULL
        return 0.5 + step if self.answer == "Yes" else 0.5 - step


class PromptModel:
    """A language model that is asked about each person, and has learnt nothing from the survey.

    The baseline "Prompt" of RMS-Agent, sec. 5.1, through the same layer as all other
    prompts: answers are kept, counted and limited as the backend is told.

    Parameters
    ----------
    backend : Backend, optional
        Who answers, such as an `LLM`; without one the model can be loaded and saved only.
    missing : {"indicator", "impute"}, default "indicator"
        Whether the profile says that a value is missing, or tells what is usual among the
        rows given to `fit`.
    rule : PushPullRule, optional
        Who decides where there is no answer and the backend leaves it to rules.

    Attributes
    ----------
    backend : Backend or None
        Who answers; may be set after loading.
    rule : PushPullRule
        Who decides in its place; may be set after loading, too.

    Raises
    ------
    ConfigError
        If an option is none of those accepted.

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
        rule: PushPullRule | None = None,
    ) -> None:
        if missing not in {"indicator", "impute"}:
            message = f"missing must be one of indicator, impute, got {missing!r}"
            raise ConfigError(message)
        self.backend = backend
        self.missing = missing
        self.rule = rule or PushPullRule()
        self._schema: Schema | None = None
        self._fills: dict[str, float] = {}

    @property
    def schema(self) -> Schema:
        """The schema of the rows it can read."""
        if self._schema is None:
            message = "the model knows no schema; call fit, or PromptModel.load"
            raise ConfigError(message)
        return self._schema

    def fit(self, train: SurveyTable, val: SurveyTable | None = None) -> Self:
        """Note the schema and, for the view ``"impute"``, what is usual; learn nothing else."""
        del val
        self._schema = train.schema
        self._fills = _usual(train) if self.missing == "impute" else {}
        return self

    def predict_proba(self, table: SurveyTable) -> Float:
        """Return the probabilities of staying and returning, shape (n, 2).

        Where there is no answer, they are those of the rule (see `predict_with_fallback`).
        """
        p = self.predict_with_fallback(table).p
        return np.column_stack([1.0 - p, p])

    def predict_with_fallback(self, table: SurveyTable) -> Predictions:
        """Return probabilities of being back, and for whom there was no answer.

        Persons of the same profile are asked about once.

        Raises
        ------
        DataError
            If the schema is not the one given to `fit`, or lacks what the rule needs where
            it has to decide.
        ConfigError
            If there is nobody to ask.
        LLMError
            If there is no answer, unless the backend leaves it to rules.
        """
        check_schema(table.schema, self.schema)
        if self.backend is None:
            message = "there is nobody to ask; set backend to an LLM (--llm on the command line)"
            raise ConfigError(message)
        told = self.profiles(table)
        every = list(dict.fromkeys(told))
        thoughts = [Thought(_judged(one), person=_number(one)) for one in every]
        known = dict(zip(every, run_all(thoughts, backend=self.backend), strict=True))
        p = np.array([known[one] for one in told], dtype=np.float64)
        by_rule = np.isnan(p)
        if by_rule.any():
            p[by_rule] = self.rule.predict_proba(table.take(np.flatnonzero(by_rule)))[:, 1]
        return Predictions(p, by_rule)

    def profiles(self, table: SurveyTable) -> list[tuple[str, ...]]:
        """Return what is told of each person: a line for each feature that is no identifier."""
        frame = table.frame.fillna(self._fills) if self._fills else table.frame
        specs = [spec for spec in table.schema.features if spec.kind != "id"]
        columns = [_lines(frame[spec.name].tolist(), spec) for spec in specs]
        return list(zip(*columns, strict=True))

    def save(self, folder: str | Path) -> None:
        """Write ``config.json``; who answers, or decides instead, is not part of it."""
        told = {
            "options": {"missing": self.missing},
            "schema": self.schema.to_json(),
            "fills": self._fills,
        }
        write_saved(Path(folder), _KIND, told, {})

    @classmethod
    def load(cls, folder: str | Path, *, backend: Backend | None = None) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If it is missing, truncated or foreign.
        """
        told, _ = read_saved(Path(folder), _KIND)
        try:
            return cls._remembered(told, backend)
        except (KeyError, TypeError, AttributeError, ConfigError) as error:
            message = f"{folder} lacks or garbles {error}; it is no record of this package"
            raise DataError(message) from error

    @classmethod
    def _remembered(cls, told: Mapping[str, Any], backend: Backend | None) -> Self:
        model = cls(backend, **told["options"])
        model._schema = Schema.from_json(told["schema"])
        model._fills = {name: float(value) for name, value in told["fills"].items()}
        return model


async def _judged(profile: tuple[str, ...]) -> float:
    """Return the probability that a language model gives; NaN if it is left to rules."""
    try:
        reply = await ask("returnee", ReturneeReply, profile=list(profile))
    except LLMError as error:
        rules_after(error)
        return float("nan")
    return reply.p


def _number(profile: tuple[str, ...]) -> int:
    """Return a number that stands for a profile, so that its luck is its own in any batch."""
    digest = blake2b("\n".join(profile).encode(), digest_size=6).digest()
    return int.from_bytes(digest, "little")


def _lines(values: Sequence[object], spec: FeatureSpec) -> list[str]:
    words = Verbalisation()
    return [f"{spec.label}: {words.value_of(value, spec)}" for value in values]


def _usual(table: SurveyTable) -> dict[str, float]:
    """Return the median of each number and the most frequent code of each category."""
    told: dict[str, float] = {}
    for spec in table.schema.of_kind("numeric", "categorical"):
        known = table.frame[spec.name].dropna()
        if len(known):
            told[spec.name] = float(
                known.median() if spec.kind == "numeric" else known.mode().iloc[0]
            )
    return told
