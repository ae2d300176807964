"""The answers of all surveys are in the folder of a run, a column of one type each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mesa_llm_city import City, CityModel, Population
from mesa_llm_city.experiments import write
from mesa_llm_city.experiments.survey_table import survey_table
from mesa_llm_city.llm import LLM, ClientSpec


def _model(llm: LLM | None = None) -> CityModel:
    return CityModel(City.synthetic(rng=1, places=300), 2, rng=7, llm=llm)


def test_numbers_words_and_missing_answers_have_columns_of_their_own() -> None:
    model = _model()
    first = model.citizens[0].person
    model.survey("How old are you?", scale=(0, 120), rule=lambda one: one.age, name="age")
    with pytest.warns(UserWarning, match="the rule gives no answer"):
        model.survey(
            "How is it?", rule=lambda one: "wet" if one.person == first else None, name="weather"
        )
    table = survey_table(model.surveys)
    assert table["survey"].tolist() == ["age", "age", "weather", "weather"]
    assert table["answer"].head(2).tolist() == [float(one.age) for one in model.citizens]
    assert table["answer"].tail(2).isna().all()
    assert table["words"].tolist() == ["", "", "wet", ""]


def test_a_run_writes_the_answers_of_its_surveys_if_it_has_any(tmp_path: Path) -> None:
    model = _model()
    people = Population(tuple(model.population))
    write._write_tables(tmp_path, model, people)
    assert not (tmp_path / write.SURVEYS).exists()
    model.survey("How old are you?", scale=(0, 120), rule=lambda one: one.age, name="age")
    frames = write._write_tables(tmp_path, model, people)
    assert "surveys" not in frames
    kept = pd.read_parquet(tmp_path / write.SURVEYS)
    pd.testing.assert_frame_equal(kept, survey_table(model.surveys), check_dtype=False)


def test_surveys_close_their_own_files_of_answers_and_no_one_else_s(tmp_path: Path) -> None:
    def scripted(store: Path) -> LLM:
        spec = ClientSpec(
            backend="scripted", model="-", script=lambda _: '{"reason": "so", "answer": 3}'
        )
        return LLM(spec, store=store)

    model = _model(scripted(tmp_path / "answers.sqlite"))
    given = scripted(tmp_path / "given.sqlite")
    model.survey("How are you?", scale=(0, 10), name="own")
    model.survey("How are you?", scale=(0, 10), name="given", llm=given)
    model.surveys.close()
    # A file that only one connection had open is whole by itself once it is closed.
    assert not [*tmp_path.glob("answers.surveys.sqlite-*")]
    assert len(given._accounts.store) == 2
