"""Signs that the literature has found between personality and behaviour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mesa_llm_city.core.values import Float, Int

if TYPE_CHECKING:
    import pandas as pd

    from mesa_llm_city.simulation.model import CityModel

__all__ = ["BEHAVIOURS", "GIVEN_TO_RULES", "SIGNS", "PublishedSign", "behaviour_table"]

_SPORT = "sport: Rhodes and Smith (2006), Br. J. Sports Med. 40(12), 958-965"
_TALK = "talk: Mehl, Gosling and Pennebaker (2006), J. Pers. Soc. Psychol. 90(5), 862-877"
_PLACES = "places: Alessandretti, Lehmann and Baronchelli (2018), EPJ Data Science 7, 36"


class PublishedSign(NamedTuple):
    """What is published of a trait and a behaviour.

    Attributes
    ----------
    trait : str
        One of the Big Five.
    behaviour : str
        One of `BEHAVIOURS`.
    sign : int
        1 or -1; 0 where no correlation was found.
    correlation : float or None
        Over persons, where a figure is published.
    source : str
        The publication.
    """

    trait: str
    behaviour: str
    sign: int
    correlation: float | None
    source: str


SIGNS: tuple[PublishedSign, ...] = (
    PublishedSign("extraversion", "sport_min", 1, 0.23, _SPORT),
    PublishedSign("conscientiousness", "sport_min", 1, 0.20, _SPORT),
    PublishedSign("neuroticism", "sport_min", -1, -0.11, _SPORT),
    PublishedSign("openness", "sport_min", 0, 0.0, _SPORT),
    PublishedSign("agreeableness", "sport_min", 0, 0.0, _SPORT),
    PublishedSign("extraversion", "conversations", 1, None, _TALK),
    PublishedSign("extraversion", "partners", 1, None, _TALK),
    PublishedSign("extraversion", "places", 1, None, _PLACES),
)
"""The published signs that runs are held to."""

GIVEN_TO_RULES = (
    "note: rules were given the signs of sport (population.time_use.personality) and of talk "
    "(social.contact.extraversion) as parameters, so that these are as published is no finding"
)
"""What a reader of a check by rules must know."""


class _Tables(NamedTuple):
    activities: pd.DataFrame
    conversations: pd.DataFrame
    visits: pd.DataFrame


def _minutes(purpose: str) -> Callable[[_Tables], pd.Series[Any]]:
    def of(tables: _Tables) -> pd.Series[Any]:
        rows = tables.activities[tables.activities["purpose"] == purpose]
        spent = (rows["end"] - rows["start"]).dt.total_seconds() / 60.0
        by_person: pd.Series[Any] = spent.groupby(rows["person"]).sum()
        return by_person

    return of


def _both_sides(tables: _Tables) -> pd.DataFrame:
    import pandas as pd

    talks = tables.conversations[["person", "other"]]
    turned = talks.rename(columns={"person": "other", "other": "person"})
    return pd.concat([talks, turned], ignore_index=True)


_OF: Mapping[str, tuple[str, Callable[[_Tables], pd.Series[Any]]]] = MappingProxyType(
    {
        "sport_min": ("minutes of sport a day", _minutes("sport")),
        "social_min": ("minutes of meeting others a day", _minutes("social")),
        "work_min": ("minutes of work a day", _minutes("work")),
        "conversations": (
            "conversations a day",
            lambda tables: _both_sides(tables).groupby("person").size(),
        ),
        "partners": (
            "people talked to a day",
            lambda tables: _both_sides(tables).groupby("person")["other"].nunique(),
        ),
        "places": (
            "places visited for no duty a day",
            lambda tables: tables.visits.groupby("person")["place"].nunique(),
        ),
    }
)

BEHAVIOURS: Mapping[str, str] = MappingProxyType({name: words for name, (words, _) in _OF.items()})
"""What is measured of each person, in words, by name."""


def behaviour_table(model: CityModel, ids: Int) -> Mapping[str, Float]:
    """Return each behaviour of some people, per day of the run.

    Parameters
    ----------
    model : CityModel
        A model that has run.
    ids : ndarray of int64, shape (n,)
        The people.

    Returns
    -------
    mapping of str to ndarray of float64, shape (n,)
        By name of `BEHAVIOURS`. Numbers of people and places are those of the whole run,
        divided by its days.
    """
    frames = model.frames()
    tables = _Tables(frames["activities"], frames["conversations"], frames["visits"])
    days = model.minute / 1440.0
    return {
        name: np.asarray(of(tables).reindex(ids, fill_value=0), dtype=np.float64) / days
        for name, (_, of) in _OF.items()
    }
