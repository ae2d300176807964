"""The panels of one person: what they say of nobody, of somebody, and of what is unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("solara")

from mesa_llm_city import CityModel
from mesa_llm_city.mind import Insight, InsightKind
from mesa_llm_city.ui.charts.figures import DARK
from mesa_llm_city.ui.person.common import CHOOSE
from mesa_llm_city.ui.person.inspector import AgentCard, BeliefTable, DecisionTrail, PlanView
from mesa_llm_city.ui.person.memories import MemoryList
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.person.ties_graph import TiesGraph, ties_svg
from mesa_llm_city.ui.views.live import LiveView
from tests.town import small_town, townspeople
from tests.ui.shown import Replayed, Shown, lived, show

PANELS = (AgentCard, PlanView, MemoryList, BeliefTable, TiesGraph, DecisionTrail)


@pytest.fixture(scope="module")
def model() -> CityModel:
    return lived(288 + 150)


def _opened(model: CityModel, *panels: Callable[[object], Any], row: int = 3) -> Shown:
    selected(model).value = model.citizens[row].person
    return show(model, *panels)


class TestPanels:
    @pytest.mark.slow
    def test_without_a_selected_person_a_hint_says_what_to_do(self, model: CityModel) -> None:
        selected(model).value = -1
        page = show(model, *PANELS)
        assert page.texts().count(CHOOSE) == len(PANELS)

    def test_at_the_start_panels_hold_a_hint(self) -> None:
        page = _opened(lived(0), *PANELS)
        assert "press Step" in page.texts()
        assert "beliefs come from visits" in page.texts()

    def test_the_next_selected_person_is_shown_at_once(self, model: CityModel) -> None:
        page = _opened(model, AgentCard, row=3)
        assert model.citizens[3].citizen.persona.name in page.texts()
        selected(model).value = model.citizens[4].person
        assert model.citizens[4].citizen.persona.name in page.texts()

    def test_a_person_who_has_left_is_not_shown(self) -> None:
        model = lived(20)
        page = _opened(model, AgentCard)
        model.citizens[3].remove()
        model.step()
        selected(model).value = -1
        page = _opened(model, AgentCard, row=0)
        selected(model).value = 10**6
        assert CHOOSE in page.texts()

    def test_a_hint_names_what_a_view_does_not_know(self, model: CityModel) -> None:
        seen = LiveView(model).person(model.citizens[3].person)
        gone = ("memories", "beliefs", "ties", "needs")
        unknown = replace(
            seen, memories=(), insights=(), needs={}, beliefs=seen.beliefs[:0], missing=gone
        )
        view = Replayed(model, unknown)
        selected(view).value = seen.id
        texts = show(view, *PANELS).texts()
        assert "has kept nothing of this person's mind" in texts
        assert "has kept nothing of this person's mind" in texts
        assert "has kept nothing of this person's mind" in texts


class TestCard:
    def test_somebody_can_be_looked_for_by_name(self, model: CityModel) -> None:
        selected(model).value = -1
        page = show(model, AgentCard)
        name = model.citizens[5].citizen.persona.name
        page.labelled("Name or id").v_model = name.lower()
        page.click(name)
        assert model.world.names[selected(model).value] == name
        assert "Now: " in page.texts()

    def test_needs_can_be_heard_as_well_as_seen(self, model: CityModel) -> None:
        page = _opened(model, AgentCard)
        labels = [one.attributes.get("aria-label", "") for one in page.tagged("div")]
        assert any(one.startswith("hunger: ") for one in labels)

    def test_a_name_is_text_and_no_markup(self) -> None:
        people = list(townspeople(5))
        people[0] = replace(people[0], name="<img src=x onerror=alert(1)> Ito")
        model = CityModel(small_town(), people, rng=5)
        page = _opened(model, AgentCard, row=0)
        assert "<img src=x onerror=alert(1)> Ito" in page.texts()
        assert page.tagged("img") == []


class TestPlan:
    def test_a_day_is_done_now_and_next(self, model: CityModel) -> None:
        items = [one.children[0] for one in _opened(model, PlanView).tagged("li")]
        states = [one.rsplit("(", 1)[1] for one in items]
        assert states == sorted(states, key=["done)", "now)", "next)"].index)
        assert states.count("now)") == 1


class TestMemories:
    @pytest.mark.slow
    def test_an_insight_leads_to_the_memories_it_rests_on(self) -> None:
        model = lived(288)
        agent = model.citizens[3]
        memory, insights = agent.citizen.components.memory, agent.citizen.components.insights
        assert memory is not None
        assert insights is not None
        numbers = tuple(memory.columns().number[:2].tolist())
        thought = Insight(model.minute, InsightKind.HABIT, "soup", "soup", 0.5, evidence=numbers)
        insights.keep([thought])
        page = _opened(model, MemoryList)
        everything = len(page.rows())
        page.click("rests on 2")
        assert sorted(int(row["c0"]) for row in page.rows()) == sorted(numbers)
        assert "2 memories below" in page.texts()
        page.click("show all")
        assert len(page.rows()) == everything
        assert any("t" in row["c5"] for row in page.rows())

    def test_memories_can_be_searched(self, model: CityModel) -> None:
        page = _opened(model, MemoryList)
        page.labelled("Search memories").v_model = "MEAL"
        assert page.rows()
        assert all("meal" in f"{row['c2']} {row['c3']}".lower() for row in page.rows())


class TestBeliefs:
    def test_every_visited_place_is_shown_with_its_standard_deviation(
        self, model: CityModel
    ) -> None:
        beliefs = model.citizens[3].citizen.components.beliefs
        assert beliefs is not None
        rows = _opened(model, BeliefTable).rows()
        assert len(rows) == len(beliefs.places)
        assert all(0.0 < float(row["c6"]) < 1.0 for row in rows)


class TestTies:
    def test_a_click_on_a_name_opens_that_person(self, model: CityModel) -> None:
        page = _opened(model, TiesGraph)
        first = page.rows()[0]["c0"]
        page.click(first)
        assert model.world.names[selected(model).value] == first

    def test_the_picture_holds_names_as_text(self, model: CityModel) -> None:
        ties = LiveView(model).person(model.citizens[3].person).ties.head(3)
        ties = ties.assign(name=["<script>", 'A & "B"', "C"][: len(ties)])
        root = ET.fromstring(ties_svg("</svg><script>", ties, DARK))  # noqa: S314 - our own
        texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
        assert {"<script>", "</svg><script>"} <= set(texts)
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))


class TestDecisions:
    def test_source_choice_and_reason_are_shown(self, model: CityModel) -> None:
        page = _opened(model, DecisionTrail)
        rows = page.rows()
        assert {row["c1"].rpartition(", by ")[2] for row in rows} == {"rule"}
        assert all(row["c1"] and row["c2"] for row in rows)
        page.labelled("Component").value = "planner"
        assert {row["c1"].partition(": ")[0] for row in page.rows()} == {"planner"}
