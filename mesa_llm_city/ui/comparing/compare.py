"""The section of the page that compares two runs: which, what was done to each, what differs."""

from __future__ import annotations

import solara

from mesa_llm_city.ui.choice import Choice
from mesa_llm_city.ui.comparing.charts import DifferenceCharts
from mesa_llm_city.ui.comparing.comparison import Comparison
from mesa_llm_city.ui.comparing.difference_map import DifferenceMap
from mesa_llm_city.ui.comparing.differing import WhoDiffers
from mesa_llm_city.ui.comparing.done import done_in_words
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.comparing.runs import ForkedRun, differing_options, done_alone
from mesa_llm_city.ui.comparing.seeds import OverSeeds
from mesa_llm_city.ui.map.sharing import SharedLook
from mesa_llm_city.ui.page.forks import Forks, use_forks_here
from mesa_llm_city.ui.page.runner import redraws
from mesa_llm_city.ui.panel import Hint, Panel, Remark, Rows
from mesa_llm_city.ui.person.common import day_and_time
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.protocols import CityView

__all__ = ["Compare"]

_NOTHING = "nothing"
_ALONE = (
    "There is no other run to compare this one with. Fork it (Act, Fork), do something to one of "
    "the two, and compare them here; or look at two finished runs: "
    "mesa-llm-city replay RUN_A RUN_B"
)
_CITIZENS = (
    "The citizens of both runs are compared. Rows of their crowds are by: mesa-llm-city replay "
    "RUN_A RUN_B --crowd (of runs with --crowd-tables)"
)
_NO_ROWS = (
    "One of the runs is looked at as it was, which is known of citizens only: the rows of the "
    "crowd come back where both stand at one minute."
)
_HOW = (
    "Two maps above show both runs at the same minute: the other one makes each step after the "
    "shown one, and a pause, a time to go to and the time bar hold for both."
)


@solara.component
def Compare(model: object, minute: int) -> None:
    """Let two runs of the page be compared, and show how they differ.

    Parameters
    ----------
    model : CityModel or CityView
        The shown run, or a replay of it at an earlier minute.
    minute : int
        The minute that is shown.
    """
    forks = use_forks_here()
    with Panel("Compare two runs", name="compare"):
        if forks is None or len(forks.runs) < 2:
            Hint(_ALONE)
            return
        compared = _NOTHING if forks.compared is None else forks.compared.name
        _OtherRun(forks, shown=forks.chosen.name, others=forks.others, compared=compared)
        if forks.comparison is None:
            Hint(_HOW)
            return
        _Compared(forks.comparison, model, minute, forks.look)


@solara.component
def _OtherRun(forks: Forks, shown: str, others: tuple[str, ...], compared: str) -> None:
    def choose(name: str) -> None:
        forks.compare("" if name == _NOTHING else name)

    Choice(f"Compare {shown} with", [_NOTHING, *others], compared, choose)


@solara.component
def _Compared(comparison: Comparison, model: object, minute: int, look: SharedLook) -> None:
    del minute
    for run in (comparison.shown, comparison.other):
        redraws(run.city).get()
    pair = comparison.pair(model)
    rows = [
        (name, day_and_time(view.minute), _origin(run), _done(run, other, view))
        for name, view, run, other in _both(comparison, pair)
    ]
    head = ("run", "is at", "where it comes from", "done to it alone")
    Rows(head, rows, label="the runs that are compared", wide="done to it alone")
    Remark(_parted(comparison), name="parted")
    if comparison.shown.hidden_rows and comparison.other.hidden_rows:
        Remark(_CITIZENS, name="no-rows")
    elif _lacks_rows(pair):
        Remark(_NO_ROWS, name="no-rows")
    if options := differing_options(comparison.shown, comparison.other):
        differing = [(name, _value(one), _value(other)) for name, (one, other) in options.items()]
        Rows(("option", *pair.names), differing, label="options in which both differ")
    DifferenceMap(pair, shared=look)
    DifferenceCharts(pair)
    numbers = comparison.shown.number, comparison.other.number
    OverSeeds(pair, comparison.moment, comparison.acts, comparison.folders, runs=numbers)
    WhoDiffers(pair)


def _both(
    comparison: Comparison, pair: Pair
) -> tuple[tuple[str, CityView, ForkedRun, ForkedRun], ...]:
    shown, other = comparison.shown, comparison.other
    one, two = pair.names
    return (one, pair.shown, shown, other), (two, pair.other, other, shown)


def _origin(run: ForkedRun) -> str:
    if not run.parent:
        return "its own beginning"
    return f"{run.parent}, {day_and_time(run.minute)}"


def _done(run: ForkedRun, other: ForkedRun, view: CityView) -> str:
    alone = [done_in_words(one, view) for one in done_alone(run, other)]
    return "; ".join(alone) or "nothing"


def _lacks_rows(pair: Pair) -> bool:
    """Return whether there are rows of a crowd that cannot be looked at as they were."""
    models = [model_of(view) for view in (pair.shown, pair.other)]
    has_crowd = any(one is not None and one.crowd_or_none is not None for one in models)
    return has_crowd and None in models


def _value(option: object) -> str:
    """Return what an option is, in words."""
    if option is None or option in ([], ""):
        return "not given"
    return ", ".join(map(str, option)) if isinstance(option, list) else f"{option}"


def _parted(comparison: Comparison) -> str:
    if comparison.moment is None:
        return "Neither was forked from the other: differences count from their beginning."
    moment = day_and_time(comparison.parted)
    return (
        f"They parted at {moment}; differences count from then on. "
        f"{comparison.moment.megabytes:,.1f} MB of memory keep that moment, from which both can be "
        "lived again."
    )
