"""Citizens as Mesa agents: they may come and go at any moment, and Mesa's tools work on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely

from mesa_llm_city import CityAgent, CityModel, CityParameters, Persona
from mesa_llm_city.citizen.intention import Completed, Intention
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import CityError, DataError
from mesa_llm_city.social import Relation
from tests.town import small_town, townspeople


def town(rng: int = 7, **options: object) -> CityModel:
    return CityModel(small_town(), townspeople(), rng=rng, **options)  # type: ignore[arg-type]


def somebody(**changed: object) -> Persona:
    return replace(townspeople()[0], id=999, **changed)  # type: ignore[arg-type]


def assert_consistent(model: CityModel) -> None:
    """Check that counts, presence and due minutes are those of the citizens who are there."""
    citizens = model.citizens
    assert [agent.row for agent in citizens] == list(range(len(citizens)))
    assert model.residents.next_due.tolist() == [agent.citizen.now.next_due for agent in citizens]
    assert set(model.residents.by_id.values()) == set(citizens)
    assert +model.doing == {
        purpose: count
        for purpose in model.doing
        if (count := [agent.purpose for agent in citizens].count(purpose))
    }
    present = [agent for place in range(len(model.city.places)) for agent in model.people_at(place)]
    assert set(present) == {agent for agent in citizens if agent.citizen.now.trip is None}
    assert not any(agent.is_removed for agent in citizens)


def test_of_many_at_the_same_place_a_few_are_noticed_at_each_minute() -> None:
    few = CityParameters().with_("social.contact.company", 2)
    model = CityModel(small_town(), townspeople(120), rng=7, parameters=few)
    while model.minute < 11 * 60:
        model.step()
    crowded = 0
    for agent in model.citizens:
        everybody = model.residents.company_of(agent, agent.place)
        seen = [agent.observe(minute).people for minute in range(600, 640)]
        if agent.citizen.now.trip is not None:
            continue
        if len(everybody) <= 2:
            assert set(seen) == {everybody}
            continue
        crowded += 1
        assert all(len(set(some)) == 2 for some in seen)
        # In the course of time everybody is.
        assert {one for some in seen for one in some} == set(everybody)
    assert crowded > 10


class TestArrival:
    def test_an_agent_that_is_made_is_a_full_citizen(self) -> None:
        model = town()
        for _ in range(12):
            model.step()
        newcomer = CityAgent(model, somebody())
        assert newcomer in model.citizens
        assert newcomer in model.people_at(newcomer.place)
        model.run_days(1)
        mine = model.activities().query("person == 999")
        assert mine["start"].min() == np.datetime64("2024-04-01T01:00")
        assert_consistent(model)

    def test_a_newcomer_and_the_household_know_each_other(self) -> None:
        model = town()
        newcomer = model.add(somebody())
        for other in model.residents.household_of(newcomer):
            for one, whom in ((newcomer, other.person), (other, newcomer.person)):
                ties = one.citizen.components.ties
                assert ties is not None
                assert ties.tie(whom, at_min=0).relation is Relation.HOUSEHOLD
        assert model.residents.household_of(newcomer)

    def test_a_newcomer_has_the_class_and_components_of_the_model(self) -> None:
        class Guest(CityAgent):
            pass

        model = town(agent_class=Guest, without=["memory"])
        newcomer = model.add(somebody())
        assert type(newcomer) is Guest
        assert newcomer.citizen.components.memory is None

    @pytest.mark.parametrize(
        ("persona", "told"),
        [
            (lambda: townspeople()[3], "belongs to a citizen who lives there already"),
            (lambda: somebody(home=10**6), "home 1000000 is none of the city's"),
            (lambda: somebody(work=-1), "work -1 is none of the city's"),
        ],
    )
    def test_one_who_cannot_live_there_leaves_no_trace(
        self, persona: Callable[[], Persona], told: str
    ) -> None:
        model = town()
        with pytest.raises(DataError, match=told):
            CityAgent(model, persona())
        assert len(model.agents) == len(model.citizens) == 30

    def test_one_who_arrives_in_a_long_step_does_not_live_in_the_past(self) -> None:
        class Host(CityAgent):
            def act(self, intention: Intention) -> Completed:
                outcome = super().act(intention)
                if (
                    self.person == 0
                    and intention.minute >= 400
                    and 999 not in (agent.person for agent in self.model.citizens)
                ):
                    self.model.add(somebody())
                    arrived.append(intention.minute)
                return outcome

        arrived: list[int] = []
        model = town(agent_class=Host, clock=Clock(step_min=60))
        model.run_days(1)
        start = model.activities().query("person == 999")["start"].min()
        minute = (start - np.datetime64("2024-04-01")) / np.timedelta64(1, "m")
        assert arrived[0] - 5 < minute <= arrived[0]


class TestRemoval:
    @pytest.mark.slow
    @pytest.mark.each_line
    @pytest.mark.parametrize("seed", range(6))
    def test_agents_may_be_removed_by_others_in_the_same_round(self, seed: int) -> None:
        class Wolf(CityAgent):
            """Those with even ids remove the next person, who is due in the same round."""

            def act(self, intention: Intention) -> Completed:
                outcome = super().act(intention)
                prey = self.model.residents.by_id.get(self.person + 1)
                if self.person % 2 == 0 and prey is not None:
                    prey.remove()
                return outcome

        model = town(rng=seed, agent_class=Wolf)
        for _ in range(288):
            model.step()
            assert_consistent(model)
        assert {agent.person % 2 for agent in model.citizens} == {0}

    def test_an_agent_may_remove_itself_in_act(self) -> None:
        class Mayfly(CityAgent):
            def act(self, intention: Intention) -> Completed:
                outcome = super().act(intention)
                if self.person % 3 == 0 and intention.minute > 400:
                    self.remove()
                    self.remove()
                return outcome

        model = town(agent_class=Mayfly)
        model.run_days(1)
        assert_consistent(model)
        assert {agent.person % 3 for agent in model.citizens} == {1, 2}

    def test_all_may_be_removed_with_the_tools_of_mesa(self) -> None:
        model = town()
        for _ in range(100):
            model.step()
        model.agents.shuffle_do("remove")
        assert len(model.citizens) == len(model.agents) == model.doing.total() == 0
        model.run_days(1)
        assert len(model.activities()["person"].unique()) == 30

    @pytest.mark.slow
    @pytest.mark.each_line
    def test_the_lives_of_those_who_stay_apart_are_not_changed(self) -> None:
        """People without ties live the same days, whoever else is removed."""
        model, other = town(without=["social"]), town(without=["social"])
        for one in (model, other):
            for _ in range(120):
                one.step()
        for agent in list(other.citizens)[::2]:
            agent.remove()
        model.run_days(1)
        other.run_days(1)
        staying = [agent.person for agent in other.citizens]
        keys = ["person", "start", "end", "purpose", "place"]
        lives = [
            one.activities()[keys].astype(str).set_index("person").loc[list(map(str, staying))]
            for one in (model, other)
        ]
        assert lives[0].equals(lives[1])

    @pytest.mark.slow
    @pytest.mark.each_line
    def test_nobody_talks_to_one_who_is_gone(self) -> None:
        model = town()
        model.run_days(1)
        gone = [agent.person for agent in list(model.citizens)[::3]]
        for person in gone:
            model.residents.by_id[person].remove()
        before = len(model.conversations())
        model.run_days(2)
        talks = model.conversations()
        late = talks[talks["time"] >= np.datetime64("2024-04-02")]
        assert len(talks) > before
        assert not set(late["person"]) & set(gone)
        assert not set(late["other"]) & set(gone)
        sought = model.decisions().query("component == 'contacts' and time >= '2024-04-02'")
        assert not set(sought["choice"]) & {str(person) for person in gone}

    def test_one_who_has_left_may_come_back(self) -> None:
        model = town()
        leaver = model.citizens[4]
        leaver.remove()
        again = CityAgent(model, leaver.persona)
        model.run_days(1)
        assert again in model.citizens
        assert_consistent(model)


class TestStep:
    def test_the_step_of_a_subclass_is_called_once_a_step(self) -> None:
        class Diarist(CityAgent):
            pages = 0

            def step(self) -> None:
                super().step()
                self.pages += 1

        model = town(agent_class=Diarist)
        for _ in range(10):
            model.step()
        assert {agent.pages for agent in model.citizens} == {10}

    @pytest.mark.slow
    @pytest.mark.each_line
    def test_a_subclass_that_only_steps_lives_the_same_life(self) -> None:
        class Diarist(CityAgent):
            def step(self) -> None:
                super().step()

        plain, other = town(), town(agent_class=Diarist)
        for model in (plain, other):
            model.run_days(1)
        keys = ["person", "start", "end", "purpose", "place"]
        assert plain.activities()[keys].equals(other.activities()[keys])

    def test_doing_step_lets_those_who_are_due_live_and_touches_nobody_else(self) -> None:
        model = town()
        # The first minutes at which somebody is due after the early morning.
        while model.minute < 400 or not model.residents.due_before(model.step_end):
            model.step()
        due = {agent.person for agent in model.residents.due_before(model.step_end)}
        before = {agent.person: agent.citizen.now.next_due for agent in model.citizens}
        model.agents.do("step")
        assert due
        for agent in model.citizens:
            assert (agent.citizen.now.next_due != before[agent.person]) == (agent.person in due)
        assert model.residents.due_before(model.step_end) == []

    def test_an_act_that_does_nothing_is_an_error_and_no_endless_loop(self) -> None:
        class Idle(CityAgent):
            def act(self, intention: Intention) -> Completed:  # noqa: ARG002 - on purpose
                return Completed()

        with pytest.raises(CityError, match=r"Idle\.act left the citizen due"):
            town(agent_class=Idle).step()


def _works(agent: object) -> bool:
    return isinstance(agent, CityAgent) and agent.purpose == "work"


class TestAttributes:
    def test_agents_are_selected_grouped_and_aggregated_by_their_attributes(self) -> None:
        model = town()
        for _ in range(150):
            model.step()
        working = model.agents.select(_works)
        assert 0 < len(working) < 30
        assert float(working.agg("age", np.mean)) >= 15.0  # type: ignore[arg-type]
        groups = model.agents.groupby("purpose")
        assert sum(len(group) for _, group in groups) == 30
        lowest, highest = (model.agents.agg("hunger", one) for one in (np.min, np.max))
        assert 0.0 <= lowest < highest <= 1.0  # type: ignore[operator]
        assert -1.0 <= model.agents.agg("mood", np.min) <= 1.0  # type: ignore[operator]

    def test_what_nobody_has_is_missing_as_usual(self) -> None:
        agent = town().citizens[0]
        with pytest.raises(AttributeError, match="'CityAgent' object has no attribute 'thirst'"):
            _ = agent.thirst  # the level of a need that does not exist
        assert not hasattr(town(without=["needs"]).citizens[0], "hunger")

    def test_a_citizen_has_a_geometry(self) -> None:
        agent = town().citizens[0]
        assert agent.geometry == shapely.Point(agent.pos)


class TestReporters:
    def test_reporters_are_given_to_the_constructor(self) -> None:
        model = town(
            agent_reporters={"mood": "mood", "person": "person"},
            model_reporters={"working": lambda model: model.doing["work"]},
        )
        model.step()
        frame = model.datacollector.get_agent_vars_dataframe()
        assert sorted(frame["person"]) == list(range(30))
        whole = model.datacollector.get_model_vars_dataframe()
        assert whole["working"].iloc[-1] == model.doing["work"]
        assert whole["run_seed"].iloc[-1] == 7
