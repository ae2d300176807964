"""The migration decision of many persons at once: who returns, and who leaves again."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.component import State
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.effects.attributions import Explains
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid
from mesa_llm_city.migration.flows.calibration import FlowCalibration, flows_of
from mesa_llm_city.migration.hazards import moving_risks, pooled_probability
from mesa_llm_city.migration.models.base import (
    Predictions,
    PredictsWithFallback,
    ProbabilityModel,
)
from mesa_llm_city.migration.models.prediction_cache import PredictionCache, row_keys
from mesa_llm_city.migration.models.push_pull import PushPullRule
from mesa_llm_city.migration.models.surroundings import Surroundings, place_utility
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.parameters import CityParameters, default_parameters

__all__ = ["Assessment", "Decisions", "MigrationDecision"]

_PURPOSE = "migration"
_RULE = "rule"
_SEE_BLANKS = ("tabular", "rms")
_CHECKED_ROWS = 500
# By name of the class, so that the rule needs no import of the networks.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "PushPullRule": _RULE,
        "ExpectationRule": _RULE,
        "TabularModel": "tabular",
        "RMSAgent": "rms",
        "SFTModel": "sft",
        "PromptModel": "prompt",
    }
)


class Assessment(NamedTuple):
    """What a model predicts for some persons, before places, households and random draws.

    Attributes
    ----------
    p : ndarray of float64, shape (n,)
        Probability of being back.
    keys : tuple of str, length n
        Fingerprints of the rows.
    known : int
        Number of rows found in the cache.
    by_rule : ndarray of bool, shape (n,)
        Whether the rule decided, since the model had no answer; such rows are not cached.
    """

    p: Float
    keys: tuple[str, ...]
    known: int
    by_rule: NDArray[np.bool_]


class Decisions(NamedTuple):
    """The decisions of some persons in one period.

    Attributes
    ----------
    ids : ndarray of int64, shape (n,)
        Ids of the persons.
    p : ndarray of float64, shape (n,)
        Probability of being back, of the household, with places taken into account.
    hazard : ndarray of float64, shape (n,)
        Risk of moving in this period: of returning for those away, of leaving again for
        those at home.
    is_returning, is_leaving : ndarray of bool, shape (n,)
        Who moves to the village, and who leaves it.
    models : tuple of str, length n
        Name of the model that decided, such as ``"tabular"``; ``"rule"`` where a language
        model had no answer.
    reason : tuple of str, length n
        Why a person moves: the columns that count most for the person and, of several members,
        for the household, with their contributions, and the effect of places; empty for those
        who do not move.
    """

    ids: Int
    p: Float
    hazard: Float
    is_returning: NDArray[np.bool_]
    is_leaving: NDArray[np.bool_]
    models: tuple[str, ...]
    reason: tuple[str, ...]


class MigrationDecision:
    """Decides who moves home, by the rule, by a trained model or by prompt.

    Parameters
    ----------
    parameters : CityParameters, optional
        Reads ``migration.decision`` and the weights of places in ``migration.push_pull``.
    model : ProbabilityModel, optional
        Anything with ``predict_proba``, such as `TabularModel`, `RMSAgent` or `PromptModel`;
        `PushPullRule` by default.
    name : str, optional
        Name of the model in the results; by default ``"rule"``, ``"tabular"``, ``"rms"``,
        ``"sft"`` or ``"prompt"``, or the class name of another model.
    cache_rows : int, default 100000
        Greatest number of rows whose probability is kept; 0 for none.
    calibration : FlowCalibration or path, optional
        Horizons and intercepts solved for observed yearly flows (see `calibrate_flows`), or
        the file or folder that holds them; they replace the horizons of the parameters.
    reasons : Explains, optional
        What tells the reasons of movers, such as `TabularReasons` (see `reasons_of`); by
        default the model, if it explains itself, as the rule does.
    twin : ProbabilityModel, optional
        The same model that does not see which values are missing, trained with
        ``missing="impute"``. It decides in place of `model` (see `blank_dependence`).

    Attributes
    ----------
    cache : PredictionCache
        Probabilities of earlier rows, with counts of how often they were used.

    Raises
    ------
    ConfigError
        If `cache_rows` is negative.

    Notes
    -----
    A survey describes people, not the scenario: its columns hold neither the wage of the
    village nor a subsidy. So the model assesses the person, and the places shift the log
    odds, ``logit p' = logit p + v(places) - reference``, whatever the model is (see
    `place_utility`). At the reference, the probability of the model does not change; set it
    with `referenced`.

    A decision depends on the person's row, id, places and household, on seed and step, and
    on nothing else: not on other persons, and not on their order. This requires a model
    whose prediction for a row does not depend on other rows. All models of this package
    satisfy it; another one that rounds differently by size of a batch may change a decision.

    The outcome of the table's schema says whether the probability is that of a stock or of a
    flow during its years (see `moving_risks`); a step is a year.

    Examples
    --------
    >>> from mesa_llm_city.migration.survey.synthetic import synthetic_survey
    >>> people = synthetic_survey(50, seed=1)
    >>> decision = MigrationDecision()
    >>> decided = decision.decide(people, ids=range(50), seed=7, step=0)
    >>> set(decided.models), bool((decided.hazard < decided.p).all())
    ({'rule'}, True)
    """

    def __init__(
        self,
        parameters: CityParameters | None = None,
        *,
        model: ProbabilityModel | None = None,
        name: str | None = None,
        cache_rows: int = 100_000,
        calibration: FlowCalibration | str | Path | None = None,
        reasons: Explains | None = None,
        twin: ProbabilityModel | None = None,
    ) -> None:
        if cache_rows < 0:
            message = f"cache_rows must be at least 0, got {cache_rows}; 0 keeps nothing"
            raise ConfigError(message)
        tree = default_parameters() if parameters is None else parameters
        self.parameters, self.weights = tree.migration.decision, tree.migration.push_pull
        deciding = model if twin is None else twin
        self.model: ProbabilityModel = PushPullRule(tree) if deciding is None else deciding
        self._is_checked = False
        kind = type(self.model).__name__
        self.name = name or _NAMES.get(kind, kind)
        self.cache = PredictionCache(cache_rows)
        if isinstance(calibration, str | Path):
            calibration = FlowCalibration.load(calibration)
        self.calibration = calibration
        self.reasons = reasons or (self.model if isinstance(self.model, Explains) else None)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        parameters: CityParameters | None = None,
        *,
        calibration: FlowCalibration | str | Path | None = None,
        cache_rows: int = 100_000,
        backbone: str | Path | None = None,
        device: str | None = None,
    ) -> Self:
        """Read a trained model, and the calibration of its flows if its folder holds one.

        Parameters
        ----------
        folder : str or Path
            Folder of a trained model.
        parameters : CityParameters, optional
            As in the constructor.
        calibration : FlowCalibration or path, optional
            Another calibration than that of the folder.
        cache_rows : int, default 100000
            As in the constructor.
        backbone, device : str, optional
            Place and device of a language model (see `load_model`).

        Raises
        ------
        DataError
            If the model or the calibration cannot be read.
        """
        from mesa_llm_city.migration.models.loading import load_model, load_twin

        if calibration is None:
            calibration = flows_of(folder)
        return cls(
            parameters,
            model=load_model(folder, backbone=backbone, device=device),
            twin=load_twin(folder, backbone=backbone, device=device),
            cache_rows=cache_rows,
            calibration=calibration,
        )

    def referenced(self, around: Surroundings, people: SurveyTable | None = None) -> Self:
        """Return this decision with the places of its survey as the reference.

        Call it before a simulation with places. At the reference, places do not change what
        the model predicts; without one, every place does, and a trained model is wrong even
        where nothing has changed.

        Parameters
        ----------
        around : Surroundings
            Places of the people of the survey at the time of the survey, without a policy.
        people : SurveyTable, optional
            These people, in the same order. With them, the mean probability over all of them
            is unchanged; without them, the mean log odds. Where everybody has the same
            places, both are exact for each person.

        Returns
        -------
        MigrationDecision
            A copy with an empty cache.

        Raises
        ------
        DataError
            If people and places have different lengths.

        Examples
        --------
        >>> one = np.ones(3)
        >>> around = Surroundings(city_wage=60e3 * one, village_wage=20e3 * one,
        ...     city_price=1.5 * one, subsidy=0 * one, distance_km=100 * one)
        >>> decision = MigrationDecision().referenced(around)
        >>> round(decision.parameters.reference, 3)
        -0.97
        """
        utility = place_utility(around, self.weights)
        reference = float(np.mean(utility))
        if people is not None:
            if len(people) != len(around):
                message = f"there are {len(people)} people, but places of {len(around)}"
                raise DataError(message)
            reference = _unchanging(run(self.assess(people)).p, utility, people.weight)
        return self.with_reference(reference)

    def with_reference(self, reference: float) -> Self:
        """Return a copy with an empty cache, and this utility of places as the reference."""
        other = copy(self)
        changed = {**dict(self.parameters), "reference": reference}
        other.parameters = type(self.parameters)(**changed)
        other.cache = PredictionCache(self.cache.rows)
        return other

    async def assess(self, table: SurveyTable) -> Assessment:
        """Return what the model predicts for everybody in `table`; changes nothing.

        The model is asked once about equal rows, and not about rows in the cache.

        Raises
        ------
        DataError
            If the model returns anything but probabilities.
        """
        keys = row_keys(table)
        known = self.cache.known(keys)
        new = {key: row for row, key in enumerate(keys) if key not in known}
        asked, ruled = self._ask(table, new) if new else ({}, frozenset[str]())
        found = {**known, **asked}
        p = np.array([found[key] for key in keys], dtype=np.float64)
        by_rule = np.array([key in ruled for key in keys], dtype=np.bool_)
        return Assessment(p, keys, len(keys) - len(new), by_rule)

    def remember(self, assessed: Assessment) -> None:
        """Keep the probabilities of an assessment in the cache."""
        p = np.where(assessed.by_rule, np.nan, assessed.p)
        self.cache.keep(assessed.keys, p.tolist(), hits=assessed.known)

    def decide(
        self,
        table: SurveyTable,
        *,
        ids: ArrayLike,
        seed: int,
        step: int | ArrayLike,
        around: Surroundings | None = None,
        households: ArrayLike | None = None,
        is_home: ArrayLike | None = None,
    ) -> Decisions:
        """Decide who moves in this period.

        Parameters
        ----------
        table : SurveyTable, of n rows
            The persons as they are now.
        ids : array_like of int, shape (n,)
            Ids of the persons, different and at least 0.
        seed : int
            Seed of the run.
        step : int or array_like of int, shape (n,)
            Number of the period, or of that of each person; each has its own random draws.
        around : Surroundings, optional
            Their places; by default places make no difference.
        households : array_like of int, shape (n,), optional
            Number of each person's household, whose members decide and move together. All
            members must be in the table, and all at home or all away. By default everybody
            decides alone.
        is_home : array_like of bool, shape (n,), optional
            Whether a person lives in the village already, and may leave again; by default
            nobody does.

        Returns
        -------
        Decisions
            In the order of the rows.

        Raises
        ------
        DataError
            If lengths differ, an id occurs twice, or members of a household live apart.
        ConfigError
            If the seed, an id or the step is negative.
        """
        who, home, at_home = _checked(len(table), ids, households, is_home, around)
        self._check_blanks(table)
        assessed = run(self.assess(table))
        shift = self._shift(around, len(table))
        p = self._shifted(assessed.p, table, None if around is None else shift)
        agreed = p if home is None else pooled_probability(p, home)
        horizons = self.calibration or self.parameters
        risks = moving_risks(
            agreed,
            years_at_risk=horizons.years_at_risk,
            years_at_home=horizons.years_at_home,
            flow_years=table.schema.outcome.years,
        )
        risk = np.where(at_home, risks.leaving, risks.returning)
        deciding = who if home is None else home
        # Mirrored for those at home: a low number favours being at home in both states, so that
        # whoever is back without a subsidy is back with it, in later years as well.
        drawn = _draws(seed, deciding, step)
        moves = np.where(at_home, 1.0 - drawn, drawn) < risk
        models = tuple(_RULE if ruled else self.name for ruled in assessed.by_rule.tolist())
        why = self._reasons(table, np.flatnonzero(moves), at_home, home, models)
        reason = _with_places(why, shift)
        self.remember(assessed)
        return Decisions(who, agreed, risk, moves & ~at_home, moves & at_home, models, reason)

    def state(self) -> State:
        """Return the content and counts of the cache."""
        return self.cache.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state` returned.

        Raises
        ------
        DataError
            If `state` is not the state of a cache.
        """
        self.cache.restore(state)

    def _check_blanks(self, table: SurveyTable) -> None:
        """Warn once if the prediction of a trained model hangs on missing values."""
        if self._is_checked or not len(table):
            return
        self._is_checked = True
        options = getattr(self.model, "config", self.model)  # an RMS-Agent has its own
        if getattr(options, "missing", "") != "indicator" or self.name not in _SEE_BLANKS:
            return
        from mesa_llm_city.migration.effects.blanks import blank_dependence

        found = blank_dependence(self.model, table.take(range(min(len(table), _CHECKED_ROWS))))
        if found.carries:
            warnings.warn(str(found), stacklevel=3)

    def _ask(
        self, table: SurveyTable, rows: Mapping[str, int]
    ) -> tuple[dict[str, float], frozenset[str]]:
        """Return probabilities by key, and the keys for which the model had no answer."""
        wanted = np.fromiter(rows.values(), dtype=np.int64, count=len(rows))
        p, by_rule = self._predicted(table if len(wanted) == len(table) else table.take(wanted))
        if wrong := np.count_nonzero(~((p >= 0.0) & (p <= 1.0))):
            message = f"{self.name} returned {wrong} numbers outside [0, 1]; return probabilities"
            raise DataError(message)
        ruled = frozenset(key for key, left in zip(rows, by_rule.tolist(), strict=True) if left)
        return dict(zip(rows, p.tolist(), strict=True)), ruled

    def _predicted(self, table: SurveyTable) -> Predictions:
        if isinstance(self.model, PredictsWithFallback):
            return self.model.predict_with_fallback(table)
        p = np.asarray(self.model.predict_proba(table))
        if p.shape != (len(table), 2):
            message = f"{self.name} returned shape {p.shape} for {len(table)} rows; return (n, 2)"
            raise DataError(message)
        return Predictions(p[:, 1].astype(np.float64), np.zeros(len(table), dtype=np.bool_))

    def _shifted(self, p: Float, table: SurveyTable, places: Float | None) -> Float:
        """Return probabilities with the effects of places and of the calibration."""
        shifts = [] if places is None else [places]
        if self.calibration is not None:
            shifts.append(self.calibration.shift(table))
        if not shifts:
            return p
        return sigmoid(log_odds(p) + np.sum(shifts, axis=0))

    def _shift(self, around: Surroundings | None, rows: int) -> Float:
        if around is None:
            return np.zeros(rows)
        return place_utility(around, self.weights) - self.parameters.reference

    def _reasons(
        self,
        table: SurveyTable,
        rows: Int,
        at_home: NDArray[np.bool_],
        households: Int | None,
        models: Sequence[str],
    ) -> dict[int, str]:
        """Return why each mover moves: what counts for the person, and for the household."""
        if self.reasons is None or not len(rows):
            return {row: f"by {models[row]}" for row in rows.tolist()}
        found, leaving = self.reasons.attributions(table.take(rows)), at_home[rows]
        own = found.told(leaving=leaving)
        if households is not None:
            _, number, size = np.unique(households[rows], return_inverse=True, return_counts=True)
            together = found.of_households(number).told(leaving=leaving)
            own = [
                f"{words}; household {all_words}" if members > 1 else words
                for words, all_words, members in zip(
                    own, together, size[number].tolist(), strict=True
                )
            ]
        # Where the rule replaced a model, the reasons of the model are none.
        return {
            row: self._named(models[row], words)
            for row, words in zip(rows.tolist(), own, strict=True)
        }

    def _named(self, decided_by: str, words: str) -> str:
        if self.name == _RULE:
            return words
        return f"by {_RULE}" if decided_by == _RULE else f"by {self.name}: {words}"


