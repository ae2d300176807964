"""Lets the same people live as citizens and as rows, and tells what both did."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from mesa_llm_city import City, CityModel, Clock, Population
from mesa_llm_city.citizen.world import World
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.crowd.acquainted import Acquainted
from mesa_llm_city.crowd.hearing import Heeded
from mesa_llm_city.crowd.life import CrowdLife
from mesa_llm_city.crowd.meeting import Meetings
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind.goals import Goals, goals_of_levels
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population.categories import Education
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.social.similarity import Interests

LEFT_OUT = ("memory", "outsiders")


def knowing_as_many(parameters: CityParameters) -> CityParameters:
    """Return parameters by which a row knows as many people as a citizen."""
    ties = parameters.social.ties
    alike = {"social.ties.crowd_slots": ties.slots, "social.ties.crowd_open": 0}
    for name, value in alike.items():
        parameters = parameters.with_(name, value)
    return parameters


class Lived(NamedTuple):
    """Tables of a life."""

    activities: pd.DataFrame
    trips: pd.DataFrame
    visits: pd.DataFrame
    needs: pd.DataFrame
    goals: pd.DataFrame


class Notes:
    """Keeps what rows have done."""

    has_tables = True

    def __init__(self, people: PeopleColumns, parameters: CityParameters) -> None:
        self.ids, self.purposes = people.ids, np.array(tuple(parameters.purposes))
        self.modes = np.array(tuple(parameters.modes))
        self.of_stays: list[pd.DataFrame] = []
        self.of_trips: list[pd.DataFrame] = []
        self.of_visits: list[pd.DataFrame] = []

    def stays(self, rows: Int, start: Int, end: Int, purpose: Int, place: Int) -> None:
        columns = {
            "person": self.ids[rows],
            "start": start,
            "end": end,
            "purpose": self.purposes[purpose],
            "place": place,
        }
        self.of_stays.append(pd.DataFrame(columns))

    def trips(self, rows: Int, origin: Int, state: CrowdState) -> None:
        trip = state.trip
        columns = {
            "person": self.ids[rows],
            "start": trip.start[rows],
            "end": trip.end[rows],
            "origin": origin,
            "destination": state.place[rows],
            "purpose": self.purposes[trip.purpose[rows]],
            "mode": self.modes[trip.mode[rows]],
            "distance_m": trip.distance_m[rows],
            "travel_min": trip.minutes[rows].astype(np.float32),
            "access_min": trip.access_min[rows],
            "cost": trip.cost[rows],
        }
        self.of_trips.append(pd.DataFrame(columns))

    def visits(  # noqa: PLR0917 - the columns of the table
        self, rows: Int, start: Int, end: Int, purpose: Int, place: Int, ratings: Float
    ) -> None:
        columns = {
            "person": self.ids[rows],
            "start": start,
            "end": end,
            "place": place,
            "purpose": self.purposes[purpose],
            "price": ratings[:, 0].astype(np.float32),
            "atmosphere": ratings[:, 1].astype(np.float32),
            "satisfaction": ratings[:, 2].astype(np.float32),
            "convenience": ratings[:, 3].astype(np.float32),
        }
        self.of_visits.append(pd.DataFrame(columns))

    def heard(self, heeded: Heeded, news: CrowdNews) -> None:
        raise NotImplementedError  # nobody is told anything here


def as_rows(
    city: City, people: Population, *, seed: int, days: int, clock: Clock | None = None
) -> tuple[Lived, CrowdState]:
    """Let people live as rows of a crowd, without the hours of the needs table."""
    tree, columns = knowing_as_many(city.parameters), PeopleColumns.of(people)
    streams = ColumnStreams(seed, columns.ids)
    curiosity = normal_of(streams.trait("exploration", n=1)[:, 0])
    state, notes = CrowdState.begin(columns, curiosity, tree), Notes(columns, tree)
    known = Acquainted.begin(
        columns,
        education=np.array([tuple(Education).index(one.education) for one in people]),
        interests=Interests.of(people),
        places=len(city.places),
        seed=seed,
        parameters=tree,
    )
    meetings = Meetings(state, known, streams, tree)
    life = CrowdLife(state, streams, World(city, clock or Clock()), tree, notes, meetings)
    needs = []
    every = np.arange(len(columns))
    for begin in range(0, days * DAY_MIN, 5):
        if begin % 60 == 0:
            levels = state.needs.at(every, np.full(len(columns), begin))
            hour = pd.DataFrame(levels.astype(np.float32), columns=list(tree.needs))
            hour.insert(0, "person", columns.ids)
            hour.insert(1, "time", begin)
            needs.append(hour)
        life.live_until(begin + 5)
    told = (notes.of_stays, notes.of_trips, notes.of_visits, needs, [_goals_of(state, tree)])
    return Lived(*map(_sorted, told)), state


def as_citizens(
    city: City, people: Population, *, seed: int, days: int, clock: Clock | None = None
) -> Lived:
    """Let people live as citizens who go without what a crowd leaves out."""
    model = CityModel(city, people, rng=seed, clock=clock, without=LEFT_OUT)
    model.run_days(days)
    records = model.records
    stays = records.activities.to_frame()
    return Lived(
        _sorted([stays[stays["purpose"] != "travel"]]),
        _sorted([records.trips.to_frame()]),
        _sorted([records.visits.to_frame()]),
        _sorted([records.needs.to_frame()]),
        _sorted([_goals_of_citizens(model)]),
    )


def _goals_of(state: CrowdState, parameters: CityParameters) -> pd.DataFrame:
    """Return what rows want, when they came to want it, and how well needs are met since then."""
    goals, columns = [], (state.goals.unmet.tolist(), state.goals.revised.tolist())
    for unmet, revised in zip(*columns, strict=True):
        one = Goals(parameters)
        one.restore(goals_of_levels(unmet, revised, parameters))
        goals.append(repr(one.goals))
    met = state.needs.fulfilment(np.arange(len(state)))
    revised = state.goals.revised
    told = {"person": state.people.ids, "goals": goals, "revised": revised, "met": met}
    return pd.DataFrame(told)


def _goals_of_citizens(model: CityModel) -> pd.DataFrame:
    told = []
    for agent in model.citizens:
        goals, needs = agent.citizen.components.goals, agent.citizen.components.needs
        assert goals is not None
        assert needs is not None
        at = goals.state()["revised_min"]
        told.append((agent.person, repr(goals.goals), -1 if at is None else at, needs.fulfilment()))
    return pd.DataFrame(told, columns=["person", "goals", "revised", "met"])


def _sorted(frames: list[pd.DataFrame]) -> pd.DataFrame:
    frame = pd.concat(frames, ignore_index=True)
    for name in ("purpose", "mode"):
        if name in frame:
            frame[name] = frame[name].astype(str)
    whole = frame.select_dtypes("number").columns
    frame[whole] = frame[whole].astype(np.float64)
    keys = [name for name in ("person", "time", "start") if name in frame]
    return frame.sort_values(keys, kind="stable", ignore_index=True)
