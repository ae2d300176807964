"""Who speaks to whom in a step: persuaders, or friends of either side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.social.media import FollowerGraph

__all__ = ["ARMS", "PERSUADER", "TALKS", "Heard", "from_friends", "from_persuaders"]

ARMS = ("control", "alike", "different")
"""Whom people hear: any friend; those who think alike; those who think otherwise."""

TALKS = ("persuaders", "friends")
"""Who talks to people in the arms `alike` and `different`: a persuader of that side, who is never
persuaded, as in AgentSociety; or friends who are on that side at the moment."""

PERSUADER = -1
"""Speaker who is none of the people."""


class Heard(NamedTuple):
    """What people hear in a step, a row for each who hears something.

    Attributes
    ----------
    people : ndarray of int64
        Who hears, in rising order.
    speakers : ndarray of int64
        Who speaks; `PERSUADER` for a persuader.
    stances : ndarray of float64
        The stance of what is said, in [-1, 1].
    """

    people: Int
    speakers: Int
    stances: Float


def from_persuaders(sides: Int, arm: str, persuader: float) -> Heard:
    """Return what people hear from a persuader of their own side, or of the other.

    Parameters
    ----------
    sides : ndarray of int64, shape (n,)
        Side of each person at first.
    arm : str
        ``"alike"`` or ``"different"``.
    persuader : float
        Distance of what persuaders say from the middle, in [0, 1].

    Examples
    --------
    >>> from_persuaders(np.array([1, -1]), "different", 0.9).stances.tolist()
    [-0.9, 0.9]
    """
    people = np.arange(len(sides))
    sign = 1.0 if arm == "alike" else -1.0
    said: Float = sign * persuader * sides.astype(np.float64)
    return Heard(people, np.full(len(sides), PERSUADER), said)


def from_friends(graph: FollowerGraph, stances: Float, arm: str, uniform: Float) -> Heard:
    """Return what people hear from one friend each, drawn from those of the arm.

    Parameters
    ----------
    graph : FollowerGraph
        Who is a friend of whom.
    stances : ndarray of float64, shape (n,)
        Stances, in [-1, 1]; who is at 0 exactly is on neither side.
    arm : str
        One of `ARMS`.
    uniform : ndarray of float64, shape (n,)
        A number in [0, 1) for each person, by which the friend is drawn.

    Examples
    --------
    >>> trio = FollowerGraph.from_edges([[0, 1], [0, 2], [1, 0], [2, 0]])
    >>> heard = from_friends(trio, np.array([0.4, 0.4, -0.4]), "different", np.full(3, 0.5))
    >>> heard.people.tolist(), heard.speakers.tolist()
    ([0, 2], [2, 0])
    """
    owner, friend = graph.followers, graph.followees
    if arm != "control":
        agreement = np.sign(stances[owner] * stances[friend])
        is_meant = agreement == (1.0 if arm == "alike" else -1.0)
        owner, friend = owner[is_meant], friend[is_meant]
    count = np.bincount(owner, minlength=len(stances))
    people = np.flatnonzero(count)
    first = np.cumsum(count) - count
    speakers = friend[(first + (uniform * count).astype(np.int64))[people]]
    return Heard(people, speakers, stances[speakers])
