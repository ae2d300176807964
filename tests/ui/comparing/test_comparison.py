"""Two runs that are compared are looked at at one minute, with one selection."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from mesa_llm_city.simulation.model import CityModel
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.ui.comparing.comparison import Comparison
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.comparing.two_maps import lag_in_words
from mesa_llm_city.ui.focus import emphasis
from mesa_llm_city.ui.page.forks import FIRST, Forks
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.person.selection import selected, selected_place
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.replay import Replay

_LONG_S = 60.0


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def model() -> CityModel:
    """Return a model at 00:10."""
    made = CityModel(small_town(), townspeople(), rng=7)
    for _ in range(2):
        made.step()
    return made


def test_both_are_looked_at_at_one_minute(model: CityModel) -> None:
    runner = Runner(model)
    forks = Forks(model, runner)
    fork = forks.fork("flood")
    assert isinstance(fork.city, CityModel)
    for _ in range(3):
        fork.city.step()
    forks.compare("flood")
    comparison = forks.comparison
    assert comparison is not None
    assert (forks.compared, comparison.names, comparison.parted) == (fork, (FIRST, "flood"), 10)
    assert comparison.moment is fork.moment
    ahead = comparison.pair(model)
    # The fork was played to 00:25 alone: it is looked at where the shown run is.
    assert isinstance(ahead.other, Replay)
    assert (ahead.shown.minute, ahead.other.minute, ahead.minute) == (10, 10, 10)
    model.step()
    assert comparison.pair(model).other.minute == 15
    assert comparison.pair(model).other is ahead.other
    past = Replay.of(model)
    past.go_to(5)
    early = comparison.pair(past)
    assert (early.other.minute, early.parted) == (5, 5)
    for _ in range(2):
        model.step()
    together = comparison.pair(model)
    assert isinstance(together.other, LiveView)
    assert (together.minute, lag_in_words(comparison, together.shown, together.other)) == (25, "")
    forks.close()
    runner.close()


def test_two_windows_look_back_to_different_minutes(model: CityModel) -> None:
    forks = Forks(model, Runner(model))
    fork = forks.fork("flood").city
    assert isinstance(fork, CityModel)
    for one in (model, model, model, fork, fork, fork):
        one.step()
    forks.compare("flood")
    comparison = forks.comparison
    assert comparison is not None
    windows = [Replay.of(model) for _ in range(2)]
    for window, minute in zip(windows, (15, 20), strict=True):
        window.go_to(minute)
    first, second = (comparison.pair(one) for one in windows)
    assert (first.other.minute, second.other.minute, first.minute) == (15, 20, 15)
    assert isinstance(first.other, Replay)
    assert isinstance(second.other, Replay)
    # What takes memory is kept once.
    assert first.other.history is second.other.history
    windows[0].go_to(5)
    assert comparison.pair(windows[0]).other is first.other
    assert (first.other.minute, second.other.minute) == (5, 20)
    # A finished run that a live one is compared with is looked at by each window too.
    done = Comparison(forks.chosen, ForkedRun(name="done", city=Replay.of(fork), number=9))
    pairs = [done.pair(one) for one in windows]
    assert [one.other.minute for one in pairs] == [5, 20]
    forks.close()


def test_the_other_run_follows_and_is_let_go_of_at_the_end(model: CityModel) -> None:
    runner = Runner(model)
    forks = Forks(model, runner)
    fork = forks.fork("flood").city
    forks.compare("flood")
    runner.step()
    _until(lambda: (model.minute, fork.minute) == (15, 15))
    forks.compare("")
    assert forks.comparison is None
    runner.step()
    _until(lambda: model.minute == 20)
    assert fork.minute == 15
    forks.compare("flood")
    _until(lambda: fork.minute == 20)
    forks.drop("flood")
    assert forks.compared is None
    _until(lambda: not runner.companions)
    forks.close()
    runner.close()


def test_both_have_one_selection_and_one_focus_whichever_is_shown(model: CityModel) -> None:
    forks = Forks(model, Runner(model))
    fork = forks.fork("flood").city
    of_first = selected(model)
    of_first.set(3)
    forks.switch("flood")
    selected(fork).set(5)
    selected_place(fork).set(11)
    forks.compare(FIRST)
    # What a session notes is that of the first run, with what the reader looks at now.
    assert selected(model) is selected(fork) is of_first
    assert (of_first.value, selected_place(model).value) == (5, 11)
    assert emphasis(model) is emphasis(fork)
    forks.close()


def test_a_run_that_is_shown_changes_places_with_the_one_it_is_compared_with(
    model: CityModel,
) -> None:
    forks = Forks(model, Runner(model))
    for name in ("flood", "storm"):
        forks.fork(name)
    forks.compare("flood")
    forks.switch("flood")
    assert forks.comparison is not None
    assert forks.comparison.names == ("flood", FIRST)
    forks.switch("storm")
    assert forks.comparison.names == ("storm", FIRST)
    assert forks.others == (FIRST, "flood")
    forks.drop("storm")
    assert (forks.compared, forks.chosen.name) == (None, FIRST)
    with pytest.raises(ConfigError, match="'first run' is the run that is shown; choose another"):
        forks.compare(FIRST)
    with pytest.raises(ConfigError, match="there is no run 'Atlantis'"):
        forks.compare("Atlantis")
    forks.close()


def test_two_replays_are_at_one_minute_as_far_as_both_go(model: CityModel) -> None:
    short = Replay.of(model)
    for _ in range(4):
        model.step()
    shown = Replay.of(model)
    forks = Forks(shown, others=[ForkedRun(name="short", city=short)])
    forks.compare("short")
    comparison = forks.comparison
    assert comparison is not None
    assert comparison.following is None
    shown.go_to(5)
    assert comparison.pair(shown).other.minute == 5
    shown.go_to(30)
    pair = comparison.pair(shown)
    assert (pair.other.minute, pair.minute, pair.parted) == (10, 10, 0)
    told = lag_in_words(comparison, pair.shown, pair.other)
    assert told == "ended at Mon\N{NO-BREAK SPACE}00:10"
    forks.close()


def test_a_page_that_comes_back_leads_with_its_own_runner(model: CityModel) -> None:
    forks = Forks(model)
    fork = forks.fork("flood").city
    forks.compare("flood")
    comparison = forks.comparison
    assert comparison is not None
    first, second = Runner(model), Runner(model)
    for runner in (first, second):
        comparison.lead_by(runner)
    assert not first.companions
    second.step()
    _until(lambda: fork.minute == 15)
    first.close()
    second.close()
    forks.close()
