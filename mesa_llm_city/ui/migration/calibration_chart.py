"""Predicted and observed shares of the rows that a decision was measured on, with intervals."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.migration.evaluation.evaluation import evaluate_probabilities
from mesa_llm_city.migration.evaluation.protocol import SeenRowsWarning
from mesa_llm_city.migration.evaluation.result import Evaluation
from mesa_llm_city.migration.models.base import ProbabilityModel
from mesa_llm_city.migration.survey.table import SurveyTable
from mesa_llm_city.ui.migration.axes import Axes
from mesa_llm_city.ui.migration.svg import element, number

__all__ = ["Calibration", "calibration_chart", "calibration_of", "wilson"]

_BINS = 10
_Z = 1.959964  # of 95 %
_SIDE = 300.0


class Calibration(NamedTuple):
    """Predicted and observed shares in ten bins of probability.

    Attributes
    ----------
    predicted, observed, low, high : ndarray of float64, shape (k,)
        Mean probability and share of label 1 of the rows in each bin that has rows, and the 95 %
        interval of that share.
    n : ndarray of int64, shape (k,)
        Rows in these bins.
    evaluation : Evaluation
        Metrics on the same rows, without intervals.
    """

    predicted: Float
    observed: Float
    low: Float
    high: Float
    n: Int
    evaluation: Evaluation


def wilson(share: Float, n: Float) -> tuple[Float, Float]:
    """Return the 95 % interval of shares among n independent cases.

    Wilson 1927, Journal of the American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> low, high = wilson(np.array([0.5]), np.array([10.0]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.2366, 0.7634)
    """
    z2 = _Z**2
    middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = _Z / (1.0 + z2 / n) * np.sqrt(share * (1.0 - share) / n + z2 / (4.0 * n**2))
    return middle - half, middle + half


def calibration_of(model: ProbabilityModel, rows: SurveyTable) -> Calibration | None:
    """Return predicted and observed shares of labelled rows; None if there are none.

    Parameters
    ----------
    model : ProbabilityModel
        What decides.
    rows : SurveyTable
        Rows; those without a label are left out.

    Notes
    -----
    Members of a household resemble each other, so the interval of a bin counts its households,
    not its rows; of weighted rows it counts Kish's effective number (1965, Survey Sampling) if
    that is smaller.
    """
    known = rows.take(np.flatnonzero(rows.target >= 0))
    if not len(known):
        return None
    p = np.asarray(model.predict_proba(known), dtype=np.float64)[:, 1]
    with warnings.catch_warnings():
        # The page says it in words.
        warnings.simplefilter("ignore", SeenRowsWarning)
        found = evaluate_probabilities(
            p, known, training_rows=getattr(model, "training_rows", None), bootstrap=0
        )
    table = found.calibration
    inside = np.flatnonzero(table.n > 0)
    places = np.minimum((p * _BINS).astype(np.int64), _BINS - 1)
    cases = np.array([_cases(known, places == place) for place in inside.tolist()])
    low, high = wilson(table.observed[inside], cases)
    return Calibration(
        table.predicted[inside], table.observed[inside], low, high, table.n[inside], found
    )


def calibration_chart(found: Calibration) -> str:
    """Return the plot: the diagonal, and a dot with its interval for each bin."""
    axes = Axes(
        x=(0.0, 1.0),
        y=(0.0, 1.0),
        x_label="predicted probability",
        y_label="observed share",
        x_words="{:.0%}".format,
        width=_SIDE * 1.2,
        height=_SIDE,
    )
    diagonal = axes.path((0.0, 1.0), (0.0, 1.0), class_="migration-diagonal")
    largest = max(found.n.tolist())
    dots = []
    for predicted, observed, low, high, n in zip(*found[:5], strict=True):
        x, words = axes.at_x(predicted), _told(predicted, observed, low, high, int(n))
        bar = f"M{number(x)} {number(axes.at_y(low))}V{number(axes.at_y(high))}"
        dots.append(
            element(
                "g",
                inner=element("title", words)
                + element("path", d=bar, class_="migration-interval")
                + element(
                    "circle",
                    cx=x,
                    cy=axes.at_y(observed),
                    r=2.5 + 6.0 * float(np.sqrt(n / largest)),
                    class_="migration-bin",
                ),
            )
        )
    label = "Predicted and observed shares. " + " ".join(
        f"{_told(*one[:4], int(one[4]))}." for one in zip(*found[:5], strict=True)
    )
    return axes.drawn(diagonal + "".join(dots), label, kind="migration-calibration")


def _cases(rows: SurveyTable, inside: Float) -> float:
    """Return how many independent cases some rows are worth."""
    households = float(np.count_nonzero(inside))
    if rows.group is not None:
        households = float(len(np.unique(rows.group[inside])))
    if rows.weight is None:
        return households
    weight = rows.weight[inside]
    return min(households, float(weight.sum() ** 2 / np.sum(weight**2)))


def _told(predicted: float, observed: float, low: float, high: float, n: int) -> str:
    return (
        f"Predicted {predicted:.0%}, observed {observed:.0%} ({low:.0%} to {high:.0%}), {n:,} rows"
    )
