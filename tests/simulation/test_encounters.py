"""People who are together, awake and willing talk; both take it to heart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import BaseModel

from mesa_llm_city import City, CityModel, CityParameters, Clock
from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.social import Relation


@pytest.fixture(scope="module")
def town() -> CityModel:
    """Return a model after two days of sixty people."""
    model = CityModel(City.synthetic(rng=2, places=400), 60, rng=2)
    model.run_days(2)
    return model


def pairs(model: CityModel) -> list[tuple[int, int]]:
    talks = model.conversations()
    return list(zip(talks["person"].tolist(), talks["other"].tolist(), strict=True))


@pytest.mark.slow
def test_people_talk_where_both_are_and_awake(town: CityModel) -> None:
    talks, done = town.conversations(), town.activities()
    assert len(talks) > 30
    for talk in talks[talks["channel"] == "face to face"].itertuples():
        for person in (talk.person, talk.other):
            own = done[done["person"] == person]
            now = own[(own["start"] <= talk.time) & (talk.time < own["end"])].iloc[0]
            assert now["place"] == talk.place
            assert now["purpose"] not in {"sleep", "travel"}


def test_both_remember_whom_they_met(town: CityModel) -> None:
    people = {agent.person: agent.citizen for agent in town.citizens}
    for first, second in pairs(town):
        for one, other in ((first, second), (second, first)):
            ties = people[one].components.ties
            assert ties is not None
            assert ties.tie(other, at_min=town.minute).met_min is not None


def test_people_talk_most_to_those_they_live_with(town: CityModel) -> None:
    people = {agent.person: agent.citizen for agent in town.citizens}
    relations = [
        people[one].components.ties.tie(other, at_min=town.minute).relation  # type: ignore[union-attr]
        for one, other in pairs(town)
    ]
    assert relations.count(Relation.HOUSEHOLD) > 0.4 * len(relations)


@pytest.mark.slow
def test_longer_steps_lead_to_the_same_talks() -> None:
    digests = set()
    for step_min in (5, 15, 60):
        clock = Clock(step_min=step_min)
        model = CityModel(City.synthetic(rng=2, places=400), 16, rng=2, clock=clock)
        model.run_days(2)
        digests.add(model.digest())
    assert len(digests) == 1
    assert len(model.conversations()) > 0


def test_nobody_talks_without_ties() -> None:
    model = CityModel(City.synthetic(rng=2, places=400), 20, rng=2, without=["social"])
    model.run_days(1)
    assert len(model.conversations()) == 0
    assert model.residents.company_of(model.citizens[0], model.citizens[0].place) == ()


def test_people_talk_outside_their_homes_too(town: CityModel) -> None:
    homes = {agent.person: agent.citizen.persona.home for agent in town.citizens}
    talks = town.conversations().dropna(subset="place")
    pairs_and_places = zip(talks["person"].tolist(), talks["place"].tolist(), strict=True)
    assert any(place != homes[person] for person, place in pairs_and_places)


class Hermits:
    """Answers no messages, and does what stands first of anything else."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def answer_many(self, questions: Sequence[Question]) -> list[BaseModel | CityError]:
        return [self._answer(one) for one in questions]

    def _answer(self, question: Question) -> BaseModel:
        options: Any = question.facts["options"]
        self.events.append(str(question.facts["event"]))
        row = options.index("go on with what is planned") + 1
        return question.reply.model_validate({"reason": "no", "choice": row, "minutes": 5})


@pytest.mark.slow
def test_messages_may_stay_unanswered() -> None:
    # People who soon want company write to each other.
    lonely = CityParameters().with_("needs.social.decay_per_h", 0.15)
    city = City.synthetic(rng=2, places=400)
    model = CityModel(city, 20, rng=2, llm=Hermits(), prompts={"react"}, parameters=lonely)
    model.run_days(2)
    talks, decisions = model.conversations(), model.decisions()
    backend = model.llm
    assert isinstance(backend, Hermits)
    written = [one for one in backend.events if one.startswith("a message from ")]
    assert written
    assert not (talks["channel"] == "online").any()
    silent = decisions[(decisions["component"] == "perception") & (decisions["reason"] == "no")]
    assert len(silent) == len(backend.events)
