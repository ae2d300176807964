"""Surveys: they change nothing, keep their own books, and never make an answer up."""

from __future__ import annotations

import json
import pickle
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, Field

from mesa_llm_city import City, CityAgent, CityModel
from mesa_llm_city.core.errors import (
    ConfigError,
    DataError,
    LLMUnavailableError,
    RecordingError,
)
from mesa_llm_city.llm import LLM, Budget, ClientSpec, Price, PriceTable
from mesa_llm_city.llm.base import Request
from mesa_llm_city.simulation.surveys import (
    Questionnaire,
    SurveyQuestion,
    SurveySchedule,
    wide_table,
)

_TOWN = City.synthetic(rng=1, places=300)
SATISFIED = "How satisfied are you with your life these days?"


def _age(agent: CityAgent) -> int:
    return agent.age


def _at_home(agent: CityAgent) -> str:
    return "yes" if agent.place == agent.persona.home else "no"


def _draws(agent: CityAgent) -> int:
    return agent.model.random.randint(0, 10)


def _asleep(model: CityModel) -> float:
    return float(len(model.surveys["age"].answers())) if "age" in model.surveys else 0.0


def _model(llm: LLM | None = None, *, people: int = 8, steps: int = 0, **more: Any) -> CityModel:  # noqa: ANN401
    model = CityModel(_TOWN, people, rng=7, llm=llm, **more)
    for _ in range(steps):
        model.step()
    return model


def _llm(script: object = None, **more: Any) -> LLM:  # noqa: ANN401 - options of an LLM
    return LLM(ClientSpec(backend="scripted", model="tiny", script=script), **more)  # type: ignore[arg-type]


def _state(model: CityModel) -> object:
    people = [agent.citizen.state() for agent in model.citizens]
    return deepcopy((people, model.random.getstate(), repr(model.rng.bit_generator.state)))


class TestNothingChanges:
    @pytest.mark.parametrize("worded", [False, True])
    def test_digest_state_and_numbers_are_the_same_before_and_after(self, *, worded: bool) -> None:
        llm = _llm()
        model = _model(llm, steps=120)
        before = (model.digest(), _state(model), model.minute)
        model.survey(SATISFIED, scale=(0, 10), rule=None if worded else lambda _: 5)
        model.survey(Questionnaire.shipped("values"), llm=None if worded else _llm())
        assert (model.digest(), _state(model), model.minute) == before
        assert llm.totals().calls == 0
        assert model.llm_use.totals["calls"] == 0

    def test_a_run_with_a_panel_has_the_digest_of_one_without(self) -> None:
        quiet, asked = _model(), _model(_llm())
        asked.survey(SATISFIED, scale=(0, 10), when={"every_days": 1, "at": "day 1 06:00"})
        for _ in range(150):
            quiet.step()
            asked.step()
        assert asked.digest() == quiet.digest()
        assert asked.surveys["survey_1"].waves == 1

    def test_a_run_in_words_asks_the_same_with_a_panel_as_without(self) -> None:
        quiet, asked = (_model(_llm(), people=4, prompts="full") for _ in range(2))
        asked.survey(SATISFIED, scale=(0, 10), when=[0, 300, 420])
        for model in (quiet, asked):
            for _ in range(100):
                model.step()
        assert asked.digest() == quiet.digest()
        assert (
            asked.calls().drop(columns="latency_s").equals(quiet.calls().drop(columns="latency_s"))
        )
        assert asked.surveys["survey_1"].totals().calls == 12

    def test_a_rule_that_draws_from_the_model_is_an_error_and_the_numbers_are_put_back(
        self,
    ) -> None:
        model = _model()
        before = _state(model)
        with pytest.raises(ConfigError, match=r"draws from model\.random"):
            model.survey("How many?", scale=(0, 10), rule=_draws)
        assert _state(model) == before
        assert len(model.surveys) == 0


