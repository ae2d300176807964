"""The formulas of belief in what is told: tellings support it, corrections cast doubt on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters.society import AwarenessParameters

__all__ = ["belief_of", "doubt_added", "doubt_left", "support_added", "support_for"]

# A belief at or beyond which nobody is surer, so that its logit is finite.
_SUREST = 0.99


def support_added(times: ArrayLike, trust: ArrayLike, parameters: AwarenessParameters) -> Float:
    """Return by how much a telling raises the logit of belief: ``telling trust repeated ** times``.

    Parameters
    ----------
    times : array_like of int
        How often the person has been told before.
    trust : array_like
        Trust in whoever says it, in [0, 1].
    parameters : AwarenessParameters
        Both numbers.

    Examples
    --------
    >>> support_added([0, 1, 2], 1.0, AwarenessParameters())
    array([0.5  , 0.25 , 0.125])
    """
    share = parameters.repeated ** np.asarray(times, dtype=np.float64)
    return np.asarray(parameters.telling * np.asarray(trust, dtype=np.float64) * share)


def doubt_added(
    is_correction: ArrayLike,
    labelled: ArrayLike,
    trust: ArrayLike,
    parameters: AwarenessParameters,
) -> Float:
    """Return by how much a message lowers the logit of belief.

    ``correction trust`` for a correction, ``correction label`` for a message with a label, 0 for
    others.

    Examples
    --------
    >>> doubt_added([True, False, False], [False, True, False], 0.8, AwarenessParameters())
    array([0.8 , 0.35, 0.  ])
    """
    corrects, label = np.asarray(is_correction, dtype=bool), np.asarray(labelled, dtype=bool)
    by_label = np.where(label, parameters.correction * parameters.label, 0.0)
    by_correction = parameters.correction * np.asarray(trust, dtype=np.float64)
    return np.where(corrects, by_correction, by_label)


def doubt_left(doubt: ArrayLike, passed_min: ArrayLike, parameters: AwarenessParameters) -> Float:
    """Return what is left of the effect of corrections after some minutes.

    Examples
    --------
    >>> doubt_left(1.0, [0, 7 * 24 * 60], AwarenessParameters())
    array([1. , 0.5])
    """
    days = np.maximum(np.asarray(passed_min, dtype=np.float64), 0.0) / DAY_MIN
    left = np.exp2(-days / parameters.correction_half_life_days)
    return np.asarray(doubt, dtype=np.float64) * left


def belief_of(support: ArrayLike, doubt: ArrayLike, parameters: AwarenessParameters) -> Float:
    """Return how sure people are of what they have been told: ``1 / (1 + exp(d - s - constant))``.

    Parameters
    ----------
    support : array_like
        Sum of what tellings have added.
    doubt : array_like
        What is left of what corrections have added.
    parameters : AwarenessParameters
        The constant.

    Examples
    --------
    >>> belief_of([0.0, 0.5, 0.5], [0.0, 0.0, 1.0], AwarenessParameters()).round(2)
    array([0.5 , 0.62, 0.38])
    """
    utility = parameters.constant + np.asarray(support, dtype=np.float64) - np.asarray(doubt)
    return np.asarray(expit(utility), dtype=np.float64)


def support_for(sure: float, doubt: float, parameters: AwarenessParameters) -> float:
    """Return the support with which somebody is so sure, the inverse of `belief_of`.

    What is quite sure or quite unsure counts as 0.99 or 0.01, so that it can still change.

    Examples
    --------
    >>> round(support_for(0.62, 0.0, AwarenessParameters()), 2)
    0.49
    """
    within = min(max(sure, 1.0 - _SUREST), _SUREST)
    return float(logit(within)) - parameters.constant + doubt
