"""A page has several runs: forks go on from a moment, and one of them is shown."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from mesa_llm_city.simulation.model import CityModel
from mesa_llm_city.simulation.records import digest
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.core.errors import CityError
from mesa_llm_city.ui.comparing.runs import ForkedRun
from mesa_llm_city.ui.page.forks import FIRST, MOST_FORKS, Forks
from mesa_llm_city.ui.page.page import CityPage
from mesa_llm_city.ui.page.runner import Runner
from mesa_llm_city.ui.page.sessions import Session
from mesa_llm_city.ui.page.sources import Source
from mesa_llm_city.ui.person.selection import selected
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.shown import Shown, show

_LONG_S = 20.0


@pytest.fixture
def model() -> CityModel:
    """Return a model at eight o'clock."""
    made = CityModel(small_town(), townspeople(), rng=7)
    while made.minute < 480:
        made.step()
    return made


def _until(is_true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + _LONG_S
    while not is_true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.02)


def fingerprint(model: object) -> str:
    assert isinstance(model, CityModel)
    return digest({name: getattr(model, name)() for name in ("activities", "decisions")})


def test_a_fork_goes_the_same_way_until_one_is_acted_upon(model: CityModel) -> None:
    forks = Forks(model)
    selected(model).set(3)
    same, other = forks.fork(), forks.fork("flood")
    assert [one.name for one in forks.runs] == [FIRST, "fork 1", "flood"]
    assert (other.parent, other.minute) == (FIRST, 480)
    assert selected(other.city).value == 3
    assert isinstance(other.city, CityModel)
    other.city.act({"kind": "close", "zone": 1}, who="a test")
    for run in forks.runs:
        for _ in range(36):
            run.city.step()
    assert fingerprint(same.city) == fingerprint(model) != fingerprint(other.city)
    assert not model.acts
    forks.close()


def test_another_run_is_shown_and_the_first_pauses(model: CityModel) -> None:
    runner = Runner(model)
    forks, changes = Forks(model, runner), []
    stop = forks.listen(lambda: changes.append(forks.chosen.name))
    forks.fork("flood")
    runner.play()
    forks.switch("flood")
    assert not runner.playing
    assert changes == [FIRST, "flood"]
    forks.drop("flood")
    assert forks.chosen.name == FIRST
    stop()
    runner.close()


def test_names_and_number_of_forks_are_limited(model: CityModel) -> None:
    forks = Forks(model)
    for _ in range(MOST_FORKS):
        forks.fork()
    with pytest.raises(CityError, match="drop one first"):
        forks.fork("one more")
    forks.drop("fork 2")
    with pytest.raises(CityError, match="there is a run 'fork 1' already"):
        forks.fork("fork 1")
    assert forks.fork().name == "fork 2"
    with pytest.raises(CityError, match="there is no run 'Atlantis'"):
        forks.switch("Atlantis")
    with pytest.raises(CityError, match="the first run cannot be dropped"):
        forks.drop(FIRST)
    forks.close()
    assert [one.name for one in forks.runs] == [FIRST]
    with pytest.raises(CityError, match="a finished run cannot be forked"):
        Forks(Replay.of(model)).fork()


def test_the_page_forks_and_switches(model: CityModel) -> None:
    forks = Forks(model)
    page = show(model, lambda given: CityPage(given, forks=forks))
    rows = [one for one in page.widgets() if type(one).__name__ == "Tabs"]
    sections = next(one for one in rows if "city-sections" in one.class_)
    titles = [tab.children[0] for tab in sections.children]
    sections.v_model = titles.index("Act")
    acts = next(
        one for one in page.widgets() if type(one).__name__ == "Tabs" and "city-acts" in one.class_
    )
    acts.v_model = [tab.children[0] for tab in acts.children].index("Fork")
    page.labelled("Name of the fork").v_model = "flood"
    page.click("Fork here")
    _until(lambda: "flood goes on from here." in page.texts())
    assert [one.kind for one in model.acts] == ["fork"]
    page.labelled("Run").value = "flood"
    assert forks.chosen.name == "flood"
    _until(lambda: "flood (shown)" in page.texts() or "Charts" in page.texts())
    forks.close()


def _shown_at(page: Shown) -> list[str]:
    """Return the times of day on the maps of both runs."""
    return [one.when[-5:] for one in page.of_kind("CityCanvas")[:2]]