class TestByRule:
    def test_there_is_a_row_for_each_person_with_the_answer_of_the_rule(self) -> None:
        model = _model()
        asked = model.survey("How old are you?", scale=(0, 120), rule=_age, name="age")
        ages = {agent.person: float(agent.age) for agent in model.citizens}
        assert dict(zip(asked["person"], asked["answer"], strict=True)) == ages
        assert set(asked["source"]) == {"rule"}
        assert asked["person"].is_monotonic_increasing

    def test_words_of_options_become_their_codes(self) -> None:
        asked = _model().survey("Are you at home?", scale=["yes", "no"], rule=_at_home)
        assert asked["answer"].tolist() == [1.0] * 8
        assert asked["label"].tolist() == ["yes"] * 8

    def test_none_is_a_missing_answer(self) -> None:
        with pytest.warns(UserWarning, match="8 of 8 answers are missing"):
            asked = _model().survey("How are you?", scale=(0, 10), rule=lambda _: None)
        assert asked["answer"].isna().all()
        assert set(asked["reason"]) == {"the rule gives no answer"}
        assert set(asked["source"]) == {""}

    def test_an_answer_off_the_scale_is_an_error_that_names_the_person(self) -> None:
        with pytest.raises(ConfigError, match=r"from 0 to 10, got 11 \(person 0, minute 0\)"):
            _model().survey("How are you?", scale=(0, 10), rule=lambda _: 11)

    def test_an_answer_that_is_no_option_is_told_the_options_in_words(self) -> None:
        with pytest.raises(ConfigError, match=r"one of 1 \(yes\), 2 \(no\), got 'maybe'"):
            _model().survey("Are you well?", scale=["yes", "no"], rule=lambda _: "maybe")

    def test_several_questions_are_answered_by_name(self) -> None:
        questions = ["How old are you?", "What are you doing?"]
        rule = {"question_1": lambda one: str(one.age), "question_2": lambda one: str(one.purpose)}
        asked = _model().survey(questions, rule=rule)
        assert asked["question"].tolist()[:2] == ["question_1", "question_2"]
        assert set(asked["answer"][1::2]) == {"sleep"}

    def test_a_rule_for_no_question_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="mapping of such functions by some of question"):
            _model().survey("How are you?", rule={"mood": _age})


class TestInWords:
    def test_what_the_model_says_and_why_is_in_the_table(self) -> None:
        said: list[str] = []

        def script(request: Request) -> str:
            said.append(request.messages[-1].content)
            return json.dumps({"reason": "rested", "answer": 7})

        asked = _model(_llm(script), people=2).survey(SATISFIED, scale={0: "bad", 10: "good"})
        assert asked["answer"].tolist() == [7.0, 7.0]
        assert set(asked["reason"]) == {"rested"}
        assert set(asked["source"]) == {"prompt"}
        assert f'The survey asks: "{SATISFIED}"' in said[0]
        assert '- "10: good"' in said[0]

    def test_without_a_language_model_the_error_says_what_to_do(self) -> None:
        with pytest.raises(ConfigError, match=r"llm=LLM\(\.\.\.\), or the survey .* rule="):
            _model().survey(SATISFIED, scale=(0, 10))

    def test_a_failure_is_a_missing_answer_and_never_another(self) -> None:
        def script(request: Request) -> str:
            if request.address.sample == "1":
                message = "no server"
                raise LLMUnavailableError(message)
            return json.dumps({"reason": "-", "answer": 3 if request.address.sample != "2" else 99})

        model = _model(_llm(script, tries=1, engine=_impatient()), people=3)
        with pytest.warns(UserWarning, match="2 of 3 answers are missing"):
            asked = model.survey(SATISFIED, scale=(0, 10))
        assert asked["answer"].isna().tolist() == [False, True, True]
        assert asked["reason"].tolist()[0] == "-"
        assert all(asked["reason"][1:])

    def test_a_pydantic_model_has_a_row_for_each_field_but_the_reason(self) -> None:
        class Commute(BaseModel):
            reason: str = Field(max_length=80)
            minutes: int = Field(ge=0, le=300)
            likes_it: bool

        asked = _model(_llm(), people=2).survey("How is your way to work?", reply=Commute)
        assert asked["item"].tolist() == ["minutes", "likes_it"] * 2
        by_rule = _model(people=1).survey(
            "How is it?", reply=Commute, rule=lambda _: {"minutes": 5, "likes_it": True}
        )
        assert by_rule["answer"].tolist() == [5.0, 1.0]

    def test_a_reply_without_a_greatest_length_is_refused_before_anybody_is_asked(self) -> None:
        class Endless(BaseModel):
            words: str

        with pytest.raises(DataError, match="may be of any length"):
            _model(_llm()).survey("How are you?", reply=Endless)

    def test_each_person_sees_options_in_an_order_of_their_own_that_repeats(self) -> None:
        shown: list[list[str]] = []

        def script(request: Request) -> str:
            shown.append(re.findall(r'^- "(\w)"$', request.messages[-1].content, re.MULTILINE))
            return json.dumps({"reason": "-", "answer": "c"})

        letters = {"kind": "single", "shuffle": True}
        first, again = (
            _model(_llm(script), people=6).survey(_choice("abcdef", **letters)) for _ in range(2)
        )
        assert shown[:6] == shown[6:]
        assert len({tuple(one) for one in shown}) > 3
        assert {tuple(sorted(one)) for one in shown} == {tuple("abcdef")}
        assert first["answer"].tolist() == again["answer"].tolist() == [3.0] * 6


