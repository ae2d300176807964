"""Runs of a page: where two have parted, and what was done to one alone."""

from __future__ import annotations

import pytest

from mesa_llm_city.simulation.model import CityModel
from tests.town import small_town, townspeople

pytest.importorskip("solara")

from mesa_llm_city.ui.comparing.done import Done
from mesa_llm_city.ui.comparing.runs import ForkedRun, differing_options, done_alone, parting
from mesa_llm_city.ui.page.forks import FIRST, Forks
from mesa_llm_city.ui.views.replay import Replay


@pytest.fixture(scope="module")
def forks() -> Forks:
    """Return a first run at 00:20, with forks of 00:05, of 00:10, and of the latter at 00:15."""
    made = Forks(CityModel(small_town(), townspeople(), rng=7))
    _live(made[FIRST])
    made.fork("early")
    _live(made[FIRST])
    made.fork("late")
    made.switch("late")
    _live(made["late"])
    made.fork("child")
    for name in (FIRST, FIRST, "early"):
        _live(made[name])
    return made


def _live(run: ForkedRun) -> None:
    assert isinstance(run.city, CityModel)
    run.city.step()


@pytest.mark.parametrize(
    ("one", "other", "minute"),
    [
        (FIRST, "early", 5),
        (FIRST, "late", 10),
        (FIRST, "child", 10),
        ("early", "late", 5),
        ("early", "child", 5),
        ("late", "child", 15),
    ],
)
def test_two_runs_have_parted_where_they_were_the_same_run_last(
    forks: Forks, one: str, other: str, minute: int
) -> None:
    for parted in (parting(forks[one], forks[other]), parting(forks[other], forks[one])):
        assert parted.minute == minute
        assert parted.moment is not None
        assert parted.moment.minute == minute


def test_the_moment_of_forking_is_kept_and_its_size_is_known(forks: Forks) -> None:
    late = forks["late"]
    assert late.moment is not None
    assert late.moment_mb == pytest.approx(len(late.moment.contents) / 1e6)
    assert forks[FIRST].moment_mb == 0.0


def test_runs_that_do_not_come_from_one_another_part_at_their_beginning(forks: Forks) -> None:
    stranger = ForkedRun(name="stranger", city=forks[FIRST].city, number=77)
    assert parting(forks[FIRST], stranger) == (0, None)


def test_what_was_done_to_both_is_not_done_to_one_alone() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    model.act({"kind": "close", "zone": 1}, who="a test")
    model.step()
    forks = Forks(model)
    fork = forks.fork("flood")
    assert isinstance(fork.city, CityModel)
    model.note_act("fork", {"name": "flood"}, who="a test")
    fork.city.act({"kind": "close", "zone": 2}, who="a test")
    assert done_alone(forks[FIRST], fork) == ()
    (alone,) = done_alone(fork, forks[FIRST])
    assert (alone.minute, alone.kind, alone.what["zone"]) == (5, "close", 2)
    forks.compare("flood")
    assert forks.comparison is not None
    acts = forks.comparison.acts
    assert {name: [one.kind for one in done] for name, done in acts.items()} == {
        FIRST: ["close", "fork"],
        "flood": ["close", "close"],
    }
    forks.close()


def test_finished_runs_tell_what_was_done_to_them_and_how_their_options_differ() -> None:
    replay = Replay.of(CityModel(small_town(), townspeople(), rng=7))
    closing = Done(0, "close", {"kind": "close", "zone": 1})
    one = ForkedRun(name="one", city=replay, options={"seed": 7, "citizens": 30})
    other = ForkedRun(
        name="other", city=replay, done=(closing,), options={"seed": 8, "citizens": 30, "days": 2}
    )
    assert (done_alone(other, one), done_alone(one, other)) == ((closing,), ())
    assert differing_options(one, other) == {"seed": (7, 8), "days": (None, 2)}


def test_of_two_forks_at_one_minute_the_first_one_parted_first() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    forks = Forks(model)
    first = forks.fork("a")
    model.act({"kind": "close", "zone": 1}, who="a test")
    second = forks.fork("b")
    assert first.moment is not second.moment
    assert parting(first, second).moment is first.moment
    assert parting(second, first).moment is first.moment
    forks.close()


def test_a_run_is_forked_that_is_asked_for_whichever_is_shown() -> None:
    model = CityModel(small_town(), townspeople(), rng=7)
    forks = Forks(model)
    forks.fork("a")
    forks.switch("a")
    assert forks.fork("b", of=model).parent == FIRST
    forks.close()
