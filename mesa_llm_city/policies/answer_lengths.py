"""Lengths in answers of policies: rounded to a few, so that equal answers are counted together."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["nearest_length"]


def nearest_length(minutes: float, lengths: Sequence[int]) -> int:
    """Return the length that is nearest by ratio, the shorter of two that are equally near.

    Parameters
    ----------
    minutes : float
        A length in minutes, above 0.
    lengths : sequence of int
        Those to choose from, rising and above 0.

    Examples
    --------
    >>> nearest_length(100, (30, 60, 120)), nearest_length(5, (30, 60, 120))
    (120, 30)
    """
    return min(lengths, key=lambda one: (max(one / minutes, minutes / one), one))
