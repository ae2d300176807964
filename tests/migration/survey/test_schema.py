"""Schemas: checks of columns, JSON, and the hash."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.feature import FeatureSpec, Kind
from mesa_llm_city.migration.survey.schema import Schema, chfs

AGE = FeatureSpec(name="age", kind="numeric", label="Age")
WORK = FeatureSpec(name="work", kind="categorical", label="Work", codes={0: "no", 1: "yes"})
NAMES = st.text(min_size=1, max_size=8)


def _schema(*features: FeatureSpec, group: str | None = None) -> Schema:
    return Schema(features=features, target="returnee", positive="returnee", group=group)


@st.composite
def _specs(draw: st.DrawFn) -> FeatureSpec:
    kind: Kind = draw(st.sampled_from(get_args(Kind)))
    codes = draw(st.dictionaries(st.integers(-9, 99), NAMES, min_size=1))
    is_coded = kind == "categorical"
    return FeatureSpec(
        name=draw(NAMES),
        kind=kind,
        label=draw(NAMES),
        label_zh=draw(st.text(max_size=4)),
        codes=codes if is_coded else {},
        codes_zh=dict(list(codes.items())[:1]) if is_coded else {},
        unit=draw(st.text(max_size=4)),
        money=kind == "numeric" and draw(st.booleans()),
    )


@pytest.mark.slow
@given(st.lists(_specs(), min_size=1, max_size=5, unique_by=lambda spec: spec.name))
def test_a_schema_is_the_same_after_json(features: list[FeatureSpec]) -> None:
    schema = Schema(features=tuple(features), target=" label", positive="back", group=" home")
    again = Schema.from_json(json.loads(json.dumps(schema.to_json())))
    assert again == schema
    assert again.hash() == schema.hash()
    assert len(schema.hash()) == 64


def test_any_change_changes_the_hash() -> None:
    schema = _schema(AGE, WORK, group="hhid")
    others = [
        _schema(WORK, AGE, group="hhid"),
        _schema(AGE, WORK),
        _schema(AGE, replace(WORK, codes={0: "no", 1: "some"}), group="hhid"),
        _schema(replace(AGE, money=True), WORK, group="hhid"),
        replace(schema, positive="back"),
    ]
    assert len({one.hash() for one in (schema, *others)}) == 6


def test_the_order_of_codes_does_not_change_the_hash() -> None:
    turned = replace(WORK, codes={1: "yes", 0: "no"})
    assert _schema(turned).hash() == _schema(WORK).hash()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"kind": "number"}, "kind must be one of numeric, categorical, text, id"),
        ({"kind": "categorical"}, "need codes"),
        ({"codes": {1: "one"}}, "need codes"),
        ({"codes_zh": {1: "一"}}, r"codes_zh names \[1\]"),
        ({"kind": "text", "money": True}, "only numeric"),
        ({"label": ""}, "label is empty"),
    ],
)
def test_an_inconsistent_feature_is_an_error(options: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        FeatureSpec.from_json({"name": "age", "kind": "numeric", "label": "Age", **options})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"name": "age", "kind": "numeric"}, "'age' has no label"),
        ({"name": "a", "kind": "numeric", "label": "A", "colour": 1}, "not colour"),
        ({"name": "a", "kind": "categorical", "label": "A", "codes": {"x": "y"}}, "whole numbers"),
    ],
)
def test_json_that_is_no_feature_is_an_error(content: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        FeatureSpec.from_json(content)


def test_json_that_is_no_schema_is_an_error() -> None:
    with pytest.raises(ConfigError, match="has no features, target, positive"):
        Schema.from_json({})
    with pytest.raises(ConfigError, match="format 9"):
        Schema.from_json({**_schema(AGE).to_json(), "format": 9})


def test_columns_must_have_different_names() -> None:
    with pytest.raises(ConfigError, match="age occurs 2 times"):
        _schema(AGE, AGE)
    with pytest.raises(ConfigError, match="it has no feature"):
        _schema()
    with pytest.raises(ConfigError, match="the label age is a feature"):
        Schema(features=(AGE,), target="age", positive="old")
    with pytest.raises(ConfigError, match="both label and household"):
        _schema(AGE, group="returnee")


def test_a_feature_is_found_by_name() -> None:
    assert _schema(AGE, WORK)["work"] is WORK
    with pytest.raises(ConfigError, match="no feature 'wage'; it has age, work"):
        _ = _schema(AGE, WORK)["wage"]


def test_the_survey_has_ten_numbers_and_twelve_codes_in_both_languages() -> None:
    schema = chfs()
    assert len(schema.of_kind("numeric")) == 10
    assert len(schema.of_kind("categorical")) == 12
    for spec in schema.features:
        assert spec.label_zh
        assert set(spec.codes_zh) == set(spec.codes)
        assert len(set(spec.codes.values())) == len(set(spec.codes_zh.values())) == len(spec.codes)


def test_the_survey_may_have_a_trajectory_and_records_of_the_interview() -> None:
    assert chfs(trajectory=True).names[22:] == ("trajectory",)
    noted = chfs(interview=True).of_kind("id")
    assert [spec.name for spec in noted] == ["pline", "track", "hhead"]


def test_texts_without_a_translation_are_english() -> None:
    assert WORK.label_in("zh") == "Work"
    assert replace(WORK, codes_zh={1: "有"}).codes_in("zh") == {0: "no", 1: "有"}
    assert replace(WORK, codes_zh={1: "有"}).codes_in("en") == {0: "no", 1: "yes"}
