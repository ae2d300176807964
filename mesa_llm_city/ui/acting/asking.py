"""The form by which people are asked, and a chart and a table of what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import solara

from mesa_llm_city.core.errors import CityError, ConfigError
from mesa_llm_city.experiments.csv_text import csv_text
from mesa_llm_city.experiments.interview import separate_llm
from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.phrases import date_and_time
from mesa_llm_city.simulation.surveys import Questionnaire
from mesa_llm_city.ui.acting.between_steps import WHO, between_steps
from mesa_llm_city.ui.acting.distribution import Distribution, distributions
from mesa_llm_city.ui.acting.fields import Ends, Fields, Form, Outcome, Primary, Said, TextField
from mesa_llm_city.ui.acting.group import GroupField, Whom, query_of
from mesa_llm_city.ui.acting.rule_questions import rule_questions
from mesa_llm_city.ui.acting.survey import (
    FORMS_OF_ANSWERS,
    Asked,
    Result,
    ask,
    cost,
    drawn_from,
    own_question,
)
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Panel, Remark, Rows
from mesa_llm_city.ui.per_model import PerModel

__all__ = ["SurveyForm", "survey_result"]

_OWN = "a question of your own"
_RULES, _MODEL = "rules", "the language model"
_NO_MODEL = (
    "This run has no language model, so rules answer: from what people have and do, and a "
    "question of your own by facts of each person."
)
_NO_TRACE = "Nobody remembers the survey, and the run does not change."
_STYLE = """
.city-bars{border-collapse:collapse;width:100%;max-width:760px;font-size:.84rem;margin:4px 0 14px}
.city-bars caption{text-align:left;font-weight:600;padding:4px 0}
.city-bars th{text-align:left;font-weight:400;padding:2px 10px 2px 0;width:38%;
  overflow-wrap:anywhere}
