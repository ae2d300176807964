"""Which fields of maps hold names, ids and kinds, as many makers call them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from mesa_llm_city.city import Categories, City
from mesa_llm_city.city.loading.audit import Audit
from mesa_llm_city.city.loading.ids import typed_ids, unique_ids
from mesa_llm_city.city.loading.kind_values import kinds_of_values
from mesa_llm_city.city.loading.map_columns import usual_columns
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds
from mesa_llm_city.city.loading.zone_columns import id_column, name_column
from tests.maps import LAT, LON, boxes, cafes, saved


@pytest.mark.parametrize(
    ("fields", "name", "own"),
    [
        (
            {"GID_1": "a", "NAME_1": "T", "GID_2": ["b", "c"], "NAME_2": ["S", "M"]},
            "NAME_2",
            "GID_2",
        ),
        (
            {"ADM1_EN": "T", "ADM2_EN": ["S", "M"], "ADM2_PCODE": ["1", "2"]},
            "ADM2_EN",
            "ADM2_PCODE",
        ),
        ({"LAD23CD": ["1", "2"], "LAD23NM": ["S", "M"]}, "LAD23NM", "LAD23CD"),
        ({"NUTS_ID": ["1", "2"], "NUTS_NAME": ["S", "M"]}, "NUTS_NAME", "NUTS_ID"),
        ({"GEOID": ["1", "2"], "NAME": ["S", "M"]}, "NAME", "GEOID"),
        ({"LocationID": [1, 2], "borough": "B", "zone": ["S", "M"]}, "zone", "zone"),
        ({"shapeName": ["S", "M"], "shapeID": ["1", "2"]}, "shapeName", "shapeID"),
        ({"AREAKEY": ["1", "2"], "AREANAME": ["S", "S"]}, "AREANAME", None),
        ({"NAME_1": ["S", "M"], "NAME_2": ["", ""]}, "NAME_1", None),
        ({"a": [1, 2]}, None, None),
    ],
)
def test_zones_have_the_names_and_ids_of_their_own_level(
    fields: dict[str, object], name: str | None, own: str | None
) -> None:
    frame = pd.DataFrame(fields)
    assert name_column(frame) == name
    assert id_column(frame) == own


def test_the_only_field_of_words_names_the_zones_and_several_are_listed(tmp_path: Path) -> None:
    one = saved(tmp_path, "one.geojson", boxes(), quarter=["S", "M"])
    city = City.from_files(cafes(tmp_path), zones=one)
    assert city.zones.names == ("S", "M")
    assert "one.geojson: quarter is taken for the names of the zones" in city.notes
    two = saved(tmp_path, "two.geojson", boxes(), quarter=["S", "M"], mayor=["A", "B"])
    notes = City.from_files(cafes(tmp_path), zones=two).notes
    assert any("fields not read: quarter, mayor" in note for note in notes)


def test_ids_of_nodes_and_ways_are_told_apart_by_their_type() -> None:
    table = pd.DataFrame({"element": ["node", "way"], "id": ["7", "7"]})
    audit = Audit("a", 2)
    assert unique_ids(typed_ids(table, ["7", "7"]), "id", audit) == ["node/7", "way/7"]
    assert audit.notes() == []


def test_a_field_that_repeats_is_no_key() -> None:
    audit = Audit("a", 3)
    assert unique_ids(["7", "", "7"], "id", audit) == ["0", "1", "2"]
    assert audit.notes()[0].startswith("a: id repeats in 1 rows (such as '7')")


@pytest.mark.parametrize(
    ("value", "code", "kind"),
    [
        ("cafe", "2303", "amenity=cafe"),
        ("town_hall", "2010", "amenity=townhall"),
        ("shoe_shop", "2518", "shop=shoes"),
        ("residential", "7203", "landuse=residential"),
        ("building", "1500", "building=apartments"),
        ("coffee_shop", "", "coffee shop"),
        ("italian_restaurant", "", "* restaurant"),
        ("moon_base", "", None),
    ],
)
def test_values_without_keys_are_found_in_the_table_of_kinds(
    value: str, code: str, kind: str | None
) -> None:
    frame = pd.DataFrame({"fclass": [value], "code": [code], "type": ["apartments"]})
    wanted = WantedKinds(Categories.default())
    row = wanted.categories.find(kinds_of_values(frame, "fclass", wanted)[0])
    assert (None if row is None else row.key) == kind


def test_structures_of_overture_and_lists_become_plain_fields() -> None:
    fields = {
        "names": [{"primary": "A", "common": None}, '{"primary": "B"}'],
        "categories": [{"primary": "coffee_shop"}, None],
        "highway": [["primary", "path"], "steps"],
    }
    points = [shapely.Point(LON, LAT)] * 2
    frame = usual_columns(gpd.GeoDataFrame(fields, geometry=points, crs="EPSG:4326"), is_cut=False)
    assert frame["name"].tolist() == ["A", "B"]
    assert frame["basic_category"].tolist() == ["coffee_shop", ""]
    assert frame["highway"].tolist() == ["primary;path", "steps"]
