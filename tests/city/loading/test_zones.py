"""Zones of a file: names, ids, people, and outlines that need repair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from mesa_llm_city.city.loading.audit import Report
from mesa_llm_city.city.loading.geometry import mended
from mesa_llm_city.city.loading.zones import read_zones
from mesa_llm_city.core.errors import DataError


def written(folder: Path, shapes: Sequence[object], **columns: Sequence[object]) -> Path:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    frame.to_file(folder / "wards.geojson", driver="GeoJSON")
    return folder / "wards.geojson"


def test_names_ids_and_people_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)],
        code=["x1", "x2"],
        name_en=["North", ""],
        population=[5.0, None],
    )
    rows = read_zones(path, Report(drop_bad_rows=False))
    assert rows is not None
    assert rows.ids == ("x1", "x2")
    assert rows.names == ("North", "x2")
    assert rows.population[0] == 5.0


def test_an_outline_that_crosses_itself_is_repaired_and_noted(tmp_path: Path) -> None:
    ear = shapely.Polygon([(0, 0), (4, 0), (4, 4), (3, 5), (4, 5), (3, 4), (0, 4)])
    assert not ear.is_valid
    report = Report(drop_bad_rows=False)
    rows = read_zones(written(tmp_path, [ear], name=["a"]), report)
    report.close()
    assert rows is not None
    assert shapely.is_valid(rows.polygons).all()
    assert report.notes == ("wards.geojson: 1 outlines cross themselves and were repaired",)


def test_what_is_no_area_is_a_defect_and_a_field_that_repeats_is_no_key(tmp_path: Path) -> None:
    shapes = [shapely.Point(0, 0), shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    path = written(tmp_path, shapes, id=["a", "b", "b"], name=["x", "y", "z"])
    report = Report(drop_bad_rows=False)
    rows = read_zones(path, report)
    with pytest.raises(DataError, match="row 1, geometry: is no area"):
        report.close()
    assert rows is not None
    assert rows.ids == ("1", "2")
    assert any("id repeats in 1 rows (such as 'b')" in note for note in report.notes)


def test_negative_people_are_a_defect(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=False)
    read_zones(written(tmp_path, [shapely.box(0, 0, 1, 1)], population=[-4.0]), report)
    with pytest.raises(DataError, match="population: -4 is negative"):
        report.close()


def test_people_written_as_text_are_counted_or_a_defect(tmp_path: Path) -> None:
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    for people in (["12,345", "6,789"], ["12.345", "6.789"], ["12 345", "6789"]):
        rows = read_zones(written(tmp_path, shapes, pop=people), Report(drop_bad_rows=False))
        assert rows is not None
        assert rows.population.tolist() == [12345.0, 6789.0]
    report = Report(drop_bad_rows=False)
    read_zones(written(tmp_path, shapes, pop=["many", ""]), report)
    with pytest.raises(DataError, match="row 1, pop: 'many' is no number from 0 up"):
        report.close()


def test_a_file_without_an_area_is_a_defect(tmp_path: Path) -> None:
    report = Report(drop_bad_rows=True)
    assert read_zones(written(tmp_path, [shapely.Point(0, 0)], name=["a"]), report) is None
    with pytest.raises(DataError, match="no usable area"):
        report.close()


def test_a_corner_that_is_no_number_leaves_an_area_for_the_audit_to_refuse() -> None:
    nan = float("nan")
    crossed = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(0, 0), (2, 0), (2, 1), (0, 1), (nan, 0)])
    frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[crossed, broken], crs="EPSG:4326")
    repaired, count = mended(frame)
    assert count == 1
    assert repaired.geometry.is_valid.tolist() == [True, False]


def test_zones_given_twice_are_left_out_and_noted(tmp_path: Path) -> None:
    box = shapely.box(0, 0, 1, 1)
    turned = shapely.Polygon(list(box.exterior.coords)[::-1])
    shapes = [box, shapely.box(1, 0, 2, 1), turned]
    path = written(tmp_path, shapes, name=["a", "b", "c"], population=[5.0, 7.0, 5.0])
    report = Report(drop_bad_rows=False)
    rows = read_zones(path, report)
    report.close()
    assert rows is not None
    assert rows.names == ("a", "b")
    assert rows.population.tolist() == [5.0, 7.0]
    (note,) = report.notes
    assert "1 zones left out: their outlines are those of other zones, such as" in note
    assert "that of 'c' of 'a'" in note
