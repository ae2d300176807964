"""A platform with a recommender: information cocoons, and people who follow the crowd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from mesa_llm_city.models.recommender.columns import (
    Visits,
    friends_met,
    newest_of_topic,
    rank_in_group,
)
from mesa_llm_city.models.recommender.contents import MOST_TOPICS, TOPICS, texts_of
from mesa_llm_city.models.recommender.people import first_interests, following_graph
from mesa_llm_city.models.recommender.publishers import Publishers
from mesa_llm_city.models.recommender.visit_prompt import VisitPrompt
from mesa_llm_city.models.recommender.visits import (
    ACTIVITIES,
    Offer,
    View,
    Visit,
    VisitRule,
    activities,
    chosen,
    topics_drawn,
    utilities,
)

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.suggestions import did_you_mean
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion import (
    echo_index,
    exposure_counts,
    exposure_entropy,
    inequality,
    variance,
)
from mesa_llm_city.simulation.society import SocietyModel
from mesa_llm_city.social.media import (
    Exposures,
    FeedContext,
    LearningRecommender,
    Posts,
    Recommender,
    find_candidates,
)
from mesa_llm_city.social.media.recommenders import (
    RECOMMENDERS,
    Engagements,
    Mixed,
    make_recommender,
)
from mesa_llm_city.social.sharing_formulas import activity_of
from mesa_llm_city.social.stance_rules import changed_stance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CROWD", "RecommenderModel"]

CROWD = ("shown", "hidden")
"""Whether people see how many have watched a post."""

_DAY_H = 24.0
_VISIT_MIN = 20 * HOUR_MIN  # when everybody visits, after what publishers write on a day
_WATCH, _SEARCH, _CHAT, _POST = range(len(ACTIVITIES))


class RecommenderModel(SocietyModel):
    """People who watch, search, chat and post on a platform, after RecAgent (options: README).

    Examples
    --------
    >>> model = RecommenderModel(people=40, days=5, rng=7)
    >>> model.run_to_end()
    >>> bool(0.0 < model.entropy < np.log(10))
    True
    """

    PROMPTS: ClassVar[tuple[str, ...]] = ("visit",)
    REPORTED: ClassVar[tuple[str, ...]] = (
        *("entropy", "echo", "inequality", "satisfaction", "watched", "stance_variance"),
    )
    STATE: ClassVar[tuple[str, ...]] = (
        *("posts", "exposures", "choices", "engine", "quality", "number", "boost", "recent"),
        *("interests", "stance", "last", "told", "satisfaction", "watched"),
    )
    SHARED: ClassVar[tuple[str, ...]] = ("graph", "publishers")
    LEVERS: ClassVar[tuple[str, ...]] = ("crowd", "random_slots")

    def __init__(
        self,
        people: int = 300,
        days: int = 50,
        *,
        recommender: str = "similarity",
        random_slots: int = 0,
        crowd: str = "shown",
        topics: int = 10,
        publishers: int = 40,
        posts_per_publisher: int = 3,
        friends: int = 8,
        followed_publishers: int = 5,
        boosted: float = 0.0,
        boost: int = 5,
        kept_days: int = 7,
        window: int = 5,
        **given: Any,  # noqa: ANN401 - those of SocietyModel, and parameters by dotted name
    ) -> None:
        keywords = {name: given.pop(name) for name in list(given) if "." in name}
        # On a small platform posts get few votes, so votes count as long as posts are kept.
        kept = ("social.media.feed.window_h", "social.recommender.hot_scale_h")
        keywords = {**dict.fromkeys(kept, _DAY_H * kept_days), **keywords}
        super().__init__(length=days, keywords=keywords, **given)
        _check_names(recommender, crowd)
        _check_counts(people=people, topics=topics, publishers=publishers, window=window)
        self.people, self.topics, self.crowd, self.window = people, topics, crowd, window
        self.random_slots, self.boost_by = random_slots, boost
        self.publishers = Publishers(
            publishers,
            topics=topics,
            per_day=posts_per_publisher,
            spread=self.parameters.social.media.writing.stance_spread,
            boosted=boosted,
            seed=self.first_seed,
        )
        self._settle(friends, followed_publishers)
        self.posts, self.exposures = Posts(list(TOPICS)[:topics]), Exposures(self.graph.n)
        self.choices = Engagements()
        self.engine = make_recommender(recommender, self.choices)
        # Columns of posts beside those of `Posts`: quality, number of a publisher's post, boost.
        self.quality, self.number = np.empty(0), np.empty(0, dtype=np.int64)
        self.boost = np.empty(0, dtype=np.int64)
        self.recent: list[Int] = []
        self.satisfaction, self.watched = float("nan"), 0

    # What is measured.

    @property
    def entropy(self) -> float:
        """Mean entropy of the topics that people were recommended in the last days, in nats."""
        viewer, post = self._recommended
        counts = exposure_counts(
            viewer, self.posts.topic[post], people=self.people, kinds=self.topics
        )
        return exposure_entropy(counts)

    @property
    def echo(self) -> float:
        """Share of the own side among posts recommended in the last days minus that on offer."""
        viewer, post = self._recommended
        first = self.posts.since(self.minute - self.window * self.STEP_MIN)
        offered = self.posts.stance[first:]
        return echo_index(viewer, self.posts.stance[post], self.stance, offered)

    @property
    def inequality(self) -> float:
        """Gini coefficient of how often the posts of publishers have been watched."""
        return inequality(self.item_choices())

    @property
    def stance_variance(self) -> float:
        """Variance of the stances of people."""
        return variance(self.stance)

    def item_choices(self) -> Int:
        """Return how often each post of publishers was watched, by its number.

        The numbers are the same in all futures of a run (see `copy`).
        """
        counts = self.choices.counts(len(self.posts))
        is_item = self.number >= 0
        return np.bincount(self.number[is_item], counts[is_item]).astype(np.int64)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return posts, exposures, choices and people."""
        import pandas as pd

        person, post, minute = self.choices.rows
        posts = self.posts.to_frame().assign(quality=self.quality, watched=self._counts())
        people = pd.DataFrame(self.interests, columns=list(TOPICS)[: self.topics])
        people.insert(0, "person", np.arange(self.people))
        return {
            "posts": posts,
            "exposures": self.exposures.to_frame(),
            "choices": pd.DataFrame({"person": person, "post": post, "minute": minute}),
            "people": people.assign(stance=self.stance),
        }

    # What happens in a round.

    def live(self) -> None:
        """Let a round pass: publishers write, people visit, the recommender learns."""
        self._publish()
        rows = self._visitors()
        pages, tips = self._pages(rows)
        offered = np.concatenate([pages, tips[:, np.newaxis]], axis=1)
        visits = self._visits(rows, offered)
        watching = visits.choice >= 0
        watched = offered[watching, visits.choice[watching]]
        searcher, found = self._search(rows, visits)
        self._watch(np.append(rows[watching], searcher), np.append(watched, found))
        self._chat(rows[visits.activity == _CHAT])
        self._post(rows, visits)
        if isinstance(self.engine, LearningRecommender):
            self.engine.learn(self.posts, self._context())

    def _settle(self, friends: int, publishers: int) -> None:
        """Draw what people are like and whom they follow."""
        numbers, n = self.parameters.social.viewing, self.people
        self.interests = first_interests(
            self.traits("interests", n, self.topics), numbers.concentration
        )
        self.stance = 2.0 * self.traits("stance", n)[:, 0] - 1.0
        self.first_stance = self.stance.copy()
        active = activity_of(self.traits("activity", n)[:, 0], self.parameters.social.sharing)
        self.activity = active
        self.last, self.told = (np.full(n, -1, dtype=np.int64) for _ in range(2))
        self.graph = following_graph(
            self.interests,
            self.publishers.topic,
            friends=friends,
            publishers=publishers,
            seed=self.first_seed,
        )

    def _publish(self) -> None:
        items = self.publishers.items(self.day, until_min=_VISIT_MIN)
        self._write(
            minute=self.minute + items.minute,
            author=self.people + items.publisher,
            topic=items.topic,
            stance=items.stance,
            texts=texts_of(items.topic, items.stance, items.words),
            quality=items.quality,
            number=items.number,
            boost=self.boost_by * items.is_boosted,
        )

    def _write(
        self,
        *,
        quality: Float | float = 0.0,
        number: Int | int = -1,
        boost: Int | int = 0,
        **columns: Int | Float | int | list[str],
    ) -> None:
        new = self.posts.extend(**columns)
        added = {"quality": quality, "number": number, "boost": boost}
        for name, column in added.items():
            longer = np.concatenate([getattr(self, name), np.broadcast_to(column, len(new))])
            setattr(self, name, longer)

    def _visitors(self) -> Int:
        numbers = self.parameters.social.viewing
        draws = self.uniforms("visits", self.people)[:, 0]
        return np.flatnonzero(draws < np.minimum(numbers.visits * self.activity, 1.0))

    def _pages(self, rows: Int) -> tuple[Int, Int]:
        """Return what visitors are recommended, and what friends told them of."""
        context = self._context()
        found = find_candidates(rows, self.posts, context)
        pages = self._recommender.recommend(
            rows, found.posts, self.posts, self._context(followed=found.followed)
        )
        self.exposures.record(rows, pages, minute=self._now, by=self._recommender.name)
        self._note(rows, pages)
        tips = self.told[rows]
        seen = self.exposures.has_seen(rows, tips[:, np.newaxis])[:, 0]
        tips = np.where(seen, -1, tips)
        self.exposures.record(rows, tips[:, np.newaxis], minute=self._now, by="chat")
        self.told[rows] = -1
        return pages, tips

    def _visits(self, rows: Int, offered: Int) -> Visits:
        """Return what visitors do, by rule or by prompt."""
        numbers = self.parameters.social.viewing
        offer = self._offer(rows, offered)
        drawn = self.uniforms("visit", rows, 3 + offered.shape[1])
        draws, choice_draws = drawn[:, :2], drawn[:, 2:]
        if self.asks("visit"):
            views = [
                View(offer.row(row), self.interests[person], draws[row], choice_draws[row])
                for row, person in enumerate(rows.tolist())
            ]
            return self._asked(rows, offered, offer, views)
        activity = activities(draws[:, 0], numbers)
        worth = utilities(offer, numbers, topics=self.topics, crowd_weight=self._crowd_weight)
        choice = chosen(worth, offer.there, choice_draws, nothing=numbers.nothing)
        self.decided["rule"] += len(rows)
        topic = topics_drawn(self.interests[rows], draws[:, 1])
        return Visits(activity, np.where(activity == _WATCH, choice, -1), topic, [""] * len(rows))

    def _asked(self, rows: Int, offered: Int, offer: Offer, views: list[View]) -> Visits:
        """Ask a language model what visitors do, one question each."""
        rule = VisitRule(self.parameters.social.viewing, self._crowd_weight)
        decider = self.prompted("visit", rule, VisitPrompt())
        people = rows.tolist()
        thoughts = [
            decider.visit(view, **self._told(person, offered[row], offer.count[row]))
            for row, (person, view) in enumerate(zip(people, views, strict=True))
        ]
        visits: list[Visit] = self.decide(people, thoughts)
        return Visits(
            np.array([ACTIVITIES.index(one.activity) for one in visits], dtype=np.int64),
            np.array([one.choice for one in visits], dtype=np.int64),
            np.array([one.topic for one in visits], dtype=np.int64),
            [one.text for one in visits],
        )

    def _told(self, person: int, offered: Int, counts: Int) -> dict[str, Any]:
        """Return what a prompt tells of a person and of the page; its last place is a tip."""
        names = list(TOPICS)[: self.topics]
        places = np.flatnonzero(offered >= 0).tolist()
        page = [
            {
                "text": self.posts.text(int(offered[place])),
                "topic": names[self.posts.topic[offered[place]]],
                "watched": int(counts[place]) if self.crowd == "shown" else None,
                "friend": place == len(offered) - 1,
            }
            for place in places
        ]
        about = description(person, self.interests[person], self.stance[person], names)
        return {"person": about, "topics": names, "page": page, "places": places}

    def _search(self, rows: Int, visits: Visits) -> tuple[Int, Int]:
        """Let people search for a topic, and return who watches what of that."""
        numbers, context = self.parameters.social.viewing, self._context()
        who = np.flatnonzero(visits.activity == _SEARCH)
        people, topics = rows[who], visits.topic[who]
        found = newest_of_topic(people, topics, self.posts, context, numbers.results)
        self.exposures.record(people, found, minute=self._now, by="search")
        offer = self._offer(people, found)
        worth = utilities(offer, numbers, topics=self.topics, crowd_weight=self._crowd_weight)
        draws = self.uniforms("search", people, 1 + numbers.results)
        choice = chosen(worth, offer.there, draws, nothing=numbers.nothing)
        return people[choice >= 0], found[choice >= 0, choice[choice >= 0]]

    def _watch(self, people: Int, posts: Int) -> None:
        """Let people watch posts, at most one each: interests and stances move."""
        numbers = self.parameters.social.viewing
        self.choices.add(people, posts, minute=self._now)
        self.last[people] = posts
        topic = self.posts.topic[posts]
        share = self.interests[people, topic]
        self.watched = len(people)
        gap = np.abs(self.posts.stance[posts] - self.stance[people])
        # From 0 for the worst to 1 for what is the only interest and of the same stance.
        self.satisfaction = float(np.mean(share * (1.0 - gap / 2.0))) if len(people) else np.nan
        self.interests[people] *= 1.0 - numbers.drift
        self.interests[people, topic] += numbers.drift
        self._hear("watch", people, self.posts.stance[posts], numbers.trust_watched)

    def _chat(self, people: Int) -> None:
        """Let people talk to friends: both hear the other, and the friend gets a tip."""
        draws = self.uniforms("friend", people)[:, 0]
        friends = friends_met(people, draws, self._context(), self.people)
        people, friends = people[friends >= 0], friends[friends >= 0]
        trust, said, answered = (
            self.parameters.social.viewing.trust_friend,
            self.stance[people],
            self.stance[friends],
        )
        has_tip = self.last[people] >= 0
        self.told[friends[has_tip]] = self.last[people[has_tip]]
        turns = rank_in_group(friends)
        for turn in range(int(turns.max(initial=-1)) + 1):
            now = turns == turn
            self._hear(f"chat {turn}", friends[now], said[now], trust)
        self._hear("answer", people, answered, trust)

    def _post(self, rows: Int, visits: Visits) -> None:
        """Let people write posts, in which they say what they think."""
        who = np.flatnonzero(visits.activity == _POST)
        people, topic = rows[who], visits.topic[who]
        made_up = texts_of(topic, self.stance[people], self.uniforms("words", people, 2))
        self._write(
            minute=self._now,
            author=people,
            topic=topic,
            stance=self.stance[people],
            texts=[visits.texts[one] or text for one, text in zip(who, made_up, strict=True)],
        )

    def _hear(self, purpose: str, people: Int, said: Float, trust: float) -> None:
        """Change the stances of people, each of whom hears one thing."""
        self.stance[people] = changed_stance(
            self.stance[people],
            said[:, np.newaxis],
            np.full((len(people), 1), trust),
            anchor=self.first_stance[people],
            uniform=self.uniforms(purpose, people)[:, 0],
            parameters=self.parameters.social.stance,
        )

    # Helpers.

    @property
    def _now(self) -> int:
        """Minute at which people visit."""
        return self.minute + _VISIT_MIN

    @property
    def _recommender(self) -> Recommender:
        return Mixed(self.engine, self.random_slots) if self.random_slots else self.engine

    @property
    def _crowd_weight(self) -> float:
        shown = self.parameters.social.recommender.crowd_weight
        return shown if self.crowd == "shown" else 0.0

    @property
    def _recommended(self) -> Int:
        """Viewer and post of what was recommended in the last days, shape (2, m)."""
        return np.concatenate([np.empty((2, 0), dtype=np.int64), *self.recent], axis=1)

    def _counts(self) -> Int:
        """Return how many have watched each post."""
        return self.choices.counts(len(self.posts))

    def _context(self, followed: int | None = None) -> FeedContext:
        return FeedContext(
            minute=self._now,
            page=self.parameters.social.media.feed.page,
            graph=self.graph,
            exposures=self.exposures,
            persons=np.arange(self.graph.n),
            seed=self.run_seed,
            followed=followed,
            parameters=self.parameters,
        )

    def _offer(self, rows: Int, pages: Int) -> Offer:
        """Return what people see of posts."""
        topic = self.posts.topic[pages]
        there = pages >= 0
        counts = self._counts() + self.boost
        return Offer(
            self.interests[rows[:, np.newaxis], topic],
            np.abs(self.posts.stance[pages] - self.stance[rows][:, np.newaxis]),
            self.quality[pages],
            np.where(there & (self.crowd == "shown"), counts[pages], 0),
            there,
        )

    def _note(self, rows: Int, pages: Int) -> None:
        place = np.nonzero(pages >= 0)
        self.recent.append(np.stack([rows[place[0]], pages[place]]))
        self.recent = self.recent[-self.window :]


