"""Place choice by prompt: the model chooses the area, and the place in it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from pydantic import BaseModel

from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.errors import CityError, LLMError
from mesa_llm_city.core.values import ChoiceSet, DecisionSource, Purpose
from mesa_llm_city.mobility import GravityChoice, PlaceChosen, PlaceHistory, PlacePrompt
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.prompts import Prompted, PromptLibrary
from tests.mobility.new_kinds import with_new_kinds


def places(distance_m: list[float], area: list[int] | None = None) -> ChoiceSet:
    count = len(distance_m)
    return ChoiceSet(
        places=np.arange(count) + 100,
        distance_m=np.array(distance_m),
        category=np.zeros(count, dtype=np.int64),
        boost=np.ones(count),
        area=None if area is None else np.array(area),
    )


def asking(parameters: CityParameters | None = None) -> Prompted[GravityChoice]:
    return Prompted(GravityChoice(parameters), PlacePrompt(parameters))


class Model:
    """Chooses the area of a name, and remembers what it was told."""

    def __init__(self, name: str | LLMError) -> None:
        self.name, self.told = name, ""

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        (question,) = questions
        self.told = PromptLibrary().render(question).messages[1][1]
        if isinstance(self.name, LLMError):
            return [self.name]
        areas = question.facts["areas"]
        assert isinstance(areas, list)
        number = [one["name"] for one in areas].index(self.name) + 1
        return [question.reply.model_validate({"reason": "the sea", "choice": number})]


CITY = places([300.0, 400.0, 3000.0, 3100.0], [0, 0, 1, 1])


def chosen(
    model: Model,
    seed: int = 1,
    *,
    purpose: str = Purpose.LEISURE,
    parameters: CityParameters | None = None,
    history: PlaceHistory | None = None,
) -> PlaceChosen:
    thought = asking(parameters).choose(
        CITY,
        None,
        purpose=purpose,
        mood=0.4,
        area_names=("Old Town", "Harbour"),
        history=history,
        rng=np.random.default_rng(seed),
    )
    result: PlaceChosen = run(thought, backend=model)
    return result


@pytest.mark.parametrize("seed", range(5))
def test_a_place_is_drawn_in_the_area_that_the_model_chooses(seed: int) -> None:
    found = chosen(Model("Harbour"), seed)
    assert found.place in {102, 103}
    assert found.probabilities[:2].tolist() == [0.0, 0.0]
    assert found.probabilities.sum() == pytest.approx(1.0)
    assert found.source is DecisionSource.PROMPT
    assert found.reason.startswith("the sea (3.")


def test_the_model_is_told_distance_number_of_places_and_liking_of_each_area() -> None:
    model = Model("Harbour")
    chosen(model)
    for told in ('"Old Town": 0.3; 2; 0; 0; 9', '"Harbour": 3.0; 2; 0; 0; 1', 'for: "leisure"'):
        assert told in model.told
    assert "new place" not in model.told


def test_the_model_is_told_earlier_visits_and_how_often_the_person_explores() -> None:
    model = Model("Harbour")
    history = PlaceHistory(np.array([0, 0, 5, 2]), 0.3)
    found = chosen(model, history=history)
    for told in ("tries a new place about 3 times", '"Old Town": 0.3; 2; 0; 0; 3'):
        assert told in model.told
    assert '"Harbour": 3.0; 2; 2; 7; 7' in model.told
    assert found.probabilities.tolist() == pytest.approx([0.0, 0.0, 5 / 7, 2 / 7], abs=1e-3)


def test_nothing_is_asked_where_there_is_one_area() -> None:
    model = Model(LLMError("never asked"))
    alone = places([300.0, 400.0], [0, 0])
    found = run(asking().choose(alone, None, rng=np.random.default_rng(1)), backend=model)
    assert found.source is DecisionSource.RULE


def test_without_a_reply_the_rule_decides_if_it_may() -> None:
    error = LLMError("down")
    with pytest.raises(LLMError):
        chosen(Model(error))
    error.use_rules = True
    assert chosen(Model(error)).reason == "rules after: down"


def test_a_new_purpose_is_told_with_what_it_is() -> None:
    model = Model("Harbour")
    chosen(model, purpose="worship", parameters=with_new_kinds())
    assert 'What for: "worship (a service in a place of worship)"' in model.told


def test_it_can_be_joined_to_a_component_that_gives_no_probabilities() -> None:
    class Nearest:
        async def choose(self, near: ChoiceSet, _: object, **__: object) -> tuple[int, str]:
            return int(near.places[np.argmin(near.distance_m)]), "the nearest"

    thought = Prompted(Nearest(), PlacePrompt()).choose(
        CITY, None, area_names=("Old Town", "Harbour"), rng=np.random.default_rng(1)
    )
    found = run(thought, backend=Model("Harbour"))
    assert found.place in {102, 103}
