"""Drafts of schemas: kinds, codes and missing codes are guessed, and what to check is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.draft import Draft, draft_schema
from mesa_llm_city.migration.survey.schema_text import schema_toml
from mesa_llm_city.migration.survey.shipped import SHIPPED, read_schema, shipped_schema
from mesa_llm_city.migration.survey.survey_file import SurveyFile
from mesa_llm_city.migration.survey.table import SurveyTable, read_survey


def _frame(rows: int = 400) -> pd.DataFrame:
    draws = np.random.default_rng(1)
    age = draws.integers(18, 80, rows).astype(float)
    age[::50] = 999
    return pd.DataFrame(
        {
            "person_id": np.arange(rows) + 7,
            "hhid": np.arange(rows) // 2,
            "age": age,
            "health": draws.integers(1, 6, rows),
            "sex": draws.choice(["male", "female"], rows),
            "job": draws.choice(["farm", "factory", "refused"], rows),
            "wage": draws.lognormal(8.0, 1.0, rows).round(2),
            "born": pd.to_datetime(draws.integers(0, 9000, rows), unit="D").strftime("%Y-%m-%d"),
            "why": [f"because of reason {number}" for number in range(rows)],
            "pweight": draws.uniform(0.5, 2.0, rows),
            "year": draws.choice([2015, 2017], rows),
            "country": "here",
            "empty": None,
            "moved": draws.choice(["yes", "no"], rows),
        }
    )


def _draft(frame: pd.DataFrame | None = None, **options: str) -> Draft:
    return draft_schema(SurveyFile(frame=_frame() if frame is None else frame), "moved", **options)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("person_id", "id"),
        ("hhid", "group"),
        ("age", "number"),
        ("health", "number"),
        ("sex", "category"),
        ("job", "category"),
        ("wage", "number"),
        ("born", "date"),
        ("why", "text"),
        ("pweight", "weight"),
        ("year", "period"),
    ],
)
def test_the_kind_of_a_column_is_guessed_from_its_name_and_values(name: str, kind: str) -> None:
    assert _draft(group="hhid").schema[name].kind == kind


def test_a_code_far_from_all_other_values_is_taken_as_missing_and_told() -> None:
    draft = _draft()
    assert draft.schema["age"].missing == (999,)
    assert any("999" in note for note in draft.notes["age"])


def test_a_word_for_missing_is_no_code() -> None:
    job = _draft().schema["job"]
    assert job.missing == ("refused",)
    assert list(job.codes) == ["factory", "farm"]


def test_a_number_of_ninety_nine_within_the_range_is_a_number() -> None:
    frame = _frame().assign(score=np.arange(400) % 120)
    assert _draft(frame).schema["score"].missing == ()


def test_few_whole_numbers_may_be_codes_and_it_is_asked() -> None:
    assert any("codes (1, 2, 3, 4, 5)?" in note for note in _draft().notes["health"])


def test_columns_without_information_are_left_out_and_told() -> None:
    draft = _draft()
    assert {"country", "empty"} & {column.name for column in draft.schema.columns} == set()
    assert any("country is left out" in note for note in draft.notes[""])


def test_a_draft_can_read_the_rows_it_was_made_from(tmp_path: Path) -> None:
    draft = _draft(group="hhid")
    (tmp_path / "s.toml").write_text(schema_toml(draft.schema, draft.notes), encoding="utf-8")
    schema = read_schema(tmp_path / "s.toml")
    assert schema == draft.schema
    table = SurveyTable.from_frame(_frame(), schema)
    assert len(table) == 400
    assert table.frame["age"].isna().sum() == 8
    assert table.weight is not None


def test_a_draft_without_words_cannot_be_asked_and_says_so() -> None:
    draft = _draft()
    assert not draft.schema.wording
    assert any("no language model can be asked" in note for note in draft.notes[""])
    worded = _draft(task="Tell who moved.", question="Has this person moved?")
    assert worded.schema.wording_in("en").question == "Has this person moved?"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_schema_is_the_same_after_toml(name: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(schema_toml(shipped_schema(name)), encoding="utf-8")
    assert read_schema(tmp_path / "s.toml") == shipped_schema(name)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"group": "hhidd"}, "no column 'hhidd'; did you mean 'hhid'"),
        ({"positive": "perhaps"}, "'perhaps' is no value of moved"),
        ({"task": "Tell."}, "both task and question"),
        ({"group": "moved"}, "must differ"),
    ],
)
def test_a_draft_that_cannot_be_is_an_error(options: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        draft_schema(SurveyFile(frame=_frame()), "moved", **options)


def test_an_outcome_of_many_values_is_an_error() -> None:
    with pytest.raises(ConfigError, match="wage has 400 different values"):
        draft_schema(SurveyFile(frame=_frame()), "wage")
    with pytest.raises(ConfigError, match="which value of sex is label 1"):
        draft_schema(SurveyFile(frame=_frame()), "sex")


def test_rows_without_a_label_are_left_out_by_a_draft_and_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"age": [20, 30, 40, 31] * 5, "moved": ["1", "0", "", "1"] * 5})
    draft = draft_schema(SurveyFile(frame=frame), "moved")
    assert "5 of 20 rows have no value of moved and are left out" in " ".join(draft.notes[""])
    frame.to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "schema.toml").write_text(schema_toml(draft.schema), encoding="utf-8")
    read = read_survey(tmp_path / "rows.csv", read_schema(tmp_path / "schema.toml"))
    assert len(read) == 15
    assert read.notes == ("5 rows without moved are left out",)
    # Files of Stata and SPSS, and Parquet, have no texts for blanks.
    blank = frame.assign(moved=[1.0, 0.0, np.nan, 1.0] * 5)
    assert len(SurveyTable.from_frame(blank, draft.schema)) == 15


@pytest.mark.parametrize("values", [["a", "b"], [-1.0, 1.0]])
def test_a_weight_that_is_none_is_refused(values: list[object]) -> None:
    frame = pd.DataFrame({"age": [20, 30] * 9, "w": values * 9, "moved": [1, 0] * 9})
    with pytest.raises(ConfigError, match="w cannot be the weight: it has"):
        draft_schema(SurveyFile(frame=frame), "moved", weight="w")


def test_an_outcome_of_one_value_names_it() -> None:
    frame = pd.DataFrame({"age": [20, 30], "moved": [1, 1]})
    with pytest.raises(ConfigError, match="moved has one value only, 1; an outcome has 2 to 12"):
        draft_schema(SurveyFile(frame=frame), "moved")


def test_dates_of_a_statistics_file_are_dates() -> None:
    days = pd.to_datetime(["2015-01-02", "2016-03-04"] * 9)
    frame = pd.DataFrame({"day": days, "moved": [1, 0] * 9})
    draft = draft_schema(SurveyFile(frame=frame), "moved")
    assert draft.schema["day"].kind == "date"
    read = SurveyTable.from_frame(frame, draft.schema)
    assert read.frame["day"].tolist()[:2] == [16_437.0, 16_864.0]


def test_dates_in_another_form_are_asked_about() -> None:
    frame = pd.DataFrame({"day": ["31.12.2015", "1.2.2016"] * 9, "moved": [1, 0] * 9})
    draft = draft_schema(SurveyFile(frame=frame), "moved")
    assert "write them as 2015-07-31" in " ".join(draft.notes["day"])
