"""How insights are stored: packed rows of numbers, checked when they are made."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import DataError
from mesa_llm_city.mind.insight import Insight, InsightKind

__all__ = ["EVIDENCE", "KINDS", "NO_ROWS", "ROW", "packed", "unpacked"]

EVIDENCE = 6
"""How many numbers of evidence a row has space for."""

KINDS = tuple(InsightKind)
"""Kinds of insight by their code."""

ROW = np.dtype(
    [
        ("number", np.int32),
        ("minute", np.int32),
        ("kind", np.int8),
        ("strength", np.int8),
        ("liking", np.int8),
        ("usual", np.int16),
        # Earlier insights with a minus, 0 for none.
        ("evidence", np.int32, (EVIDENCE,)),
    ]
)
"""One insight without its texts; strength and liking in hundredths."""

# Shared by all memories until the first insight comes; nothing can be written into it.
NO_ROWS: NDArray[np.void] = np.empty(0, dtype=ROW)
"""No insights."""

_NO_TIME = -1


def packed(insight: Insight, number: int) -> tuple[object, ...]:
    """Return an insight as a row, the latest numbers of its evidence kept.

    Raises
    ------
    DataError
        If a strength, liking, time of day or number is out of its range.
    """
    _check(insight)
    numbers = [*(-one for one in insight.earlier), *insight.evidence][-EVIDENCE:]
    return (
        number,
        insight.minute,
        KINDS.index(insight.kind),
        round(100.0 * insight.strength),
        round(100.0 * insight.liking),
        _NO_TIME if insight.usual_min is None else insight.usual_min,
        numbers + [0] * (EVIDENCE - len(numbers)),
    )


def unpacked(row: np.void, *, subject: str, text: str) -> Insight:
    """Return the insight of a row, with its texts."""
    columns: tuple[Any, ...] = tuple(row.tolist())
    _, minute, kind, strength, liking, usual, evidence = columns
    numbers: list[int] = evidence.tolist()
    return Insight(
        minute,
        KINDS[kind],
        subject,
        text,
        strength / 100.0,
        liking / 100.0,
        None if usual == _NO_TIME else usual,
        tuple(number for number in numbers if number > 0),
        tuple(-number for number in numbers if number < 0),
    )


def _check(insight: Insight) -> None:
    usual = insight.usual_min
    holds = {
        "a strength in [0, 1]": 0.0 <= insight.strength <= 1.0,
        "a liking in [-1, 1]": -1.0 <= insight.liking <= 1.0,
        "a usual_min in [0, 1440)": usual is None or 0 <= usual < DAY_MIN,
        "numbers of evidence from 1": min((*insight.evidence, *insight.earlier), default=1) >= 1,
    }
    if wanting := [what for what, held in holds.items() if not held]:
        message = f"an insight needs {' and '.join(wanting)}, got {insight}"
        raise DataError(message)
