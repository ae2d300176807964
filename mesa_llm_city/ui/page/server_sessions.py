"""The sessions of this server's process: pages find them here, and the server ends them."""

from __future__ import annotations

import os
from functools import cache

from mesa_llm_city.ui.page.sessions import KEEP_MIN, Sessions
from mesa_llm_city.ui.page.shown import KEEP_VARIABLE

__all__ = ["server_sessions"]


@cache
def server_sessions() -> Sessions:
    """Return the sessions of this process, the same at each call."""
    return Sessions(keep_s=60.0 * float(os.environ.get(KEEP_VARIABLE, KEEP_MIN)))
