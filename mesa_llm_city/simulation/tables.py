"""The tables of a model: what has happened so far, as data frames with time stamps.

Columns and units are described in ``docs/reference/outputs.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import Int
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.interventions.times import as_minute
from mesa_llm_city.simulation.mind_log import late_minds
from mesa_llm_city.simulation.records import (
    Coded,
    RecordOptions,
    Records,
    Table,
    digest,
    happened_before,
    with_dates,
)
from mesa_llm_city.simulation.registration import Registration

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyarrow as pa

    from mesa_llm_city.simulation.economy.town_economy import TownEconomy
    from mesa_llm_city.simulation.records.ordered_rows import OrderedRows

__all__ = ["ModelTables"]

_ALWAYS = (
    *("activities", "trips", "visits", "conversations", "insights", "decisions"),
    "needs",
)
_OPTIONAL = frozenset({"events", "spells", "messages", "interventions", "payments"})
_LATER = ("forwards", "replies", "views", "label", "removed_min")


class ModelTables:
    """Everything that a city model can be read out as.

    Attributes
    ----------
    city : City
        The map.
    clock : Clock
        The calendar.
    citizens : list of CityAgent
        Those who live in the model.
    llm : Backend or None
        What answers the questions of thoughts.
    minute : int
        Simulated minutes since midnight of the first day.
    run_seed, first_seed : int
        Seed of the run, and that with which the model was made.
    records : Records
        What has happened.
    registration : Registration
        How people come to live there, and leave.
    """

    city: City
    clock: Clock
    minute: int
    run_seed: int
    first_seed: int
    records: Records
    registration: Registration

    @property
    def economy_or_none(self) -> TownEconomy | None:
        """The economy, if there is one."""
        raise NotImplementedError

    def payments(self) -> pd.DataFrame:
        """Return all payments."""
        raise NotImplementedError

    @property
    def citizens(self) -> list[CityAgent]:
        """Those who live in the model."""
        raise NotImplementedError

    @property
    def media_or_none(self) -> object | None:
        """The social media, if there are any."""
        raise NotImplementedError

    def posts(self) -> pd.DataFrame:
        """Return everything written on social media."""
        raise NotImplementedError

    def exposures(self) -> pd.DataFrame:
        """Return who was shown which post on social media."""
        raise NotImplementedError

    @property
    def llm(self) -> Backend | None:
        """What answers the questions of thoughts."""
        raise NotImplementedError

    def activities(self) -> pd.DataFrame:
        """Return what everybody did, without gaps from the start until now.

        An activity still going on ends now.
        """
        return self._dated(self.records.activities.to_frame(self.going_on()))

    def trips(self) -> gpd.GeoDataFrame:
        """Return the trips that have ended, as straight lines in the projection of the city."""
        return self._with_lines(self._dated(self.records.trips.to_frame()))

    def minds(self) -> dict[str, pd.DataFrame]:
        """Return what went on in people's minds until now, by name of the table.

        The tables are those of ``docs/reference/outputs.md`` whose names begin with ``mind_``;
        there are none unless they are kept (see `RecordOptions.minds`).
        """
        minds = self.records.minds
        if minds is None:
            return {}
        late = minds.packed(late_minds(minds, self.citizens, self.minute))
        return {name: self._dated(one.to_frame(late[name])) for name, one in minds.tables.items()}

    def part_frames(self, name: str) -> Iterator[pd.DataFrame]:
        """Iterate over a table that is streamed, a part at a time, so that memory stays bounded.

        Parameters
        ----------
        name : str
            Name of a table that is streamed (`Records.streamed`). Each part is ordered by person
            and time; together, ordered so again, they are the table.
        """
        table = self.records.streamed[name]
        for part in table.part_frames(self._late_rows(name)):
            frame = self._dated(part)
            yield self._with_lines(frame) if name == "trips" else frame

    def visits(self) -> pd.DataFrame:
        """Return the stays that have ended, with the ratings of the visitors.

        Stays at home, at work and at school are no visits.
        """
        return self._dated(self.records.visits.to_frame())

    def conversations(self) -> pd.DataFrame:
        """Return who talked with whom, when, how, about what, and how it went."""
        return self._dated(self.records.conversations.to_frame())

    def decisions(self) -> pd.DataFrame:
        """Return who decided what, when, why, and whether by rule or by prompt."""
        return self._dated(self.records.decisions.to_frame())

    def messages(self) -> pd.DataFrame:
        """Return who heard which message when, by whom, and what they made of it."""
        return self._dated(self.records.messages.to_frame())

    def insights(self) -> pd.DataFrame:
        """Return what people have concluded about themselves, and from which memories."""
        return self._dated(self.records.insights.to_frame())

    def needs(self) -> pd.DataFrame:
        """Return the levels of the needs at each full hour, in [0, 1]."""
        return self._dated(self.records.needs.to_frame())

    def interventions(self) -> pd.DataFrame:
        """Return which interventions have begun or ended, and how many people they concerned."""
        return self._dated(self.records.interventions.to_frame())

    def hourly_activity(self) -> pd.DataFrame:
        """Return how many person-minutes each purpose took in each zone and hour until now.

        It counts everybody, also where the tables hold a sample of the persons, and adds up what
        `activities` has in full. See `HourlyAggregates.activity` for the columns.
        """
        return self.records.current_aggregates(self.going_on()).activity(self.clock)

    def hourly_modes(self) -> pd.DataFrame:
        """Return how many of the trips that have ended began in each hour by each mode.

        It counts everybody's. See `HourlyAggregates.modes` for the columns.
        """
        return self.records.current_aggregates().modes(self.clock)

    def zone_flows(self) -> pd.DataFrame:
        """Return how many of the trips that have ended led from zone to zone on each day.

        It counts everybody's. See `HourlyAggregates.flows` for the columns.
        """
        return self.records.current_aggregates().flows(self.clock)

    def keep_records(self, options: RecordOptions) -> None:
        """Keep records as options say from now on (also an argument of `CityModel`).

        Parameters
        ----------
        options : RecordOptions
            In memory or in files, of everybody or of a sample of the persons.

        Raises
        ------
        ConfigError
            If the folder cannot be used, or rows of others than the sample are kept already.
        """
        about = {"run_seed": self.run_seed, "start": self.clock.at(0).isoformat()}
        self.records.keep(options, seed=self.first_seed, about=about)
        self.records.keep_minds(options.minds, of=len(self.citizens), seed=self.first_seed)

    def people(self) -> gpd.GeoDataFrame:
        """Return where everybody is now, as points, and the purpose of what they do."""
        import geopandas as gpd

        agents = sorted(self.citizens, key=lambda agent: agent.person)
        where = np.array([agent.pos for agent in agents]).reshape(-1, 2)
        columns = {
            "person": [agent.person for agent in agents],
            "name": [agent.persona.name for agent in agents],
            "purpose": [str(agent.purpose) for agent in agents],
        }
        points = gpd.points_from_xy(where[:, 0], where[:, 1])
        return gpd.GeoDataFrame(columns, geometry=points, crs=self.city.crs)

    def events(self) -> pd.DataFrame:
        """Return who came, left, was born, died, married, moved house or changed work, and when."""
        return self._dated(self.records.events.to_frame())

    def spells(self) -> pd.DataFrame:
        """Return who lived there as what: a row for each time during which nothing changed.

        It has the person's age, household, home, work and occupation, from when they were so,
        and until when; ``until`` is missing where it goes on.
        """
        present = [agent.persona for agent in self.citizens]
        return self.registration.history.to_frame(present, self.clock)

    def calls(self) -> pd.DataFrame:
        """Return who asked what of which language model, and at what price (see `Ledger`).

        Raises
        ------
        ConfigError
            If the model has no language model that keeps a ledger.
        """
        ledger = getattr(self.llm, "calls", None)
        if ledger is None:
            message = "the model asks no language model, so there are no calls; give llm=LLM(...)"
            raise ConfigError(message)
        frame: pd.DataFrame = ledger()
        return frame

    def digest(self, until: int | str | date | None = None) -> str:
        """Return a fingerprint of all tables (32 hexadecimal digits); see `records.digest`.

        It is the same whether rows are in memory or in files. Of a sample of persons it is
        another one, and begins with ``sample-`` and the share.

        Parameters
        ----------
        until : int, str, datetime.datetime or datetime.date, optional
            Only what had happened before this moment: minutes since the start, ``"day 2 12:00"``
            (day 1 is the first) or a date and time. Two models that part at noon have equal
            digests until noon. Activities that go on then end then; trips and visits count if
            they have ended before, everything else if it happened before. With the minute of
            the model it is the digest of everything.

        Raises
        ------
        ConfigError
            If `until` is no moment, or lies ahead of the model.
        """
        tables = self._digested() if until is None else self._until(self.frames(), until)
        found = digest(tables)
        sample = self.records.sample
        return found if sample is None else f"sample-{sample.share:g}:{found}"

    def _until(
        self, frames: Mapping[str, pd.DataFrame], until: int | str | date
    ) -> dict[str, pd.DataFrame]:
        try:
            minute = as_minute(until, self.clock)
        except ConfigError as error:
            message = f"until {error.message}"
            raise ConfigError(message) from error
        if minute > self.minute:
            message = (
                f"until must not lie ahead of minute {self.minute} of the model, got {until!r}"
            )
            raise ConfigError(message)
        moment = np.datetime64(self.clock.at(minute), "s")
        cut = {name: happened_before(moment, name, frame) for name, frame in frames.items()}
        if not len(cut.get("events", ())):
            cut.pop("spells", None)
        # As in the digest of then, a table that a run may do without counts if it has rows.
        return {name: one for name, one in cut.items() if name not in _OPTIONAL or len(one)}

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return the tables of the digest by name; what never happened has none."""
        return {name: self.table(name) for name in self.table_names()}

    def table_names(self) -> list[str]:
        """Return the names of the tables of the digest, in its order."""
        records = self.records
        some = {
            ("events", "spells"): bool(len(records.events)),
            ("messages",): bool(len(records.messages)),
            ("interventions",): bool(len(records.interventions)),
            ("payments",): self.economy_or_none is not None,
            ("posts", "exposures"): self.media_or_none is not None,
        }
        return [*_ALWAYS, *(name for names, are in some.items() if are for name in names)]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it counts in the digest, by its name."""
        frame: pd.DataFrame = getattr(self, name)()
        # What becomes of a post later, such as its views, is no part of what happened then.
        return frame.drop(columns=list(_LATER)) if name == "posts" else frame

    def _digested(self) -> dict[str, pd.DataFrame | OrderedRows]:
        """Return the tables of the digest, those in files to be read column by column."""
        streamed = self.records.streamed
        return {
            name: self._in_order(streamed[name]) if name in streamed else self.table(name)
            for name in self.table_names()
        }

    def _in_order(self, table: Table) -> OrderedRows:
        rows = table.in_order(self.going_on() if table is self.records.activities else None)
        rows.clock = self.clock
        return rows

    def _late_rows(self, name: str) -> pa.Table | None:
        """Return the rows of a table that are not written down yet, if there are any."""
        if name == "activities":
            return self.going_on()
        minds = self.records.minds
        if minds is None or name not in minds.tables:
            return None
        return minds.packed(late_minds(minds, self.citizens, self.minute))[name]

    def going_on(self) -> pa.Table:
        """Return the activities that are going on, as rows that end now (see `Table.packed`).

        A model in which others live than citizens adds theirs.
        """
        stays = [
            (agent.person, *stay)
            for agent in self.citizens
            if (stay := agent.citizen.so_far(self.minute)) is not None and stay[0] < stay[1]
        ]
        person, start, end, purpose, place = zip(*stays, strict=True) if stays else ((),) * 5
        return self.records.activities.packed(
            {
                "person": _whole(person),
                "start": _whole(start),
                "end": _whole(end),
                "purpose": Coded.of(purpose),
                "place": _whole([-1 if one is None else one for one in place]),
            }
        )

    def _dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with time stamps, and the sample that it is of, if it is."""
        dated = with_dates(frame, self.clock)
        if self.records.sample is not None:
            dated.attrs["sample"] = self.records.sample.to_json()
        return dated

    def _with_lines(self, trips: pd.DataFrame) -> gpd.GeoDataFrame:
        """Return trips with straight lines between their places."""
        import geopandas as gpd
        import shapely

        places = self.city.places
        ends = [
            np.stack([axis[trips[name].to_numpy()] for axis in (places.x, places.y)], axis=-1)
            for name in ("origin", "destination")
        ]
        lines = shapely.linestrings(np.stack(ends, axis=1))
        return gpd.GeoDataFrame(trips, geometry=lines, crs=self.city.crs)


def _whole(values: Sequence[int]) -> Int:
    return np.array(values, dtype=np.int64)
