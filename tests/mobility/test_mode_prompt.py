"""Mode choice by prompt: ways by number in random order, mapped back to what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import LLMUnavailableError
from mesa_llm_city.core.values import DecisionSource, Mode, Purpose, TravelOption, Weather
from mesa_llm_city.mobility import LogitModeChoice, ModeChosen, ModePrompt
from mesa_llm_city.mobility.mode_prompt import mode_reply
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted
from tests.mobility.new_kinds import with_new_kinds
from tests.mobility.people import clerk
from tests.mobility.scripted import Scripted

WAYS = (
    TravelOption(mode=Mode.WALK, distance_m=5200.0, minutes=62.4),
    TravelOption(mode=Mode.BICYCLE, distance_m=5200.0, minutes=21.0),
    TravelOption(mode=Mode.TRAIN, distance_m=5400.0, minutes=20.6, access_min=11.2, cost=1.0),
)


def asking(parameters: CityParameters | None = None) -> Prompted[LogitModeChoice]:
    return Prompted(LogitModeChoice(parameters), ModePrompt(parameters))


def taking(mode: str) -> Scripted:
    """Choose a mode by whatever number it has been told under."""

    def script(question: Question) -> dict[str, Any]:
        return {"reason": "it is dry", "choice": 1 + _told(question).index(mode)}

    return Scripted(script)


def _told(question: Question) -> list[str]:
    options = question.facts["options"]
    assert isinstance(options, Sequence)
    return [one["mode"] for one in options]


def choose(
    backend: Scripted | None,
    *,
    part: LogitModeChoice | Prompted[LogitModeChoice] | None = None,
    ways: Sequence[TravelOption] = WAYS,
    seed: int = 1,
    **told: Any,  # noqa: ANN401 - what choose may be told
) -> ModeChosen:
    thought = (part or asking()).choose(ways, rng=np.random.default_rng(seed), **told)
    result: ModeChosen = run(thought, backend=backend)
    return result


@pytest.mark.parametrize("mode", [Mode.WALK, Mode.BICYCLE, Mode.TRAIN])
@pytest.mark.parametrize("seed", range(4))
def test_the_way_that_is_meant_is_taken_whatever_its_number(mode: Mode, seed: int) -> None:
    chosen = choose(taking(mode), seed=seed)
    assert chosen.option.mode == mode
    assert chosen.option in WAYS
    assert chosen.source is DecisionSource.PROMPT


def test_the_reason_is_that_of_the_model_followed_by_the_times() -> None:
    chosen = choose(taking(Mode.BICYCLE))
    assert chosen.reason == "it is dry (bicycle 21 min, walk 62 min, train 21 min)"


def test_what_is_chosen_is_certain_in_the_order_of_the_options() -> None:
    assert choose(taking(Mode.BICYCLE)).probabilities.tolist() == [0.0, 1.0, 0.0]


def test_the_order_of_the_ways_is_drawn() -> None:
    backend = taking(Mode.WALK)
    for seed in range(20):
        choose(backend, seed=seed)
    assert len({tuple(_told(question)) for question in backend.asked}) == 6


def test_the_model_is_told_the_person_the_purpose_the_weather_and_the_ways() -> None:
    backend = taking(Mode.TRAIN)
    choose(
        backend,
        persona=clerk(),
        purpose=Purpose.WORK,
        when="Monday in March, 08:10",
        weather=Weather(temperature_c=3.0, rain_mm_h=2.0),
    )
    content = backend.worded[0].messages[1][1]
    assert clerk().describe() in content
    assert 'The trip is for: "work"' in content
    assert '"Monday in March, 08:10", 3 degrees Celsius, raining.' in content
    assert '"walk": 62; 0; 5.2; 0' in content
    assert '"train": 21; 11; 5.4; 1' in content


def test_person_and_purpose_need_not_be_known() -> None:
    backend = taking(Mode.TRAIN)
    choose(backend)
    assert 'The trip is for: "not known"' in backend.worded[0].messages[1][1]


def test_no_number_beyond_those_told_can_be_answered() -> None:
    for number in (0, 4):
        with pytest.raises(ValidationError):
            mode_reply(3)(reason="", choice=number)
    assert mode_reply(3) is mode_reply(3)
    assert list(mode_reply(3).model_fields) == ["reason", "choice"]


def test_nothing_is_asked_where_there_is_one_way_only() -> None:
    backend = taking(Mode.WALK)
    assert choose(backend, ways=WAYS[:1]).source is DecisionSource.RULE
    assert backend.asked == []


def test_without_a_reply_rules_decide_as_they_would_have_anyway_if_the_run_says_so() -> None:
    error = LLMUnavailableError("overloaded")
    error.use_rules = True
    chosen, by_rule = choose(Scripted(lambda _: error)), choose(None, part=LogitModeChoice())
    assert chosen.option == by_rule.option
    assert chosen.probabilities.tolist() == by_rule.probabilities.tolist()
    assert (chosen.source, chosen.reason) == (DecisionSource.RULE, "rules after: overloaded")


def test_otherwise_the_error_is_raised() -> None:
    with pytest.raises(LLMUnavailableError, match="overloaded"):
        choose(Scripted(lambda _: LLMUnavailableError("overloaded")))


def test_a_new_mode_is_offered_with_what_it_is_and_can_be_chosen() -> None:
    scooter = TravelOption(mode="scooter", distance_m=5200.0, minutes=22.8, access_min=2, cost=4.68)
    backend = taking("scooter (a shared electric scooter)")
    chosen = choose(backend, part=asking(with_new_kinds()), ways=(*WAYS, scooter))
    assert chosen.option == scooter
    assert chosen.reason == "it is dry (scooter 23 min, walk 62 min, bicycle 21 min, train 21 min)"
    content = backend.worded[0].messages[1][1]
    assert '"scooter (a shared electric scooter)": 23; 2; 5.2; 4.68' in content


def test_a_new_purpose_is_told_with_what_it_is() -> None:
    backend = taking("walk")
    choose(backend, part=asking(with_new_kinds()), purpose="worship")
    told = 'The trip is for: "worship (a service in a place of worship)"'
    assert told in backend.worded[0].messages[1][1]


def test_the_label_of_a_mode_is_what_is_told() -> None:
    backend = taking("underground")
    choose(backend, part=asking(CityParameters().with_("modes.train.label", "underground")))
    assert '"underground": 21; 11; 5.4; 1' in backend.worded[0].messages[1][1]
