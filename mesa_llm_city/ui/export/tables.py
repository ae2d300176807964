"""The tables of a city as files that can be joined with each other and laid on a map."""

from __future__ import annotations

from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.population import Population
from mesa_llm_city.ui.export.replay import replay_of
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import TABLES, CityView
from mesa_llm_city.ui.views.replay import Replay

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["EXPORTED", "exported", "table_csv", "tables_zip"]

EXPORTED = ("people", "places", *TABLES)
"""Names of the tables that can be saved."""

_DEGREES = 4326
# About a centimetre.
_DECIMALS = 7

_KEYS = MappingProxyType(
    {
        "people": "one row per person; `id` is `person` in the other tables, `home_place` and "
        "`work_place` are rows of places",
        "places": "one row per place; `id` is `place`, `origin` and `destination` in the other "
        "tables; `geometry` is the point",
        "trips": "one row per trip; `geometry` is the straight line from origin to destination",
    }
)


def exported(view: CityView, name: str) -> pd.DataFrame:
    """Return a table as it is saved: of a live model until now, of a replay for the whole run.

    Places and trips have their ``geometry``, as well-known text in degrees (EPSG:4326).

    Parameters
    ----------
    view : CityView
        The city.
    name : str
        One of `EXPORTED`.

    Raises
    ------
    ConfigError
        If there is no such table.
    """
    if name not in EXPORTED:
        message = f"there is no table {name!r}; the tables are {', '.join(EXPORTED)}"
        raise ConfigError(message)
    if name == "people":
        return _people(view)
    if name == "places":
        return _places(view)
    return _with_lines(view) if name == "trips" else _table(view, name)


def table_csv(view: CityView, name: str) -> bytes:
    """Return one of the tables as CSV (see `exported`).

    Parameters
    ----------
    view : CityView
        The city.
    name : str
        One of `EXPORTED`.

    Raises
    ------
    ConfigError
        If there is no such table.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> from mesa_llm_city.ui.views.live import LiveView
    >>> view = LiveView(CityModel(City.synthetic(rng=1, places=400), 20, rng=7))
    >>> table_csv(view, "trips").decode().split(",")[:3]
    ['person', 'start', 'end']
    """
    return csv_text(exported(view, name)).encode("utf-8")


def tables_zip(view: CityView) -> bytes:
    """Return all tables that have rows, as CSV files in one archive, and what they hold."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        names = [name for name in EXPORTED if len(exported(view, name))]
        for name in names:
            archive.writestr(f"{name}.csv", table_csv(view, name))
        archive.writestr("README.txt", _told(view, names))
    return out.getvalue()


def _table(view: CityView, name: str) -> pd.DataFrame:
    # What a replay shows ends at its minute, which at first is that of its beginning.
    return view.history.tables[name] if isinstance(view, Replay) else view.table(name)


def _people(view: CityView) -> pd.DataFrame:
    model = model_of(view)
    if model is None:
        return replay_of(view).history.persons
    people = sorted(model.everybody, key=lambda one: one.id)
    return Population(people=tuple(people)).to_frame()


def _places(view: CityView) -> pd.DataFrame:
    import pandas as pd

    frame = _map_of(view)
    degrees = frame.geometry.to_crs(_DEGREES)
    columns = pd.DataFrame(frame.drop(columns=frame.geometry.name)).reset_index(names="id")
    return columns.assign(
        lon=np.round(degrees.x.to_numpy(), _DECIMALS),
        lat=np.round(degrees.y.to_numpy(), _DECIMALS),
        geometry=_text(degrees),
    )


def _with_lines(view: CityView) -> pd.DataFrame:
    """Return the trips with their lines."""
    import geopandas as gpd
    import shapely

    trips = _table(view, "trips")
    points = shapely.get_coordinates(_map_of(view).geometry.to_crs(_DEGREES).to_numpy())
    ends = [points[trips[name].to_numpy(dtype=np.int64)] for name in ("origin", "destination")]
    pairs = np.stack(ends, axis=1).reshape(-1, 2, 2)
    lines = shapely.linestrings(pairs)
    return trips.assign(geometry=_text(gpd.GeoSeries(lines, crs=_DEGREES)))


def _map_of(view: CityView) -> gpd.GeoDataFrame:
    """Return the places in the projection of the city, by their ids."""
    model = model_of(view)
    return replay_of(view).history.places if model is None else model.city.to_geodataframe()


def _text(shapes: gpd.GeoSeries) -> list[str]:
    import shapely

    texts: list[str] = shapely.to_wkt(shapes.to_numpy(), rounding_precision=_DECIMALS).tolist()
    return texts


def _told(view: CityView, names: list[str]) -> str:
    now = view.clock.at(view.end if isinstance(view, Replay) else view.minute)
    lines = [
        f"Tables of {view.title}, until {now:%Y-%m-%d %H:%M}. People and what they do are made up.",
        "CSV in UTF-8; geometry is well-known text (WKT) in degrees east and north (EPSG:4326).",
        "All columns are described in the manual, under Outputs.",
        "",
        *(f"{name}.csv: {_KEYS.get(name, 'rows by person and time')}" for name in names),
    ]
    return "\n".join(lines) + "\n"
