"""The crowd of a model, as one Mesa agent with a column for each thing that its rows have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.place_setting import prepare_choices
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.shares import decoded_shares
from mesa_llm_city.core.streams import Reseeding
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float, Int, Purpose
from mesa_llm_city.crowd.acquainted import Acquainted, interests_of
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.doing_counts import count_doing
from mesa_llm_city.crowd.life import CrowdLife
from mesa_llm_city.crowd.meeting import Meetings
from mesa_llm_city.crowd.state import NOT_TRAVELLING, CrowdState
from mesa_llm_city.crowd.state_arrays import arrays_of, put_arrays
from mesa_llm_city.mind.goals import goal_texts
from mesa_llm_city.mind.need_columns import need_rates
from mesa_llm_city.mobility.mode_columns import mode_table
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona, PopulationColumns
from mesa_llm_city.population.people_columns import PeopleColumns
from mesa_llm_city.simulation.crowd.crowd import Crowd
from mesa_llm_city.simulation.crowd.crowd_journal import RecordingJournal
from mesa_llm_city.simulation.crowd.crowd_row import CrowdRow
from mesa_llm_city.simulation.crowd.crowd_tables import CrowdTables
from mesa_llm_city.simulation.crowd.membership import add_people, remove_rows
from mesa_llm_city.simulation.crowd.messages_of_rows import (
    citizen_ids,
    heard_table,
    tell_citizens,
)
from mesa_llm_city.simulation.crowd.row_survey import RowRule, survey_rows
from mesa_llm_city.simulation.crowd.saved_people import people_state
from mesa_llm_city.simulation.notebook_card import crowd_card
from mesa_llm_city.simulation.query import Query
from mesa_llm_city.simulation.records import HourlyAggregates, Records, digest
from mesa_llm_city.simulation.surveys.question import Scale, SurveyQuestion

if TYPE_CHECKING:
    import pandas as pd

    # A crowd and its model know each other; only this annotation closes the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["LEFT_OUT", "CrowdAgent"]

LEFT_OUT = ("memory", "outsiders")
"""What a row goes without, by the names that a citizen's `without` has."""

_OF_DIGEST = ("activities", "trips", "visits")
_OF_PEOPLE = ("age", "income", "household", "household_size", "home", "work")