class TestBooksOfItsOwn:
    def test_ledger_and_budget_are_those_of_the_survey(self) -> None:
        llm = _llm(budget=Budget(calls=5))
        model = _model(llm, people=3)
        model.survey(SATISFIED, scale=(0, 10), max_calls=20, name="life")
        own = model.surveys["life"]
        assert own.totals().calls == 3
        assert set(own.calls()["purpose"]) == {"survey"}
        assert llm.spent()["calls"] == 0.0

    def test_too_few_calls_are_an_error_before_the_first(self) -> None:
        model = _model(_llm(), people=3)
        with pytest.raises(ConfigError, match="max_calls is 2, but 1 questions to 3 people"):
            model.survey(SATISFIED, scale=(0, 10), max_calls=2)

    def test_where_the_money_ends_answers_are_missing(self) -> None:
        prices = PriceTable({"tiny": Price(input_usd=1.0, output_usd=1.0)})
        model = _model(_llm(prices=prices), people=3)
        with pytest.warns(UserWarning, match="3 of 3 answers are missing"):
            asked = model.survey(SATISFIED, scale=(0, 10), max_usd=1e-6)
        assert asked["reason"].str.contains("limit of 1e-06 USD").all()

    def test_what_it_will_cost_is_known_before(self) -> None:
        prices = PriceTable({"tiny": Price(input_usd=1.0, output_usd=1.0)})
        model = _model(_llm(prices=prices), people=8)
        cost = model.survey_cost([SATISFIED, "How are you?"], scale=(0, 10), waves=2)
        model.survey([SATISFIED, "How are you?"], scale=(0, 10), name="life")
        spent = model.surveys["life"].llm.spent()  # type: ignore[union-attr]
        assert cost.calls == 2 * spent["calls"] == 32
        assert cost.usd is not None
        assert cost.usd.low < 2 * spent["usd"] < cost.usd.high

    def test_answers_are_recorded_beside_the_run_and_replayed(self, tmp_path: Path) -> None:
        store = tmp_path / "run.sqlite"
        model = _model(_llm(store=store), people=3)
        said = model.survey(SATISFIED, scale=(0, 10))
        model.surveys["survey_1"].llm.close()  # type: ignore[union-attr]
        _llm(store=store).answer_many([])
        again = _model(LLM(_llm().spec, store=store, mode="replay"), people=3)
        assert (tmp_path / "run.surveys.sqlite").is_file()
        pd.testing.assert_frame_equal(again.survey(SATISFIED, scale=(0, 10)), said)
        with pytest.warns(UserWarning, match="answers are missing"):
            other = again.survey("Something else?", scale=(0, 10))
        assert other["answer"].isna().all()

    def test_a_replay_without_recorded_surveys_says_where_they_should_be(
        self, tmp_path: Path
    ) -> None:
        model = _model(LLM(_llm().spec, store=tmp_path / "run.sqlite", mode="replay"))
        with pytest.raises(RecordingError, match=r"not at .*run\.surveys\.sqlite"):
            model.survey(SATISFIED, scale=(0, 10))


