"""Hearing: rows think of messages that have come (see `citizen.hearing`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.inverse_draws import normal_of
from mesa_llm_city.core.message import Message
from mesa_llm_city.core.values import Bool, Float, Int, ReactionKind, Weather
from mesa_llm_city.crowd.danger import refuges_of
from mesa_llm_city.crowd.danger_rows import DangerRows
from mesa_llm_city.crowd.deliveries import NO_SENDER, NOT_LEAVING, Deliveries
from mesa_llm_city.crowd.due import Due
from mesa_llm_city.crowd.heard import NOT_HEARD, HeardColumns
from mesa_llm_city.crowd.news import CrowdNews
from mesa_llm_city.crowd.state import CrowdState
from mesa_llm_city.mind.warning import REACTIONS
from mesa_llm_city.mind.warning_columns import (
    HEED_DRAWS,
    HearerColumns,
    RiskColumns,
    respond_rows,
)
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.parameters.mind import WarningParameters
from mesa_llm_city.social import Relation, source_trust, trust_by_name
from mesa_llm_city.social.tie_slots import TieSlots, find_slots, slot_levels

__all__ = ["NOT_FLEEING", "Heeded", "Listened", "heed"]

NOT_FLEEING = -1
"""Minutes until somebody leaves who does not flee."""

_CONTINUE, _INFORM, _FLEE, _STAY_IN, _REPLAN = (
    REACTIONS.index(one)
    for one in (
        ReactionKind.CONTINUE,
        ReactionKind.INFORM,
        ReactionKind.FLEE,
        ReactionKind.STAY_IN,
        ReactionKind.REPLAN,
    )
)
_TRUST = 1  # column of the levels of ties
_HOUSEHOLD = tuple(Relation).index(Relation.HOUSEHOLD)


class Heeded(NamedTuple):
    """A message that k rows have thought of; each column has shape (k,).

    Attributes
    ----------
    part : ndarray of int64
        Positions of the rows among those that listen.
    rows, minute : ndarray of int64
        The rows, and when they thought of it.
    said : Deliveries
        The message as it came.
    kind : ndarray of int64
        Positions in `REACTIONS`.
    believed, informs : ndarray of bool
        As in `Response`.
    minutes : ndarray of int64
        Minutes that each takes to get ready to leave.
    felt : ndarray of float64
        The danger that each feels, 0 for those who know of it already.
    """

    part: Int
    rows: Int
    minute: Int
    said: Deliveries
    kind: Int
    believed: Bool
    informs: Bool
    minutes: Int
    felt: Float

    def take(self, some: Int) -> Heeded:
        """Return what some of the rows make of it."""
        part, rows, minute, said, *rest = self
        return Heeded(part[some], rows[some], minute[some], said.take(some), *_some(rest, some))

    def followed_by(self, other: Heeded) -> Heeded:
        """Return it and then another."""
        names = [one for one in Heeded._fields if one != "said"]
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in names
        }
        return Heeded(**columns, said=self.said.followed_by(other.said))


def _some(columns: list[NDArray[Any]], some: Int) -> list[NDArray[Any]]:
    return [one[some] for one in columns]


@dataclass(slots=True, eq=False)
class Listened:
    """What m rows make of all the messages that have come.

    Parameters
    ----------
    messages : list of Heeded
        One after the other.
    flee_min : ndarray of int64, shape (m,)
        Minutes until each leaves for a refuge, or `NOT_FLEEING`.
    stays_in, plans_anew : ndarray of bool, shape (m,)
        Who stays in, and who plans anew since a danger has ended.
    """

    messages: list[Heeded]
    flee_min: Int
    stays_in: Bool
    plans_anew: Bool

    def take(self, part: Int) -> Self:
        """Return what some of the rows make of them, without the messages."""
        return type(self)([], self.flee_min[part], self.stays_in[part], self.plans_anew[part])


def heed(
    news: CrowdNews,
    state: CrowdState,
    due: Due,
    ties: TieSlots | None,
    parameters: CityParameters,
) -> Listened:
    """Let rows think of the messages that wait for them.

    Parameters
    ----------
    news : CrowdNews
        The messages; what is heard is noted there.
    state : CrowdState
        The crowd.
    due : Due
        The m rows that think, by rising row.
    ties : TieSlots or None
        Whom each row knows, and trusts; None where nobody knows anybody.
    parameters : CityParameters
        Numbers that shape behaviour.
    """
    count = len(due)
    flee_min = np.full(count, NOT_FLEEING, dtype=np.int64)
    listened = Listened([], flee_min, *np.zeros((2, count), dtype=np.bool_))
    left, right = news.waiting_for(due.rows)
    repeated = news.repeated_min()
    for turn in range(int(np.max(right - left, initial=0))):
        part = np.flatnonzero(right - left > turn)
        said = news.inbox.take(left[part] + turn)
        lasts = repeated[said.channel]
        fresh = ~((lasts > 0.0) & (due.minute[part] - said.said > lasts))
        for number in np.unique(said.message[fresh]).tolist():
            some = np.flatnonzero(fresh & (said.message == number))
            one = _heed_one(
                news, state, due.take(part[some]), ties, said.take(some), parameters
            )._replace(part=part[some])
            _add(listened, one, news.messages[number])
    news.waiting[due.rows] = False
    return listened


def _add(listened: Listened, one: Heeded, message: Message) -> None:
    flees, replans = one.kind == _FLEE, one.kind == _REPLAN
    listened.flee_min[one.part[flees]] = one.minutes[flees]
    listened.stays_in[one.part[one.kind == _STAY_IN]] = True
    listened.plans_anew[one.part[replans]] = message.danger <= 0.0
    listened.messages.append(one)


def _heed_one(  # noqa: PLR0917 - parts of one decision
    news: CrowdNews,
    state: CrowdState,
    due: Due,
    ties: TieSlots | None,
    said: Deliveries,
    parameters: CityParameters,
) -> Heeded:
    """Let rows think of one message that each of them has got."""
    number, rows, people = int(said.message[0]), due.rows, state.people
    message = news.messages[number]
    heard = news.heard_of(message.topic)
    risk = _risk(news, state, due, ties, said, heard, parameters)
    address = f"heed {message.topic}"
    draws = due.streams.lasting(address, since=due.minute, n=HEED_DRAWS)
    hearers = HearerColumns(people.age[rows], people.youngest_child[rows], people.has_car[rows])
    found = respond_rows(message, risk, hearers, draws, parameters)
    kind, believed, minutes = found.kind, found.believed, found.minutes
    is_danger = message.danger > 0.0
    before, acted = heard.message[rows], heard.avoids[rows] & is_danger
    # Who acts on it already goes on, unless they have not set out for the refuge yet.
    same = acted & (
        (kind != _FLEE) | _is_leaving(news, state, due, before.astype(np.int64), parameters)
    )
    kind = np.where(same, np.where(found.informs, _INFORM, _CONTINUE), kind)
    believed, minutes = believed | same, np.where(same, 0, minutes)
    acts = (kind != _CONTINUE) & (kind != _INFORM)
    concerned = message.is_everywhere | risk.here | risk.home | risk.ahead
    avoids = (believed & is_danger & (acts | ~concerned)) | acted
    known = (before == number) & (heard.believed[rows] | ~believed)
    felt = np.where(believed & ~known, message.danger, 0.0)
    heard.times[rows] = np.minimum(heard.times[rows].astype(np.int64) + 1, _MOST_TIMES)
    heard.message[rows], heard.said[rows] = number, said.said
    heard.kind[rows], heard.believed[rows], heard.avoids[rows] = kind, believed, avoids
    return Heeded(rows, rows, due.minute, said, kind, believed, found.informs, minutes, felt)


_MOST_TIMES = np.iinfo(np.uint8).max


def _risk(  # noqa: PLR0917 - parts of one decision
    news: CrowdNews,
    state: CrowdState,
    due: Due,
    ties: TieSlots | None,
    said: Deliveries,
    heard: HeardColumns,
    parameters: CityParameters,
) -> RiskColumns:
    """Return how a message concerns rows, and how far they trust whoever says it."""
    rows, numbers = due.rows, parameters.mind.warnings
    home, place = state.people.home[rows], state.place[rows]
    area = news.area_of(int(said.message[0]), due.world.city, near_m=numbers.near_m)
    here: Bool = np.zeros(len(rows), dtype=np.bool_)
    at_home: Bool = here
    ahead: Bool = here
    if area is not None:
        here, at_home = area[place], area[home]
        planned, exists = state.plans.places_ahead(rows)
        exists &= planned != home[:, np.newaxis]
        ahead = np.asarray((exists & area[planned]).any(axis=1))
    trust, of_household = _trust(news, due, ties, said, parameters)
    leaves = said.leaves != NOT_LEAVING
    return RiskColumns(
        trust=trust,
        confirmed=heard.times[rows].astype(np.int64),
        here=here,
        home=at_home,
        ahead=ahead,
        seen=np.full(len(rows), _is_storm(due.weather, numbers)),
        at_home=place == home,
        from_household=of_household,
        lifts=heard.avoids[rows],
        leaves_in=np.where(leaves, np.maximum(said.leaves - said.said, 0), -1),
    )


def _trust(
    news: CrowdNews,
    due: Due,
    ties: TieSlots | None,
    said: Deliveries,
    parameters: CityParameters,
) -> tuple[Float, Bool]:
    """Return the trust in whoever says something, and whether it is one of the household."""
    social, message = parameters.social, news.messages[int(said.message[0])]
    base = np.full(len(due), trust_by_name(message.source, social.trust))
    spread = np.full(len(due), social.trust.spread)
    of_household = np.zeros(len(due), dtype=np.bool_)
    passed = np.flatnonzero(said.sender != NO_SENDER)
    if ties is not None and len(passed):
        rows, sender = due.rows[passed], said.sender[passed]
        slot = find_slots(ties, rows, sender)
        at = due.minute[passed]
        levels = slot_levels(ties, rows, slot, at_min=at, parameters=social.ties)
        base[passed], spread[passed] = levels[:, _TRUST], 0.0
        of_household[passed] = (slot >= 0) & (ties.relation[rows, slot] == _HOUSEHOLD)
    more = np.array([social.messages.channels[one].trust for one in news.channels])
    deviate = normal_of(due.streams.trait("trust", n=1)[:, 0])
    trust = source_trust(base, deviate, channel=more[said.channel], spread=spread)
    return trust, of_household


def _is_leaving(
    news: CrowdNews, state: CrowdState, due: Due, before: Int, parameters: CityParameters
) -> Bool:
    """Tell who gets ready to leave for a refuge because of what was heard before."""
    numbers = np.unique(before[before != NOT_HEARD]).tolist()
    dangers = (DangerRows(news.area_of(one, due.world.city), before == one) for one in numbers)
    refuge = refuges_of(state, replace(due, dangers=tuple(dangers)), parameters)
    return state.plans.has_fixed_at(due.rows, refuge)


def _is_storm(weather: Weather, numbers: WarningParameters) -> bool:
    heavy = weather.rain_mm_h >= numbers.heavy_rain_mm_h
    return heavy or weather.wind_km_h >= numbers.strong_wind_km_h
