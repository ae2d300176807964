"""An opportunity to talk: who can be reached, and the state of the person who may talk."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from mesa_llm_city.core.values import Int

__all__ = ["Channel", "ContactOpportunity"]


class Channel(StrEnum):
    """How two people talk: in the same place, or by phone and message (CitySim, sec. 3.3)."""

    FACE = "face to face"
    ONLINE = "online"


def _nobody() -> Int:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOpportunity:
    """A moment at which a person may talk to somebody.

    Parameters
    ----------
    minute : int
        Time, in minutes since the start of the run.
    social : float
        Level of the social need, in [0, 1]; 1 means that the need is fully met.
    free_min : int
        Minutes until something fixed goes on; 0 while it lasts.
    here : ndarray of int64, shape (k,)
        Ids of the other people in the same place who are awake; distinct.
    online : ndarray of int64, shape (m,), optional
        Ids of those who can be called or written to; by default everybody the person
        knows who is not here.
    activity : str, optional
        Purpose of the current activity.
    mood : float, default 0.0
        Valence of the mood, in [-1, 1].
    thought : str, optional
        What the person is thinking of; part of the prompt.
    """

    minute: int
    social: float
    free_min: int
    here: Int = field(default_factory=_nobody)
    online: Int | None = None
    activity: str | None = None
    mood: float = 0.0
    thought: str = ""
