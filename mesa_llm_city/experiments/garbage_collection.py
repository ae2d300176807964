"""Less work for the garbage collector while a model runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["settled"]


@contextmanager
def settled() -> Iterator[None]:
    """Leave what exists now out of garbage collections until the end of the block.

    People live as long as the run. Searching all their objects again and again takes a
    fifth of the CPU time with 10,000 people, and a growing share with more.

    Yields
    ------
    None
        Nothing; results are the same with and without it.

    Examples
    --------
    >>> with settled():
    ...     gc.get_freeze_count() > 0
    True
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
