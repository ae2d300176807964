"""Tables of a few people whose days are written down, for the tests of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from mesa_llm_city.experiments.validation.run_tables import RunTables
from mesa_llm_city.parameters import CityParameters

MONDAY = date(2024, 4, 1)
HOME, WORK, SHOP, CAFE, PARK = range(5)
PLACES = (
    (0.0, 0.0, "sleep care housework rest"),
    (3000.0, 4000.0, "work"),
    (0.0, 1000.0, "shopping"),
    (1000.0, 0.0, "meal social"),
    (2000.0, 0.0, "leisure"),
)
"""Position in metres and purposes of home, work, shop, cafe and park."""

Stay = tuple[int, float, float, str, int | None]
"""Person, hours from and to since the first midnight, purpose, place."""
Way = tuple[int, float, int, int, str, str]
"""Person, hour of departure, origin, destination, purpose, mode; an hour under way is not asked."""


def lives(
    stays: Sequence[Stay],
    *,
    days: int,
    ways: Sequence[Way] = (),
    people: Sequence[Mapping[str, object]] = ({},),
    places: Sequence[tuple[float, float, str]] = PLACES,
    start: date = MONDAY,
) -> RunTables:
    """Return the tables of people who did this, and nothing else."""
    import geopandas as gpd

    points = gpd.points_from_xy([x for x, _, _ in places], [y for _, y, _ in places])
    columns = {
        "source_id": [f"p{row}" for row in range(len(places))],
        "category": "kind",
        "purposes": [purposes for _, _, purposes in places],
        "residents": 1.0,
    }
    activities = _stays(stays, start)
    homes = activities["place"].isin([HOME, WORK]) | activities["place"].isna()
    return RunTables.of_frames(
        people=pd.DataFrame([_person(row, one) for row, one in enumerate(people)]),
        frames={
            "activities": activities,
            "visits": activities[~homes],
            "trips": _trips(ways, places, start),
        },
        places=gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:32628"),
        start=start,
        days=days,
        parameters=CityParameters(),
    )


def _person(row: int, given: Mapping[str, object]) -> dict[str, object]:
    usual = {
        "id": row,
        "age": 40,
        "gender": "female",
        "occupation": "office_worker",
        "household_id": row,
        "home_place": HOME,
        "work_place": WORK,
        "work_days": 31,
        "work_minutes": 480,
    }
    return usual | dict(given)


def _at(start: date, hours: Sequence[float]) -> pd.DatetimeIndex:
    return pd.Timestamp(start) + pd.to_timedelta(np.round(60.0 * np.array(hours, dtype=float)), "m")


def _stays(stays: Sequence[Stay], start: date) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "person": np.array([one[0] for one in stays], dtype=np.int32),
            "start": _at(start, [one[1] for one in stays]),
            "end": _at(start, [one[2] for one in stays]),
            "purpose": [one[3] for one in stays],
            "place": pd.array([one[4] for one in stays], dtype="Int32"),
        }
    )
    return frame.sort_values(["person", "start"], kind="stable", ignore_index=True)


def _trips(
    ways: Sequence[Way], places: Sequence[tuple[float, float, str]], start: date
) -> pd.DataFrame:
    gaps = [np.subtract(places[one[3]][:2], places[one[2]][:2]) for one in ways]
    frame = pd.DataFrame(
        {
            "person": np.array([one[0] for one in ways], dtype=np.int32),
            "start": _at(start, [one[1] for one in ways]),
            "origin": np.array([one[2] for one in ways], dtype=np.int32),
            "destination": np.array([one[3] for one in ways], dtype=np.int32),
            "purpose": [one[4] for one in ways],
            "mode": [one[5] for one in ways],
            "distance_m": [float(np.hypot(*gap)) for gap in gaps],
        }
    )
    return frame.sort_values(["person", "start"], kind="stable", ignore_index=True)