def _unchanging(p: Float, utility: Float, weight: Float | None) -> float:
    """Return the reference at which the mean probability is that without places."""
    from mesa_llm_city.migration.flows.sample import solved

    goal, odds = float(np.average(p, weights=weight)), log_odds(p)

    def excess(reference: float) -> float:
        return goal - float(np.average(sigmoid(odds + utility - reference), weights=weight))

    return solved(excess, float(np.min(utility)), float(np.max(utility)))


def _draws(seed: int, deciding: Int, step: int | ArrayLike) -> Float:
    """Return the random number of each decider in its period."""
    steps = np.broadcast_to(np.asarray(step, dtype=np.int64), deciding.shape)
    drawn = np.empty(len(deciding))
    for one in np.unique(steps).tolist():
        rows = steps == one
        drawn[rows] = uniforms(seed, deciding[rows], _PURPOSE, one, 1)[:, 0]
    return drawn


def _with_places(why: Mapping[int, str], shift: Float) -> tuple[str, ...]:
    """Return a reason for everybody: that of movers with the effect of places, else nothing."""
    return tuple(
        f"{why[row]}, places {one:+.2f}" if row in why else ""
        for row, one in enumerate(shift.tolist())
    )


def _checked(
    rows: int,
    ids: ArrayLike,
    households: ArrayLike | None,
    is_home: ArrayLike | None,
    around: Surroundings | None,
) -> tuple[Int, Int | None, NDArray[np.bool_]]:
    """Return ids, households and whereabouts as arrays; list all defects."""
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
        defects = _repeated(who) + _divided(home, at_home)
    if defects:
        source = "the input of the migration decision"
        raise DataError.listing(source, defects)
    return who, home, at_home


def _repeated(ids: Int) -> list[str]:
    people, count = np.unique(ids, return_counts=True)
    return [f"id {one} occurs more than once" for one in people[count > 1][:10].tolist()]


def _divided(households: Int | None, is_home: NDArray[np.bool_]) -> list[str]:
    if households is None:
        return []
    divided = np.intersect1d(households[is_home], households[~is_home])
    return [f"household {one} is partly at home, partly away" for one in divided[:10].tolist()]
