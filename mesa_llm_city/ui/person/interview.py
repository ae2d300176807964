"""A chat with one person, which changes nothing in the run."""

from __future__ import annotations

from threading import Thread

import solara

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.experiments.interview import NO_MODEL, NOT_PART_OF_THE_RUN, Line, separate_llm
from mesa_llm_city.experiments.interview import Interview as Talk
from mesa_llm_city.simulation.interview_context import context_of
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.ui.panel import Hint, Panel, Remark
from mesa_llm_city.ui.person.common import CHOOSE, use_person
from mesa_llm_city.ui.person.interview_context import interview_context_of
from mesa_llm_city.ui.views.consistent_read import read_steadily
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView, PersonView, view_of

__all__ = ["Interview", "talk_with"]

_REPLAYED = (
    "A finished run is replayed without a language model, so answers are facts of the person "
    "by rules, as far as the run holds them."
)
_FRAME = "border-radius: 8px; padding: 6px 10px; white-space: pre-wrap; overflow-wrap: anywhere;"
_MINE = f"{_FRAME} background: #8882; align-self: flex-end; max-width: 90%;"
_THEIRS = f"{_FRAME} border: 1px solid #8886; align-self: flex-start; max-width: 90%;"
_SMALL = "font-size: 0.75rem; opacity: 0.75;"


def Interview(model: object) -> solara.Element:
    """Ask the selected person; the run does not change.

    Parameters
    ----------
    model : CityModel or CityView
        The city. Answers are worded by a language model like the model's own; without one,
        and in a replay, they are facts by rules.
    """
    return _Interview(model=model, minute=view_of(model).minute)


def talk_with(view: CityView, person: int) -> Talk:
    """Return an interview with a person of any view.

    Raises
    ------
    ConfigError
        If nobody has this id.
    """
    model = model_of(view)
    if model is not None and not _is_row(model, person):
        read_steadily(lambda: context_of(model, person))
        return Talk(
            lambda about: read_steadily(lambda: context_of(model, person, about)),
            separate_llm(model.llm),
        )
    view.person(person)
    return Talk(
        lambda about: interview_context_of(view.person(person), view.clock, view.minute, about)
    )


def _is_row(model: CityModel, person: int) -> bool:
    """Return whether somebody is a row of the crowd, who is told of by rules."""
    rows = model.crowd_or_none
    return rows is not None and rows.find(person) is not None


@solara.component
def _Interview(model: object, minute: int) -> None:
    seen = use_person(model, minute)
    with Panel("Interview", name="interview"):
        Remark(NOT_PART_OF_THE_RUN, name="not-part")
        if seen is None:
            Hint(CHOOSE)
        else:
            _Talk(model, seen.id, seen).key(f"{id(model)} {seen.id}")


@solara.component
def _Talk(model: object, person: int, seen: PersonView) -> None:
    talk = solara.use_memo(lambda: talk_with(view_of(model), person), [person, id(model)])
    lines, set_lines = solara.use_state(talk.lines)
    trouble, set_trouble = solara.use_state("")
    busy, set_busy = solara.use_state(False)  # noqa: FBT003 - the state at first

    def answer(question: str) -> None:
        try:
            talk.ask(question)
        except CityError as error:
            set_trouble(f"There is no answer: {error.message}")
        finally:
            set_lines(talk.lines)
            set_busy(False)

    def ask(question: str) -> None:
        set_trouble("")
        set_busy(True)
        # A model may take a minute; rules answer at once.
        if talk.llm is None:
            answer(question)
        else:
            Thread(target=answer, args=(question,), daemon=True).start()

    if talk.llm is None:
        is_live = model_of(view_of(model)) is not None
        Remark(NO_MODEL if is_live else _REPLAYED, name="no-model")
    _Said(lines, seen.name)
    if busy:
        Remark(f"{seen.name} is thinking …", name="thinking")
    if trouble:
        Remark(trouble, name="trouble", colour="#B22222")
    _Question(seen.name, ask, busy)
    if lines:
        name = "".join(one if one.isalnum() else "_" for one in seen.name)
        solara.FileDownload(talk.as_text, filename=f"interview_{name}.txt", label="Save as text")


@solara.component
def _Question(name: str, ask: object, busy: bool) -> None:  # noqa: FBT001 - a component
    typed, set_typed = solara.use_state("")

    def send(*_: object) -> None:
        if typed.strip() and not busy and callable(ask):
            ask(typed)
            set_typed("")

    with solara.Row(gap="6px", style={"align-items": "center"}):
        field = solara.v.TextField(
            label=f"Ask {name}",
            v_model=typed,
            on_v_model=set_typed,
            disabled=busy,
            dense=True,
            hide_details=True,
            counter=500,
            class_="city-question",
        )
        solara.v.use_event(field, "keydown.enter", send)
        solara.Button("Ask", on_click=send, disabled=busy or not typed.strip(), small=True)


@solara.component
def _Said(lines: tuple[Line, ...], name: str) -> None:
    if not lines:
        Hint("Ask for example: What are you doing? What are your plans? Whom do you know?")
        return
    children = [part for line in lines for part in _line(line, name)]
    solara.v.Html(
        tag="div",
        children=children,
        class_="city-said",
        attributes={"role": "log", "aria-live": "polite", "aria-label": f"interview with {name}"},
        style_="display: flex; flex-direction: column; gap: 6px; font-size: 0.9rem;",
    )


def _line(line: Line, name: str) -> tuple[solara.Element, ...]:
    by = f"prompt {line.answer.prompt}" if line.answer.prompt else "by rules"
    html = solara.v.Html
    return (
        html(tag="div", children=[line.question], style_=_MINE),
        html(tag="div", children=[line.answer.text], class_="city-answer", style_=_THEIRS),
        html(
            tag="div",
            children=[f"{name}, {line.time} · {by} · rests on: {line.answer.reason}"],
            style_=_SMALL,
        ),
    )
