"""A switch that forbids all requests, so that nothing can be spent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from mesa_llm_city.core.errors import LLMUnavailableError

__all__ = ["OFFLINE", "forbid_requests", "require_online"]

OFFLINE = "MESA_LLM_CITY_OFFLINE"
"""Environment variable; set to 1, no request leaves the process."""


@contextmanager
def forbid_requests() -> Iterator[None]:
    """Forbid every real request, in this process and in those it starts.

    Scripted answers stay possible, as do stored ones.

    Examples
    --------
    >>> with forbid_requests():
    ...     require_online()
    Traceback (most recent call last):
    ...
    mesa_llm_city.core.errors.LLMUnavailableError: requests to language models are forbidden: ...
    """
    # The environment, and no variable of ours, since child processes inherit it.
    before = os.environ.get(OFFLINE)
    os.environ[OFFLINE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[OFFLINE]
        else:
            os.environ[OFFLINE] = before


def require_online() -> None:
    """Check that requests are allowed.

    Raises
    ------
    LLMUnavailableError
        If they are not; it is fatal, so that nobody tries again.
    """
    if os.environ.get(OFFLINE, "0") in {"", "0"}:
        return
    error = LLMUnavailableError(
        f"requests to language models are forbidden: {OFFLINE}=1 is set; "
        "unset it, leave forbid_requests(), or replay a recording"
    )
    error.fatal = True
    raise error
