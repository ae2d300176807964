"""How well answers are predicted: accuracy, correlation, spread and shares, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.twins.respondents import Respondents
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MEASURES", "accuracy_by_question", "score_table"]

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "1 less the distance from the truth over the span of the scale",
        "exact": "share of answers that are the very ones given",
        "correlation": "correlation over persons, mean over questions with a scale",
        "variance": "variance over persons over that of the truth, mean over the same questions",
        "extremes": "share of answers at an end of the scale less that of the truth",
        "distribution": "total variation distance of the shares of answers, mean over questions",
    }
)
"""What is measured of each method, in words."""


def score_table(
    people: Respondents, columns: Int, said: Mapping[str, Float], *, draws: int = 200
) -> pd.DataFrame:
    """Return measures of predicted answers, with 95 % intervals over respondents.

    Parameters
    ----------
    people : Respondents
        With the true answers; where one is missing, nothing is scored.
    columns : ndarray of int64, shape (k,)
        Columns of the questions that were predicted.
    said : mapping of str to ndarray of float64, shape (n, k)
        Predicted answers by method. A missing one is wrong: its accuracy is 0.
    draws : int, default 200
        Resamples of respondents.

    Returns
    -------
    pandas.DataFrame
        One row per method and measure of `MEASURES`: ``method``, ``measure``, ``value``,
        ``low``, ``high``, ``persons``, ``answers``, ``missing``. A method that says the same of
        everybody has no correlation.

    Notes
    -----
    Accuracy by distance flatters whoever stays in the middle: of answers spread evenly over five
    points, a random one scores 0.60 and the middle 0.70. So read it beside those of the naive
    methods, and beside correlation and variance.
    """
    import pandas as pd

    truth, spans = people.answers[:, columns], people.spans()[columns]
    is_scale = np.array([people.questions[at].has_scale for at in columns])
    ends = _ends(people, columns)
    bootstrap = Bootstrap(len(people), draws=draws)
    rows = []
    for method, answers in said.items():
        cells = _Cells(truth, answers, spans, is_scale, ends)
        found = bootstrap.estimate(cells.measures)
        for at, measure in enumerate(MEASURES):
            value, (low, high) = found.at(at)
            rows.append((method, measure, value, low, high, len(people), *cells.counts))
    names = ["method", "measure", "value", "low", "high", "persons", "answers", "missing"]
    return pd.DataFrame(rows, columns=names)


def accuracy_by_question(
    people: Respondents, columns: Int, said: Mapping[str, Float]
) -> pd.DataFrame:
    """Return the accuracy of each method for each question: index question, columns methods."""
    import pandas as pd

    truth, spans = people.answers[:, columns], people.spans()[columns]
    found = {
        method: np.nanmean(_accuracy(truth, answers, spans), axis=0)
        for method, answers in said.items()
    }
    return pd.DataFrame(found, index=[people.questions[at].name for at in columns])


class _Cells:
    """Truth and prediction of n persons and k questions, measured with weights of persons."""

    def __init__(
        self, truth: Float, said: Float, spans: Float, is_scale: Float, ends: Float
    ) -> None:
        self.known = np.isfinite(truth)
        self.truth, self.said, self.is_scale, self.ends = truth, said, is_scale, ends
        self.right = np.nan_to_num(_accuracy(truth, said, spans))
        self.exact = (truth == said).astype(np.float64)
        self.both = self.known & np.isfinite(said)
        missing = int((self.known & ~np.isfinite(said)).sum())
        self.counts = (int(self.known.sum()), missing)

    def measures(self, count: Float) -> Float:
        weight = count[:, np.newaxis] * self.known
        total = weight.sum(axis=0)
        accuracy, exact = (
            _mean((weight * one).sum(axis=0) / np.maximum(total, 1.0), total > 0.0)
            for one in (self.right, self.exact)
        )
        both = count[:, np.newaxis] * self.both
        pairs = [self._pair(int(at), both[:, at]) for at in np.flatnonzero(self.is_scale)]
        correlation = _known_mean([one for one, _ in pairs])
        variance = _known_mean([one for _, one in pairs])
        return np.array(
            [accuracy, exact, correlation, variance, self._extremes(both), self._distance(both)]
        )

    def _pair(self, at: int, weight: Float) -> tuple[float, float]:
        """Return correlation and ratio of variances of one question; NaN where there is none."""
        total = weight.sum()
        if total <= 1.0:
            return np.nan, np.nan
        truth, said = (np.nan_to_num(one[:, at]) for one in (self.truth, self.said))
        ours, theirs = (one - (weight @ one) / total for one in (said, truth))
        own, true = (weight @ one**2 / total for one in (ours, theirs))
        if true <= 0.0:
            return np.nan, np.nan
        shared = weight @ (ours * theirs) / total
        return (shared / np.sqrt(own * true) if own > 1e-12 else np.nan), own / true

    def _extremes(self, both: Float) -> float:
        at_end = [
            (values == self.ends[0]) | (values == self.ends[1])
            for values in (self.said, self.truth)
        ]
        weight = both * self.is_scale
        total = weight.sum()
        if total <= 0.0:
            return np.nan
        ours, true = ((weight * one).sum() / total for one in at_end)
        return float(ours - true)

    def _distance(self, both: Float) -> float:
        found = []
        for at in range(both.shape[1]):
            weight = both[:, at]
            if weight.sum() > 0.0:
                points = np.unique(np.concatenate([self.truth[:, at], self.said[:, at]]))
                points = points[np.isfinite(points)]
                ours, true = (
                    np.array([weight @ (one[:, at] == point) for point in points]) / weight.sum()
                    for one in (self.said, self.truth)
                )
                found.append(float(np.abs(ours - true).sum() / 2.0))
        return _known_mean(found)


def _accuracy(truth: Float, said: Float, spans: Float) -> Float:
    """Return the accuracy of each answer; NaN where the truth is missing."""
    right = np.maximum(1.0 - np.abs(truth - said) / spans, 0.0)
    # Another option is wrong, however far its row is, since the span of options is 1.
    return np.where(np.isfinite(truth), np.nan_to_num(right), np.nan)


def _ends(people: Respondents, columns: Int) -> Float:
    asked = [people.questions[at] for at in columns]
    return np.array(
        [
            [np.nan if one.low is None else one.low for one in asked],
            [np.nan if one.high is None else one.high for one in asked],
        ]
    )


def _mean(values: Float, is_known: Float) -> float:
    return float(values[is_known].mean()) if is_known.any() else np.nan


def _known_mean(values: list[float]) -> float:
    known = [one for one in values if np.isfinite(one)]
    return float(np.mean(known)) if known else float(np.nan)
