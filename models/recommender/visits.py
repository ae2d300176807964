"""What people do on a visit, by rule: as columns for many, and for one person."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import DecisionSource, Float, Int
from mesa_llm_city.parameters.society import ViewingParameters
from mesa_llm_city.social.media.recommenders import crowd_utility

__all__ = [
    "ACTIVITIES",
    "Activity",
    "Offer",
    "View",
    "Visit",
    "VisitRule",
    "activities",
    "chosen",
    "topics_drawn",
    "utilities",
]

# The share of interest below which less makes no difference, so that its logarithm is finite.
_LEAST = 1e-3


class Activity(StrEnum):
    """What is done on a visit."""

    WATCH = "watch"
    SEARCH = "search"
    CHAT = "chat"
    POST = "post"


ACTIVITIES = tuple(Activity)
"""Activities by their code."""


class Offer(NamedTuple):
    """Pages that people are shown, one row each.

    Attributes
    ----------
    interest : ndarray of float64, shape (v, p)
        Share of the topic of each post among the interests of the viewer.
    gap : ndarray of float64, shape (v, p)
        Distance between the stances of post and viewer, in [0, 2].
    quality : ndarray of float64, shape (v, p)
        Quality of each post, in standard deviations.
    watched : ndarray of int64, shape (v, p)
        How many people watched it, as shown; 0 if counts are hidden.
    there : ndarray of bool, shape (v, p)
        False for empty places.
    """

    interest: Float
    gap: Float
    quality: Float
    watched: Int
    there: NDArray[np.bool_]

    def row(self, number: int) -> Offer:
        """Return the page of one viewer."""
        at = slice(number, number + 1)
        return Offer(
            self.interest[at], self.gap[at], self.quality[at], self.watched[at], self.there[at]
        )


class View(NamedTuple):
    """What one person has before them, and the random numbers of the visit.

    Attributes
    ----------
    offer : Offer
        The page, with one row.
    interests : ndarray of float64, shape (topics,)
        Interests of the person.
    draws : ndarray of float64, shape (2,)
        Uniform numbers for the activity and for a topic.
    choice_draws : ndarray of float64, shape (p + 1,)
        Uniform numbers for the choice.
    """

    offer: Offer
    interests: Float
    draws: Float
    choice_draws: Float


class Visit(NamedTuple):
    """What a person does.

    Attributes
    ----------
    activity : Activity
        What is done.
    choice : int
        Place on the page of what is watched; -1 for nothing.
    topic : int
        What is searched for or written about.
    text : str
        Words of a post; empty by rule.
    reason : str
        Why it is done, in words.
    source : DecisionSource
        Whether a rule or a prompt decided.
    """

    activity: Activity
    choice: int
    topic: int
    text: str
    reason: str
    source: DecisionSource = DecisionSource.RULE


def utilities(
    offer: Offer, numbers: ViewingParameters, *, topics: int, crowd_weight: float
) -> Float:
    """Return the utility of watching each post of some pages, shape (v, p).

    ``interest ln(k w) - distance d + quality q + crowd ln(1 + count)``: with k topics and the
    share w of the topic among the viewer's interests, 0 at an even interest.

    Examples
    --------
    >>> page = Offer(*(np.array([[one]]) for one in (0.5, 0.25, 0.0, 0, True)))
    >>> utilities(page, ViewingParameters(), topics=2, crowd_weight=0.5).tolist()
    [[-0.25]]
    """
    interest = np.log(np.maximum(topics * offer.interest, _LEAST))
    liked: Float = (
        numbers.interest * interest - numbers.distance * offer.gap + numbers.quality * offer.quality
    )
    return liked + crowd_utility(offer.watched, weight=crowd_weight)


def chosen(
    worth: Float, there: NDArray[np.bool_], draws: Float, *, nothing: float
) -> NDArray[np.int64]:
    """Return what people choose by a multinomial logit: places on their pages, or -1.

    The choice is the alternative with the highest sum of utility and a Gumbel number
    (McFadden 1974), drawn by inverse distribution.

    Parameters
    ----------
    worth : ndarray of float64, shape (v, p)
        Utilities.
    there : ndarray of bool, shape (v, p)
        False for empty places.
    draws : ndarray of float64, shape (v, p + 1)
        Uniform numbers; the first is that of choosing nothing.
    nothing : float
        Utility of choosing nothing.

    Examples
    --------
    >>> chosen(np.array([[9.0, 0.0]]), np.array([[True, True]]), np.full((1, 3), 0.5), nothing=0)
    array([0])
    """
    gumbel = -np.log(-np.log(np.clip(draws, np.finfo(float).tiny, 1.0 - np.finfo(float).eps)))
    every = np.concatenate([np.full((len(worth), 1), nothing), worth], axis=1) + gumbel
    every[:, 1:][~there] = -np.inf
    place: NDArray[np.int64] = np.argmax(every, axis=1) - 1
    return place


def activities(draws: Float, numbers: ViewingParameters) -> NDArray[np.int64]:
    """Return the codes of activities, shape (v,), for uniform numbers.

    Examples
    --------
    >>> codes = activities(np.array([0.05, 0.15, 0.25, 0.9]), ViewingParameters())
    >>> [str(ACTIVITIES[one]) for one in codes]
    ['search', 'chat', 'post', 'watch']
    """
    shares = [numbers.search_share, numbers.chat_share, numbers.post_share]
    place = np.searchsorted(np.cumsum(shares), draws, side="right")
    codes: NDArray[np.int64] = (place + 1) % len(ACTIVITIES)
    return codes


def topics_drawn(interests: Float, draws: Float) -> NDArray[np.int64]:
    """Return a topic for each person, drawn in proportion to interests, shape (v,)."""
    below = np.cumsum(interests, axis=1) <= draws[:, np.newaxis] * interests.sum(
        axis=1, keepdims=True
    )
    drawn: NDArray[np.int64] = np.minimum(below.sum(axis=1), interests.shape[1] - 1)
    return drawn


class VisitRule:
    """Decides by rule what one person does, as the columns do for many.

    Parameters
    ----------
    numbers : ViewingParameters
        Weights and shares.
    crowd_weight : float
        Weight of counts that are shown.
    """

    __slots__ = ("crowd_weight", "numbers")

    def __init__(self, numbers: ViewingParameters, crowd_weight: float) -> None:
        self.numbers = numbers
        self.crowd_weight = crowd_weight

    async def visit(self, view: View, **_: object) -> Visit:
        """Decide (a thought: changes nothing)."""
        activity = ACTIVITIES[activities(view.draws[:1], self.numbers)[0]]
        topic = int(topics_drawn(view.interests[np.newaxis], view.draws[1:])[0])
        if activity is not Activity.WATCH:
            return Visit(activity, -1, topic, "", "drawn")
        worth = utilities(
            view.offer, self.numbers, topics=len(view.interests), crowd_weight=self.crowd_weight
        )
        draws = view.choice_draws[np.newaxis]
        choice = int(chosen(worth, view.offer.there, draws, nothing=self.numbers.nothing)[0])
        reason = "nothing" if choice < 0 else f"utility {worth[0, choice]:.2f}"
        return Visit(activity, choice, topic, "", reason)
