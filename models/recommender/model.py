"""A platform with a recommender: information cocoons, and people who follow the crowd."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from mesa_llm_city.models.recommender.columns import (
    Visits,
    friends_met,
    newest_of_topic,
    rank_in_group,
)
from mesa_llm_city.models.recommender.contents import MOST_TOPICS, TOPICS, texts_of
from mesa_llm_city.models.recommender.online_platform import Platform
from mesa_llm_city.models.recommender.people import People, description, following_graph
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
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.core.values import Float, Int
from mesa_llm_city.experiments.diffusion import (
    echo_index,
    exposure_counts,
    exposure_entropy,
    inequality,
    variance,
)
from mesa_llm_city.simulation.society import SocietyModel
from mesa_llm_city.social.media import FeedContext
from mesa_llm_city.social.media.recommenders import RECOMMENDERS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CROWD", "RecommenderModel"]

CROWD = ("shown", "hidden")
"""Whether people see how many have watched a post."""

_DAY_H = 24.0
_VISIT_MIN = 20 * HOUR_MIN  # when everybody visits, after what publishers write on a day
# Fewest of what need not be at all, or of what a recommender cannot do without.
_LEAST: Mapping[str, int] = MappingProxyType({"friends": 0, "followed_publishers": 0, "boost": 0})
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
        *("entropy", "below_peak", "echo", "inequality", "boosted_ratio"),
        *("satisfaction", "watched", "stance_variance"),
    )
    STATE: ClassVar[tuple[str, ...]] = (
        *("people", "platform", "crowd", "random_slots", "satisfaction", "watched"),
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
        counts = {"people": people, "days": days, "publishers": publishers, "window": window}
        counts |= {"posts_per_publisher": posts_per_publisher, "kept_days": kept_days}
        counts |= {"friends": friends, "followed_publishers": followed_publishers, "boost": boost}
        checks = _checks(counts, recommender=recommender, crowd=crowd)
        checks.whole("topics", topics, least=2, most=MOST_TOPICS)
        checks.number("boosted", boosted, most=1.0)
        checks.number("random_slots", random_slots)
        checks.finish()
        keywords = {name: given.pop(name) for name in list(given) if "." in name}
        # On a small platform posts get few votes, so votes count as long as posts are kept.
        kept = ("social.media.feed.window_h", "social.recommender.hot_scale_h")
        keywords = {**dict.fromkeys(kept, _DAY_H * kept_days), **keywords}
        super().__init__(length=days, keywords=keywords, **given)
        self.topics = list(TOPICS)[:topics]
        self.crowd, self.random_slots = crowd, random_slots
        self.people = People(self.traits, people, topics, self.parameters)
        self.publishers = Publishers(
            publishers,
            topics=topics,
            per_day=posts_per_publisher,
            spread=self.parameters.social.media.writing.stance_spread,
            boosted=boosted,
            seed=self.first_seed,
        )
        self.graph = following_graph(
            self.people.interests,
            self.publishers.topic,
            friends=friends,
            publishers=followed_publishers,
            seed=self.first_seed,
        )
        self.platform = Platform(
            self.graph,
            people=people,
            topics=self.topics,
            recommender=recommender,
            boost=boost,
            window=window,
        )
        self.satisfaction, self.watched = float("nan"), 0

    def change(self, **values: object) -> None:
        """Change levers or parameters from now on (see `SocietyModel.change`)."""
        checks = OptionChecks()
        checks.one_of("crowd", values.get("crowd", self.crowd), CROWD)
        checks.number("random_slots", values.get("random_slots", self.random_slots))
        checks.finish()
        super().change(**values)

    # What is measured.

    @property
    def entropy(self) -> float:
        """Mean entropy of the topics that people were recommended in the last days, in nats."""
        viewer, post = self.platform.recommended
        topic = self.platform.posts.topic[post]
        sizes = {"people": len(self.people), "kinds": len(self.topics)}
        return exposure_entropy(exposure_counts(viewer, topic, **sizes))

    @property
    def below_peak(self) -> float:
        """By which share the entropy is below the greatest until now."""
        past = self.datacollector.model_vars["entropy"]
        now = self.entropy
        peak = max([*past, now])
        # With posts of one topic only, there is nothing to lose.
        return 1.0 - now / peak if peak > 0.0 else 0.0

    @property
    def echo(self) -> float:
        """Share of the own side among posts recommended in the last days minus that on offer."""
        viewer, post = self.platform.recommended
        stance = self.platform.posts.stance
        first = self.platform.posts.since(self._now - self._kept_min)
        return echo_index(viewer, stance[post], self.people.stance, stance[first:])

    @property
    def inequality(self) -> float:
        """Gini coefficient of how often the posts of publishers have been watched."""
        return inequality(self.platform.item_choices())

    @property
    def boosted_ratio(self) -> float:
        """How often boosted posts are watched when they are shown, as a multiple of the others.

        1 is no effect of the count; NaN without boosted posts.
        """
        platform = self.platform
        seen = np.bincount(platform.exposures.column("post"), minlength=len(platform.posts))
        counts, is_item = platform.counts, platform.number >= 0
        rate = [
            _ratio(counts[is_item & of].sum(), seen[is_item & of].sum())
            for of in (platform.boosted, ~platform.boosted)
        ]
        return _ratio(*rate)

    @property
    def stance_variance(self) -> float:
        """Variance of the stances of people."""
        return variance(self.people.stance)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return posts, exposures, choices and people."""
        import pandas as pd

        platform = self.platform
        person, post, minute = platform.choices.rows
        people = pd.DataFrame(self.people.interests, columns=self.topics)
        people.insert(0, "person", np.arange(len(people)))
        return {
            "posts": platform.posts.to_frame().assign(
                quality=platform.quality, boosted=platform.boosted, watched=platform.counts
            ),
            "exposures": platform.exposures.to_frame(),
            "choices": pd.DataFrame({"person": person, "post": post, "minute": minute}),
            "people": people.assign(stance=self.people.stance),
        }

    # What happens in a round.

    def live(self) -> None:
        """Let a round pass: publishers write, people visit, the recommender learns."""
        items = self.publishers.items(self.day, until_min=_VISIT_MIN)
        self.platform.publish(items, self.minute)
        rows = self._visitors()
        pages = self._pages(rows)
        visits = self._visits(rows, pages)
        watching = visits.choice >= 0
        watched = pages[watching, visits.choice[watching]]
        searching, found = self._search(rows, visits)
        self._watch(np.append(rows[watching], searching), np.append(watched, found))
        self._chat(rows[visits.activity == _CHAT])
        self._post(rows, visits)
        self.platform.learn(self._context())

    def _visitors(self) -> Int:
        likely = self.parameters.social.viewing.visits * self.people.activity
        return np.flatnonzero(self.uniforms("visits", len(likely))[:, 0] < likely)

    def _pages(self, rows: Int) -> Int:
        """Return what visitors see: what they are recommended, and last what a friend told."""
        # A slider of the page gives a float.
        slots = int(self.random_slots)
        pages = self.platform.recommend(rows, self._context(), random_slots=slots)
        tips = self.platform.tell(rows, self.people.tip[rows], self._now)
        self.people.tip[rows] = -1
        return np.concatenate([pages, tips[:, np.newaxis]], axis=1)

    def _visits(self, rows: Int, pages: Int) -> Visits:
        """Return what visitors do, by rule or by prompt."""
        offer = self._offer(rows, pages)
        drawn = self.uniforms("visit", rows, 3 + pages.shape[1])
        draws, choice_draws = drawn[:, :2], drawn[:, 2:]
        if self.asks("visit"):
            views = [
                View(offer.row(row), self.people.interests[person], draws[row], choice_draws[row])
                for row, person in enumerate(rows.tolist())
            ]
            return self._asked(rows, pages, views)
        self.decided["rule"] += len(rows)
        activity = activities(draws[:, 0], self.parameters.social.viewing)
        return Visits(
            activity,
            np.where(activity == _WATCH, self._choice(offer, choice_draws), -1),
            topics_drawn(self.people.interests[rows], draws[:, 1]),
            [""] * len(rows),
        )

    def _asked(self, rows: Int, pages: Int, views: list[View]) -> Visits:
        """Ask a language model what visitors do, one question each."""
        rule = VisitRule(self.parameters.social.viewing, self._crowd_weight)
        decider = self.prompted("visit", rule, VisitPrompt())
        people = rows.tolist()
        thoughts = [
            decider.visit(view, **self._page_in_words(person, page, view.offer))
            for person, page, view in zip(people, pages, views, strict=True)
        ]
        visits: list[Visit] = self.decide(people, thoughts)
        return Visits(
            np.array([ACTIVITIES.index(one.activity) for one in visits], dtype=np.int64),
            np.array([one.choice for one in visits], dtype=np.int64),
            np.array([one.topic for one in visits], dtype=np.int64),
            [one.text for one in visits],
        )

    def _page_in_words(self, person: int, page: Int, offer: Offer) -> dict[str, Any]:
        """Return what a prompt tells of a person and of the page."""
        posts, people, places = self.platform.posts, self.people, np.flatnonzero(page >= 0).tolist()
        shown = [
            {
                "text": posts.text(int(page[place])),
                "topic": self.topics[posts.topic[page[place]]],
                "watched": int(offer.watched[0, place]) if self.crowd == "shown" else None,
                "friend": place == len(page) - 1,
            }
            for place in places
        ]
        about = description(person, people.interests[person], people.stance[person], self.topics)
        return {"person": about, "topics": self.topics, "page": shown, "places": places}

    def _choice(self, offer: Offer, draws: Float) -> Int:
        """Return the places of what people watch by rule."""
        numbers = self.parameters.social.viewing
        worth = utilities(offer, numbers, topics=len(self.topics), crowd_weight=self._crowd_weight)
        choice: Int = chosen(worth, offer.there, draws, nothing=numbers.nothing)
        return choice

    def _search(self, rows: Int, visits: Visits) -> tuple[Int, Int]:
        """Let people search for a topic, and return who watches what of that."""
        who = visits.activity == _SEARCH
        people, most = rows[who], self.parameters.social.viewing.results
        posts, exposures = self.platform.posts, self.platform.exposures
        found = newest_of_topic(people, visits.topic[who], posts, self._context(), most)
        exposures.record(people, found, minute=self._now, by="search")
        draws = self.uniforms("search", people, 1 + most)
        choice = self._choice(self._offer(people, found), draws)
        taken = choice >= 0
        return people[taken], found[taken, choice[taken]]

    def _watch(self, rows: Int, posts: Int) -> None:
        """Let people watch posts, one each: interests and stances move."""
        people, numbers = self.people, self.parameters.social.viewing
        topic, stance = self.platform.posts.topic[posts], self.platform.posts.stance[posts]
        agreement = 1.0 - np.abs(stance - people.stance[rows]) / 2.0
        # From 0 to 1, for somebody who watches their only interest, and agrees.
        liked = people.interests[rows, topic] * agreement
        self.satisfaction = float(liked.mean()) if len(rows) else float("nan")
        self.watched = len(rows)
        self.platform.choices.add(rows, posts, minute=self._now)
        people.watch(rows, posts, topic, drift=numbers.drift)
        self._hear("watch", rows, stance, numbers.trust_watched)

    def _chat(self, rows: Int) -> None:
        """Let people talk to friends: both hear the other, and the friend gets a tip."""
        people, trust = self.people, self.parameters.social.viewing.trust_friend
        met = friends_met(rows, self.uniforms("friend", rows)[:, 0], self.graph, len(people))
        rows, friends = rows[met >= 0], met[met >= 0]
        said, answered = people.stance[rows], people.stance[friends]
        has_tip = people.last[rows] >= 0
        people.tip[friends[has_tip]] = people.last[rows[has_tip]]
        turns = rank_in_group(friends)
        for turn in range(int(turns.max(initial=-1)) + 1):
            now = turns == turn
            self._hear(f"chat {turn}", friends[now], said[now], trust)
        self._hear("answer", rows, answered, trust)

    def _post(self, rows: Int, visits: Visits) -> None:
        """Let people write posts, in which they say what they think."""
        who = np.flatnonzero(visits.activity == _POST)
        people, topic = rows[who], visits.topic[who]
        stance = self.people.stance[people]
        made_up = texts_of(topic, stance, self.uniforms("words", people, 2))
        texts = [visits.texts[one] or text for one, text in zip(who, made_up, strict=True)]
        self.platform.post(people, topic, stance, texts, self._now)

    # Helpers.

    def _hear(self, purpose: str, rows: Int, said: Float, trust: float) -> None:
        draws = self.uniforms(purpose, rows)[:, 0]
        self.people.hear(rows, said, draws, trust=trust, parameters=self.parameters)

    def _offer(self, rows: Int, pages: Int) -> Offer:
        people, shows = self.people, self.crowd == "shown"
        return self.platform.offer(rows, pages, people.interests, people.stance, shows_counts=shows)

    def _context(self) -> FeedContext:
        return FeedContext(
            minute=self._now,
            page=self.parameters.social.media.feed.page,
            graph=self.graph,
            exposures=self.platform.exposures,
            persons=np.arange(self.graph.n),
            seed=self.run_seed,
            parameters=self.parameters,
        )

    @property
    def _now(self) -> int:
        """Minute at which people visit."""
        return self.minute + _VISIT_MIN

    @property
    def _kept_min(self) -> int:
        return round(self.parameters.social.media.feed.window_h * HOUR_MIN)

    @property
    def _crowd_weight(self) -> float:
        shown = self.parameters.social.recommender.crowd_weight
        return shown if self.crowd == "shown" else 0.0


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _checks(counts: Mapping[str, int], *, recommender: str, crowd: str) -> OptionChecks:
    checks = OptionChecks()
    for name, count in counts.items():
        checks.whole(name, count, least=_LEAST.get(name, 1))
    checks.one_of("recommender", recommender, RECOMMENDERS)
    checks.one_of("crowd", crowd, CROWD)
    return checks