def description(person: int, interests: Float, stance: float, topics: list[str]) -> str:
    """Return a person in words, for a prompt.

    Examples
    --------
    >>> description(3, np.array([0.2, 0.8]), -0.7, ["food", "taxes"])
    'Person 3 cares most for taxes and food, and would by all means keep things as they were.'
    """
    first, second = np.argsort(-interests, kind="stable")[:2].tolist()
    sure = "by all means " if abs(stance) >= _SURE_FROM else ""
    side = "change things" if stance > 0.0 else "keep things as they were"
    return (
        f"Person {person} cares most for {topics[first]} and {topics[second]}, "
        f"and would {sure}{side}."
    )


_SURE_FROM = 0.6


def _check_names(recommender: str, crowd: str) -> None:
    for name, given, known in (
        ("recommender", recommender, tuple(RECOMMENDERS)),
        ("crowd", crowd, CROWD),
    ):
        if given not in known:
            message = f"{name} must be one of {', '.join(known)}, got {given!r}"
            raise ConfigError(message + did_you_mean(str(given), known))


def _check_counts(topics: int, **counts: int) -> None:
    if not 2 <= topics <= MOST_TOPICS:
        message = f"topics must be from 2 to {MOST_TOPICS}, got {topics}"
        raise ConfigError(message)
    for name, count in counts.items():
        if count < 1:
            message = f"{name} must be at least 1, got {count}"
            raise ConfigError(message)
