"""Buttons that save what a page shows."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import NamedTuple

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.ui.charts.catalogue import CHARTS
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.export.export import chart_png, film, film_kind
from mesa_llm_city.ui.export.html_replay import html_replay
from mesa_llm_city.ui.export.tables import EXPORTED, table_csv, tables_zip
from mesa_llm_city.ui.map.picture import map_png
from mesa_llm_city.ui.panel import Panel
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.protocols import CityView, view_of

__all__ = ["Exports"]


class _Kind(NamedTuple):
    """A file that can be saved, and how it is made."""

    file: str
    make: Callable[[CityView], bytes]


def Exports(model: object) -> solara.Element:
    """Save the map, charts, tables, a film and a replay of a city as files.

    Parameters
    ----------
    model : CityModel or CityView
        The city; of a live model, what has happened until now.
    """
    return _Exports(model=model)


@solara.component
def _Exports(model: object) -> None:
    kinds = _kinds(model)
    kind, choose = solara.use_state("Map (PNG)")
    with Panel("Export", name="export"):
        Choice("File", list(kinds), kind, choose)
        # A file is made when it is asked for, and is that of this choice.
        _Offer(model=model, chosen=kinds[kind]).key(kind)


@solara.component
def _Offer(model: object, chosen: _Kind) -> None:
    made, set_made = solara.use_state((b"", ""))
    busy, set_busy = solara.use_state(False)  # noqa: FBT003 - the state at first
    data, trouble = made

    def make() -> None:
        set_made(_made(chosen, view_of(model)))
        set_busy(False)

    def begin() -> None:
        set_busy(True)
        set_made((b"", ""))
        Thread(target=make, daemon=True).start()

    with solara.Row(gap="6px", style={"align-items": "center", "flex-wrap": "wrap"}):
        solara.Button(
            "Creating …" if busy else "Create",
            on_click=begin,
            disabled=busy,
            small=True,
            outlined=True,
        )
        if data:
            size = f"{len(data) / 1e6:.1f} MB" if len(data) >= 1e5 else f"{len(data) / 1e3:.0f} kB"
            solara.FileDownload(data, filename=chosen.file, label=f"Save {chosen.file} ({size})")
    if trouble:
        solara.Error(trouble, classes=["city-export-error"], dense=True)


def _made(chosen: _Kind, view: CityView) -> tuple[bytes, str]:
    """Return a file, or why it cannot be made."""
    try:
        return chosen.make(view), ""
    except CityError as error:
        return b"", str(error)
    except Exception as error:  # noqa: BLE001 - shown on the page; a thread has nobody else
        what = f"{type(error).__name__}: {error}"
        return b"", f"{chosen.file} could not be made. {what}. The run itself is not affected."


def _kinds(model: object) -> dict[str, _Kind]:
    """Return the kinds of files that can be saved, by name."""
    person, kind = selected(model), film_kind()
    charts = {
        f"{chart.title} (PNG)": _Kind(f"{name}.png", _chart(name, person))
        for name, chart in CHARTS.items()
    }
    tables = {f"Table of {name} (CSV)": _Kind(f"{name}.csv", _table(name)) for name in EXPORTED}
    return {
        "Map (PNG)": _Kind("map.png", map_png),
        **charts,
        "All tables (ZIP)": _Kind("tables.zip", tables_zip),
        **tables,
        "Replay (HTML)": _Kind("replay.html", lambda view: html_replay(view).encode("utf-8")),
        f"Film ({kind.upper()})": _Kind(f"film.{kind}", lambda view: film(view, kind=kind)),
    }


def _chart(name: str, person: solara.Reactive[int]) -> Callable[[CityView], bytes]:
    return lambda view: chart_png(view, name, person=person.value)


def _table(name: str) -> Callable[[CityView], bytes]:
    return lambda view: table_csv(view, name)
