"""Cards of a model, a citizen and a crowd in a notebook."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city import CityModel, Crowd
from tests.town import small_town, townspeople


def test_a_citizen_shows_who_it_is_what_it_does_and_how_needs_are_met() -> None:
    model = CityModel(small_town(), townspeople(6), rng=5)
    model.step()
    agent = model.citizens[2]
    card = agent._repr_html_()
    assert f"person {agent.person}, {agent.age} years" in card
    assert agent.purpose in card
    assert card.count("<rect") == len(agent.citizen.needs_at(model.minute))


def test_a_name_of_a_person_is_text() -> None:
    people = list(townspeople(6))
    people[0] = replace(people[0], name="<img src=x onerror=alert(1)>")
    model = CityModel(small_town(), people, rng=5)
    card = next(one for one in model.citizens if one.person == people[0].id)._repr_html_()
    assert "<img" not in card
    assert "&lt;img" in card


def test_who_has_left_has_a_card_too() -> None:
    model = CityModel(small_town(), townspeople(6), rng=5)
    agent = model.citizens[0]
    agent.remove()
    assert agent.persona.name in agent._repr_html_()


def test_a_crowd_shows_how_many_do_what() -> None:
    model = CityModel(small_town(), [], rng=7, crowd=Crowd(40))
    assert model.crowd is not None
    card = model.crowd._repr_html_()
    assert "Crowd of 40 people" in card
    assert f"sleep {model.crowd.doing['sleep']}" in card
    assert "40 rows" in model._repr_html_()
