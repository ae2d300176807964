"""Jobs, schools and birthdays: places and hours that fit, and plans that hold no old duty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mesa_llm_city import CityAgent, CityModel
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.population.categories import Education, Occupation
from tests.motion import assert_true, tiny_town_at


@pytest.fixture
def model() -> CityModel:
    return tiny_town_at(9)


def at_work(model: CityModel) -> CityAgent:
    while True:
        for agent in sorted(model.citizens, key=lambda one: one.person):
            doing = agent.citizen.now
            works = agent.persona.is_employed and agent.persona.work != agent.persona.home
            if works and doing.trip is None and agent.place == agent.persona.work:
                return agent
        model.step()


class TestJobs:
    def test_a_new_job_is_elsewhere_and_leaves_traits_and_income(self, model: CityModel) -> None:
        agent = at_work(model)
        before = agent.persona
        work = model.demography.change_job(agent)
        assert work is not None
        assert work != before.work
        assert agent.persona.work == work
        assert agent.persona.big_five == before.big_five
        assert agent.persona.income == before.income
        # The old workplace is left at once, and the stay there was no visit.
        assert agent.citizen.now.trip is not None
        assert agent.citizen.now.trip.destination == before.home
        assert all(block.place != before.work for block in agent.citizen.now.plan)
        assert model.visits().query("person == @agent.person and place == @before.work").empty
        model.run_days(1)
        assert_true(model)

    def test_a_retired_person_has_no_work_and_the_income_of_the_retired(
        self, model: CityModel
    ) -> None:
        agent = at_work(model)
        model.demography.retire(agent)
        persona = agent.persona
        assert (persona.occupation, persona.work, persona.income) == ("retired", None, 0.5)
        assert persona.habits.work_days == 0
        begun = model.minute
        model.run_days(1)
        mine = model.activities().query("person == @agent.person and purpose == 'work'")
        assert (mine["end"] <= model.clock.at(begun)).all()

    def test_what_does_not_fit_is_refused(self, model: CityModel) -> None:
        retired = next(one for one in model.citizens if one.persona.occupation == "retired")
        with pytest.raises(ConfigError, match="is retired and has no place of work"):
            model.demography.change_job(retired)
        with pytest.raises(ConfigError, match="there is no occupation 'king'"):
            model.demography.change_occupation(retired, "king")
        with pytest.raises(DataError, match="work must be one of the city's"):
            model.demography.change_occupation(retired, "office_worker", 10**6)


class TestBirthdays:
    @pytest.mark.parametrize(
        ("age", "occupation", "then"),
        [
            (4, "infant", {"infant"}),
            (5, "infant", {"pupil"}),
            (17, "pupil", set(Occupation) - {"pupil", "infant", "retired"}),
            (21, "student", set(Occupation) - {"pupil", "infant", "retired", "student"}),
            (64, "office_worker", {"retired"}),
        ],
    )
    def test_they_bring_school_studies_work_and_retirement(
        self, model: CityModel, age: int, occupation: str, then: set[str]
    ) -> None:
        agent = model.citizens[5]
        persona = replace(agent.persona, age=age, occupation=Occupation(occupation), work=None)
        model.registration.change(agent, persona)
        model.demography.birthday(agent)
        assert agent.age == age + 1
        assert agent.persona.occupation in then
        if occupation == "student":
            assert agent.persona.education is Education.TERTIARY
        assert_true(model)

    def test_a_licence_comes_at_an_age_of_ones_own_and_stays(self, model: CityModel) -> None:
        agent = model.citizens[5]
        young = replace(agent.persona, age=16, has_licence=False, occupation=Occupation.HOMEMAKER)
        model.registration.change(agent, young)
        had = []
        for _ in range(20):
            model.demography.birthday(agent)
            had.append(agent.persona.has_licence)
        assert not had[0]
        assert had == sorted(had)
