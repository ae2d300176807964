"""Surveys from the page: rules and a language model answer, and the run does not change."""

from __future__ import annotations

import pytest

from mesa_llm_city import City, CityModel, Crowd
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.simulation.records import digest
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.simulation.surveys import Questionnaire
from mesa_llm_city.ui.acting.asking import SurveyForm, survey_result
from mesa_llm_city.ui.acting.distribution import distributions
from mesa_llm_city.ui.acting.rule_questions import rule_questions
from mesa_llm_city.ui.acting.survey import Asked, ask, cost, drawn_from, own_question
from tests.ui.acting.test_act import choose, write
from tests.ui.shown import Shown, show


def lived(until: int = 60, llm: LLM | None = None) -> CityModel:
    model = CityModel(small_town(), townspeople(), rng=7, llm=llm)
    while model.minute < until:
        model.step()
    return model


def shown(model: CityModel) -> Shown:
    return show(model, lambda given: SurveyForm(given, given.minute))


def of_rule(model: CityModel, title: str) -> Asked:
    rule = next(one for one in rule_questions(model.parameters) if one.title == title)
    return Asked(questions=(rule.question,), rule=rule)


def test_a_survey_from_the_page_shows_bars_and_rows_and_leaves_no_trace() -> None:
    model, untouched = lived(480), lived(480)
    page = shown(model)
    choose(page, "What is asked", "what they do")
    page.click("Ask them")
    assert "Answers of 30 people" in page.texts()
    result = survey_result(model).value
    assert result is not None
    (chart,) = distributions(result.answers, result.asked.questions)
    assert sum(one.people for one in chart.bars) == chart.answered == 30
    doing = {one.label: one.people for one in chart.bars if one.people}
    assert len(doing) > 1
    assert [*page.rows()[0]] == ["c0", "c1"]
    assert len(page.rows()) == 30
    assert not len(model.surveys)
    for one in (model, untouched):
        one.run_days(1)
    tables = ("activities", "trips", "decisions", "needs")
    assert digest({name: getattr(model, name)() for name in tables}) == digest(
        {name: getattr(untouched, name)() for name in tables}
    )
    (act,) = model.acts
    assert (act.kind, act.what["answers"]) == ("survey", 30)


def test_every_question_that_rules_answer_is_answered_by_citizens_and_rows() -> None:
    city = City.synthetic(places=300, rng=1)
    model = CityModel(city, 10, rng=7, crowd=Crowd(20))
    for rule in rule_questions(model.parameters):
        found = ask(model, Asked(questions=(rule.question,), rule=rule)).answers
        assert len(found) == 30
        assert found["answer"].notna().all()


def test_a_group_is_asked_and_an_empty_one_is_refused() -> None:
    model = lived(5)
    old = [one.person for one in model.citizens if one.age >= 40]
    asked = of_rule(model, "mood")
    group = Asked(questions=asked.questions, rule=asked.rule, group={"age": [40, 120]})
    assert sorted(ask(model, group).answers["person"]) == sorted(old)
    nobody = Asked(questions=asked.questions, rule=asked.rule, group={"age": [119, 120]})
    with pytest.raises(CityError, match="nobody in this group"):
        ask(model, nobody)


def test_a_question_of_ones_own_is_answered_by_facts_without_a_language_model() -> None:
    model = lived(5)
    page = shown(model)
    choose(page, "What is asked", "a question of your own")
    write(page, "Your question", "What are you doing?")
    page.click("Ask them")
    assert "What are you doing? (30 answers)" in page.texts()
    assert "has no language model" in page.texts()
    with pytest.raises(CityError, match="has no language model"):
        ask(model, Asked(questions=(own_question("Why?", "own words"),), by_model=True))


def test_a_language_model_is_asked_once_its_price_was_told() -> None:
    model = lived(5, LLM(ClientSpec(backend="scripted", model="made-up")))
    questions = Questionnaire.shipped("life_satisfaction").questions
    group = drawn_from(model, None, 10)
    assert group == {"share": 10 / 30}
    asked = Asked(questions=questions, group={"age": [30, 60]}, by_model=True)
    expected = cost(model, asked)
    found = ask(model, asked)
    people = found.answers["person"].nunique()
    assert expected.calls == people * len(questions) > 0
    charts = distributions(found.answers, questions)
    titles = [one.title for one in charts]
    assert len(charts) > len(questions) == 7
    assert titles[-1].startswith("What one thing")
    assert all(0 <= one.share <= 1 for chart in charts for one in chart.bars)
    page = shown(model)
    choose(page, "Who answers", "the language model")
    write(page, "Your question", "How are you?")
    choose(page, "Answers", "0 to 10")
    page.click("What would it cost?")
    assert "30 calls" in page.texts()


@pytest.mark.parametrize(
    ("form", "options"), [("options", "yes"), ("options", ""), ("options", ",")]
)
def test_options_are_at_least_two(form: str, options: str) -> None:
    with pytest.raises(CityError, match="at least two options"):
        own_question("Do you drive?", form, options)


def test_whom_a_language_model_asks_is_drawn_from_citizens_alone() -> None:
    model = CityModel(small_town(), townspeople(), rng=7, crowd=Crowd(300))
    assert drawn_from(model, None, 30) is None
    assert drawn_from(model, None, 15) == {"share": 0.5}
