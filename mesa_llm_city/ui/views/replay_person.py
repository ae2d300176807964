"""One person of a finished run as a view: from the tables of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.citizen.presets import DECISION_NAMES
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.values import DecisionSource, Purpose
from mesa_llm_city.experiments.hourly import minutes_of
from mesa_llm_city.mind import ASPECTS
from mesa_llm_city.social import DIMENSIONS
from mesa_llm_city.ui.views.kinds import activity_labels
from mesa_llm_city.ui.views.protocols import InsightRow, PersonView, PlanRow
from mesa_llm_city.ui.views.replay_minds import Minds, minds_of

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.ui.views.history import History

__all__ = ["described", "see_person"]

_MISSING = ("mood", "thought", "memories", "goals", "beliefs", "ties")


def see_person(history: History, person: int, minute: int) -> PersonView:
    """Return one person at a minute of the run.

    Parameters
    ----------
    history : History
        The run.
    person : int
        Id of the person.
    minute : int
        Minute of the run.

    Raises
    ------
    ConfigError
        If nobody has this id.
    """
    row = int(np.searchsorted(history.ids, person))
    if row >= len(history.ids) or history.ids[row] != person:
        message = f"no person has the id {person}; choose one of the {len(history.ids)} people"
        raise ConfigError(message)
    plan = tuple(_plan(history, row, minute))
    home, names = int(history.persons["home_place"].iloc[row]), history.basemap.names
    minds = minds_of(
        history, person, minute, lambda place: "home" if place == home else names[place]
    )
    known = _without_minds(history, person, minute) if minds is None else minds
    now = next((one for one in plan if one.status == "now"), None)
    at = history.track.rows_at(minute)[row]
    return PersonView(
        id=person,
        name=history.names[row],
        described=described(history.persons.iloc[row]),
        doing=activity_labels(history.parameters)[history.track.doing[at]],
        place="" if now is None else now.place,
        needs=_needs(history, row, minute),
        mood=known.mood,
        thought=known.thought,
        plan=plan,
        memories=known.memories,
        insights=known.insights,
        goals=known.goals,
        beliefs=known.beliefs,
        ties=known.ties,
        decisions=_decisions(history, person, minute),
        missing=_MISSING if minds is None else (),
        travels=now is not None and now.purpose == Purpose.TRAVEL,
    )


def _without_minds(history: History, person: int, minute: int) -> Minds:
    """Return what a run that has kept no minds tells of a person's mind: what was concluded."""
    import pandas as pd

    insights = tuple(_insights(history, person, minute))[::-1]
    beliefs = pd.DataFrame(columns=["place", "kind", *ASPECTS, "sd"])
    ties = pd.DataFrame(columns=["other", "name", "relation", *DIMENSIONS])
    return Minds("", "", (), (), insights, beliefs, ties)


def _plan(history: History, row: int, minute: int) -> Iterator[PlanRow]:
    """Yield the blocks of the whole day: done, now and next."""
    track, names = history.track, history.basemap.names
    low, high = track.first[row : row + 2].tolist()
    frame = history.tables["activities"].iloc[low:high]
    at, home = track.rows_at(minute)[row] - low, int(history.persons["home_place"].iloc[row])
    midnight = max(minute - 1, 0) // DAY_MIN * DAY_MIN
    for number, one in enumerate(frame.itertuples(index=False)):
        start, end = int(track.start[low + number]), int(track.end[low + number])
        if end <= midnight or start >= midnight + DAY_MIN:
            continue
        at_place = _number(one.place)
        there = _goal(history, low + number, high) if np.isnan(at_place) else int(at_place)
        place = "" if there is None else "home" if there == home else names[there]
        status = "now" if number == at else "done" if number < at else "next"
        yield PlanRow(start, end, str(one.purpose), place, status)


def _goal(history: History, row: int, high: int) -> int | None:
    """Return the place to which a way leads: that of what follows."""
    if row + 1 >= high:
        return None
    place = _number(history.tables["activities"]["place"].iloc[row + 1])
    return None if np.isnan(place) else int(place)


def _number(value: Any) -> float:  # noqa: ANN401 - a number, or what pandas has for none
    return float(value) if isinstance(value, int | float | np.number) else float("nan")


def _needs(history: History, row: int, minute: int) -> dict[str, float]:
    """Return the levels at the last full hour."""
    if not len(history.needs):
        return {}
    hour = min(max(minute - 1, 0) // HOUR_MIN, len(history.needs) - 1)
    levels = history.needs[hour, row]
    known = zip(history.parameters.needs, levels.tolist(), strict=True)
    return {name: level for name, level in known if not np.isnan(level)}


def _insights(history: History, person: int, minute: int) -> Iterator[InsightRow]:
    frame = history.of_person("insights", person, minute)
    when = minutes_of(frame["time"], history.clock).tolist()
    for number, (at, one) in enumerate(zip(when, frame.itertuples(index=False), strict=True)):
        words = str(one.evidence).split()
        yield InsightRow(
            number=number,
            minute=at,
            kind=str(one.kind),
            subject=str(one.subject),
            text=str(one.text),
            strength=_number(one.strength),
            liking=_number(one.liking),
            evidence=tuple(int(word) for word in words if not word.startswith("t")),
            earlier=tuple(int(word[1:]) for word in words if word.startswith("t")),
        )


def _decisions(history: History, person: int, minute: int) -> pd.DataFrame:
    """Return the decisions, the latest first, with the prompt where one was asked."""
    frame = history.of_person("decisions", person, minute)[::-1].reset_index(drop=True)
    calls = history.tables["calls"]
    mine = calls[calls["sample"].astype(str) == str(person)] if len(calls) else calls
    used = {
        (minute, DECISION_NAMES.get(purpose)): prompt
        for minute, purpose, prompt in zip(
            mine["minute"], mine["purpose"], mine["prompt"], strict=True
        )
    }
    frame["prompt"] = [
        used.get((when, component), "") if source == DecisionSource.PROMPT else ""
        for when, component, source in zip(
            minutes_of(frame["time"], history.clock).tolist(),
            frame["component"],
            frame["source"],
            strict=True,
        )
    ]
    return frame[["time", "component", "source", "choice", "reason", "prompt"]]


def described(row: Mapping[str, Any] | pd.Series[Any]) -> str:
    """Return who somebody is, from a row of the table of people (``people.parquet``)."""
    job = str(row["occupation"]).replace("_", " ")
    others = int(row["household_size"]) - 1
    counted = "1 other" if others == 1 else f"{others} others"
    home = f"living with {counted}" if others else "living alone"
    likes = str(row["hobbies"]).replace("; ", ", ")
    fond = f" Likes {likes}." if likes else ""
    return (
        f"{row['name']} is {int(row['age'])}, {row['gender']}, {job}, with {row['education']} "
        f"education and {float(row['income']):.1f} times the median income, {home}.{fond}"
    )
