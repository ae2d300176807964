"""The migration decision as a part of a simulation: many persons at once, each with own luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid
from mesa_llm_city.migration.hazards import hazard, pooled
from mesa_llm_city.migration.models.base import Judgement, Judges
from mesa_llm_city.migration.models.prediction_cache import PredictionCache, row_keys
from mesa_llm_city.migration.models.push_pull import (
    PushPullConfig,
    PushPullRule,
    Surroundings,
    place_utility,
)
from mesa_llm_city.migration.survey.table import SurveyTable

__all__ = ["Assessment", "Decisions", "MigrationConfig", "MigrationDecision", "Predicts"]

_PURPOSE = "migration"
_RULE = "rule"
# By name, since a rule should not have to import a network to be told apart from it.
_MINDS: Mapping[str, str] = MappingProxyType(
    {
        "PushPullRule": _RULE,
        "TabularModel": "tabular",
        "RMSAgent": "rms",
        "SFTModel": "sft",
        "PromptModel": "prompt",
    }
)


class Predicts(Protocol):
    """Anything that can tell who is likely to be back: a rule, a trained model, a prompt."""

    def predict_proba(self, table: SurveyTable, /) -> Float:
        """Return the probabilities of staying and returning, shape (n, 2)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationConfig:
    """How a probability becomes a decision.

    Parameters
    ----------
    years_at_risk : float, default 10.0
        For how long the returnees of the survey had been free to return, in periods of
        the simulation; see `hazard`. An assumption: it sets the pace, not who moves.
    years_at_home : float, default 30.0
        The same for leaving again, with the probability of being away. An assumption;
        returning is meant to be rarer to undo than to do.
    reference : float, default 0.0
        `place_utility` of the average place of the survey. Probabilities hold there;
        elsewhere the log odds shift by the difference.
    places : PushPullConfig, optional
        Weights of the places.
    memo_rows : int, default 100000
        How many assessed rows are remembered; 0 for none.

    Raises
    ------
    ConfigError
        If a number is outside its range.

    Examples
    --------
    >>> MigrationConfig(years_at_risk=5.0).years_at_risk
    5.0
    """

    years_at_risk: float = 10.0
    years_at_home: float = 30.0
    reference: float = 0.0
    places: PushPullConfig = field(default_factory=PushPullConfig)
    memo_rows: int = 100_000

    def __post_init__(self) -> None:
        """Check the numbers at birth."""
        for name in ("years_at_risk", "years_at_home"):
            if not getattr(self, name) >= 1.0:
                message = f"{name} must be at least 1, got {getattr(self, name)}"
                raise ConfigError(message)
        if not isfinite(self.reference):
            message = f"reference must be finite, got {self.reference}; 0 is that of equal incomes"
            raise ConfigError(message)
        if self.memo_rows < 0:
            message = f"memo_rows must be at least 0, got {self.memo_rows}; 0 remembers nothing"
            raise ConfigError(message)


class Assessment(NamedTuple):
    """What the mind thinks of some persons, before places, family and luck.

    Attributes
    ----------
    p : ndarray of float64, shape (n,)
        Probability of being back.
    keys : tuple of str, length n
        Fingerprints of the rows.
    known : int
        How many rows were remembered rather than assessed.
    by_rule : ndarray of bool, shape (n,)
        For whom a rule decided, since the mind had no answer; they are not remembered.
    """

    p: Float
    keys: tuple[str, ...]
    known: int
    by_rule: NDArray[np.bool_]


class Decisions(NamedTuple):
    """What some persons decide in a period.

    Attributes
    ----------
    ids : ndarray of int64, shape (n,)
        Who.
    p : ndarray of float64, shape (n,)
        Probability of being back that the household agrees upon, places considered.
    hazard : ndarray of float64, shape (n,)
        Risk of moving in this period: of returning for those away, of leaving again for
        those at home.
    is_returning, is_leaving : ndarray of bool, shape (n,)
        Who moves, and where.
    minds : tuple of str, length n
        Who decided, such as ``"tabular"``; ``"rule"`` where a language model had no answer.
    reason : tuple of str, length n
        Why; empty for those who stay as they are.
    """

    ids: Int
    p: Float
    hazard: Float
    is_returning: NDArray[np.bool_]
    is_leaving: NDArray[np.bool_]
    minds: tuple[str, ...]
    reason: tuple[str, ...]


