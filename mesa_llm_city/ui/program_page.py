"""A model of society in the browser: ``mesa-llm-city serve community`` and others like it.

Needs the extra ``viz``; nothing is fetched from a network. What is shown follows from the model's
`ModelProgram`: its options, levers, picture and tables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import solara

from mesa_llm_city.experiments.catalogue import PROGRAM_VARIABLE, load_program
from mesa_llm_city.experiments.language_model import open_llm
from mesa_llm_city.experiments.model_program import Lever, ModelProgram
from mesa_llm_city.experiments.options import ProgramOptions
from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.page.controls import RunControls
from mesa_llm_city.ui.page.last_run import LastRun, LastRuns, use_run
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.page.style import STYLE
from mesa_llm_city.ui.panel import Hint, Panel, Picture, Remark, Rows, image_url
from mesa_llm_city.ui.program_course import ProgramCourse

__all__ = ["Layout", "Page", "ProgramPage", "who_decides"]

_CELL = 120  # characters of a text in a table
# On a phone the picture comes right after the controls.
_NARROW = """
.city-tables-of-run{overflow-x:auto}
@container (max-width:760px){
  .city-levers-of-run{order:1}
  .city-page .city-new-run{order:2}
  .city-tables-of-run{order:3}
}
"""


_LAST: LastRuns[ProgramCourse] = LastRuns()


@solara.component
def Layout(children: list[Any]) -> None:
    """Use the whole window for the page."""
    solara.v.Html(tag="main", children=children, class_="city-app")


@solara.component
def Page() -> None:
    """Show the model with the options of the command line."""
    given = json.loads(os.environ.get(PROGRAM_VARIABLE, "{}"))
    program = load_program(str(given.get("model")))
    if isinstance(program, ModelProgram):
        solara.Title(program.title)
        ProgramPage(program, given, _LAST.of(solara.get_session_id()))


@solara.component
def ProgramPage(
    program: ModelProgram,
    given: Mapping[str, Any],
    last: LastRun[ProgramCourse] | None = None,
) -> None:
    """Show runs of a model: controls, levers, picture, key figures and tables.

    Parameters
    ----------
    program : ModelProgram
        The model.
    given : mapping
        Options of the first run, as `ProgramOptions` takes them.
    last : LastRun, optional
        The last run of the browser, which outlives this page; by default runs end with it.
    """
    solara.Style(STYLE)
    solara.Style(_NARROW)
    run, begin_run = use_run(partial(_begun, program), given, last)
    wanted, course = dict(run.options or {}), run.course

    def begin(**options: object) -> None:
        begin_run({**wanted, "options": {**wanted.get("options", {}), **options}})

    with solara.Div(classes=["city-frame"]), solara.Div(classes=["city-page"]):
        with solara.Div(classes=["city-side"]):
            if course is not None:
                with solara.Div(classes=["city-run"]):
                    RunControls(course, on_reset=begin)
                with solara.Div(classes=["city-levers-of-run"]):
                    _Levers(course, begin)
            with solara.Div(classes=["city-new-run", "city-more"]):
                _NewRun(program, wanted, begin)
        if course is None:
            solara.Error(run.trouble, classes=["city-error"])
        else:
            _Story(course)
            with solara.Div(classes=["city-tables-of-run"]):
                _Tables(course)


def _begun(program: ModelProgram, given: Mapping[str, Any]) -> ProgramCourse:
    """Return a run at its start."""
    options = ProgramOptions(**{**given, "own_prompts": program.own_prompts})
    return ProgramCourse(program, options, open_llm(options))


@solara.component
def _Levers(course: ProgramCourse, begin: Callable[..., None]) -> None:
    drawn = redraws(course)
    drawn.get()

    def pull(lever: Lever) -> Callable[[float], None]:
        def to(value: float) -> None:
            if value == course.value_of(lever):
                return
            if course.acts_at_once(lever):
                course.change(lever.name, value)
                drawn.set(drawn.peek() + 1)
            else:
                begin(**{lever.name: value})

        return to

    def keep() -> None:
        course.keep_copy()
        drawn.set(drawn.peek() + 1)

    with Panel("Levers", name="levers"):
        for lever in course.program.levers:
            now = course.value_of(lever)
            solara.Text(f"{lever.label}: {now:,.4g}")
            solara.v.Slider(
                v_model=now,
                on_v_model=pull(lever),
                min=lever.low,
                max=lever.high,
                step=lever.step,
                hide_details=True,
                attributes={"aria-label": lever.label},
            )
        if course.program.levers:
            later = [one for one in course.program.levers if not course.acts_at_once(one)]
            names = ", ".join(one.label for one in later)
            Hint("They act from now on." if not later else f"These begin a new run: {names}.")
        solara.Button(
            "Keep a copy to compare",
            on_click=keep,
            disabled=not course.running,
            small=True,
            outlined=True,
            block=True,
        )


@solara.component
def _NewRun(program: ModelProgram, wanted: Mapping[str, Any], begin: Callable[..., None]) -> None:
    usual = {**program.defaults, **wanted.get("options", {})}
    edited, edit = solara.use_state({})

    def set_(name: str) -> Callable[[Any], None]:
        return lambda value: edit({**edited, name: value})

    with Panel("New run", name="more"):
        for name, about in program.options.items():
            _Option(name, about, edited.get(name, usual[name]), set_(name))
        solara.Button("Start new run", on_click=lambda: begin(**edited), small=True, outlined=True)


@solara.component
def _Option(name: str, about: str, value: Any, on_value: Callable[[Any], None]) -> None:  # noqa: ANN401 - of any option
    label = name.replace("_", " ")
    if isinstance(value, bool):
        solara.Checkbox(label=label, value=value, on_value=on_value)
    elif isinstance(value, int):
        solara.InputInt(label, value, on_value, dense=True, continuous_update=True)
    elif isinstance(value, float):
        solara.InputFloat(label, value, on_value, dense=True, continuous_update=True)
    else:
        solara.InputText(
            label,
            "" if value is None else str(value),
            lambda text: on_value(_read(text)),
            continuous_update=True,
        )
    Hint(about)


def _read(text: str) -> Any:  # noqa: ANN401 - of any option
    """Return what a text says: a number, true or false, or the text itself; None if empty."""
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text


@solara.component
def _Story(course: ProgramCourse) -> None:
    redraws(course).get()
    title, picture = course.program.title, course.picture()
    with solara.Div(classes=["city-middle"]):
        solara.v.Html(tag="h1", children=[title], style_="font-size: 1.1rem;")
        Remark(who_decides(course), name="decided")
        if picture is None:
            Hint("Nothing has happened yet: press Play, or Step.")
            return
        for name, text in course.key_figures().items():
            Remark(f"{name}: {text}", name="key-figures")
        Picture(image_url(picture), f"Picture of the run of {title}")
        if (other := course.picture(of_copy=True)) is not None:
            Remark("The copy, without what was changed since:", name="copy")
            Picture(image_url(other), f"Picture of the copy of the run of {title}")


@solara.component
def _Tables(course: ProgramCourse) -> None:
    redraws(course).get()
    chosen, choose = solara.use_state("history")
    with Panel("Tables", name="tables"):
        frames = course.tables() if course.model.minute else {}
        if not frames:
            Hint("There are no rows yet.")
            return
        name = chosen if chosen in frames else "history"
        Choice("Table", list(frames), name, choose)
        frame = frames[name].iloc[::-1]
        Rows(
            [str(column) for column in frame.columns],
            [tuple(_cell(one) for one in row) for row in frame.itertuples(index=False)],
            label=f"The last rows of {name}, the newest first",
            page=12,
        )


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)[:_CELL]


def who_decides(course: ProgramCourse) -> str:
    """Return in words who decides what, and where the run is."""
    model = course.model
    steps = model.minute // model.STEP_MIN
    asked = ", ".join(sorted(model.prompts))
    who = f"a language model ({asked})" if asked else "rules"
    return f"Step {steps} of {model.length}. Decided by {who}. Seed {model.first_seed}."
