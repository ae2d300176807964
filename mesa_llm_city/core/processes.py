"""Processes of this machine, which other runs may be."""

from __future__ import annotations

import os

__all__ = ["is_alive"]


def is_alive(process: int) -> bool:
    """Tell whether a process may still be alive; where that cannot be asked, it may.

    Parameters
    ----------
    process : int
        Its id.

    Examples
    --------
    >>> is_alive(os.getpid())
    True
    """
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