class CrowdAgent(mesa.Agent, CrowdTables):
    """A crowd: n people in columns, who live inside each five minutes of their model.

    It is made by ``CityModel(..., crowd=Crowd(n))`` and found as ``model.crowd``. It counts as one
    agent of Mesa; its rows are read and counted as columns, by `values`, `agg`, `select` and
    `doing`, or looked at one by one (``crowd[row]``).

    Parameters
    ----------
    model : CityModel
        The model.
    options : Crowd
        Who they are, and what is written down.

    Attributes
    ----------
    people : PopulationColumns
        Who the rows are.
    state : CrowdState
        Where they are and what they do.
    records : Records
        What they have done.
    """

    model: CityModel

    def __init__(self, model: CityModel, options: Crowd) -> None:
        super().__init__(model)
        self.options = options
        self.people: PopulationColumns = options.made(
            model.city, seed=model.run_seed, parameters=model.parameters
        )
        self.lived_until = model.minute
        self._counted: tuple[int, Counter[str]] = (-1, Counter())
        self._settle(model)

    def _settle(self, model: CityModel) -> None:
        tree, people = model.parameters, self.people.for_rules(wide=False)
        self.streams = ColumnStreams(model.run_seed, people.ids)
        curiosity = normal_of(self.streams.trait("exploration", n=1)[:, 0])
        self.state = CrowdState.begin(people, curiosity, tree)
        aggregates = HourlyAggregates(
            model.city.zones.names,
            model.city.places.zone,
            codes_of(tree).names,
            mode_table(tree).names,
        )
        self.records = Records(tuple(tree.needs), aggregates)
        if self.options.records is not None:
            self.keep_records(self.options.records)
        self.journal = RecordingJournal(self.records, people.ids, tree, tables=self.options.tables)
        self.meetings = self._meetings(model, people) if self.options.meets else None
        self.life = CrowdLife(
            self.state, self.streams, model.world, tree, self.journal, self.meetings
        )
        prepare_choices(model.world, tree, persons=len(people))
        self.news = self.life.news
        self.life.others = partial(citizen_ids, self)
        self.life.tell_others = partial(tell_citizens, self)

    def _meetings(self, model: CityModel, people: PeopleColumns) -> Meetings:
        known = Acquainted.begin(
            people,
            education=self.people.education,
            interests=interests_of(self.people),
            places=len(model.city.places),
            seed=model.run_seed,
            parameters=model.parameters,
        )
        return Meetings(self.state, known, self.streams, model.parameters)

    def __len__(self) -> int:
        """Return the number of people who live here."""
        return int(np.count_nonzero(self.state.present))

    @property
    def rows(self) -> Int:
        """Rows of the people who live here; those of people who have left are empty."""
        return np.flatnonzero(self.state.present)

    def __bool__(self) -> bool:
        """Return True, as any agent is."""
        return True

    def __getitem__(self, row: int) -> CrowdRow:
        """Return one row, to be looked at like an agent."""
        count = len(self.state)
        if not -count <= row < count or not self.state.present[row]:
            message = f"there is nobody in row {row}; use one of crowd.rows"
            raise IndexError(message)
        return CrowdRow(self, row % count)

    def __iter__(self) -> Iterator[CrowdRow]:
        """Go through all rows; columns are much faster (`values`)."""
        return (CrowdRow(self, row) for row in self.rows.tolist())

    def _repr_html_(self) -> str:
        """Return a small card for notebooks."""
        return crowd_card(self)

    def step(self) -> None:
        """Do nothing: rows live inside each five minutes of the model's step (`live_until`)."""

    def live_until(self, end: int) -> None:
        """Let the rows live who are due before a minute."""
        self.life.live_until(end)
        self.lived_until = end

    def write_needs(self, minute: int) -> None:
        """Write down the needs of all rows, if that is asked for."""
        if self.options.needs:
            rows = self.rows
            levels = self.state.needs.at(rows, np.full(len(rows), minute))
            self.records.needs.add(minute, self.people.ids[rows], levels)

    @property
    def doing(self) -> Counter[str]:
        """Number of rows by what they do."""
        return count_doing(self.state, codes_of(self.model.parameters))

    def doing_now(self) -> Counter[str]:
        """Return `doing` of the end of the last step, which is counted once a step."""
        if self._counted[0] != self.model.minute:
            self._counted = self.model.minute, self.doing
        return self._counted[1]

    @property
    def trips_ended(self) -> int:
        """Number of trips that have ended."""
        return self.journal.trips_ended

    @property
    def talks(self) -> int:
        """Number of conversations between rows so far."""
        return 0 if self.meetings is None else self.meetings.talks

    def values(self, name: str, rows: Int | None = None) -> NDArray[Any]:
        """Return what rows have of something, as a column.

        Parameters
        ----------
        name : str
            A need, ``"mood"``, ``"goals"`` (in words, split by ``"; "``), ``"place"``,
            ``"purpose"``, ``"x"``, ``"y"``, ``"is_travelling"``, ``"person"``, or ``"age"``,
            ``"income"``, ``"household"``, ``"home"`` and ``"work"``.
        rows : ndarray, optional
            Rows; all of the people who live here by default (`rows`).

        Raises
        ------
        ConfigError
            If there is no such thing.
        """
        chosen = self.rows if rows is None else np.asarray(rows, dtype=np.int64)
        if name in self.model.parameters.needs:
            at = np.full(len(chosen), self.model.minute)
            column = self.state.needs.rates.names.index(name)
            level: Float = self.state.needs.at(chosen, at)[:, column]
            return level
        if name in _OF_PEOPLE:
            return np.asarray(getattr(self.people, name)[chosen])
        if name not in _READERS:
            known = [*self.model.parameters.needs, *_READERS, *_OF_PEOPLE]
            hint = did_you_mean(name, known)
            message = f"rows have no {name!r}; use one of {', '.join(known)}{hint}"
            raise ConfigError(message)
        return _READERS[name](self, chosen)

    def agg(self, name: str, function: Callable[[NDArray[Any]], Any] = np.mean) -> Any:  # noqa: ANN401 - what the function returns
        """Return a number over all rows, such as ``crowd.agg("hunger", np.mean)``."""
        return function(self.values(name))

    def select(self, name: str, test: Callable[[NDArray[Any]], NDArray[np.bool_]]) -> Int:
        """Return the rows of which something holds: ``crowd.select("age", lambda a: a > 64)``."""
        return self.rows[test(self.values(name))]

    def survey(
        self,
        question: str | SurveyQuestion,
        *,
        rule: RowRule,
        scale: Scale | None = None,
        agents: Query = None,
    ) -> pd.DataFrame:
        """Ask rows something that a rule answers from their columns; nothing changes.

        Parameters
        ----------
        question : str or SurveyQuestion
            What is asked; of the kinds ``"scale"``, ``"single"`` and ``"open"``.
        rule : callable or str
            Takes the crowd and the m rows that are asked, and returns m answers: numbers, codes
            or texts, NaN or None for no answer. Or the name of something that rows have (see
            `values`).
        scale : tuple of int, mapping or sequence of str, optional
            As for `CityModel.survey`; without it numbers and texts are kept as they are.
        agents : Query, optional
            Who is asked, see `row_query.chosen_rows`; everybody by default.

        Returns
        -------
        pandas.DataFrame
            A row for each person, with the columns of `CityModel.survey`.

        Raises
        ------
        ConfigError
            If it cannot be asked, or the rule gives what is no answer.
        DataError
            Lists all that is wrong with `agents` or the question.

        Examples
        --------
        >>> from mesa_llm_city import City, CityModel, Crowd
        >>> model = CityModel(City.synthetic(places=300), [], rng=7, crowd=Crowd(50))
        >>> model.step()
        >>> asked = model.crowd.survey(
        ...     "Are you asleep?", scale=["yes", "no"],
        ...     rule=lambda crowd, rows: 2 - (crowd.values("purpose", rows) == "sleep"))
        >>> len(asked), bool((asked["label"] == "yes").mean() > 0.5)
        (50, True)
        """
        return survey_rows(self, question, rule=rule, scale=scale, agents=agents)

    def find(self, person: int) -> int | None:
        """Return the row of a person by id, None if nobody here has it."""
        found = np.flatnonzero((self.people.ids == person) & self.state.present)
        return int(found[0]) if len(found) else None

    def row_of(self, person: int) -> int:
        """Return the row of a person by id.

        Raises
        ------
        ConfigError
            If no row has that id.
        """
        row = self.find(person)
        if row is None:
            message = f"no row of the crowd has the id {person}"
            raise ConfigError(message)
        return row

    def send_away(self, places: Iterable[int], minute: int, grace_min: int) -> int:
        """Let those at closed places leave within some minutes; return how many are concerned.

        Parameters
        ----------
        places : iterable of int
            Ids of the closed places.
        minute : int
            Now.
        grace_min : int
            Most minutes that somebody takes to leave.
        """
        closed = np.array(sorted(places), dtype=np.int64)
        state, rows = self.state, self.rows
        to = state.trip.destination[rows]
        inside = rows[(to == NOT_TRAVELLING) & np.isin(state.place[rows], closed)]
        drawn = self.streams.take(inside).at("leaving", step=minute, n=1)[:, 0]
        delay = (drawn * (grace_min + 1)).astype(np.int64)
        state.due[inside] = np.minimum(state.due[inside], minute + delay)
        return len(inside) + int(np.isin(to, closed).sum())

    def use_parameters(self, parameters: CityParameters) -> None:
        """Let rows live by other parameters from now on."""
        state, rows = self.state, self.rows
        minute = np.full(len(rows), self.model.residents.now)
        state.needs.engage(rows, state.needs.purpose[rows].astype(np.int64), minute)
        state.needs.rates = need_rates(parameters)
        state.mood.parameters = parameters.mind.mood
        state.beliefs.use(parameters.mind.beliefs)
        self.life.parameters = self.news.parameters = parameters
        if self.meetings is not None:
            self.meetings.parameters = parameters
        self.life.reschedule(rows, minute)

    def add(self, people: PopulationColumns) -> Int:
        """Let people come to live in the crowd; return their rows (see `membership`)."""
        return add_people(self, people)

    def remove_rows(self, rows: Int) -> None:
        """Let people leave; what they do is written down until now."""
        remove_rows(self, np.asarray(rows, dtype=np.int64))

    def persona(self, row: int) -> Persona:
        """Return who a row is."""
        return self.people.persona(row)

    def heard(self) -> pd.DataFrame:
        """Return how many rows heard each message, believed it, and did what.

        Returns
        -------
        DataFrame
            A row a message, by its id; those passed on count as what they pass on, and somebody
            who hears it again counts again.
        """
        return heard_table(self)

    def digest(self) -> str:
        """Return a fingerprint of the state of all rows, and of their tables."""
        columns = {
            "place": self.state.place,
            "due": self.state.due,
            "purpose": self.state.doing.purpose,
            "trip": self.state.trip.destination,
            "mood": self.state.mood.level_code,
            "goals": self.state.goals.unmet,
            **{
                name: decoded_shares(self.state.needs.level_code[:, column])
                for column, name in enumerate(self.state.needs.rates.names)
            },
        }
        import pandas as pd

        frames = {"state": pd.DataFrame(columns), "hourly": self.hourly_activity()}
        if self.options.tables:
            frames |= {name: self._table(name) for name in _OF_DIGEST}
        return digest(frames)

    def saved(self) -> dict[str, Any]:
        """Return who the rows are, what they do and what was written down, for a save."""
        known = {} if self.meetings is None else dict(arrays_of(self.meetings.known))
        return {
            "options": self.options.to_dict(),
            "people": people_state(self.people),
            "state": dict(arrays_of(self.state)),
            "known": known,
            "talks": self.talks,
            "records": self.records.state(),
            "trips_ended": self.journal.trips_ended,
            "news": self.news.saved(),
            "reseedings": [list(one) for one in self.streams.later],
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Take over what `saved` has returned, of a crowd of the same people."""
        put_arrays(self.state, saved["state"])
        if self.meetings is not None:
            put_arrays(self.meetings.known, saved["known"])
            self.meetings.gather_anew()
            self.meetings.talks = saved["talks"]
        self.records.restore(saved["records"])
        self.journal.trips_ended = saved["trips_ended"]
        self.news.restore(saved["news"])
        later = tuple(Reseeding(*one) for one in saved["reseedings"])
        self.draw_from(replace(self.streams, later=later))

    def draw_from(self, streams: ColumnStreams) -> None:
        """Take the random numbers of all rows from other streams."""
        self.streams = self.life.streams = self.news.streams = streams
        if self.meetings is not None:
            self.meetings.streams = streams

    def reseed(self, seed: int) -> None:
        """Let all that happens to rows from now on be drawn from another seed."""
        # Most rows have planned the day; those who have not plan it by the seed of before.
        day, minute = int(self.state.day.max(initial=-1)), self.model.minute
        one = Reseeding(seed, minute, day)
        self.draw_from(replace(self.streams, later=(*self.streams.later, one)))

    @property
    def memory_bytes(self) -> int:
        """Bytes of all columns of people and state, and of whom they know and what they like."""
        of_ties = 0 if self.meetings is None else self.meetings.known.memory_bytes
        return self.people.memory_bytes + self.state.memory_bytes + of_ties


def _positions(crowd: CrowdAgent, rows: Int, axis: str) -> Float:
    trip, places = crowd.state.trip, getattr(crowd.model.city.places, axis)
    start = places[crowd.state.place[rows]]
    under = trip.destination[rows] != NOT_TRAVELLING
    end = places[np.where(under, trip.destination[rows], crowd.state.place[rows])]
    length = np.maximum(trip.end[rows] - trip.start[rows], 1)
    gone = np.clip((crowd.model.minute - trip.start[rows]) / length, 0.0, 1.0)
    at: Float = np.where(under, start + gone * (end - start), start)
    return at


def _purposes(crowd: CrowdAgent, rows: Int) -> NDArray[Any]:
    names = np.array([*crowd.model.parameters.purposes, str(Purpose.SLEEP)], dtype=object)
    travels = crowd.state.trip.destination[rows] != NOT_TRAVELLING
    purpose = names[np.maximum(crowd.state.doing.purpose[rows], -1)]
    return np.where(travels, str(Purpose.TRAVEL), purpose)


def _goals(crowd: CrowdAgent, rows: Int) -> NDArray[Any]:
    texts = np.array(goal_texts(crowd.model.parameters), dtype=object)
    told: NDArray[Any] = texts[crowd.state.goals.unmet[rows]]
    return told


_READERS: dict[str, Callable[[CrowdAgent, Int], NDArray[Any]]] = {
    "mood": lambda crowd, rows: crowd.state.mood.at(rows, np.full(len(rows), crowd.model.minute)),
    "goals": _goals,
    "place": lambda crowd, rows: crowd.state.place[rows],
    "purpose": _purposes,
    "x": lambda crowd, rows: _positions(crowd, rows, "x"),
    "y": lambda crowd, rows: _positions(crowd, rows, "y"),
    "is_travelling": lambda crowd, rows: crowd.state.trip.destination[rows] != NOT_TRAVELLING,
    "person": lambda crowd, rows: crowd.people.ids[rows],
}
