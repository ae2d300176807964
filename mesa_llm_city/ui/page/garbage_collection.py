"""Keep long-lived objects out of garbage collections."""

from __future__ import annotations

import gc

__all__ = ["settle"]


def settle() -> None:
    """Exclude all present objects from later garbage collections.

    A collection goes over every object that is alive, which with 10,000 people holds a
    redraw up for 0.4 s. People stay as long as their page, so there is nothing to collect
    among them. Objects that were excluded before and are not in use any more are collected now.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
