"""How many of a group each of its people knows, live and in a replay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.core.values import Int
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.simulation.records.mind_tables import FORGOTTEN
from mesa_llm_city.social import Ties
from mesa_llm_city.social.tie import Tie
from mesa_llm_city.ui.views.counts import model_of
from mesa_llm_city.ui.views.lazy_tables import columns_of
from mesa_llm_city.ui.views.live_person import tied as live_tied
from mesa_llm_city.ui.views.live_person import ties_of as live_ties
from mesa_llm_city.ui.views.protocols import CityView
from mesa_llm_city.ui.views.replay import Replay
from mesa_llm_city.ui.views.replay_minds import tied_among
from mesa_llm_city.ui.views.replay_minds import ties_of as past_ties

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel
    from mesa_llm_city.ui.views.history import History

__all__ = ["known_among", "ties_among", "ties_of"]

_COLUMNS = ("person", "time", "other", "relation")


def ties_of(view: CityView, person: int) -> pd.DataFrame:
    """Return whom a person knows (see `PersonView.ties`).

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    person : int
        Id of the person.
    """
    model = model_of(view)
    if model is not None:
        return live_ties(model, person)
    if isinstance(view, Replay):
        return past_ties(view.history, person, view.minute)
    return view.person(person).ties


def ties_among(view: CityView, people: Sequence[int]) -> Iterator[tuple[int, int, Tie]]:
    """Yield the ties among some people, each once: who, whom, and how.

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    people : sequence of int
        Ids.
    """
    seen: set[tuple[int, int]] = set()
    for one, ties in _tied(view, people):
        for other in ties.known_among([other for other in people if other != one]):
            pair = (min(one, other), max(one, other))
            if pair not in seen:
                seen.add(pair)
                yield one, other, ties.tie(other, at_min=view.minute)


def _tied(view: CityView, people: Sequence[int]) -> Iterator[tuple[int, Ties]]:
    model = model_of(view)
    if model is not None:
        yield from ((one, live_tied(model, one)) for one in people)
    elif isinstance(view, Replay):
        yield from tied_among(view.history, people, view.minute).items()


def known_among(view: CityView, people: Int) -> Int:
    """Return how many of a group each of its people knows, shape (n,).

    Parameters
    ----------
    view : CityView
        A live model or a replay.
    people : ndarray of int64, shape (n,)
        Ids, rising.
    """
    model = model_of(view)
    if model is not None:
        whose, other = _pairs_of_model(model)
    elif isinstance(view, Replay):
        whose, other = _pairs_of_history(view.history, view.minute)
    else:
        whose, other = _joined([]), _joined([])
    inside = np.isin(whose, people) & np.isin(other, people)
    return np.bincount(np.searchsorted(people, whose[inside]), minlength=len(people))


def _pairs_of_model(model: CityModel) -> tuple[Int, Int]:
    """Return who knows whom, as two columns of ids."""
    all_ties = [(one.person, one.citizen.components.ties) for one in model.citizens]
    known = [(person, ties.others) for person, ties in all_ties if ties is not None]
    people = np.array([person for person, _ in known], dtype=np.int64)
    return np.repeat(people, [len(one) for _, one in known]), _joined([one for _, one in known])


def _pairs_of_history(history: History, minute: int) -> tuple[Int, Int]:
    if "mind_ties" not in history.tables:
        return _joined([]), _joined([])
    frame = columns_of(history.tables, "mind_ties", _COLUMNS)
    # What was written of somebody first counts from the first minute.
    frame = frame[minutes_of(frame["time"], history.clock) < max(minute, 1)]
    last = frame.drop_duplicates(["person", "other"], keep="last")
    last = last[last["relation"] != FORGOTTEN]
    return last["person"].to_numpy(dtype=np.int64), last["other"].to_numpy(dtype=np.int64)


def _joined(parts: list[Int]) -> Int:
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])
