"""The chat with one person, in the page."""

from __future__ import annotations

import json
import time

import pytest

pytest.importorskip("solara")

from mesa_llm_city import CityModel
from mesa_llm_city.experiments.interview import NO_MODEL, NOT_PART_OF_THE_RUN
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.ui.person.common import CHOOSE
from mesa_llm_city.ui.person.interview import Interview
from mesa_llm_city.ui.person.interview_context import interview_context_of
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.live import LiveView
from tests.ui.shown import Shown, lived, show


def _ask(page: Shown, model: CityModel, question: str) -> None:
    name = model.world.names[selected(model).value]
    page.labelled(f"Ask {name}").v_model = question
    page.click("Ask")


def test_the_interview_needs_a_selected_person() -> None:
    page = show(lived(0), Interview)
    assert CHOOSE in page.texts()
    assert NOT_PART_OF_THE_RUN in page.texts()


def test_without_a_language_model_the_answer_holds_facts_and_nothing_changes() -> None:
    model = lived(150)
    before = model.digest()
    selected(model).value = model.citizens[1].person
    page = show(model, Interview)
    assert NO_MODEL in page.texts()
    _ask(page, model, "<b>What</b> are your plans?")
    texts = page.texts()
    assert "<b>What</b> are your plans?" in texts
    assert "Next I have: " in texts
    assert "by rules" in texts
    assert page.tagged("b") == []
    assert model.digest() == before


def test_a_model_answers_in_words_without_entering_the_books_of_the_run() -> None:
    def script(_: object) -> str:
        return json.dumps({"reason": "the hour", "says": "At <i>lunch</i>."})

    model = lived(20, llm=LLM(ClientSpec(backend="scripted", model="tiny", script=script)))
    selected(model).value = model.citizens[1].person
    page = show(model, Interview)
    _ask(page, model, "Where are you?")
    deadline = time.monotonic() + 20.0
    while "At <i>lunch</i>." not in page.texts() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "At <i>lunch</i>." in page.texts()
    assert "prompt interview@1" in page.texts()
    assert isinstance(model.llm, LLM)
    assert model.llm.totals().calls == 0


def test_another_person_has_another_interview() -> None:
    model = lived(50)
    selected(model).value = model.citizens[1].person
    page = show(model, Interview)
    _ask(page, model, "Who are you?")
    assert "rests on" in page.texts()
    selected(model).value = model.citizens[2].person
    assert "rests on" not in page.texts()


def test_the_interview_context_holds_what_a_view_shows() -> None:
    model = lived(150)
    view = LiveView(model)
    seen = view.person(model.citizens[1].person)
    context = interview_context_of(seen, view.clock, view.minute, about=seen.ties["name"].iloc[-1])
    assert context.people[0].startswith(seen.ties["name"].iloc[-1])
    assert context.doing.startswith(seen.doing)
    assert all(" liked " in one for one in context.people)
