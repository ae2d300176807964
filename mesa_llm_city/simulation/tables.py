"""The tables of a model: what has happened so far, as data frames with time stamps.

Columns and units are described in ``docs/reference/outputs.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.records import digest, with_dates

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = [
    "activities",
    "calls",
    "conversations",
    "decisions",
    "fingerprint",
    "insights",
    "needs",
    "people",
    "trips",
    "visits",
]


def activities(model: CityModel) -> pd.DataFrame:
    """Return what everybody did, without gap from the start until now.

    An activity still going on ends now.
    """
    going_on = (
        (agent.person, *stay)
        for agent in model.citizens
        if (stay := agent.citizen.so_far(model.minute)) is not None and stay[0] < stay[1]
    )
    return with_dates(model.records.activities.to_frame(going_on), model.clock)


def trips(model: CityModel) -> gpd.GeoDataFrame:
    """Return the trips that have ended, as straight lines in the city's projection."""
    import geopandas as gpd
    import shapely

    frame = with_dates(model.records.trips.to_frame(), model.clock)
    places = model.city.places
    ends = [
        np.stack([axis[frame[name].to_numpy()] for axis in (places.x, places.y)], axis=-1)
        for name in ("origin", "destination")
    ]
    lines = shapely.linestrings(np.stack(ends, axis=1))
    return gpd.GeoDataFrame(frame, geometry=lines, crs=model.city.crs)


def visits(model: CityModel) -> pd.DataFrame:
    """Return the stays that have ended, with the ratings the visitor gave."""
    return with_dates(model.records.visits.to_frame(), model.clock)


def calls(model: CityModel) -> pd.DataFrame:
    """Return the calls to the model's language model.

    Raises
    ------
    ConfigError
        If it has none that keeps a ledger.
    """
    ledger = getattr(model.llm, "calls", None)
    if ledger is None:
        message = "the model asks no language model, so there are no calls; give llm=LLM(...)"
        raise ConfigError(message)
    frame: pd.DataFrame = ledger()
    return frame


def conversations(model: CityModel) -> pd.DataFrame:
    """Return who talked with whom, when, how, about what, and what came of it."""
    return with_dates(model.records.conversations.to_frame(), model.clock)


def decisions(model: CityModel) -> pd.DataFrame:
    """Return who decided what, when, by which mind and why."""
    return with_dates(model.records.decisions.to_frame(), model.clock)


def insights(model: CityModel) -> pd.DataFrame:
    """Return what people have come to think about themselves, and on what evidence."""
    return with_dates(model.records.insights.to_frame(), model.clock)


def needs(model: CityModel) -> pd.DataFrame:
    """Return the levels of the needs at each full hour, in [0, 1]."""
    return with_dates(model.records.needs.to_frame(), model.clock)


def people(model: CityModel) -> gpd.GeoDataFrame:
    """Return where everybody is now and what she is doing."""
    import geopandas as gpd

    agents = sorted(model.citizens, key=lambda agent: agent.person)
    where = np.array([model.position(agent) for agent in agents]).reshape(-1, 2)
    columns = {
        "person": [agent.person for agent in agents],
        "name": [agent.citizen.persona.name for agent in agents],
        "purpose": [str(agent.purpose) for agent in agents],
    }
    points = gpd.points_from_xy(where[:, 0], where[:, 1])
    return gpd.GeoDataFrame(columns, geometry=points, crs=model.city.crs)


def fingerprint(model: CityModel) -> str:
    """Return the digest of all tables (see `records.digest`)."""
    frames = {
        "activities": activities(model),
        "trips": trips(model).drop(columns="geometry"),
        "visits": visits(model),
        "conversations": conversations(model),
        "insights": insights(model),
        "decisions": decisions(model),
        "needs": needs(model),
    }
    return digest(frames)
