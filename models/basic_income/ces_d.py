"""The CES-D scale of depressive symptoms: its items, its score, and answers by rule and prompt.

The scale is in the public domain (Radloff 1977, The CES-D scale: a self-report depression scale
for research in the general population. Appl. Psychol. Meas. 1(3), 385-401).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mesa_llm_city.core.component import Stateless
from mesa_llm_city.core.values import DecisionSource, Float, Int

__all__ = [
    "ANSWERS",
    "ITEMS",
    "REVERSED",
    "DepressionScale",
    "ScaleReplies",
    "answers_by_rule",
    "score",
]

ITEMS = (
    "I was bothered by things that usually don't bother me.",
    "I did not feel like eating; my appetite was poor.",
    "I felt that I could not shake off the blues even with help from my family or friends.",
    "I felt that I was just as good as other people.",
    "I had trouble keeping my mind on what I was doing.",
    "I felt depressed.",
    "I felt that everything I did was an effort.",
    "I felt hopeful about the future.",
    "I thought my life had been a failure.",
    "I felt fearful.",
    "My sleep was restless.",
    "I was happy.",
    "I talked less than usual.",
    "I felt lonely.",
    "People were unfriendly.",
    "I enjoyed life.",
    "I had crying spells.",
    "I felt sad.",
    "I felt that people disliked me.",
    "I could not get going.",
)
"""Statements about the past week."""

REVERSED = (4, 8, 12, 16)
"""Numbers of the statements, from 1, that a person without symptoms agrees with."""

ANSWERS = (
    "rarely or none of the time (less than 1 day)",
    "some or a little of the time (1 to 2 days)",
    "occasionally or a moderate amount of the time (3 to 4 days)",
    "most or all of the time (5 to 7 days)",
)
"""Answers from 0 to 3."""

_MOST = len(ANSWERS) - 1
# Graded response model (Samejima 1969): distress at which half of the people answer 1, 2 or 3
# or more, in standard deviations. Assumption: a mean of some 11 of 60 with half of the stress.
_THRESHOLDS = (0.9, 1.9, 2.9)
_SLOPE = 1.5


class ScaleReplies(NamedTuple):
    """Answers to the statements.

    Attributes
    ----------
    answers : tuple of int
        An answer from 0 to 3 to each of `ITEMS`, as given.
    reason : str
        Why the answers were given, in words; shown in records of decisions.
    source : DecisionSource
        Rule or prompt.
    """

    answers: tuple[int, ...]
    reason: str
    source: DecisionSource = DecisionSource.RULE


def score(answers: ArrayLike) -> Int:
    """Return the score, from 0 (no symptoms) to 60; the statements of `REVERSED` count 3 - answer.

    Parameters
    ----------
    answers : array_like of int, shape (..., 20)
        Answers from 0 to 3.

    Examples
    --------
    >>> int(score([0] * 20)), int(score([3] * 20))  # the four reversed ones count 3 and 0
    (12, 48)
    """
    given = np.asarray(answers, dtype=np.int64)
    is_reversed = np.isin(np.arange(1, len(ITEMS) + 1), REVERSED)
    counted = np.where(is_reversed, _MOST - given, given)
    return np.asarray(counted.sum(axis=-1), dtype=np.int64)


def answers_by_rule(distress: ArrayLike, draws: ArrayLike) -> Int:
    """Return answers by a graded response model.

    A symptom is answered k or more with probability ``1 / (1 + exp(-1.5 (distress - b_k)))``;
    statements of `REVERSED` are answered the other way round.

    Parameters
    ----------
    distress : array_like, shape (n,)
        Distress, in standard deviations between people.
    draws : array_like, shape (n, 20)
        Uniform draws.

    Returns
    -------
    ndarray of int64, shape (n, 20)
        Answers from 0 to 3, as given.

    Examples
    --------
    >>> calm, ill = answers_by_rule([-9.0, 9.0], np.full((2, 20), 0.5))
    >>> int(score(calm)), int(score(ill))
    (0, 60)
    """
    felt = np.asarray(distress, dtype=np.float64)[..., None, None]
    likely: Float = 1.0 / (1.0 + np.exp(-_SLOPE * (felt - np.array(_THRESHOLDS))))
    symptoms = (np.asarray(draws)[..., None] < likely).sum(axis=-1)
    is_reversed = np.isin(np.arange(1, len(ITEMS) + 1), REVERSED)
    return np.asarray(np.where(is_reversed, _MOST - symptoms, symptoms), dtype=np.int64)


class DepressionScale(Stateless):
    """Answers the scale; it remembers nothing, so one serves everybody.

    Examples
    --------
    >>> from mesa_llm_city.core.asking import run
    >>> replies = run(DepressionScale().answer(-9.0, draws=[0.5] * 20))
    >>> int(score(replies.answers))
    0
    """

    __slots__ = ()

    async def answer(
        self,
        distress: float,
        *,
        draws: Sequence[float],
        person: str = "",  # noqa: ARG002 - read by the prompt form
    ) -> ScaleReplies:
        """Return the person's answers, and change nothing.

        Parameters
        ----------
        distress : float
            Distress, in standard deviations between people.
        draws : sequence of float, length 20
            Uniform draws of the person and month.
        person : str, optional
            The person and how money is now, in words; told to a language model.
        """
        values = answers_by_rule([distress], [draws])[0].tolist()
        return ScaleReplies(tuple(values), f"distress {distress:.2f}")