.city-bars td{padding:2px 0}
.city-bars td:last-child{width:108px;text-align:right;font-variant-numeric:tabular-nums}
.city-bar{height:14px;border-radius:3px;background:#1565c0}
.theme--dark .city-bar{background:#64b5f6}
"""


def _no_result() -> Result | None:
    return None


_RESULTS = PerModel(lambda: solara.reactive(_no_result()))


def survey_result(model: CityModel) -> solara.Reactive[Result | None]:
    """Return what the last survey of a model from the page has found, None at first.

    Parameters
    ----------
    model : CityModel
        The model.

    Returns
    -------
    solara.Reactive of Result or None
        The same for the same model; each browser session has a value of its own.
    """
    return _RESULTS.of(model)


class _Wanted(NamedTuple):
    """What is written in the form."""

    by: str = _RULES
    what: str = ""
    text: str = ""
    form: str = FORMS_OF_ANSWERS[0]
    options: str = ""
    most: str = "200"


@solara.component
def SurveyForm(model: CityModel, minute: int) -> None:
    """Ask everybody or a group, and show what they answer.

    Parameters
    ----------
    model : CityModel
        The model.
    minute : int
        Its present minute.
    """
    wanted, want = solara.use_state(_Wanted())
    whom, choose_whom = solara.use_state(Whom())
    said, say = solara.use_state(Said())
    has_model = solara.use_memo(lambda: separate_llm(model.llm) is not None, [id(model)])
    Remark(_NO_TRACE if has_model else f"{_NO_MODEL} {_NO_TRACE}", name="no-trace")
    with Form():
        if has_model:
            Choice(
                "Who answers",
                [_RULES, _MODEL],
                wanted.by,
                lambda one: want(wanted._replace(by=one, what="")),
            )
        _Question(model, wanted, want)
        GroupField(model, minute, whom, choose_whom)
    _Ask(model, wanted, whom, say)
    Outcome(said)
    result = survey_result(model).value
    if result is not None:
        _Answers(model, result)


@solara.component
def _Question(model: CityModel, wanted: _Wanted, want: Callable[[_Wanted], None]) -> None:
    """Let the question be chosen or written."""
    kinds = _kinds(model, wanted)
    what = wanted.what or kinds[0]
    with Fields():
        Choice("What is asked", kinds, what, lambda one: want(wanted._replace(what=one)))
        if what == _OWN:
            TextField("Your question", wanted.text, lambda one: want(wanted._replace(text=one)))
            if wanted.by == _MODEL:
                forms = list(FORMS_OF_ANSWERS)
                Choice("Answers", forms, wanted.form, lambda one: want(wanted._replace(form=one)))
            if wanted.form == FORMS_OF_ANSWERS[-1] and wanted.by == _MODEL:
                TextField(
                    "Options",
                    wanted.options,
                    lambda one: want(wanted._replace(options=one)),
                    hint="with commas between them",
                )
        if wanted.by == _MODEL:
            TextField(
                "About how many people at most",
                wanted.most,
                lambda one: want(wanted._replace(most=one)),
            )


def _kinds(model: CityModel, wanted: _Wanted) -> list[str]:
    """Return what can be asked: questionnaires, or questions that rules answer."""
    if wanted.by == _MODEL:
        return [_OWN, *(f"questionnaire: {name}" for name in Questionnaire.shipped_names())]
    return [*(one.title for one in rule_questions(model.parameters)), _OWN]


@solara.component
def _Ask(model: CityModel, wanted: _Wanted, whom: Whom, say: Callable[[Said], None]) -> None:
    """Show the button that asks; a language model is asked once its price was told."""
    busy, set_busy = solara.use_state(False)  # noqa: FBT003 - the state at first
    told, tell = solara.use_state("")

    def failed(trouble: str) -> None:
        say(Said(trouble, is_wrong=True))
        set_busy(False)

    def end(result: Result | None, trouble: str) -> None:
        set_busy(False)
        say(Said(trouble, is_wrong=bool(trouble)))
        if result is not None:
            survey_result(model).set(result)
            redraws(model).set(redraws(model).peek() + 1)

    def begin() -> None:
        tell("")
        say(Said())
        try:
            asked = _asked(model, wanted, whom)
        except CityError as error:
            failed(error.message)
            return
        set_busy(True)
        between_steps(model, lambda: _ask_and_note(model, asked), end, is_long=asked.by_model)

    def price() -> None:
        try:
            tell(f"{cost(model, _asked(model, wanted, whom))}.")
        except CityError as error:
            failed(error.message)

    with Ends():
        if wanted.by == _MODEL and not told:
            Primary("What would it cost?", price, disabled=busy)
        else:
            Primary("Asking …" if busy else "Ask them", begin, disabled=busy)
        if told:
            solara.Button("Cancel", on_click=lambda: tell(""), small=True, text=True)
            Remark(told, name="survey-cost")


def _ask_and_note(model: CityModel, asked: Asked) -> Result:
    result = ask(model, asked)
    by = _MODEL if asked.by_model else _RULES
    what = {
        "questions": [one.text for one in asked.questions],
        "agents": asked.group,
        "answers": len(result.answers),
        "by": by,
    }
    model.note_act("survey", what, who=WHO)
    return result


def _asked(model: CityModel, wanted: _Wanted, whom: Whom) -> Asked:
    """Return the survey that is wanted."""
    group, by_model = query_of(model, whom), wanted.by == _MODEL
    what = wanted.what or _kinds(model, wanted)[0]
    if by_model:
        if not wanted.most.strip().isdecimal() or not int(wanted.most):
            message = f"the number of people must be a whole number above 0, got {wanted.most!r}"
            raise ConfigError(message)
        group = drawn_from(model, group, int(wanted.most))
    if what == _OWN:
        form = wanted.form if by_model else FORMS_OF_ANSWERS[0]
        question = own_question(wanted.text, form, wanted.options)
        return Asked(questions=(question,), group=group, by_model=by_model)
    if by_model:
        shipped = Questionnaire.shipped(what.partition(": ")[2])
        return Asked(
            questions=shipped.questions,
            introduction=shipped.introduction,
            group=group,
            by_model=True,
        )
    rule = next(one for one in rule_questions(model.parameters) if one.title == what)
    return Asked(questions=(rule.question,), group=group, rule=rule)


@solara.component
def _Answers(model: CityModel, result: Result) -> None:
    """Show a chart of the answers and a table of them."""
    solara.Style(_STYLE)
    charts = solara.use_memo(
        lambda: distributions(result.answers, result.asked.questions), [id(result)]
    )
    head, rows = solara.use_memo(lambda: _table(model, result), [id(result)])
    moment = date_and_time(model.clock, result.minute)
    people = result.answers["person"].nunique()
    with Panel(f"Answers of {people:,} people, {moment}", name="answers"):
        for chart in charts:
            _Bars(chart)
        Rows(head, rows, label="answers by person", wide="answer")
        solara.FileDownload(
            lambda: csv_text(result.answers).encode("utf-8"),
            filename="survey.csv",
            label="Save the answers as CSV",
        )


def _table(model: CityModel, result: Result) -> tuple[list[str], list[list[str]]]:
    """Return the answers as texts with the names of the columns; empty columns are left out."""
    names = model.world.names
    columns = (result.answers[name].tolist() for name in _SHOWN)
    rows = [
        [
            names.get(person, f"person {person}"),
            f"{question} {item}".strip(),
            _said(answer, label),
            why,
        ]
        for person, question, item, answer, label, why in zip(*columns, strict=True)
    ]
    kept = [0, *([1] if len({row[1] for row in rows}) > 1 else []), 2]
    kept += [3] if any(row[3] for row in rows) else []
    head = ("person", "question", "answer", "why")
    return [head[column] for column in kept], [[row[column] for column in kept] for row in rows]


def _said(answer: object, label: str) -> str:
    """Return an answer in words; empty for none."""
    if answer != answer:  # noqa: PLR0124 - NaN differs from itself
        return ""
    number = f"{answer:g}" if isinstance(answer, float) else f"{answer}"
    return label or number


_SHOWN = ("person", "question", "item", "answer", "label", "reason")


@solara.component
def _Bars(chart: Distribution) -> None:
    """Show a distribution as a table with bars, which every reader can use."""
    parts = [f"{chart.answered:,} answers"]
    parts += [f"mean {chart.mean:.1f}"] if chart.mean is not None else []
    parts += [f"{chart.missing:,} without an answer"] if chart.missing else []
    html = solara.v.Html
    title = html(tag="caption", children=[f"{chart.title} ({', '.join(parts)})"])
    longest = max((one.share for one in chart.bars), default=0.0) or 1.0
    rows = [
        html(
            tag="tr",
            children=[
                html(tag="th", attributes={"scope": "row"}, children=[one.label]),
                html(
                    tag="td",
                    children=[
                        html(
                            tag="div",
                            class_="city-bar",
                            style_=f"width:{100 * one.share / longest:.1f}%",
                        )
                    ],
                ),
                html(tag="td", children=[f"{one.people:,} · {100 * one.share:.0f} %"]),
            ],
        )
        for one in chart.bars
    ]
    if rows:
        html(tag="table", class_="city-bars", children=[title, html(tag="tbody", children=rows)])
    else:
        Remark(f"{chart.title} ({', '.join(parts)})", name="open-question")
