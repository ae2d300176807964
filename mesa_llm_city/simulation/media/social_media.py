"""Which media a city has: topics, who follows whom, what is recommended, moderated and paid for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, TypeAlias

from mesa_llm_city.citizen.feeds import READING
from mesa_llm_city.city import City
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.population import Persona
from mesa_llm_city.social.media import ACTIONS, Ad, FollowerGraph, Recommender
from mesa_llm_city.social.media.recommenders import RECOMMENDERS, make_recommender
from mesa_llm_city.social.post import Post

__all__ = ["GRAPHS", "SocialMedia", "with_reading"]

GRAPHS = ("ties", "homophilous", "preferential")
"""Who follows whom by default: those they have ties to; or random graphs."""

StanceOption: TypeAlias = float | Callable[[Persona], float]
"""A stance for everybody, or a function that returns that of a person, in [-1, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialMedia:
    """The social media of a city.

    Parameters
    ----------
    topics : sequence of str
        What can be written about.
    recommender : str or Recommender, default "chronological"
        One of `RECOMMENDERS`, or any object with the methods of `Recommender`.
    graph : str or FollowerGraph, default "ties"
        One of `GRAPHS`, or a graph whose rows are the people in the order of the model's
        `population`. With ``"ties"`` newcomers follow their households.
    following : int, default 20
        Mean number of people that somebody follows, in the random graphs.
    homophily : float, default 0.5
        Share of followees drawn from the same group of age, in the homophilous graph.
    actions : sequence of str, default ()
        What moderation does about posts against the rules: some of `moderation.ACTIONS`.
    ads : sequence of Ad, default ()
        Ads, shown as often as ``social.media.ads.every`` says.
    posts : sequence of Post, default ()
        Posts that are written at their minute of the run; the author is the id of a person, or
        `NOBODY`.
    stances : mapping of str to StanceOption
        Stances on topics at first.
    asks : bool, default False
        Whether the model's language model says what people make of their pages, one call a
        page and at most ``social.media.feed.calls_per_day`` a person-day.

    Raises
    ------
    ConfigError
        Names what is wrong.

    Examples
    --------
    >>> SocialMedia(topics=["bridge"], recommender="hot")
    Traceback (most recent call last):
    ...
    mesa_llm_city.core.errors.ConfigError: recommender must be one of chronological, random,
    popularity, similarity, factorisation, or have a method recommend, got 'hot'
    """

    topics: Sequence[str]
    recommender: str | Recommender = "chronological"
    graph: str | FollowerGraph = "ties"
    following: int = 20
    homophily: float = 0.5
    actions: Sequence[str] = ()
    ads: Sequence[Ad] = ()
    posts: Sequence[Post] = ()
    stances: Mapping[str, StanceOption] = field(default_factory=dict)
    asks: bool = False

    def __post_init__(self) -> None:
        """Check all of it."""
        if defects := list(self._defects()):
            raise ConfigError("; ".join(defects))

    def _defects(self) -> Iterator[str]:
        if kinds := list(self._wrong_kinds()):
            yield from kinds
            return
        topics = list(self.topics)
        if len(set(topics)) < len(topics):
            yield f"topics must differ, got {', '.join(topics)}"
        names = ", ".join(RECOMMENDERS)
        if isinstance(self.recommender, str):
            if self.recommender not in RECOMMENDERS:
                yield (
                    f"recommender must be one of {names}, or have a method recommend, got "
                    f"{self.recommender!r}"
                )
        elif not isinstance(self.recommender, Recommender):
            kind = type(self.recommender).__name__
            yield f"recommender must have a name and a method recommend; {kind} lacks one"
        if not isinstance(self.graph, FollowerGraph) and self.graph not in GRAPHS:
            yield f"graph must be a FollowerGraph or one of {', '.join(GRAPHS)}, got {self.graph!r}"
        if unknown := [one for one in self.actions if one not in ACTIONS]:
            yield f"actions must be some of {', '.join(ACTIONS)}, got {unknown[0]!r}"
        said = {"posts": [one.topic for one in self.posts], "stances": list(self.stances)}
        said["ads"] = [one.topic for one in self.ads]
        for name, about in said.items():
            if unknown := [one for one in about if one not in topics]:
                yield f"{name}: {unknown[0]!r} is none of the topics {', '.join(topics)}"

    def _wrong_kinds(self) -> Iterator[str]:
        """Yield what is no list of what it should be a list of."""
        lists: tuple[tuple[str, type, str], ...] = (
            *(("topics", str, "words"), ("actions", str, "words")),
            *(("ads", Ad, "Ad"), ("posts", Post, "Post")),
        )
        for name, kind, items in lists:
            given: object = getattr(self, name)
            is_list = isinstance(given, Sequence | AbstractSet) and not isinstance(given, str)
            if not is_list or not all(isinstance(one, kind) and one != "" for one in given):  # type: ignore[attr-defined]
                yield f"{name} must be a list of {items}, got {given!r:.80}"
        topics: object = self.topics
        if isinstance(topics, Sequence) and not len(topics):
            yield f"topics must be a list of at least one, got {topics!r}"
        for topic, stance in self.stances.items():
            if not callable(stance) and not _is_stance(stance):
                yield f"the stance on {topic} must be from -1 to 1, got {stance!r:.80}"
        checks = OptionChecks()
        checks.number("following", self.following)
        checks.number("homophily", self.homophily, most=1.0)
        checks.switch("asks", self.asks)
        yield from checks.defects

    def made_recommender(self) -> Recommender:
        """Return a recommender for one model; one that is given is copied, since it may learn."""
        if isinstance(self.recommender, str):
            return make_recommender(self.recommender)
        return copy.deepcopy(self.recommender)

    def facts(self) -> dict[str, Any]:
        """Return what a save says about it, as plain values."""
        return {"topics": list(self.topics), "recommender": self.made_recommender().name}


def _is_stance(value: object) -> bool:
    return isinstance(value, Real) and -1.0 <= float(value) <= 1.0


def with_reading(city: City) -> City:
    """Return a city in whose parameters reading feeds is something that people do at home."""
    purposes = city.parameters.purposes
    return city if READING in purposes else city.with_parameters(_extended(city.parameters))


def _extended(parameters: CityParameters) -> CityParameters:
    row = {
        "at_home": True,
        "free_time": False,
        "plannable": False,
        "can_be_goal": False,
        "usual_min": float(parameters.social.media.use.session_min),
        "least_min": 5,
        "label": "social media",
        "description": "reading social media at home",
    }
    return parameters.with_("purposes", {READING: row})
