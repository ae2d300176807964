"""Schemas: checks of columns, JSON, and the hash."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.column import FEATURES, Column, Kind, Translation
from mesa_llm_city.migration.survey.schema import Schema
from mesa_llm_city.migration.survey.shipped import SHIPPED, chfs, read_schema, shipped_schema
from tests.migration.schemas import binary_schema

AGE = Column(name="age", kind="number", label="Age")
WORK = Column(name="work", kind="category", label="Work", codes={0: "no", 1: "yes"})
NAMES = st.text(min_size=1, max_size=8)


def _schema(*features: Column, group: str | None = None) -> Schema:
    return binary_schema(features=features, target="returnee", positive="returnee", group=group)


@st.composite
def _specs(draw: st.DrawFn) -> Column:
    kind: Kind = draw(st.sampled_from(FEATURES))
    keys: Any = st.integers(-9, 99) if draw(st.booleans()) else NAMES.map(lambda text: f"x{text}")
    drawn = draw(st.dictionaries(keys, NAMES, min_size=1))
    codes: Any = dict(sorted(drawn.items()))  # either all numbers or all texts
    is_coded = kind in {"category", "ordered"}
    return Column(
        name=draw(NAMES),
        kind=kind,
        label=draw(NAMES),
        codes=codes if is_coded else {},
        missing=tuple(draw(st.lists(st.sampled_from([999, "refused", -8.5]), unique=True))),
        note=draw(st.text(max_size=4)),
        translations={"zh": Translation(label="词", codes=dict(list(codes.items())[:1]))}
        if is_coded
        else {},
        unit=draw(st.text(max_size=4)),
        money=kind == "number" and draw(st.booleans()),
    )


@pytest.mark.slow
@given(st.lists(_specs(), min_size=1, max_size=5, unique_by=lambda spec: spec.name))
def test_a_schema_is_the_same_after_json(features: list[Column]) -> None:
    age = Column(name="\tage", kind="number", label="Age")
    schema = binary_schema(features=(age, *features), target=" label", group=" home")
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
        replace(schema, outcome=replace(schema.outcome, codes={0: "away", 1: "back"})),
    ]
    assert len({one.hash() for one in (schema, *others)}) == 6


def test_what_does_not_change_the_meaning_of_values_does_not_change_the_hash() -> None:
    turned = replace(WORK, codes={1: "yes", 0: "no"})
    assert _schema(turned).hash() == _schema(WORK).hash()
    completed = replace(AGE, least=0, most=120, expected=1, missing=(999,), note="as told")
    assert _schema(completed).hash() == _schema(AGE).hash()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"kind": "real"}, "kind must be one of number, ordered, category, text, date, id"),
        ({"kind": "category"}, "need codes"),
        ({"codes": {1: "one"}}, "need codes"),
        ({"translations": {"zh": {"label": "年", "codes": {"1": "一"}}}}, r"zh name \[1\]"),
        ({"kind": "text", "money": True}, "only numbers can be money"),
        ({"kind": "ordered", "codes": {2: "b", 1: "a"}}, "must increase"),
        ({"kind": "category", "codes": {1: "a"}, "other": 2}, "other is 2"),
        ({"kind": "category", "codes": {1: "a"}, "missing": [1]}, "both codes and missing"),
        ({"expected": 2}, "expected must be -1, 0 or 1"),
        ({"after_outcome": True, "lever": True}, "only columns that models are given"),
        ({"missing": 999}, "must be a list"),
        ({"label": ""}, "label is empty"),
    ],
)
def test_an_inconsistent_feature_is_an_error(options: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        Column.from_json({"name": "age", "kind": "number", "label": "Age", **options})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"name": "age", "kind": "number"}, "'age' has no label"),
        ({"name": "a", "kind": "number", "label": "A", "colour": 1}, "unknown key colour"),
        ({"name": "a", "kind": "number", "label": "A", "mising": [9]}, "did you mean 'missing'"),
        (
            {"name": "a", "kind": "category", "label": "A", "codes": {"x": 1}},
            "a text for each code",
        ),
    ],
)
def test_json_that_is_no_feature_is_an_error(content: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Column.from_json(content)


def test_json_that_is_no_schema_is_an_error() -> None:
    with pytest.raises(ConfigError, match="has no outcome and no columns"):
        Schema.from_json({})
    with pytest.raises(ConfigError, match="format 9"):
        Schema.from_json({**_schema(AGE).to_json(), "format": 9})


def test_columns_must_have_different_names() -> None:
    with pytest.raises(ConfigError, match="age occurs 2 times"):
        _schema(AGE, AGE)
    with pytest.raises(ConfigError, match="it has no column that a model may be given"):
        _schema()
    with pytest.raises(ConfigError, match="the outcome age is a column too"):
        binary_schema(features=(AGE,), target="age", positive="old")
    with pytest.raises(ConfigError, match="the outcome returnee is a column too"):
        _schema(AGE, group="returnee")


def test_a_feature_is_found_by_name() -> None:
    assert _schema(AGE, WORK)["work"] is WORK
    with pytest.raises(ConfigError, match=r"no column 'wage'.*it has age, work"):
        _ = _schema(AGE, WORK)["wage"]


def test_the_survey_has_ten_numbers_and_twelve_codes_in_both_languages() -> None:
    schema = chfs()
    assert len(schema.of_kind("number")) == 10
    assert len(schema.of_kind("category")) == 12
    for spec in schema.features:
        there = spec.translations["zh"]
        assert there.label
        assert set(there.codes) == set(spec.codes)
        assert len(set(spec.codes.values())) == len(set(there.codes.values())) == len(spec.codes)


def test_the_survey_may_have_a_trajectory_and_records_of_the_interview() -> None:
    assert chfs(trajectory=True).names[22:] == ("trajectory",)
    noted = chfs(interview=True).of_kind("id")
    assert [spec.name for spec in noted] == ["pline", "track", "hhead"]


def test_texts_without_a_translation_are_english() -> None:
    assert WORK.label_in("zh") == "Work"
    half = replace(WORK, translations={"zh": Translation(label="工作", codes={1: "有"})})
    assert half.words_in("zh") == {0: "no", 1: "有"}
    assert half.words_in("en") == {0: "no", 1: "yes"}


def test_codes_that_are_texts_have_their_position_as_level() -> None:
    married = Column(name="m", kind="category", label="Married", codes={"no": "no", "yes": "is"})
    assert married.levels == (0, 1)
    assert married.words_in("en") == {0: "no", 1: "is"}
    assert married.code_of(1.0) == "yes"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_schema_of_the_package_can_be_read_and_asked_in_words(name: str) -> None:
    schema = shipped_schema(name)
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema
    assert schema.wording_in("en").question.endswith("?")
    assert read_schema(name) == schema


@pytest.mark.parametrize("name", ["health_insurance", "union_membership"])
def test_only_the_schema_of_return_migration_speaks_of_returnees(name: str) -> None:
    assert "return" not in json.dumps(shipped_schema(name).to_json()).lower()


def test_a_schema_of_version_1_is_read_as_it_was_meant() -> None:
    earlier = {
        "format": 1,
        "features": [
            {
                "name": "age",
                "kind": "numeric",
                "label": "Age",
                "label_zh": "年龄",
                "codes": {},
                "codes_zh": {},
                "unit": "years",
                "money": False,
                "least": 0,
                "most": 130,
            },
            {
                "name": "work",
                "kind": "categorical",
                "label": "Work",
                "label_zh": "工作",
                "codes": {"0": "none", "1": "some"},
                "codes_zh": {"1": "有"},
                "unit": "",
                "money": False,
                "least": None,
                "most": None,
            },
        ],
        "target": "returnee",
        "positive": "returnee",
        "group": "hhid",
    }
    schema = Schema.from_json(earlier)
    assert [one.kind for one in schema.columns] == ["number", "category", "group"]
    assert (schema.target, schema.positive, schema.group) == ("returnee", "returnee", "hhid")
    assert schema["work"].words_in("zh") == {0: "none", 1: "有"}
    assert schema["age"].unit_in("zh") == ""
    assert schema.wording_in("en").question == "Is this person a returnee?"


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(ConfigError, match="no wording in 'fr'; it has en, zh"):
        _schema(AGE).wording_in("fr")
    with pytest.raises(ConfigError, match="no wording in 'en', so no language model"):
        replace(_schema(AGE), wording={}).wording_in("en")
    with pytest.raises(ConfigError, match="the wording has no taks; did you mean 'task'"):
        Schema.from_json({**_schema(AGE).to_json(), "wording": {"en": {"taks": "x"}}})


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"positive": 2}, "positive is 2, which is not among the codes"),
        ({"codes": {"1": "yes"}}, "two values or more"),
        ({"window": "flow"}, "needs years"),
        ({"window": "stock", "years": 2.0}, "needs years"),
        ({"missing": [1]}, "both codes and missing"),
    ],
)
def test_an_outcome_that_contradicts_itself_is_an_error(
    options: dict[str, object], problem: str
) -> None:
    outcome = {"name": "y", "positive": 1, "codes": {"0": "no", "1": "yes"}, **options}
    with pytest.raises(ConfigError, match=problem):
        Schema.from_json({**_schema(AGE).to_json(), "outcome": outcome})


def test_a_file_that_is_no_schema_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no schema 'union_membershp'; did you mean"):
        read_schema("union_membershp")
    (tmp_path / "bad.toml").write_text("columns = [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bad\.toml cannot be read as a schema"):
        read_schema(tmp_path / "bad.toml")
