"""Limit of the threads of torch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["limited_threads"]


@contextmanager
def limited_threads(count: int) -> Iterator[None]:
    """Limit torch to `count` threads inside the block.

    Examples
    --------
    >>> with limited_threads(1):
    ...     torch.get_num_threads()
    1
    """
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
