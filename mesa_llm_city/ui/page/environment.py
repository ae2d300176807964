"""The environment of the server's process: the settings of Solara and of Python."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["SETTINGS", "environment"]

APP = "mesa_llm_city.ui.page.app"

SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "SOLARA_APP": APP,
        "SOLARA_MODE": "production",
        "SOLARA_THEME_LOADER": "plain",
        "SOLARA_THEME_TITLE": "mesa-llm-city",
        # No usage statistics are sent, and what the page needs comes from this machine.
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
        "SOLARA_SESSION_HTTPS_ONLY": "false",
        # A page whose kernel is gone loads itself again, and finds its run again.
        "SOLARA_THEME_FORCE_REFRESH": "true",
        # A page that is reloaded or loses its connection comes back within seconds; what a dead
        # browser leaves behind is freed after this time.
        "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
        # Of a page, only what has changed is gone through.
        "REACTON_FAST": "1",
        # Each of the many threads would keep freed memory for itself.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONWARNINGS": "ignore:Cookies with samesite=none:UserWarning",
    }
)
"""Settings of Solara and of the process, as environment variables."""

_FREE = ("SOLARA_KERNEL_CULL_TIMEOUT", "REACTON_FAST")
# Python's own allocator gives memory back by the megabyte, and not where anything is left; what
# many visitors have left would stay. That of the C library takes a fifth more computing time.
_OF_MANY = {"PYTHONMALLOC": "malloc"}


def environment(given: Mapping[str, str], *, has_visitors: bool = False) -> dict[str, str]:
    """Return the environment of the server's process.

    Parameters
    ----------
    given : mapping of str to str
        The present environment. The time after which Solara frees what a dead browser leaves
        behind (``SOLARA_KERNEL_CULL_TIMEOUT``) and whether it goes through changed parts of a
        page only (``REACTON_FAST``, 1 by default) are kept if they are set; other settings of
        Solara are those of this page.
    has_visitors : bool, default False
        Whether others than the person at this machine use the page: then it gives the memory of
        their runs back, unless ``PYTHONMALLOC`` is set.
    """
    kept = {name: given[name] for name in _FREE if name in given}
    return {**(_OF_MANY if has_visitors else {}), **given, **SETTINGS, **kept}
