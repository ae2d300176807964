"""The tables of a model: what has happened so far, as data frames with time stamps.

Columns and units are described in ``docs/reference/outputs.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from mesa_llm_city.city import City
from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import Clock
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.simulation.agent import CityAgent
from mesa_llm_city.simulation.interventions.times import as_minute
from mesa_llm_city.simulation.records import Records, digest, happened_before, with_dates
from mesa_llm_city.simulation.registration import Registration

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["ModelTables"]

_OPTIONAL = frozenset({"events", "spells", "messages", "interventions"})
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
    records : Records
        What has happened.
    registration : Registration
        How people come to live there, and leave.
    """

    city: City
    clock: Clock
    minute: int
    records: Records
    registration: Registration

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
        going_on = (
            (agent.person, *stay)
            for agent in self.citizens
            if (stay := agent.citizen.so_far(self.minute)) is not None and stay[0] < stay[1]
        )
        return with_dates(self.records.activities.to_frame(going_on), self.clock)

    def trips(self) -> gpd.GeoDataFrame:
        """Return the trips that have ended, as straight lines in the projection of the city."""
        import geopandas as gpd
        import shapely

        frame = with_dates(self.records.trips.to_frame(), self.clock)
        places = self.city.places
        ends = [
            np.stack([axis[frame[name].to_numpy()] for axis in (places.x, places.y)], axis=-1)
            for name in ("origin", "destination")
        ]
        lines = shapely.linestrings(np.stack(ends, axis=1))
        return gpd.GeoDataFrame(frame, geometry=lines, crs=self.city.crs)

    def visits(self) -> pd.DataFrame:
        """Return the stays that have ended, with the ratings of the visitors.

        Stays at home, at work and at school are no visits.
        """
        return with_dates(self.records.visits.to_frame(), self.clock)

    def conversations(self) -> pd.DataFrame:
        """Return who talked with whom, when, how, about what, and how it went."""
        return with_dates(self.records.conversations.to_frame(), self.clock)

    def decisions(self) -> pd.DataFrame:
        """Return who decided what, when, why, and whether by rule or by prompt."""
        return with_dates(self.records.decisions.to_frame(), self.clock)

    def messages(self) -> pd.DataFrame:
        """Return who heard which message when, by whom, and what they made of it."""
        return with_dates(self.records.messages.to_frame(), self.clock)

    def insights(self) -> pd.DataFrame:
        """Return what people have concluded about themselves, and from which memories."""
        return with_dates(self.records.insights.to_frame(), self.clock)

    def needs(self) -> pd.DataFrame:
        """Return the levels of the needs at each full hour, in [0, 1]."""
        return with_dates(self.records.needs.to_frame(), self.clock)

    def interventions(self) -> pd.DataFrame:
        """Return which interventions have begun or ended, and how many people they concerned."""
        return with_dates(self.records.interventions.to_frame(), self.clock)

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
        return with_dates(self.records.events.to_frame(), self.clock)

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
        frames = self.frames()
        return digest(frames if until is None else self._until(frames, until))

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
        frames = {
            "activities": self.activities(),
            "trips": self.trips(),
            "visits": self.visits(),
            "conversations": self.conversations(),
            "insights": self.insights(),
            "decisions": self.decisions(),
            "needs": self.needs(),
        }
        if len(self.records.events):
            frames |= {"events": self.events(), "spells": self.spells()}
        if len(self.records.messages):
            frames["messages"] = self.messages()
        if len(self.records.interventions):
            frames["interventions"] = self.interventions()
        if self.media_or_none is not None:
            # What becomes of a post later, such as its views, is no part of what happened then.
            posts = self.posts().drop(columns=list(_LATER))
            frames |= {"posts": posts, "exposures": self.exposures()}
        return frames
