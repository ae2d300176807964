"""Keeping the garbage collector away from what stays."""

from __future__ import annotations

import gc

__all__ = ["settle"]


def settle() -> None:
    """Leave all there is out of the garbage collections to come.

    A collection goes over every object that is alive, which with 10,000 people holds a
    redraw up for 0.4 s. People stay as long as their page, so there is nothing to be found
    among them. What was left out before and is of no use any more is collected now.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
