"""The formulas of sharing: how likely a message is passed on, in which form, and when."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.inverse_draws import normal_of, pareto_of
from mesa_llm_city.core.values import Bool, Float, Int
from mesa_llm_city.parameters.society import SharingParameters

__all__ = [
    "activity_of",
    "after_waking",
    "base_probability",
    "broadcasters",
    "share_delay_min",
    "share_probability",
]


def broadcasters(followers: ArrayLike, parameters: SharingParameters) -> Bool:
    """Return who is a broadcaster: those with most followers, at least one person.

    Parameters
    ----------
    followers : array_like of int, shape (n,)
        Number of followers of each person.
    parameters : SharingParameters
        ``broadcaster_share``; 0 for no broadcasters.

    Returns
    -------
    ndarray of bool, shape (n,)
        Of people with equal numbers the first ones are taken.

    Examples
    --------
    >>> broadcasters([5, 90, 7, 90], SharingParameters(broadcaster_share=0.25)).tolist()
    [False, True, False, False]
    """
    counts = np.asarray(followers)
    found = np.zeros(counts.shape, dtype=bool)
    if parameters.broadcaster_share > 0.0 and counts.size:
        number = max(round(parameters.broadcaster_share * counts.size), 1)
        found[np.argsort(-counts, kind="stable")[:number]] = True
    return found


def base_probability(
    depth: ArrayLike, is_broadcaster: ArrayLike, parameters: SharingParameters
) -> Float:
    """Return how likely a post is passed on by whoever reads it, by its place in the cascade.

    ``broadcast`` for the original of a broadcaster; ``later decay ** max(depth - 1, 0)`` for
    all else. Most forwards of real cascades are made at depth 1, and plain independent
    cascades go far too deep (Goel, Anderson, Hofman and Watts 2016, Manage. Sci. 62(1), 180-196).

    Parameters
    ----------
    depth : array_like of int
        Depth of the post that is read; 0 for an original.
    is_broadcaster : array_like of bool
        Whether its author is a broadcaster (see `broadcasters`).
    parameters : SharingParameters
        The three numbers.

    Returns
    -------
    ndarray of float64
        Probabilities; both inputs broadcast.

    Examples
    --------
    >>> base_probability([0, 1, 2], [True, True, False], SharingParameters()).round(4)
    array([0.3   , 0.01  , 0.0075])
    """
    steps = np.asarray(depth)
    later = parameters.later * parameters.decay ** np.maximum(steps - 1, 0)
    first = np.asarray(is_broadcaster, dtype=bool) & (steps == 0)
    return np.asarray(np.where(first, parameters.broadcast, later), dtype=np.float64)


def share_probability(
    base: ArrayLike,
    *,
    intensity: ArrayLike = 0.0,
    emotion: ArrayLike = 0.0,
    distance: ArrayLike = 0.0,
    queue: ArrayLike = 1,
    activity: ArrayLike = 1.0,
    belief: ArrayLike = 1.0,
    labelled: ArrayLike = False,
    parameters: SharingParameters,
) -> Float:
    """Return how likely a message is passed on by a person who reads it.

    ``base activity exp(emotion i e) exp(-distance d) min(1, attention / queue)
    (unbelieved + (1 - unbelieved) b) (label, if there is one)``, at most 1. The form is an
    assumption; the signs are those cited in `SharingParameters`.

    Parameters
    ----------
    base : array_like
        See `base_probability`.
    intensity : array_like, default 0
        How emotional the message is, in [0, 1].
    emotion : array_like, default 0
        Emotion of the reader about the topic, in [0, 1].
    distance : array_like, default 0
        Distance of the stances of reader and message, in [0, 2].
    queue : array_like, default 1
        Number of messages that are read together.
    activity : array_like, default 1
        How active the person is, as a multiple of the mean.
    belief : array_like, default 1
        How sure the reader is that it is true, in [0, 1].
    labelled : array_like of bool, default False
        Whether the platform has put a label on it.
    parameters : SharingParameters
        Weights.

    Returns
    -------
    ndarray of float64
        Probabilities; all inputs broadcast.

    Examples
    --------
    >>> share_probability(0.1, queue=[1, 40], parameters=SharingParameters())
    array([0.1 , 0.05])
    """
    felt = np.asarray(intensity, dtype=np.float64) * np.asarray(emotion, dtype=np.float64)
    gap = np.asarray(distance, dtype=np.float64)
    seen = np.minimum(1.0, parameters.attention / np.maximum(queue, 1))
    sure = parameters.unbelieved + (1.0 - parameters.unbelieved) * np.asarray(belief)
    label = np.where(np.asarray(labelled, dtype=bool), parameters.label, 1.0)
    moved = np.exp(parameters.emotion * felt - parameters.distance * gap)
    active = np.asarray(base, dtype=np.float64) * np.asarray(activity, dtype=np.float64)
    likely = active * moved * seen * sure * label
    return np.minimum(likely, 1.0)


def activity_of(uniform: ArrayLike, parameters: SharingParameters) -> Float:
    """Return how active people are in sharing, as multiples of the mean: a Pareto distribution.

    Parameters
    ----------
    uniform : array_like
        Uniform numbers in [0, 1), one for each person.
    parameters : SharingParameters
        Shape, and the greatest activity, at which the distribution is cut.

    Examples
    --------
    >>> activity_of([0.0, 0.75, 0.9999], SharingParameters())
    array([ 0.5,  1. , 10. ])
    """
    return np.minimum(pareto_of(uniform, parameters.activity_shape), parameters.most_active)


def share_delay_min(uniform: ArrayLike, parameters: SharingParameters) -> Float:
    """Return the time from a post to its being passed on, in minutes: a lognormal.

    Parameters
    ----------
    uniform : array_like
        Uniform numbers in [0, 1).
    parameters : SharingParameters
        Median and spread.

    Examples
    --------
    >>> share_delay_min([0.5, 0.9], SharingParameters()).round()
    array([ 150., 1026.])
    """
    spread = np.exp(parameters.delay_sigma * normal_of(uniform))
    return np.asarray(parameters.delay_min * spread, dtype=np.float64)


def after_waking(start_min: ArrayLike, delay_min: ArrayLike, parameters: SharingParameters) -> Int:
    """Return the minutes at which delays end of which only waking time counts.

    Parameters
    ----------
    start_min : array_like of int
        When a delay begins, in minutes since midnight of the first day.
    delay_min : array_like
        Its length in waking time, in minutes.
    parameters : SharingParameters
        ``wakes_h`` and ``sleeps_h``; with 0 and 24 all time counts.

    Returns
    -------
    ndarray of int64
        Minutes, rounded; both inputs broadcast.

    Examples
    --------
    >>> after_waking([22 * 60, 60], 120, SharingParameters()) / 60  # 22:00, and 1:00 at night
    array([32.,  9.])
    """
    wakes = parameters.wakes_h * HOUR_MIN
    awake = parameters.sleeps_h * HOUR_MIN - wakes
    start = np.asarray(start_min, dtype=np.float64)
    day = np.floor(start / DAY_MIN)
    # Waking minutes since midnight of the first day, which then are turned back into time.
    lived = day * awake + np.clip(start - day * DAY_MIN - wakes, 0.0, awake)
    end = lived + np.asarray(delay_min, dtype=np.float64)
    days = np.floor(end / awake)
    minute = days * DAY_MIN + wakes + (end - days * awake)
    return np.asarray(np.rint(np.maximum(minute, start)), dtype=np.int64)
