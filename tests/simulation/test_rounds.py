"""Rounds: the order of acting has an address."""

from __future__ import annotations

from itertools import combinations

from mesa_llm_city import CityModel
from mesa_llm_city.simulation.rounds import order_of
from tests.town import small_town, townspeople


def _model() -> CityModel:
    return CityModel(small_town(), townspeople(), rng=7)


def test_one_more_who_acts_exchanges_no_two_others() -> None:
    agents = _model().citizens
    most = [one.person for one in order_of(agents, seed=7, minute=480)]
    for left_out in agents[:5]:
        fewer = [one for one in agents if one is not left_out]
        order = [one.person for one in order_of(fewer, seed=7, minute=480)]
        assert order == [person for person in most if person != left_out.person]


def test_the_order_of_acting_depends_on_seed_and_minute_and_not_on_the_order_given() -> None:
    agents = _model().citizens
    orders = [
        order_of(agents, seed=seed, minute=minute) for seed, minute in ((7, 5), (7, 10), (8, 5))
    ]
    assert all(one != other for one, other in combinations(orders, 2))
    assert order_of(agents[::-1], seed=7, minute=5) == orders[0]


def test_few_and_many_stand_in_the_same_order() -> None:
    agents = CityModel(small_town(), townspeople(60), rng=7).citizens
    many = order_of(agents, seed=7, minute=5)
    few = set(agents[:49])
    assert order_of(agents[:49], seed=7, minute=5) == [one for one in many if one in few]


def test_everybody_acts_first_about_equally_often() -> None:
    agents = _model().citizens[:4]
    first = [order_of(agents, seed=7, minute=minute)[0].row for minute in range(400)]
    # Six standard errors of a share of a quarter among 400.
    assert all(abs(first.count(row) / 400 - 1 / 4) < 6 * 0.0217 for row in range(4))


def test_citizens_leave_the_random_numbers_of_mesa_to_others() -> None:
    model = _model()
    before = model.random.getstate()
    for _ in range(12 * 9):
        model.step()
    assert model.random.getstate() == before
