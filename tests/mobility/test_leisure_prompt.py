"""Free time by prompt: scored ways by number, mapped back to what was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import LLMUnavailableError
from mesa_llm_city.core.values import Activity, DecisionSource, Purpose, Weather
from mesa_llm_city.mobility import FreeTimeChoice, FreeTimeChosen, LeisurePrompt
from mesa_llm_city.mobility.leisure_prompt import leisure_reply
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import pensioner
from tests.mobility.scripted import Scripted

FREE = Activity(purpose=None, start_min=14 * 60, end_min=18 * 60)


def fill(
    script: Scripted | None,
    *,
    free: Activity = FREE,
    seed: int = 1,
    parameters: CityParameters | None = None,
) -> FreeTimeChosen:
    rule = FreeTimeChoice(parameters)
    part = rule if script is None else Prompted(rule, LeisurePrompt(parameters))
    thought = part.choose(
        free,
        pensioner(),
        relief={Purpose.SOCIAL: 0.34},
        weather=Weather(),
        rng=np.random.default_rng(seed),
    )
    result: FreeTimeChosen = run(thought, backend=script)
    return result


def _told(question: Question) -> list[str]:
    activities = question.facts["activities"]
    assert isinstance(activities, Sequence)
    return [one["purpose"] for one in activities]


def scoring(scores: Mapping[str, int], minutes: int = 90) -> Scripted:
    """Answer with candidates by their name, whatever number each has been told under."""

    def script(question: Question) -> dict[str, Any]:
        numbers = {name: number for number, name in enumerate(_told(question), start=1)}
        candidates = [
            {"activity": numbers[name], "minutes": minutes, "score": score}
            for name, score in scores.items()
        ]
        return {"reason": "misses friends", "candidates": candidates}

    return Scripted(script)


@pytest.mark.parametrize("seed", range(5))
def test_the_candidate_of_highest_score_is_done_whatever_its_number(seed: int) -> None:
    filled = fill(scoring({"social": 9, "rest": 4, "sport": 2}), seed=seed)
    assert filled.activity == Activity(
        purpose=Purpose.SOCIAL, start_min=FREE.start_min, end_min=FREE.start_min + 90
    )
    assert filled.reason == "misses friends (social 9 > rest 4 > sport 2)"
    assert filled.source is DecisionSource.PROMPT


def test_the_first_of_equal_scores_counts() -> None:
    assert fill(scoring({"sport": 5, "rest": 5})).activity.purpose == Purpose.SPORT


def test_rest_is_at_home() -> None:
    assert fill(scoring({"rest": 5})).activity.place == pensioner().home


@pytest.mark.parametrize(("minutes", "lasts"), [(62, 60), (15, 15), (225, 240), (720, 240)])
def test_it_ends_within_the_block_and_leaves_no_time_too_short_to_use(
    minutes: int, lasts: int
) -> None:
    assert fill(scoring({"sport": 5}, minutes)).activity.minutes == lasts


def test_the_order_of_the_activities_is_drawn() -> None:
    backend = scoring({"rest": 5})
    for seed in range(6):
        fill(backend, seed=seed)
    orders = [_told(question) for question in backend.asked]
    assert len({tuple(order) for order in orders}) > 3
    assert all(sorted(order) == sorted(CityParameters().free_time) for order in orders)


def test_the_model_is_told_likings_and_what_the_person_lacks() -> None:
    backend = scoring({"rest": 5})
    fill(backend)
    content = backend.worded[0].messages[1][1]
    assert '"social": 2, 3' in content
    assert 'It is "14:00". There are 240 free minutes.' in content
    assert "up to 3 ways" in content


def test_no_number_beyond_those_told_can_be_answered() -> None:
    form = leisure_reply(activities=4, candidates=2)
    for numbers in ([5], [0], [1, 2, 3], []):
        told = [{"activity": one, "minutes": 60, "score": 5} for one in numbers]
        with pytest.raises(ValidationError):
            form.model_validate({"reason": "", "candidates": told})
    assert form is leisure_reply(activities=4, candidates=2)


def test_nothing_is_asked_where_only_staying_at_home_is_feasible() -> None:
    backend = scoring({"rest": 5})
    short = replace(FREE, end_min=FREE.start_min + 30)
    assert fill(backend, free=short).source is DecisionSource.RULE
    assert backend.asked == []


def test_without_a_reply_the_rule_decides_if_the_run_says_so() -> None:
    error = LLMUnavailableError("nobody answered")
    with pytest.raises(LLMUnavailableError):
        fill(Scripted(lambda _: error))
    error.use_rules = True
    by_rule = fill(None)
    assert fill(Scripted(lambda _: error)) == by_rule._replace(
        reason="rules after: nobody answered"
    )


class TestNewPurposes:
    sunday = Activity(purpose=None, start_min=6 * DAY_MIN + 9 * 60, end_min=6 * DAY_MIN + 12 * 60)

    def test_they_are_told_with_what_they_are_and_can_be_chosen(self) -> None:
        name = "worship (a service in a place of worship)"
        backend = scoring({name: 9})
        filled = fill(backend, free=self.sunday, parameters=with_new_kinds())
        assert (filled.activity.purpose, filled.activity.place) == ("worship", None)
        assert filled.reason == "misses friends (worship 9)"
        assert "gaming (computer games, at home)" in _told(backend.asked[0])

    def test_outside_their_hours_they_are_not_told(self) -> None:
        backend = scoring({"rest": 9})
        fill(backend, parameters=with_new_kinds())
        assert not [one for one in _told(backend.asked[0]) if one.startswith("worship")]
