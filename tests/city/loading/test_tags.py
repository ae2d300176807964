"""Tags of OpenStreetMap are read as GDAL writes them."""

from __future__ import annotations

import pandas as pd

from mesa_llm_city.city.categories import Categories
from mesa_llm_city.city.loading.tags import kinds_of, other_tags, spread_other_tags
from mesa_llm_city.city.loading.wanted_kinds import WantedKinds

KNOWN = WantedKinds(Categories.default())


def test_quotes_and_commas_within_values_do_no_harm() -> None:
    text = r'"name"=>"The \"Blue\", Bar","shop"=>"books"'
    assert other_tags(text) == {"name": 'The "Blue", Bar', "shop": "books"}


def test_no_tags_are_no_tags() -> None:
    assert other_tags("") == {}


def test_rarer_tags_get_columns_and_own_columns_come_first() -> None:
    frame = pd.DataFrame({"name": ["A", None], "other_tags": ['"shop"=>"books"', '"name"=>"B"']})
    spread = spread_other_tags(frame)
    assert spread["shop"].tolist() == ["books", ""]
    assert spread["name"].tolist() == ["A", "B"]


def test_a_frame_without_kinds_has_none() -> None:
    assert kinds_of(pd.DataFrame({"a": [1]}), KNOWN) is None


def test_a_feature_without_a_known_tag_keeps_its_first_tag() -> None:
    frame = pd.DataFrame({"amenity": ["moon_base", "", None], "shop": ["", "", "x"]})
    assert kinds_of(frame, KNOWN) == ["amenity=moon_base", "", "shop=x"]


def test_a_tag_that_a_purpose_names_counts_before_one_of_no_use() -> None:
    frame = pd.DataFrame({"building": ["yes", "yes"], "natural": ["spring", "peak"]})
    wanted = WantedKinds(Categories.default(), ("natural=spring",))
    assert kinds_of(frame, wanted) == ["natural=spring", "building=yes"]


def test_keys_that_a_purpose_names_are_spread_too() -> None:
    frame = pd.DataFrame({"other_tags": ['"natural"=>"beach"']})
    assert "natural" not in spread_other_tags(frame)
    wanted = WantedKinds(Categories.default(), ("natural=beach",))
    assert spread_other_tags(frame, wanted.tag_keys)["natural"].tolist() == ["beach"]


def test_lists_of_values_are_read_as_osmnx_writes_them() -> None:
    cells = ["['bench', 'cafe']", "['bench' 'cafe']", "[moon, cafe]", "bench;cafe", "cafe", "[]"]
    frame = pd.DataFrame({"amenity": cells})
    assert kinds_of(frame, KNOWN) == ["amenity=cafe"] * 5 + [""]
    lists = pd.DataFrame({"amenity": [["bench", "cafe"], None, ("bar",)]})
    assert kinds_of(lists, KNOWN) == ["amenity=cafe", "", "amenity=bar"]


def test_several_kinds_in_a_cell_of_a_table_are_looked_at() -> None:
    cells = ["['Moon base', 'Bar']", "Moon base; Museum", "Moon base", "Home (private)", "a;b"]
    kinds = ["Bar", "Museum", "Moon base", "Home (private)", "a;b"]
    assert kinds_of(pd.DataFrame({"category": cells}), KNOWN) == kinds
    pairs = pd.DataFrame({"osm_key": ["amenity"] * 2, "osm_value": ["bench;bar", "moon"]})
    assert kinds_of(pairs, KNOWN) == ["amenity=bar", "amenity=moon"]
