"""What differs between two runs of a page: as far as both are known, live or replayed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("solara")

from mesa_llm_city.experiments.futures.comparisons import Comparisons
from mesa_llm_city.experiments.futures.measures import MEASURES
from mesa_llm_city.experiments.futures.touched import touched
from mesa_llm_city.ui.comparing.differences import Differences, differences
from mesa_llm_city.ui.comparing.pair import Pair
from mesa_llm_city.ui.views.live import LiveView
from mesa_llm_city.ui.views.protocols import view_of
from mesa_llm_city.ui.views.replay import Replay
from tests.ui.comparing.parted import EIGHT, NAMES, ONE, pair_at_one, pair_of, runs_until


def _found(one: Differences) -> list[tuple[int, int]]:
    return list(zip(one.first.person.tolist(), one.first.minute.tolist(), strict=True))


def test_live_runs_differ_as_their_models_do() -> None:
    pair = pair_at_one()
    found = differences(pair)
    models = [one.model for one in (pair.shown, pair.other) if isinstance(one, LiveView)]
    rows = touched(*models, minute=EIGHT)
    assert _found(found) == list(zip(rows["person"], rows["minute"], strict=True))
    assert len(rows) > 2
    assert (found.people, found.share) == (40, len(rows) / 40)
    futures = Comparisons(
        models={name: [one] for name, one in zip(NAMES, models, strict=True)},
        minute=EIGHT,
        seeds=(7,),
        changes={},
    )
    for name in MEASURES:
        expected = futures.difference(name)
        assert found.measures[name].to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)


def test_a_run_that_is_ahead_is_compared_up_to_where_the_other_stands() -> None:
    ahead, behind = runs_until(ONE, 11 * 60)
    early = differences(pair_of(view_of(ahead), view_of(behind)))
    late = differences(pair_at_one())
    assert early.minute == 11 * 60
    assert _found(early) == [one for one in _found(late) if one[1] < 11 * 60]
    hours = early.measures["trips by hour"].index
    assert hours[-1] == pd.Timestamp("2024-04-01 10:00")


def test_replays_differ_as_the_runs_did_at_the_minute_they_show() -> None:
    pair = pair_at_one()
    models = [one.model for one in (pair.shown, pair.other) if isinstance(one, LiveView)]
    replays = [Replay.of(one) for one in models]
    for one in replays:
        one.go_to(ONE)
    replayed = pair_of(replays[0], replays[1])
    found, live = differences(replayed), differences(pair)
    assert _found(found) == _found(live)
    every = np.arange(len(live.first))
    for side in (0, 1):
        told = [[row.words for row in one.first.told(every, side)] for one in (found, live)]
        assert told[0] == told[1]
    for name in MEASURES:
        pd.testing.assert_frame_equal(found.measures[name], live.measures[name])
    replays[0].go_to(11 * 60)
    assert _found(differences(replayed)) == [one for one in _found(live) if one[1] < 11 * 60]


def test_people_who_are_in_one_run_only_are_known() -> None:
    shown, other = runs_until(9 * 60)
    gone = other.citizens[0].person
    other.citizens[0].remove()
    for model in (shown, other):
        model.step()
    found = differences(pair_of(view_of(shown), view_of(other)))
    at = found.first.person.tolist().index(gone)
    assert found.absent[at].tolist() == [False, True]
    assert not np.delete(found.absent, at, axis=0).any()
    assert found.name_of(gone) == shown.residents.by_id[gone].persona.name


def test_those_who_have_left_both_runs_have_their_names() -> None:
    shown, other = runs_until(9 * 60)
    both = {model: {one.person: one for one in model.citizens} for model in (shown, other)}
    early = differences(pair_of(view_of(shown), view_of(other))).first.person.tolist()
    gone, name = early[0], both[shown][early[0]].persona.name
    for model, citizens in both.items():
        citizens[gone].remove()
        model.step()
    live = pair_of(view_of(shown), view_of(other))
    replays = [Replay.of(shown), Replay.of(other)]
    for one in replays:
        one.go_to(shown.minute)
    for pair in (live, pair_of(replays[0], replays[1])):
        found = differences(pair)
        assert gone in found.first.person
        assert found.name_of(gone) == name
        assert found.first.futures[0].decision("contacts", f"{gone}") == f"wished to talk to {name}"


def test_runs_that_have_just_parted_are_alike() -> None:
    shown, _ = runs_until(EIGHT)
    pair = Pair(shown=view_of(shown), other=view_of(shown), names=NAMES, parted=EIGHT)
    found = differences(pair)
    assert (len(found.first), found.share) == (0, 0.0)
