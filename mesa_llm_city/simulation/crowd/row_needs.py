"""Levels of needs of rows, set from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.shares import coded_shares
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    from mesa_llm_city.simulation.crowd.crowd_agent import CrowdAgent

__all__ = ["set_need"]


def set_need(crowd: CrowdAgent, name: str, rows: Int, level: Float | float) -> None:
    """Set the level of a need in some rows, and when they decide next.

    A level above the threshold presses when it has fallen to it; one below it counts when the row
    decides next, as at the end of what it does.

    Parameters
    ----------
    crowd : CrowdAgent
        The crowd, between two steps of its model.
    name : str
        Name of the need.
    rows : ndarray of int
        The rows, each once.
    level : float or ndarray of float, shape (rows,)
        New levels, in [0, 1].

    Raises
    ------
    ConfigError
        If there is no such need, or a level is outside its range.
    """
    needs, chosen = crowd.state.needs, np.asarray(rows, dtype=np.int64)
    if name not in needs.rates.names:
        known = needs.rates.names
        hint = did_you_mean(name, known) or "."
        message = f"there is no need {name!r}{hint} The needs are {', '.join(known)}"
        raise ConfigError(message)
    levels = np.broadcast_to(np.asarray(level, dtype=np.float64), chosen.shape)
    if not np.all((levels >= 0.0) & (levels <= 1.0)):
        message = f"levels of {name} must be from 0 to 1, got {levels.min()} to {levels.max()}"
        raise ConfigError(message)
    minute = np.full(len(chosen), crowd.model.minute)
    needs.engage(chosen, needs.purpose[chosen].astype(np.int64), minute)
    needs.level_code[chosen, needs.rates.names.index(name)] = coded_shares(levels)
    crowd.life.reschedule(chosen, minute)
