"""The base map of a run: what maps show comes back from the folder of the run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.city.land import AREA_KINDS
from mesa_llm_city.experiments.base_map import BASE_MAP, base_map_frame, land_of_frame
from mesa_llm_city.experiments.saved_tables import read_map


@cache
def _town() -> City:
    return City.synthetic(rng=1, places=300)


def test_land_comes_back_from_a_file(tmp_path: Path) -> None:
    base_map_frame(_town()).to_parquet(tmp_path / BASE_MAP, index=False)
    land, before = land_of_frame(read_map(tmp_path, "base_map")), _town().land
    assert land.area_kind_names == before.area_kind_names
    assert sorted(land.area_name) == sorted(before.area_name)
    assert list(land.lines) == list(before.lines)
    assert (land.line_name, land.labels) == (before.line_name, before.labels)


def test_zones_streets_and_stations_are_there_as_before() -> None:
    counts = base_map_frame(_town())["kind"].value_counts()
    assert counts["zone"] == len(_town().zones)
    assert (counts["street"], counts["station"]) == (1, len(_town().stations))
    assert counts["area"] == len(_town().land.areas)


def test_a_base_map_of_earlier_versions_has_no_land() -> None:
    assert land_of_frame(base_map_frame(_town()).drop(columns="class")).is_empty


def test_classes_that_are_not_known_are_passed_over() -> None:
    frame = base_map_frame(_town())
    frame.loc[frame["class"] == "park", "class"] = "moon"
    land = land_of_frame(frame)
    assert "park" not in land.area_kind_names
    assert len(land.areas) == np.count_nonzero(
        frame["class"].isin([one.name for one in AREA_KINDS])
    )


def test_shapes_of_another_form_than_their_kind_has_are_passed_over() -> None:
    frame = base_map_frame(_town())
    shapes = frame.geometry.to_numpy().copy()
    areas = np.flatnonzero(frame["kind"] == "area")
    shapes[areas[0]] = shapes[areas[0]].exterior
    changed = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=frame.crs)
    assert len(land_of_frame(changed).areas) == len(areas) - 1
