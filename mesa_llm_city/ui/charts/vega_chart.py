"""A chart in the browser: any specification in Vega-Lite, drawn without asking anybody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import anywidget
import solara
import traitlets

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.charts.vega_engine import vega_engine

__all__ = ["VegaChart", "VegaField", "spec_of"]

Spec = Mapping[str, Any]
Columns = Mapping[str, Sequence[object]]


class VegaField(anywidget.AnyWidget):
    """A chart in the browser; it needs a `vega_engine` on the same page (see `VegaChart`).

    Attributes
    ----------
    spec : str
        Specification in Vega-Lite 5 or 6, as JSON. A text ``light-dark(#aaa, #bbb)`` in it stands
        for the first colour on a light background and for the second on a dark one.
    data : str
        Columns of each table that the specification names, as JSON; new numbers do not draw the
        chart anew.
    signals : dict
        Values of the parameters of the specification, by name.
    legend : str
        Entries with ``key``, ``label``, ``light`` and ``dark`` colour, as JSON; they are buttons
        above the chart.
    picked : list of str
        Keys of the entries that are picked; none stands for all.
    description : str
        What it shows, for those who cannot see it.
    file : str
        Name of saved files, without an ending.
    theme : {"auto", "light", "dark"}
        Colours; "auto" has those of the page.
    height : int
        Height in pixels; with 0 it is that of the container, or 210 where it has none.
    clicked : dict
        Row that was clicked last, or ``key`` of the entry; set in the browser.
    selections : dict
        What is selected, by the names of the selections; set in the browser, and emptied by ``{}``.
    """

    _esm = Path(__file__).with_name("vega_chart.js")
    spec = traitlets.Unicode("{}").tag(sync=True)
    data = traitlets.Unicode("{}").tag(sync=True)
    signals = traitlets.Dict().tag(sync=True)
    legend = traitlets.Unicode("[]").tag(sync=True)
    picked: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)
    description = traitlets.Unicode("").tag(sync=True)
    file = traitlets.Unicode("chart").tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    height = traitlets.Int(0).tag(sync=True)
    clicked = traitlets.Dict().tag(sync=True)
    selections = traitlets.Dict().tag(sync=True)


@runtime_checkable
class _Altair(Protocol):
    """A chart of Altair."""

    def to_dict(self) -> dict[str, Any]: ...


def VegaChart(
    chart: object,
    *,
    data: Mapping[str, Columns] | None = None,
    signals: Mapping[str, object] | None = None,
    legend: Sequence[Mapping[str, str]] = (),
    description: str = "",
    file: str = "chart",
    theme: str = "auto",
    height: int = 0,
    on_clicked: Callable[[dict[str, Any]], None] | None = None,
    on_selections: Callable[[dict[str, Any]], None] | None = None,
    **more: Any,  # noqa: ANN401 - further traits
) -> solara.Element:
    """Show a chart: as wide as its container, light or dark as the page, and saved by its menu.

    Parameters
    ----------
    chart : mapping or altair.Chart
        Specification in Vega-Lite 5 or 6; it may load nothing, so ``data`` holds its values.
    data : mapping of str to mapping, optional
        Columns of each table that the specification names; new numbers do not draw it anew.
    signals : mapping, optional
        Values of its parameters, by name.
    legend : sequence of mapping, optional
        Entries with ``key``, ``label``, ``light`` and ``dark`` colour, as buttons above the chart;
        a click on one is told as a row with its key.
    description : str, optional
        What it shows, for those who cannot see it.
    file : str, default "chart"
        Name of saved files, without an ending.
    theme : {"auto", "light", "dark"}
        Colours; "auto" has those of the page.
    height : int, default 0
        Height in pixels; with 0 it is that of the container.
    on_clicked : callable, optional
        Called with the row that was clicked.
    on_selections : callable, optional
        Called with what is selected, by the names of the selections.
    **more
        Further traits of `VegaField`, such as ``picked``.

    Raises
    ------
    ConfigError
        If it is no chart, or loads data from an address.

    Examples
    --------
    >>> bars = {"mark": "bar", "data": {"name": "counts"},
    ...         "encoding": {"x": {"field": "mode"}, "y": {"field": "n", "type": "quantitative"}}}
    >>> shown = VegaChart(bars, data={"counts": {"mode": ["walk", "bus"], "n": [3, 4]}})
    """
    given = {"on_clicked": on_clicked, "on_selections": on_selections}
    return _VegaChart(
        # As text, for values inside an element are looked through for other elements.
        spec=json.dumps(spec_of(chart)),
        data=json.dumps(data or {}),
        legend=json.dumps(list(legend)),
        signals=dict(signals or {}),
        description=description,
        file=file,
        theme=theme,
        height=height,
        more={**more, **{name: call for name, call in given.items() if call is not None}},
    )


@solara.component
def _VegaChart(more: dict[str, Any], **traits: Any) -> None:  # noqa: ANN401 - traits
    engine = solara.use_memo(vega_engine, [])
    field = VegaField.element(**traits, **more)
    solara.v.Html(tag="div", class_="city-vega", children=[engine, field])


def spec_of(chart: object) -> dict[str, Any]:
    """Return a chart as a specification in Vega-Lite that loads nothing.

    Parameters
    ----------
    chart : mapping or altair.Chart
        The chart.

    Raises
    ------
    ConfigError
        If it is neither, or loads data from an address.

    Examples
    --------
    >>> spec_of({"mark": "bar"})
    {'mark': 'bar'}
    """
    spec = chart.to_dict() if isinstance(chart, _Altair) else chart
    if not isinstance(spec, Mapping):
        message = (
            f"{type(chart).__name__} is no chart; give a specification in Vega-Lite as a mapping, "
            "or a chart of Altair"
        )
        raise ConfigError(message)
    for address in _addresses(spec):
        message = (
            f"the chart loads {address!r}, but charts of this page load nothing from elsewhere; "
            "put the values into the chart, or give them as data"
        )
        raise ConfigError(message)
    return dict(spec)


def _addresses(part: object) -> Iterator[object]:
    """Iterate over the addresses of data that a specification loads."""
    if isinstance(part, Mapping):
        data = part.get("data")
        if isinstance(data, Mapping) and "url" in data:
            yield data["url"]
        for name, one in part.items():
            if name not in {"datasets", "values"}:
                yield from _addresses(one)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _addresses(one)
