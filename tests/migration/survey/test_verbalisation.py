"""Persons in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.migration.survey.shipped import chfs
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.verbalisation import Verbalisation, full_number, short_number

SCHEMA = chfs(trajectory=True, interview=True)
ROW = {
    "gender": 1.0,
    "age": 36.0,
    "marriage": None,
    "wage": 59999.98,
    "work": float("nan"),
    "total_income": -1234.0,
    "trajectory": "Sichuan > Hubei",
    "hhead": 1,
}


def test_the_long_text_has_every_feature_and_says_what_is_missing() -> None:
    text = Verbalisation().text_of(ROW, SCHEMA)
    lines = text.splitlines()
    assert "Sex: male." in lines
    assert "Age: 36 years." in lines
    assert "Marital status: missing." in lines
    assert "Work: missing." in lines
    assert "Wage after tax: 59999.98 RMB." in lines
    assert "Lived in: Sichuan > Hubei." in lines
    assert "Household income: -1234 RMB." in lines
    assert "Head of the household" not in text
    assert text.endswith("Answer:")
    assert sum(spec.label in text for spec in SCHEMA.features if spec.kind != "id") == 23


def test_the_chinese_text_is_all_chinese() -> None:
    text = Verbalisation(language="zh").text_of({**ROW, "trajectory": "四川"}, SCHEMA)
    assert "性别: 男。" in text
    assert "婚姻: 缺失。" in text
    assert "税后工资: 59999.98元。" in text
    assert not any(letter.isascii() and letter.isalpha() for letter in text)


def test_the_compact_text_has_values_only() -> None:
    text = Verbalisation(style="compact").text_of(ROW, SCHEMA)
    assert text.startswith("male, 36, ?, ?, ?, ?, ?, 60k, ")
    assert text.endswith("-1.2k, ?, ?, Sichuan > Hubei. Returnee?")
    assert len(text) < 120


def test_a_code_without_a_text_is_written_as_a_number() -> None:
    words = SCHEMA.wording_in("en")
    assert Verbalisation().value_of(7.0, SCHEMA["gender"], words) == "7"
    assert Verbalisation().value_of(1.5, SCHEMA["gender"], words) == "1.5"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("style", ["paper", "compact"])
def test_the_text_depends_on_the_row_only(language: str, style: str) -> None:
    style_used = Verbalisation(language="zh" if language == "zh" else "en")
    style_used = Verbalisation(
        language=style_used.language, style="paper" if style == "paper" else "compact"
    )
    table = synthetic_survey(30, seed=1)
    rows = [style_used.text_of(row, table.schema) for row in table.frame.to_dict("records")]
    turned = [dict(reversed(row.items())) for row in table.frame.to_dict("records")]
    assert [style_used.text_of(row, table.schema) for row in turned] == rows
    assert len(set(rows)) == 30


def test_an_empty_row_is_all_missing() -> None:
    assert Verbalisation().profile_of({}, SCHEMA).count("missing") == 23
    assert Verbalisation(style="compact").profile_of({}, SCHEMA).count("?") == 23


@given(st.floats(-1e14, 1e14))
def test_short_numbers_are_short_and_accurate(value: float) -> None:
    text = short_number(value)
    size = {"k": 1e3, "m": 1e6, "b": 1e9}.get(text[-1], 1.0)
    assert float(text.rstrip("kmb")) * size == pytest.approx(value, rel=0.0501)
    assert len(text) <= 8 or abs(value) < 1e-3 or abs(value) >= 1e12


@given(st.floats(-1e9, 1e9))
def test_full_numbers_have_two_decimals(value: float) -> None:
    assert float(full_number(value)) == pytest.approx(value, abs=0.00501)


def test_a_language_without_words_and_other_styles_are_an_error() -> None:
    with pytest.raises(ConfigError, match="no wording in 'fr'; it has en, zh"):
        Verbalisation(language="fr").text_of(ROW, SCHEMA)
    with pytest.raises(ConfigError, match="style must be one of paper, compact"):
        Verbalisation(style="long")  # type: ignore[arg-type]