class TestPanels:
    def test_a_survey_is_held_when_its_time_has_come(self) -> None:
        model = _model(people=3)
        asked = model.survey("Home?", scale=["yes", "no"], rule=_at_home, when=12, name="home")
        assert len(asked) == 0
        for _ in range(4):
            model.step()
        answers = model.surveys["home"].answers()
        assert answers["time"].tolist() == [model.clock.at(15)] * 3

    def test_a_panel_is_filled_while_the_model_runs(self) -> None:
        model = _model(people=2)
        when = SurveySchedule(every_days=1, waves=2)
        model.survey("How old are you?", scale=(0, 120), rule=_age, when=when, name="age")
        assert model.surveys["age"].waves == 1
        model.run_days(3)
        answers = model.surveys["age"].answers()
        assert answers["wave"].tolist() == [1, 1, 2, 2]
        assert answers["time"].tolist() == [model.clock.at(0)] * 2 + [model.clock.at(1440)] * 2

    def test_reporters_see_the_wave_of_the_step(self) -> None:
        model = _model(people=2, model_reporters={"asked": _asleep})
        model.survey("How old are you?", scale=(0, 120), rule=_age, when=[10], name="age")
        for _ in range(3):
            model.step()
        assert model.datacollector.model_vars["asked"] == [0.0, 2.0, 2.0]

    def test_the_same_questions_under_the_same_name_are_another_wave(self) -> None:
        model = _model(people=2)
        for _ in range(2):
            model.survey("How old are you?", scale=(0, 120), rule=_age, name="age")
        assert model.surveys["age"].answers()["wave"].tolist() == [1, 1, 2, 2]
        with pytest.raises(ConfigError, match="already, with other questions"):
            model.survey("Where are you?", name="age", rule=_at_home)

    def test_those_who_have_left_are_asked_no_more(self) -> None:
        model = _model(people=3)
        when = {"every_days": 1, "at": 10}
        model.survey(
            "Age?", scale=(0, 120), rule=_age, agents=list(model.citizens), when=when, name="age"
        )
        model.citizens[0].remove()
        for _ in range(3):
            model.step()
        assert len(model.surveys["age"].answers()) == 2

    @pytest.mark.parametrize(
        ("when", "match"),
        [
            (-5, "lies before the first day"),
            (0, "minute 5 has come"),
            ("noon", "when must be a time: 'day 2 11:30'"),
            ({"every": 2}, "a schedule has every_days, at, waves"),
            ({"every_days": 0}, "every_days must be a whole number of at least 1"),
            ([], "names no moment"),
        ],
    )
    def test_a_time_that_cannot_be_is_an_error(self, when: Any, match: str) -> None:  # noqa: ANN401
        with pytest.raises(ConfigError, match=match):
            _model(steps=1).survey("How are you?", rule=_at_home, when=when)

    def test_a_copy_of_the_model_goes_on_with_its_panels(self) -> None:
        model = _model(people=2)
        model.survey("Age?", scale=(0, 120), rule=_age, when=[0, 20], name="age")
        copy = pickle.loads(pickle.dumps(model))
        for _ in range(5):
            copy.step()
        assert copy.surveys["age"].waves == 2
        assert model.surveys["age"].waves == 1

    def test_a_cost_estimate_leaves_surveys_alone(self) -> None:
        model = _model(_llm(), people=2)
        model.survey("Age?", scale=(0, 120), rule=lambda one: one.age, when=[5, 10])
        assert model.cost_estimate().calls.high == 0.0
        assert model.surveys["survey_1"].waves == 0

    def test_answers_and_times_come_back_from_plain_values(self) -> None:
        first, second = _model(people=2), _model(people=2)
        for model in (first, second):
            model.survey("Age?", scale=(0, 120), rule=_age, when=[0, 20], name="age")
        for _ in range(3):
            first.step()
        second.surveys.restore(_saved(first), second.clock)
        assert second.surveys["age"].next_minute == 20
        left, right = (one.surveys["age"].answers() for one in (first, second))
        pd.testing.assert_frame_equal(left, right)
        with pytest.raises(ConfigError, match="surveys age have waves to come"):
            _model(people=2).surveys.restore(_saved(first), first.clock)

    def test_a_survey_in_words_is_made_again_and_goes_on(self) -> None:
        first, second = _model(_llm(), people=3), _model(_llm(), people=3)
        whole = Questionnaire.shipped("values")
        first.survey(whole, agents={"ids": [0, 2]}, when=[0, 20], max_calls=100)
        second.surveys.restore(_saved(first), second.clock)
        for model in (first, second):
            for _ in range(4):
                model.step()
        left, right = (one.surveys["values"] for one in (first, second))
        assert right.questions == left.questions == whole.questions
        assert (right.waves, right.limits) == (2, (100, None))
        pd.testing.assert_frame_equal(left.answers(), right.answers())

    def test_a_loaded_model_goes_on_with_its_panels(self, tmp_path: Path) -> None:
        model = _model(_llm(), people=3)
        model.survey(SATISFIED, scale=(0, 10), when=[0, 20], name="life")
        model.step()
        model.save(tmp_path / "saved")
        loaded = CityModel.load(tmp_path / "saved", llm=_llm())
        for one in (model, loaded):
            for _ in range(4):
                one.step()
        left, right = (one.surveys["life"].answers() for one in (model, loaded))
        assert right["wave"].tolist() == [1, 1, 1, 2, 2, 2]
        pd.testing.assert_frame_equal(left, right)

    def test_a_finished_survey_keeps_its_answers_whoever_gave_them(self) -> None:
        class Commute(BaseModel):
            minutes: int = Field(ge=0, le=300)

        first, second = _model(people=2), _model(people=2)
        first.survey("How far?", reply=Commute, rule=lambda _: 5, name="way")
        second.surveys.restore(_saved(first), second.clock)
        assert second.surveys["way"].answers()["answer"].tolist() == [5.0, 5.0]


