"""A part of a run, from one minute to another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.values import Int

__all__ = ["Span"]


class Span(NamedTuple):
    """Minutes of a run, of which the last is not included; none if both are equal.

    Attributes
    ----------
    start, end : int
        In minutes since midnight of the first day.
    """

    start: int
    end: int

    def holds(self, minutes: Int) -> NDArray[np.bool_]:
        """Tell of each of some minutes whether it is within.

        Examples
        --------
        >>> import numpy as np
        >>> Span(420, 540).holds(np.array([419, 420, 539, 540])).tolist()
        [False, True, True, False]
        """
        return (minutes >= self.start) & (minutes < self.end)
