"""Small HTML cards of a model, its citizens and its crowd, which notebooks show for them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from mesa_llm_city.citizen.citizen import Citizen
from mesa_llm_city.core.html_card import bars, html_card

if TYPE_CHECKING:
    # They show their own cards; only annotations close the circle.
    from mesa_llm_city.simulation.model import CityModel

__all__ = ["Rows", "agent_card", "card", "crowd_card"]

_MOST_PURPOSES = 5
_LONGEST = 160  # characters of a description
_MIB = 2**20  # bytes


class Rows(Protocol):
    """What a card tells of a crowd."""

    model: CityModel

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def doing_now(self) -> Counter[str]:
        """Return how many do what."""
        ...

    @property
    def trips_ended(self) -> int:
        """Number of trips that have ended."""
        ...

    @property
    def talks(self) -> int:
        """Number of talks."""
        ...

    @property
    def memory_bytes(self) -> int:
        """How much memory the columns take."""
        ...


def card(model: CityModel) -> str:
    """Return a model as a few lines of HTML: where, when, who, doing what.

    Parameters
    ----------
    model : CityModel
        The model.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> "20 people" in card(model)
    True
    """
    asked = sorted(model.prompts)
    facts = {
        "now": _now(model),
        "who": f"{len(model.citizens):,} people, seed {model.run_seed}",
        "crowd": "" if model.crowd is None else f"{len(model.crowd):,} rows",
        "doing": _doing(model.doing),
        "trips": f"{model.records.trips.added:,} so far",
        "decisions": f"asked about {', '.join(asked)}" if asked else "rules",
    }
    return html_card(
        model.city.name,
        facts,
        picture=_picture(model.doing),
        hint="mesa_llm_city.ui.show(model)",
    )


def agent_card(model: CityModel, citizen: Citizen, doing: str) -> str:
    """Return a citizen as a few lines of HTML: who, doing what, where, and how needs are met.

    Parameters
    ----------
    model : CityModel
        The model that the person lives in.
    citizen : Citizen
        The person.
    doing : str
        What the person does now.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel
    >>> model = CityModel(City.synthetic(rng=1, places=400), 20, rng=7)
    >>> "person 3, " in agent_card(model, model.citizens[3].citizen, "rest")
    True
    """
    persona, trip = citizen.persona, citizen.now.trip
    where = _place(model, citizen.place if trip is None else trip.destination)
    facts = {
        "who": f"person {persona.id}, {persona.age} years",
        "described": _short(persona.describe()),
        "now": f"{_now(model)}: {doing}",
        "where": where if trip is None else f"to {where} by {trip.mode}",
        "mood": f"{citizen.mood_at(model.minute):+.2f} (from -1 to 1)",
    }
    return html_card(
        persona.name,
        facts,
        picture=bars(
            citizen.needs_at(model.minute).items(), "How well needs are met, from 0 to 1", most=1.0
        ),
        hint="mesa_llm_city.ui.show(model)",
    )


def crowd_card(crowd: Rows) -> str:
    """Return a crowd as a few lines of HTML: how many rows, doing what.

    Parameters
    ----------
    crowd : Rows
        The crowd.

    Examples
    --------
    >>> from mesa_llm_city import City, CityModel, Crowd
    >>> model = CityModel(City.synthetic(places=300), [], rng=7, crowd=Crowd(200))
    >>> "200 people" in crowd_card(model.crowd)
    True
    """
    doing = crowd.doing_now()
    facts = {
        "now": _now(crowd.model),
        "doing": _doing(doing),
        "trips": f"{crowd.trips_ended:,} so far",
        "talks": f"{crowd.talks:,} so far",
        "memory": f"{crowd.memory_bytes / _MIB:,.0f} MiB",
    }
    return html_card(
        f"Crowd of {len(crowd):,} people",
        facts,
        picture=_picture(doing),
        hint="crowd[row], crowd.values(name)",
    )


def _now(model: CityModel) -> str:
    now = model.clock.at(model.minute)
    return f"day {model.clock.day(model.minute) + 1}, {now:%a} {now:%Y-%m-%d} {now:%H:%M}"


def _doing(doing: Counter[str]) -> str:
    told = [
        f"{purpose.replace('_', ' ')} {count:,}" for purpose, count in doing.most_common() if count
    ]
    return ", ".join(told[:_MOST_PURPOSES])


def _picture(doing: Counter[str]) -> str:
    most = [
        (name.replace("_", " "), float(count))
        for name, count in doing.most_common(_MOST_PURPOSES)
        if count
    ]
    return bars(most, "What people do now")


def _place(model: CityModel, place: int) -> str:
    places = model.city.places
    kind = places.category_names[int(places.category[place])].rpartition("=")[2]
    return places.name[place] or f"{kind.replace('_', ' ')} {place}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
