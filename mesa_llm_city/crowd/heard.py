"""What rows have heard of a topic, and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Bool

__all__ = ["NOT_HEARD", "HeardColumns"]

NOT_HEARD = -1
"""Message of a topic of which somebody has not heard."""


@dataclass(slots=True, eq=False)
class HeardColumns:
    """What n rows have last heard of one topic (see `Heard`); each column has shape (n,).

    Parameters
    ----------
    message : ndarray of int32
        Position in `CrowdNews.messages`, or `NOT_HEARD`.
    said : ndarray of int32
        When it was said, or passed on.
    times : ndarray of uint8
        How often each has heard of the topic.
    kind : ndarray of int8
        What each does, a position in `mind.warning.REACTIONS`.
    believed, avoids : ndarray of bool
        Who believes it, and who keeps away from the danger as long as it lasts.
    """

    message: NDArray[np.int32]
    said: NDArray[np.int32]
    times: NDArray[np.uint8]
    kind: NDArray[np.int8]
    believed: Bool
    avoids: Bool

    @classmethod
    def nothing(cls, count: int) -> Self:
        """Return what those have heard who have not heard of a topic."""
        return cls(
            np.full(count, NOT_HEARD, dtype=np.int32),
            np.zeros(count, dtype=np.int32),
            np.zeros(count, dtype=np.uint8),
            np.zeros(count, dtype=np.int8),
            *(np.zeros(count, dtype=np.bool_) for _ in range(2)),
        )
