"""Newcomers and those around them get to know each other, in both directions and bounded."""

from __future__ import annotations

from dataclasses import replace

from mesa_llm_city import CityModel
from mesa_llm_city.social import Relation, Ties
from tests.motion import few_people, known, tiny_town


def crowded_town(count: int) -> CityModel:
    """Return a town in which so many people, each alone, live in one building."""
    one = few_people()[0]
    people = [
        replace(one, id=number, work=None, household=replace(one.household, id=number, size=1))
        for number in range(count)
    ]
    return CityModel(tiny_town().city, people, rng=7)


def test_a_newcomer_knows_as_many_neighbours_as_everybody_at_first() -> None:
    model = crowded_town(30)
    most = model.parameters.social.acquaintances.neighbours
    newcomer = replace(
        model.population[0], id=99, household=replace(model.population[0].household, id=99)
    )
    (agent,) = model.move_in([newcomer])
    ties = agent.citizen.components.ties
    assert ties is not None
    assert len(ties.related(Relation.NEIGHBOUR)) == most
    assert all(99 in known(model.residents.by_id[one]) for one in known(agent))


def test_nobody_gets_to_know_newcomers_without_end() -> None:
    model = crowded_town(10)
    numbers = model.parameters
    most = numbers.social.acquaintances.neighbours * numbers.population.demography.crowded_ties
    for number in range(60):
        one = model.population[0]
        model.move_in(
            [replace(one, id=99 + number, household=replace(one.household, id=99 + number))]
        )
    counts = []
    for agent in model.citizens:
        ties = agent.citizen.components.ties
        assert ties is not None
        counts.append(len(ties.related(Relation.NEIGHBOUR)))
    assert max(counts) <= most


class TestTies:
    def test_a_friend_who_is_married_is_of_the_household(self) -> None:
        ties = Ties()
        ties.relate([4], Relation.NEIGHBOUR)
        before = ties.tie(4, at_min=0)
        ties.draw_closer([4, 9], Relation.HOUSEHOLD)
        after, new = ties.tie(4, at_min=0), ties.tie(9, at_min=0)
        assert after.relation is new.relation is Relation.HOUSEHOLD
        assert after.trust >= max(before.trust, new.trust)
        assert ties.related(Relation.HOUSEHOLD).tolist() == [4, 9]

    def test_who_is_closer_already_stays_what_they_are(self) -> None:
        ties = Ties()
        ties.relate([4], Relation.HOUSEHOLD)
        before = ties.tie(4, at_min=0)
        ties.draw_closer([4], Relation.FRIEND)
        assert ties.tie(4, at_min=0) == before
