"""News: the messages of a crowd, on their way to rows, waiting to be thought of, and heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.citizen.danger import in_area
from mesa_llm_city.city import City
from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.inverse_draws import exponential_of
from mesa_llm_city.core.message import Message
from mesa_llm_city.core.values import Bool, Int
from mesa_llm_city.crowd.codes import codes_of
from mesa_llm_city.crowd.danger_rows import DangerRows
from mesa_llm_city.crowd.deliveries import Deliveries
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.growth import grow
from mesa_llm_city.crowd.heard import HeardColumns
from mesa_llm_city.crowd.state import NOT_BEGUN, NOT_TRAVELLING, CrowdState
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social import channel_of

__all__ = ["CrowdNews"]


class CrowdNews:
    """The messages of a crowd (see `citizen.hearing` and `simulation.news`).

    Parameters
    ----------
    state : CrowdState
        The crowd.
    streams : ColumnStreams
        Random numbers of all rows.
    parameters : CityParameters
        ``social.messages`` and ``mind.warnings``.

    Attributes
    ----------
    messages : list of Message
        All messages that were told to rows, without those passed on.
    channels : list of str
        Channels by the position that stands for them.
    waiting : ndarray of bool, shape (n,)
        Who has messages to think of.
    heard : dict of str to HeardColumns
        What was last heard, by topic.
    counts : Counter of (int, str)
        How often each message was believed, and what was done, by its position; ``"heard"`` and
        ``"believed"`` besides the reactions.
    """

    def __init__(
        self, state: CrowdState, streams: ColumnStreams, parameters: CityParameters
    ) -> None:
        self.state, self.streams, self.parameters = state, streams, parameters
        self.messages: list[Message] = []
        self.channels: list[str] = []
        self.waiting = np.zeros(len(state), dtype=np.bool_)
        self.heard: dict[str, HeardColumns] = {}
        self.told_on: dict[tuple[int, int], Bool] = {}
        self.counts: Counter[tuple[int, str]] = Counter()
        self.on_the_way, self.inbox = Deliveries.none(), Deliveries.none()
        self._areas: dict[tuple[int, float], Bool] = {}
        self._order: Int | None = None

    def by_household(self) -> tuple[Int, Int]:
        """Return all rows by household, and the household of each in that order."""
        household = self.state.people.household
        if self._order is None or len(self._order) != len(household):
            self._order = np.argsort(household, kind="stable")
        return self._order, household[self._order]

    @property
    def has_dangers(self) -> bool:
        """Whether rows have ever been told of a danger."""
        return any(one.danger > 0.0 for one in self.messages)

    def tell(self, rows: Int, message: Message, *, at_min: int) -> int:
        """Let rows hear a message from a minute on, and return how many are told.

        Parameters
        ----------
        rows : ndarray of int64
            Rows of people who live here, each given once.
        message : Message
            The message.
        at_min : int
            When it is said.
        """
        number = self.number_of(message)
        channel = channel_of(message.channel, self.parameters.social.messages)
        late = np.zeros(len(rows), dtype=np.int64)
        if channel.delay_min > 0.0:
            draws = self.streams.take(rows).at(f"delay of {message.id}", step=at_min, n=1)[:, 0]
            late = np.rint(channel.delay_min * exponential_of(draws)).astype(np.int64)
        told = Deliveries.told(
            rows,
            at_min + late,
            message=number,
            channel=self.code_of(message.channel),
            said=message.minute,
        )
        if channel.delay_min > 0.0:
            self.on_the_way = self.on_the_way.followed_by(told)
        else:
            self._take_in(told, at_min)
        return len(rows)

    def number_of(self, message: Message) -> int:
        """Return the position of a message, which may be new; those passed on have the same."""
        for number, one in enumerate(self.messages):
            if one.id == message.id:
                return number
        first = replace(message, sender=None, passed=0, leaves_min=None)
        self.messages.append(first)
        return len(self.messages) - 1

    def code_of(self, channel: str) -> int:
        """Return the position of a channel."""
        if channel not in self.channels:
            self.channels.append(channel)
        return self.channels.index(channel)

    def say(self, said: Deliveries) -> None:
        """Have messages on their way to rows."""
        self.on_the_way = self.on_the_way.followed_by(said)

    def deliver(self, minute: int) -> None:
        """Let those hear whom messages reach before a minute."""
        if len(self.on_the_way):
            now = self.on_the_way.at < minute
            reached, self.on_the_way = self.on_the_way.take(now), self.on_the_way.take(~now)
            self._take_in(reached, minute)

    def _take_in(self, said: Deliveries, minute: int) -> None:
        """Let messages come to rows, who then are due at that minute (`hearing.take_in`)."""
        said = said.take(self.state.present[said.row])
        if not len(said):
            return
        state, rows = self.state, said.row
        doing = state.doing.purpose[rows]
        under = state.trip.destination[rows] != NOT_TRAVELLING
        sleeps = codes_of(self.parameters).sleep
        asleep = ~under & ((doing == NOT_BEGUN) | (doing == sleeps))
        reached, repeated = np.zeros((2, len(said)), dtype=np.bool_)
        key = np.column_stack([said.message, said.channel])
        for number, code in np.unique(key, axis=0).tolist():
            part = np.flatnonzero((said.message == number) & (said.channel == code))
            channel = channel_of(self.channels[code], self.parameters.social.messages)
            address = f"hear {self.messages[number].id}"
            draw = self.streams.take(rows[part]).at(address, step=minute, n=1)[:, 0]
            reached[part] = draw < np.where(asleep[part], channel.asleep, channel.awake)
            repeated[part] = asleep[part] & (channel.repeated_h > 0.0)
        self.keep(said.take(reached | repeated))
        due = rows[reached & ~under & (doing != NOT_BEGUN)]
        state.due[due] = np.minimum(state.due[due], minute)

    def keep(self, said: Deliveries) -> None:
        """Put messages to those that wait, which stand by row, and in order for each."""
        still = self.inbox.take(self.waiting[self.inbox.row]).followed_by(said)
        self.inbox = still.take(np.argsort(still.row, kind="stable"))
        self.waiting[said.row] = True

    def of_row(self, row: int) -> tuple[Deliveries, Deliveries]:
        """Return what waits for one row, and what is on its way to it."""
        waits = (self.inbox.row == row) & self.waiting[row]
        return self.inbox.take(waits), self.on_the_way.take(self.on_the_way.row == row)

    def forget(self, row: int) -> None:
        """Let a row have heard nothing, as of somebody who has left."""
        self.waiting[row] = False
        self.on_the_way = self.on_the_way.take(self.on_the_way.row != row)

    def waiting_for(self, rows: Int) -> tuple[Int, Int]:
        """Return where the messages of rows that wait begin and end in `inbox`."""
        left, right = (np.searchsorted(self.inbox.row, rows, side=one) for one in ("left", "right"))
        return left, right

    def repeated_min(self) -> NDArray[np.float64]:
        """Return how long sleepers hear a message on waking up, in minutes, by channel."""
        numbers = self.parameters.social.messages
        hours = [channel_of(one, numbers).repeated_h for one in self.channels]
        return HOUR_MIN * np.array(hours, dtype=np.float64)

    def heard_of(self, topic: str) -> HeardColumns:
        """Return what rows have heard of a topic."""
        if topic not in self.heard:
            self.heard[topic] = HeardColumns.nothing(len(self.state))
        return self.heard[topic]

    def area_of(self, number: int, city: City, *, near_m: float = 0.0) -> Bool | None:
        """Return which of all places lie in the area of a message, None if it is everywhere."""
        message = self.messages[number]
        if message.is_everywhere:
            return None
        if (number, near_m) not in self._areas:
            places = np.arange(len(city.places))
            self._areas[number, near_m] = in_area(message, places, city, near_m=near_m)
        return self._areas[number, near_m]

    def with_dangers(self, due: Due) -> Due:
        """Return rows with the dangers that they keep away from at their minutes."""
        if not self.has_dangers:
            return due
        return replace(due, dangers=tuple(self._dangers(due)))

    def _dangers(self, due: Due) -> list[DangerRows]:
        found, rows = [], due.rows
        lasts = round(HOUR_MIN * self.parameters.mind.warnings.lasts_h)
        for heard in self.heard.values():
            avoids = heard.avoids[rows]
            for number in np.unique(heard.message[rows[avoids]]).tolist():
                until = self.messages[number].until_min
                end = heard.said[rows] + lasts if until is None else until
                of = avoids & (heard.message[rows] == number) & (due.minute < end)
                if of.any():
                    found.append(DangerRows(self.area_of(number, due.world.city), of))
        return found

    def grow(self, count: int) -> None:
        """Make room for people who have come: `count` rows in all."""
        more = count - len(self.waiting)
        blank = np.zeros(more, dtype=np.bool_)
        self.waiting = np.concatenate([self.waiting, blank])
        for one in self.heard.values():
            grow(one, HeardColumns.nothing(more))
        self.told_on = {key: np.concatenate([one, blank]) for key, one in self.told_on.items()}

    def saved(self) -> dict[str, Any]:
        """Return all messages, for a save."""
        return {
            "messages": [one.to_json() for one in self.messages],
            "channels": list(self.channels),
            "counts": [[number, what, count] for (number, what), count in self.counts.items()],
            "waiting": self.waiting,
            "on_the_way": self.on_the_way.columns(),
            "inbox": self.inbox.columns(),
            "heard": [
                [topic, {one.name: getattr(heard, one.name) for one in fields(heard)}]
                for topic, heard in self.heard.items()
            ],
            "told_on": [[*key, one] for key, one in self.told_on.items()],
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Take over what `saved` has returned, of a crowd of the same people."""
        self.messages = [Message.from_json(one) for one in saved["messages"]]
        self.channels = list(saved["channels"])
        self.counts = Counter({(int(one), what): count for one, what, count in saved["counts"]})
        self.waiting = np.array(saved["waiting"], dtype=np.bool_)
        self.on_the_way = Deliveries(**saved["on_the_way"]).packed()
        self.inbox = Deliveries(**saved["inbox"]).packed()
        self.heard = {
            topic: HeardColumns(**{name: np.array(one) for name, one in columns.items()})
            for topic, columns in saved["heard"]
        }
        self.told_on = {
            (int(number), int(kind)): np.array(one) for number, kind, one in saved["told_on"]
        }
        self._areas = {}
