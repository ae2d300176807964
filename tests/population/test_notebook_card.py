"""The card of a population in a notebook."""

from __future__ import annotations

from mesa_llm_city.population import Population
from tests.town import small_town


def test_a_population_shows_households_shares_and_ages() -> None:
    people = Population.synthesize(40, city=small_town(), rng=1)
    card = people._repr_html_()
    households = len({one.household.id for one in people})
    assert "40 people" in card
    assert f"{households:,}, of {40 / households:.1f} on average" in card
    assert card.count("<rect") == len({one.age // 10 for one in people})
    assert repr(people) == "<Population of 40>"


def test_nobody_has_a_card_too() -> None:
    card = Population(())._repr_html_()
    assert "0 people" in card
    assert "nan" not in card
