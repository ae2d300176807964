"""Solara's reports from notebooks to its makers, which are not sent from here."""

from __future__ import annotations

__all__ = ["switch_off"]


def switch_off() -> None:
    """Keep Solara from reporting that it is used in a notebook.

    In a notebook Solara opens two pages of ``solara.dev`` in the browser, once per user, and the
    kernel asks ``api.ipify.org`` for its address, once per kernel. There is no setting for
    either. Its reports from servers have settings, and stay as they are.
    """
    import solara.checks
    import solara.server.telemetry

    solara.checks.should_perform_jupyter_check = _never
    solara.server.telemetry.jupyter_start = _nothing


def _never() -> bool:
    return False


def _nothing() -> None:
    return None