class MigrationDecision:
    """Decides who moves home, by rule, by a trained model or by prompt.

    Parameters
    ----------
    model : Predicts, optional
        The mind: anything with ``predict_proba``, such as `TabularModel`, `RMSAgent` or
        `PromptModel`; by default `PushPullRule`.
    config : MigrationConfig, optional
        From probability to decision.
    mind : str, optional
        Name of the mind; by default ``"rule"``, ``"tabular"``, ``"rms"``, ``"sft"`` or
        ``"prompt"``, or the name of the class of a model of your own.

    Attributes
    ----------
    memo : PredictionCache
        Rows assessed before, with counts of how often that helped.

    Notes
    -----
    A survey knows people, not the scenario: its columns hold neither the village's wage
    nor a subsidy. So the mind assesses the person, and the places shift its log odds,
    ``logit p' = logit p + v(places) - reference``, whoever the mind is (see
    `place_utility`). At average places the mind's probability stands as it is.

    A choice depends on the person's row, id, places and household, on seed and step, and
    on nothing else: not on who else is asked about, nor on the order. It takes a mind
    whose answer for a row does not depend on the other rows, as those of this package are;
    one of your own that rounds with the size of a batch may change a choice by that much.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> people = synthetic_survey(50, seed=1)
    >>> decision = MigrationDecision()
    >>> told = decision.decide(people, ids=range(50), seed=7, step=0)
    >>> set(told.minds), bool((told.hazard < told.p).all())
    ({'rule'}, True)
    """

    def __init__(
        self,
        model: Predicts | None = None,
        config: MigrationConfig | None = None,
        *,
        mind: str | None = None,
    ) -> None:
        self.model: Predicts = PushPullRule() if model is None else model
        self.config = config or MigrationConfig()
        kind = type(self.model).__name__
        self.mind = mind or _MINDS.get(kind, kind)
        self.memo = PredictionCache(self.config.memo_rows)

    async def assess(self, table: SurveyTable) -> Assessment:
        """Think about everybody in `table` (a thought: changes nothing).

        Rows that are remembered, or stand there twice, are not put to the mind again.

        Raises
        ------
        DataError
            If the mind answers with anything but probabilities.
        """
        keys = row_keys(table)
        known = self.memo.known(keys)
        fresh = {key: row for row, key in enumerate(keys) if key not in known}
        asked, ruled = self._ask(table, fresh) if fresh else ({}, frozenset[str]())
        told = {**known, **asked}
        p = np.array([told[key] for key in keys], dtype=np.float64)
        by_rule = np.array([key in ruled for key in keys], dtype=np.bool_)
        return Assessment(p, keys, len(keys) - len(fresh), by_rule)

    def remember(self, assessed: Assessment) -> None:
        """Keep what was thought, the newest `memo_rows` rows of it (a commit)."""
        p = np.where(assessed.by_rule, np.nan, assessed.p)
        self.memo.keep(assessed.keys, p.tolist(), hits=assessed.known)

    def decide(
        self,
        table: SurveyTable,
        *,
        ids: ArrayLike,
        seed: int,
        step: int,
        around: Surroundings | None = None,
        households: ArrayLike | None = None,
        is_home: ArrayLike | None = None,
    ) -> Decisions:
        """Assess, agree, and draw: who moves in this period.

        Parameters
        ----------
        table : SurveyTable, of n rows
            The persons as they are now.
        ids : array_like of int, shape (n,)
            Who they are, each a number of its own, at least 0.
        seed : int
            Of the run.
        step : int
            The period; its luck is its own.
        around : Surroundings, optional
            Their places; without, places make no difference.
        households : array_like of int, shape (n,), optional
            With whom each decides and moves. All members must be there, and all of them
            at home or all away. Without, everybody decides alone.
        is_home : array_like of bool, shape (n,), optional
            Who lives in the village already, and may leave again; by default nobody.

        Returns
        -------
        Decisions
            In the order of the rows.

        Raises
        ------
        DataError
            If lengths differ, an id stands there twice or a household is torn apart.
        ConfigError
            If the seed, an id or the step is negative.
        """
        who, home, at_home = _checked(len(table), ids, households, is_home, around)
        assessed = run(self.assess(table))
        shift = self._shift(around, len(table))
        p = assessed.p if around is None else sigmoid(log_odds(assessed.p) + shift)
        agreed = p if home is None else pooled(p, home)
        risk = np.where(
            at_home,
            hazard(1.0 - agreed, self.config.years_at_home),
            hazard(agreed, self.config.years_at_risk),
        )
        deciding = who if home is None else home
        moves = uniforms(seed, deciding, _PURPOSE, step, 1)[:, 0] < risk
        minds = tuple(_RULE if ruled else self.mind for ruled in assessed.by_rule.tolist())
        reason = self._reasons(table, np.flatnonzero(moves), at_home, shift, minds)
        self.remember(assessed)
        return Decisions(who, agreed, risk, moves & ~at_home, moves & at_home, minds, reason)

    def state(self) -> State:
        """Return what is remembered, and how often that helped."""
        return self.memo.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over a state that `state` returned.

        Raises
        ------
        DataError
            If it is none.
        """
        self.memo.restore(state)

    def _ask(
        self, table: SurveyTable, rows: Mapping[str, int]
    ) -> tuple[dict[str, float], frozenset[str]]:
        """Return probabilities by row, and the rows about which the mind had no answer."""
        wanted = np.fromiter(rows.values(), dtype=np.int64, count=len(rows))
        p, by_rule = self._judged(table if len(wanted) == len(table) else table.take(wanted))
        if wrong := np.count_nonzero(~((p >= 0.0) & (p <= 1.0))):
            message = f"{self.mind} told {wrong} numbers outside [0, 1]; it must tell probabilities"
            raise DataError(message)
        ruled = frozenset(key for key, left in zip(rows, by_rule.tolist(), strict=True) if left)
        return dict(zip(rows, p.tolist(), strict=True)), ruled

    def _judged(self, table: SurveyTable) -> Judgement:
        if isinstance(self.model, Judges):
            return self.model.judge(table)
        told = np.asarray(self.model.predict_proba(table))
        if told.shape != (len(table), 2):
            message = f"{self.mind} told shape {told.shape} for {len(table)} rows; expected (n, 2)"
            raise DataError(message)
        return Judgement(told[:, 1].astype(np.float64), np.zeros(len(table), dtype=np.bool_))

    def _shift(self, around: Surroundings | None, rows: int) -> Float:
        if around is None:
            return np.zeros(rows)
        return place_utility(around, self.config.places) - self.config.reference

    def _reasons(
        self,
        table: SurveyTable,
        rows: Int,
        at_home: NDArray[np.bool_],
        shift: Float,
        minds: Sequence[str],
    ) -> tuple[str, ...]:
        reason = [""] * len(table)
        why = [f"by {minds[row]}" for row in rows.tolist()]
        if len(rows) and isinstance(self.model, PushPullRule):
            why = self.model.explain(table.take(rows), leaving=at_home[rows])
        for row, told in zip(rows.tolist(), why, strict=True):
            reason[row] = f"{told}, places {shift[row]:+.2f}"
        return tuple(reason)


def _checked(
    rows: int,
    ids: ArrayLike,
    households: ArrayLike | None,
    is_home: ArrayLike | None,
    around: Surroundings | None,
) -> tuple[Int, Int | None, NDArray[np.bool_]]:
    """Return ids, households and whereabouts as arrays; list all that does not fit."""
    who = np.asarray(list(ids) if isinstance(ids, range) else ids, dtype=np.int64)
    home = None if households is None else np.asarray(households, dtype=np.int64)
    at_home = np.zeros(rows, np.bool_) if is_home is None else np.asarray(is_home, dtype=np.bool_)
    given = {"ids": who, "households": home, "is_home": at_home}
    defects = [
        f"{name} has shape {values.shape}, expected ({rows},)"
        for name, values in given.items()
        if values is not None and values.shape != (rows,)
    ]
    if around is not None and len(around) != rows:
        defects.append(f"around has {len(around)} persons, expected {rows}")
    if not defects:
        defects = _twice(who) + _torn(home, at_home)
    if defects:
        source = "what is to be decided"
        raise DataError.listing(source, defects)
    return who, home, at_home


def _twice(ids: Int) -> list[str]:
    people, count = np.unique(ids, return_counts=True)
    return [f"person {one} stands there twice" for one in people[count > 1][:10].tolist()]


def _torn(households: Int | None, is_home: NDArray[np.bool_]) -> list[str]:
    if households is None:
        return []
    torn = np.intersect1d(households[is_home], households[~is_home])
    return [f"household {one} is partly at home, partly away" for one in torn[:10].tolist()]