def _saved(model: CityModel) -> dict[str, Any]:
    return json.loads(json.dumps(model.surveys.state()))  # type: ignore[no-any-return]


class Asked(CityModel):
    """A model that asks its people in the evening, and reports their mean age."""

    def __init__(self, least_age: int = 0, seed: int | None = None) -> None:
        reporters = {"mean_age": _mean_age}
        super().__init__(_TOWN, 4, rng=seed, model_reporters=reporters)
        self.survey(
            "How old are you?",
            scale=(0, 120),
            rule=_age,
            agents={"age": [least_age, 120]},
            when=10,
            name="age",
        )


def _mean_age(model: CityModel) -> float:
    return float(model.surveys["age"].answers()["answer"].mean())


def test_surveys_work_in_a_sweep_of_mesa() -> None:
    swept = {"least_age": [0, 1]}
    for row in mesa.batch_run(Asked, swept, max_steps=3, display_progress=False):
        model = Asked(seed=row["run_seed"])
        ages = [agent.age for agent in model.citizens if agent.age >= row["least_age"]]
        assert row["mean_age"] == pytest.approx(np.mean(ages), nan_ok=True)


class TestWhoIsAsked:
    def test_a_query_chooses_people(self) -> None:
        model = _model()
        old = {agent.person for agent in model.citizens if agent.age >= 40}
        asked = model.survey("Age?", scale=(0, 120), rule=_age, agents={"age": [40, 120]})
        assert set(asked["person"]) == old
        with pytest.raises(DataError, match="hair"):
            model.survey("Age?", scale=(0, 120), rule=_age, agents={"hair": "red"})

    def test_nobody_is_an_empty_table_with_all_columns(self) -> None:
        asked = _model().survey("Age?", scale=(0, 120), rule=_age, agents=[])
        assert len(asked) == 0
        assert list(asked)[:4] == ["wave", "person", "time", "question"]


class TestWideTable:
    def test_it_has_a_row_for_each_person_and_a_column_for_each_answer(self) -> None:
        model = _model(_llm(), people=2)
        model.survey(Questionnaire.shipped("life_satisfaction"))
        wide = model.surveys["life_satisfaction"].answers(wide=True)
        assert wide.shape == (2, 23)
        assert {"ladder", "statements_content", "yesterday_joy", "better"} <= set(wide)
        assert wide["ladder"].dtype == "float64"

    def test_another_table_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="lacks wave, person"):
            wide_table(pd.DataFrame({"answer": [1]}))


def _choice(letters: str, **more: Any) -> SurveyQuestion:  # noqa: ANN401 - options of a question
    from mesa_llm_city.simulation.surveys import Option

    options = tuple(Option(code, letter) for code, letter in enumerate(letters, start=1))
    return SurveyQuestion(name="choice", text="Which?", options=options, **more)


def _impatient() -> Any:  # noqa: ANN401 - an EngineConfig
    from mesa_llm_city.llm import EngineConfig

    return EngineConfig(tries=1)
