"""Whatever happens in whatever order, counts, presence, ties, tables and clocks stay true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mesa_llm_city import CityAgent, CityModel
from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.errors import CityError
from mesa_llm_city.population import Occupation
from mesa_llm_city.simulation.interventions import Close
from tests.motion import assert_true, few_people, tiny_town, tiny_town_at

Change = Callable[[CityModel, int], object]


def somebody(model: CityModel, number: int) -> CityAgent:
    people = sorted(model.residents.by_id)
    return model.residents.by_id[people[number % len(people)]]


def work_of(model: CityModel, number: int) -> int:
    persona = somebody(model, number).persona
    return persona.home if persona.work is None else persona.work


def add(model: CityModel, number: int) -> None:
    """Add a lodger to a household by the means that all models have."""
    host = somebody(model, number).persona
    model.add(replace(host, id=model.demography.free_id(host.id, "lodger")))


def remove(model: CityModel, number: int) -> None:
    somebody(model, number).remove()


def come(model: CityModel, number: int) -> None:
    household = few_people(rng=5)[number % 20].household.id
    taken = model.demography.free_id(number, "household")
    model.move_in(
        replace(
            one,
            id=model.demography.free_id(one.id, f"{number}"),
            household=replace(one.household, id=taken),
        )
        for one in few_people(rng=5)
        if one.household.id == household
    )


def come_back(model: CityModel, number: int) -> None:
    model.move_in(model.move_out(somebody(model, number).persona.household.id))


def marry(model: CityModel, number: int) -> None:
    one, other = somebody(model, number), somebody(model, number // 7)
    model.demography.marry(one, other)


def occupy(model: CityModel, number: int) -> None:
    jobs = list(Occupation)
    model.demography.change_occupation(somebody(model, number), jobs[number % len(jobs)])


def live_on(model: CityModel, number: int) -> None:
    for _ in range(1 + number % 4):
        model.step()


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "add": add,
        "remove": remove,
        "come": come,
        "come back": come_back,
        "go": lambda model, number: model.move_out(somebody(model, number)),
        "move house": lambda model, number: model.demography.move_house(somebody(model, number)),
        "found a household": lambda model, number: model.demography.found_household(
            [somebody(model, number)]
        ),
        "be born": lambda model, number: model.demography.birth(somebody(model, number)),
        "die": lambda model, number: model.demography.death(somebody(model, number)),
        "marry": marry,
        "separate": lambda model, number: model.demography.separate(somebody(model, number)),
        "change job": lambda model, number: model.demography.change_job(somebody(model, number)),
        "change occupation": occupy,
        "have a birthday": lambda model, number: model.demography.birthday(somebody(model, number)),
        "wake": lambda model, number: model.residents.wake(somebody(model, number), model.minute),
        "be warned": lambda model, number: model.tell(
            {"share": 0.3}, f"flood {number}", source="city", channel="radio", danger=0.9
        ),
        "close the home": lambda model, number: model.intervene(
            Close(place=somebody(model, number).persona.home, minutes=90 + number % 300)
        ),
        "close the work": lambda model, number: model.intervene(
            Close(place=work_of(model, number), minutes=90 + number % 300)
        ),
        "step": live_on,
    }
)
# Without making the example smaller, which would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
ORDERS = st.lists(
    st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 1000)), min_size=4, max_size=12
)
HOURS = st.sampled_from((0, 9, 19, 31))


def live(orders: list[tuple[str, int]], begin: int) -> CityModel:
    model = tiny_town_at(begin)
    for name, number in orders:
        if model.citizens:
            with suppress(CityError):  # such as a marriage of children
                CHANGES[name](model, number)
        assert_true(model)
    model.step()
    assert_true(model)
    return model


@settings(max_examples=4, deadline=None, derandomize=True, phases=PHASES)
@given(ORDERS, HOURS)
def test_all_stays_true_whatever_happens(orders: list[tuple[str, int]], begin: int) -> None:
    live(orders, begin)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(ORDERS, HOURS)
def test_all_stays_true_whatever_happens_often(orders: list[tuple[str, int]], begin: int) -> None:
    live(orders, begin)


def test_the_same_order_leads_to_the_same_lives() -> None:
    orders = [("come", 3), ("be born", 5), ("step", 0), ("marry", 11), ("move house", 9)]
    assert live(orders, 9).digest() == live(orders, 9).digest()


# Within a round people change the lives of others, not their own waking.
IN_A_ROUND = tuple(
    one
    for one in sorted(CHANGES)
    if one not in {"step", "wake", "be warned", "come back", "close the home", "close the work"}
)


class Meddler(CityAgent):
    """Those who act now and then change the life of somebody who may be due in the same round."""

    def act(self, intention: Intention) -> Completed:
        done = super().act(intention)
        draws = self.citizen.streams.at("meddle", step=intention.minute)
        if draws.random() < 0.2 and not self.is_removed:
            name = IN_A_ROUND[int(draws.integers(len(IN_A_ROUND)))]
            with suppress(CityError):
                CHANGES[name](self.model, int(draws.integers(1000)))
        return done


@pytest.mark.parametrize(
    "seed", [pytest.param(0), *(pytest.param(n, marks=pytest.mark.slow) for n in (3, 4))]
)
def test_all_stays_true_if_it_happens_in_the_middle_of_a_round(seed: int) -> None:
    model = tiny_town(rng=seed, agent_class=Meddler)
    for _ in range(12 if seed == 0 else 24):
        model.step()
        assert_true(model)
    assert len(model.events()) > 10
