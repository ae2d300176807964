"""Files of a city and tables of people, spoilt in bytes, words, cells and geometry."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mesa_llm_city import City, CityModel, Population
from tests.fuzz.spoiling import spoil_file, spoil_frame, spoil_json
from tests.fuzz.trial import Family
from tests.town import small_town

_LON, _LAT, _STEP = 139.70, 35.66, 0.001
_KINDS = ("amenity=cafe", "shop=supermarket", "office=company", "building=apartments")
_ROWS = 12
_CITY_FILES = {"zones": "zones.geojson", "stations": "stations.csv", "network": "streets.geojson"}


def _make_city(home: Path) -> None:
    rows = range(_ROWS)
    places = pd.DataFrame(
        {
            "id": [f"p{row}" for row in rows],
            "name": [f"Place {row}" for row in rows],
            "category": [_KINDS[row % len(_KINDS)] for row in rows],
            "lon": [round(_LON + row * _STEP, 6) for row in rows],
            "lat": [_LAT] * _ROWS,
            "opening_hours": ["Mo-Fr 08:00-20:00"] * _ROWS,
        }
    )
    places.to_csv(home / "places.csv", index=False)
    stations = {"name": ["West", "East"], "lon": [_LON, _LON + 0.01], "lat": [_LAT, _LAT]}
    pd.DataFrame(stations).to_csv(home / "stations.csv", index=False)
    west, south, east, north = _LON - 0.005, _LAT - 0.005, _LON + 0.02, _LAT + 0.005
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    zone = _feature("Polygon", [ring], name="Ward", population=100)
    lines = [
        _feature("LineString", [[x, _LAT], [x + _STEP, _LAT]], highway="residential")
        for x in (_LON + step * _STEP for step in range(_ROWS))
    ]
    for name, features in (("zones", [zone]), ("streets", lines)):
        content = {"type": "FeatureCollection", "features": features}
        (home / f"{name}.geojson").write_text(json.dumps(content), encoding="utf-8")


def _feature(kind: str, coordinates: object, **properties: object) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _spoil_city(home: Path, random: Random) -> str:
    path = home / random.choice(["places.csv", *_CITY_FILES.values()])
    kind = random.randrange(3)
    if kind == 0:
        spoil_file(path, random)
    elif path.suffix == ".csv":
        frame = spoil_frame(pd.read_csv(path), random)
        path.write_bytes(frame.to_csv(index=False).encode("utf-8", "replace"))
    else:
        content = spoil_json(json.loads(path.read_text(encoding="utf-8")), random)
        path.write_text(json.dumps(content), encoding="utf-8")
    return f"{path.name} {('file', 'values', 'values')[kind]}"


def _use_city(home: Path) -> Iterable[str]:
    files = {option: home / name for option, name in _CITY_FILES.items()}
    city = City.from_files(home / "places.csv", **files, residences=20)  # type: ignore[arg-type]
    if not (np.isfinite(city.places.x).all() and np.isfinite(city.places.y).all()):
        yield "a place without a position"
    if np.ptp(city.places.x) > 500_000 or np.ptp(city.places.y) > 500_000:
        yield f"a city of {np.ptp(city.places.x) / 1000:.0f} km"
    if not len(city.places):
        yield "a city without places"
    model = CityModel(city, 3, rng=1)
    for _ in range(3):
        model.step()


@cache
def _people_table() -> pd.DataFrame:
    return Population.synthesize(12, city=small_town(), rng=3).to_frame()


def _make_people(home: Path) -> None:
    _people_table().to_csv(home / "people.csv", index=False)


def _spoil_people(home: Path, random: Random) -> str:
    path = home / "people.csv"
    kind = random.randrange(3)
    if kind == 0:
        spoil_file(path, random)
        return "file"
    frame = spoil_frame(_people_table(), random)
    if kind == 1:
        try:
            frame.to_parquet(home / "people.parquet")
        except Exception:  # noqa: BLE001 - a table that no Parquet file can hold
            return "values of the wrong kind"
        path.unlink()
        return "cells of Parquet"
    path.write_bytes(frame.to_csv(index=False).encode("utf-8", "replace"))
    return "cells of CSV"


def _use_people(home: Path) -> Iterable[str]:
    (path,) = home.iterdir()
    people = Population.from_table(path, city=small_town(), rng=3)
    rows = people.to_frame()
    if not rows["age"].between(0, 120).all():
        yield f"ages {rows['age'].tolist()}"
    if not np.isfinite(rows["income"].to_numpy(dtype=float)).all():
        yield "an income that is no number"
    if rows["id"].duplicated().any():
        yield "two people of one id"
    if not len(rows):
        yield "nobody"
    CityModel(small_town(), people, rng=1).step()


MAPS = Family(name="maps", make=_make_city, spoil=_spoil_city, use=_use_city)
PEOPLE = Family(name="people", make=_make_people, spoil=_spoil_people, use=_use_people)