def test_the_page_compares_two_runs_and_swaps_them(model: CityModel) -> None:
    runner = Runner(model)
    forks = Forks(model, runner)
    fork = forks.fork("flood").city
    assert isinstance(fork, CityModel)
    fork.act({"kind": "close", "zone": 1}, who="a test")
    page = show(model, lambda given: CityPage(given, runner=runner, forks=forks))
    tabs = next(one for one in page.of_kind("Tabs") if "city-sections" in one.class_)
    tabs.v_model = [tab.children[0] for tab in tabs.children].index("Compare")
    assert len(page.of_kind("CityCanvas")) == 1
    page.labelled("Compare first run with").value = "flood"
    assert _shown_at(page) == ["08:00", "08:00"]
    page.click("End comparison")
    assert page.labelled("Compare first run with").value == "nothing"
    forks.compare("flood")
    assert page.labelled("Compare first run with").value == "flood"
    told = [row["c3"] for row in page.rows()[:2]]
    assert told == ["nothing", f"Day 1, 08:00: close, zone {model.city.zones.names[1]}"]
    page.click("Step")
    _until(lambda: _shown_at(page) == ["08:05", "08:05"])
    assert (model.minute, fork.minute) == (485, 485)
    page.of_kind("ScrubberBar")[0].wanted = {"minute": 480}
    _until(lambda: _shown_at(page) == ["08:00", "08:00"])
    page.of_kind("CityCanvas")[1].selected = 3
    assert [one.selected for one in page.of_kind("CityCanvas")[:2]] == [3, 3]
    page.click("Swap")
    assert (forks.chosen.name, forks.comparison and forks.comparison.names) == (
        "flood",
        ("flood", FIRST),
    )
    # The section that was open stays open.
    assert page.labelled("Compare flood with").value == FIRST
    page.click("End comparison")
    assert len(page.of_kind("CityCanvas")) == 1
    forks.close()
    runner.close()


def test_the_page_swaps_two_finished_runs(model: CityModel) -> None:
    first = Replay.of(model)
    for _ in range(2):
        model.step()
    forks = Forks(first, others=[ForkedRun(name="longer", city=Replay.of(model))])
    forks.compare("longer")
    page = show(first, lambda given: CityPage(given, forks=forks))
    page.of_kind("ScrubberBar")[0].wanted = {"minute": 470}
    _until(lambda: _shown_at(page) == ["07:50", "07:50"])
    assert page.of_kind("ScrubberBar")[0].reached == 480
    page.click("Swap")
    assert _shown_at(page) == ["07:50", "07:50"]
    assert page.of_kind("ScrubberBar")[0].reached == 490
    page.of_kind("ScrubberBar")[0].wanted = {"minute": 490}
    _until(lambda: _shown_at(page) == ["08:10", "08:00"])
    assert "ended at Mon\N{NO-BREAK SPACE}08:00" in page.texts()
    forks.close()


def test_what_stops_a_compared_run_is_told_and_stops_both(
    model: CityModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner(model)
    forks = Forks(model, runner)
    fork = forks.fork("flood").city

    def fail() -> None:
        message = "the budget is spent."
        raise CityError(message)

    monkeypatch.setattr(fork, "step", fail)
    forks.compare("flood")
    page = show(model, lambda given: CityPage(given, runner=runner, forks=forks))
    page.click("Play")
    _until(lambda: "flood has stopped, and first run with it: the budget is" in page.texts())
    assert not runner.playing
    assert "at Mon\N{NO-BREAK SPACE}08:00, paused" in page.texts()
    forks.close()
    runner.close()


def test_a_new_run_ends_the_forks_too_and_asks_before(model: CityModel) -> None:
    runner, begun = Runner(model), list[str]()
    forks = Forks(model, runner)
    forks.fork("flood")
    page = show(
        model,
        lambda given: CityPage(
            given, on_reset=lambda: begun.append("new"), runner=runner, forks=forks
        ),
    )
    page.click("Reset")
    assert "and the other runs of this page (flood). They cannot be brought back" in page.texts()
    assert not begun
    page.click("Reset the run")
    assert begun == ["new"]
    forks.close()
    runner.close()


def test_a_session_ends_its_forks() -> None:
    made = CityModel(small_town(), townspeople(), rng=7)

    class Ready(Source):
        """A source whose city is there at once."""

        def make(self, **_: object) -> CityModel:
            return made

    session = Session(Ready())
    session.begin()
    _until(lambda: session.forks is not None)
    assert session.forks is not None
    run = session.forks.fork()
    forks = session.forks
    session.end()
    assert [one.name for one in forks.runs] == [FIRST]
    assert run.runner is not None
    assert session.forks is None
