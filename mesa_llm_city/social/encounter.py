"""A chance to talk: who is in reach of a person, and how she is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from mesa_llm_city.core.values import Int, Purpose

__all__ = ["GAP_MIN", "Channel", "ContactChance"]

GAP_MIN = 30
"""Minutes from one contact to the next (CitySim, appendix A)."""


class Channel(StrEnum):
    """How two people talk: in the same place, or by phone and message (CitySim, sec. 3.3)."""

    FACE = "face to face"
    ONLINE = "online"


def _nobody() -> Int:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChance:
    """A moment at which a person might talk to somebody.

    Parameters
    ----------
    minute : int
        When.
    social : float
        Level of the social need, in [0, 1]; 1 is wholly met.
    free_min : int
        Minutes until something fixed goes on; 0 in the middle of it.
    here : ndarray of int64, shape (k,)
        Ids of the others in the same place who can be talked to; awake, and not
        the person herself. Distinct.
    afar : ndarray of int64, shape (m,), optional
        Ids of those who can be called or written to; by default everybody the
        person knows who is not here.
    activity : Purpose, optional
        What the person is doing.
    mood : float, default 0.0
        Valence, in [-1, 1].
    thought : str, optional
        What is on the person's mind; told to a language model.
    """

    minute: int
    social: float
    free_min: int
    here: Int = field(default_factory=_nobody)
    afar: Int | None = None
    activity: Purpose | None = None
    mood: float = 0.0
    thought: str = ""
