"""The widget in which minds are shown: one script, with a panel for each thing to see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import solara
import traitlets

__all__ = ["MindsWidget", "show_panel", "whole_number"]


class MindsWidget(anywidget.AnyWidget):
    """A panel about minds.

    Attributes
    ----------
    panel : str
        ``feed``, ``day``, ``network`` or ``differing``.
    data : dict
        What it shows; see ``javascript/src/minds/traits.d.ts``.
    wanted : dict
        What the reader asks for; set in the browser.
    """

    _esm = Path(__file__).with_name("minds.js")
    panel = traitlets.Unicode("feed").tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    wanted = traitlets.Dict().tag(sync=True)


def show_panel(
    panel: str, data: dict[str, Any], on_wanted: Callable[[dict[str, Any]], None]
) -> solara.Element:
    """Return a panel as an element.

    Parameters
    ----------
    panel : str
        ``feed``, ``day``, ``network`` or ``differing``.
    data : dict
        What it shows; JSON-able.
    on_wanted : callable
        Called with what the reader asks for.
    """
    return MindsWidget.element(panel=panel, data=data, on_wanted=on_wanted)


def whole_number(wanted: dict[str, Any], name: str) -> int | None:
    """Return a number that the browser has sent, None if there is none.

    Parameters
    ----------
    wanted : dict
        What the browser has sent.
    name : str
        Its key.

    Examples
    --------
    >>> whole_number({"person": 4.0}, "person"), whole_number({"person": "x"}, "person")
    (4, None)
    """
    value = wanted.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if float(value).is_integer() else None
