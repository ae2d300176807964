"""The media of a city as it lives: who reads now, what is posted, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.citizen.feeds import FEED_HABIT, READING
from mesa_llm_city.citizen.intention import Intention
from mesa_llm_city.citizen.opinion import Delivered
from mesa_llm_city.citizen.opinions import has_opinions
from mesa_llm_city.core import streams
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.values import UNAWARE, Float, Int
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.media.opinions import FEED, post_read, take_over, views_of
from mesa_llm_city.simulation.media.page_questions import PageQuestions
from mesa_llm_city.simulation.media.social_media import SocialMedia
from mesa_llm_city.social.media import (
    FollowerGraph,
    Media,
    Moderation,
    PageRead,
)
from mesa_llm_city.social.post import NOBODY, Post, PostKind

if TYPE_CHECKING:
    import pandas as pd

    # Agents tell when they read; only annotations close the circle.
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.records import Records
    from mesa_llm_city.simulation.residents import Residents
    from mesa_llm_city.simulation.rounds import Rounds

__all__ = ["CityMedia"]


class CityMedia:
    """The media of the people of a city; found as ``model.media``.

    Parameters
    ----------
    options : SocialMedia
        Which media.
    residents : Residents
        Those who live in the city.
    rounds : Rounds
        Whose language model is asked.
    records : Records
        Where answers are written down.
    names : mapping of int to str
        Names of people by id.
    seed : int
        Seed of the run.
    parameters : CityParameters
        Numbers that shape behaviour.

    Attributes
    ----------
    options : SocialMedia
        As given.
    media : Media
        Posts, exposures, graph and audience; its rows are people in the order in which they
        came to the city.
    row_of : dict of int to int
        Row of each person, by id.
    """

    def __init__(
        self,
        options: SocialMedia,
        residents: Residents,
        *,
        rounds: Rounds,
        records: Records,
        names: Mapping[int, str],
        seed: int,
        parameters: CityParameters,
    ) -> None:
        self.options = options
        self._residents = residents
        self._wrote = -1
        agents = list(residents.agents)
        self.row_of = {agent.person: row for row, agent in enumerate(agents)}
        self.media = Media(
            _graph(options, agents, seed),
            topics=options.topics,
            recommender=options.made_recommender(),
            moderation=Moderation(options.actions, parameters) if options.actions else None,
            ads=options.ads,
            trust=self.trust,
            persons=[agent.person for agent in agents],
            seed=seed,
            parameters=parameters,
        )
        self._questions = PageQuestions(
            self.media, residents, rounds=rounds, records=records, names=names
        )
        self._posts = sorted(options.posts, key=lambda one: one.minute)
        self._posted = 0
        # Minute of the next page of everybody who reads, by row.
        self._reading: dict[int, int] = {}
        for row, agent in enumerate(agents):
            self._begin_stances(row, agent)

    def note(self, agent: CityAgent, intention: Intention) -> None:
        """Note what somebody who has acted does now, and makes of posts that they have read."""
        now, row = agent.citizen.now, self.row_of.get(agent.person)
        if row is None:
            row = self._enter(agent)
        for opinion in intention.opinions:
            if opinion.delivered.channel == FEED:
                read = post_read(opinion, agent.citizen, at_min=intention.minute)
                self.media.answer(row, opinion.post.id, intention.minute, read)
        activity = now.activity
        reads = activity is not None and activity.purpose == READING and now.trip is None
        if not reads:
            self._reading.pop(row, None)
        elif row not in self._reading:
            self._reading[row] = self._residents.now

    def live(self, begin: int, end: int) -> None:
        """Let everybody read who reads from `begin` until before `end`, and write."""
        self.media.advance(begin)
        self._post_due(begin, end)
        # A step that failed is taken again, and nobody writes twice for it.
        if begin % HOUR_MIN == 0 and self._wrote != begin:
            self._wrote = begin
            self._write(begin)
        if readers := self._due(end):
            self._read(readers, begin)
        if end % HOUR_MIN == 0:
            self._follow_citizens(end)
        if end % DAY_MIN == 0:
            self.media.end_day(end)

    def post(self, posts: Iterable[Post]) -> list[int]:
        """Write posts now, and return their ids; authors are ids of persons, or `NOBODY`.

        Raises
        ------
        DataError
            If an author does not live in the city.
        """
        return [self._post(one, self._residents.now) for one in posts]

    def trust(self, rows: Int, authors: Int) -> Float:
        """Return the trust of readers in authors, by their ties where they have some."""
        use = self.media.parameters.social.media.use
        follows = self.media.graph.follows(rows, authors)
        trust = np.where(follows, use.trust_followed, use.trust_unknown)
        persons, minute = self.media.persons, self._residents.now
        for place in np.flatnonzero(authors != NOBODY).tolist():
            agent = self._residents.by_id.get(int(persons[rows[place]]))
            ties = None if agent is None else agent.citizen.components.ties
            known = getattr(ties, "others", ())
            other = int(persons[authors[place]])
            if ties is not None and other in known:
                trust[place] = ties.tie(other, at_min=minute).trust
        return np.asarray(trust, dtype=np.float64)

    def reseed(self, seed: int) -> None:
        """Draw what is to come from another seed."""
        self.media.seed = seed

    def posts(self) -> pd.DataFrame:
        """Return all posts; `person` is the id of the author, missing without one."""
        frame = self.media.posts.to_frame()
        persons = np.append(self.media.persons, NOBODY)[frame.pop("author")]
        frame.insert(1, "person", _ids(persons))
        return frame.rename(columns={"minute": "time"})

    def exposures(self) -> pd.DataFrame:
        """Return who was shown what, a row for each post on a page."""
        frame = self.media.exposures.to_frame()
        frame.insert(0, "person", self.media.persons[frame.pop("viewer")].astype(np.int64))
        return frame.rename(columns={"minute": "time"})

    def state(self) -> dict[str, Any]:
        """Return everything that changes over a run."""
        return {
            "facts": self.options.facts(),
            "media": self.media.state(),
            "persons": self.media.persons,
            "reading": [list(one) for one in self._reading.items()],
            "posted": self._posted,
            "wrote": self._wrote,
            "asked": self._questions.state(),
            "seed": self.media.seed,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned.

        Raises
        ------
        DataError
            If it is of other media.
        """
        if state["facts"] != self.options.facts():
            message = (
                f"the media are {self.options.facts()}, but were {state['facts']}; give the same "
                "media= as before"
            )
            raise DataError(message)
        persons = np.asarray(state["persons"], dtype=np.int64)
        self.media.resize(persons)
        self.row_of = {person: row for row, person in enumerate(persons.tolist())}
        self.media.restore(state["media"])
        self.media.seed = int(state["seed"])
        self._reading = {int(row): int(minute) for row, minute in state["reading"]}
        self._posted, self._wrote = int(state["posted"]), int(state["wrote"])
        self._questions.restore(state["asked"])

    def _enter(self, agent: CityAgent) -> int:
        """Give a newcomer a row, and links with those to whom there are ties."""
        row = len(self.row_of)
        self.row_of[agent.person] = row
        self.media.resize(np.append(self.media.persons, agent.person))
        self._begin_stances(row, agent)
        known = [self.row_of[one] for one in _known(agent) if one in self.row_of]
        back = [
            self.row_of[one.person]
            for one in self._residents.household_of(agent)
            if one.person in self.row_of
        ]
        self.media.graph = self.media.graph.with_edges(
            [row] * len(known) + back, known + [row] * len(back)
        )
        return row

    def _begin_stances(self, row: int, agent: CityAgent) -> None:
        for topic, option in self.options.stances.items():
            stance = option(agent.persona) if callable(option) else option
            self.media.audience.begin(topic, [stance], rows=[row])

    def _due(self, end: int) -> list[int]:
        """Return the rows of those who read a page before a minute, and forget who has left."""
        persons, living = self.media.persons, self._residents.by_id
        gone = [row for row in self._reading if int(persons[row]) not in living]
        for row in gone:
            del self._reading[row]
        return sorted(row for row, minute in self._reading.items() if minute < end)

    def _read(self, rows: Sequence[int], minute: int) -> None:
        numbers = self.media.parameters.social.media
        lasts = max(round(numbers.feed.page * numbers.use.minutes_per_post), 1)
        readers = np.array(rows)
        pages = self.media.feed(readers, minute)
        answers = self._questions.ask(readers, pages, minute) if self.options.asks else {}
        thinking = [row for row in rows if has_opinions(self._agent(row).citizen)]
        self.media.read(readers, pages, minute, answers=answers, listeners=thinking)
        for row, page in zip(rows, pages, strict=True):
            if row in thinking:
                self._tell(row, page[page >= 0], answers.get(row), minute)
        for row in rows:
            self._reading[row] += lasts
            if (habit := self._agent(row).citizen.components.own.get(FEED_HABIT)) is not None:
                habit.read(lasts, at_min=minute)  # type: ignore[attr-defined]

    def _agent(self, row: int) -> CityAgent:
        return self._residents.by_id[int(self.media.persons[row])]

    def _tell(self, row: int, page: Int, read: PageRead | None, minute: int) -> None:
        """Let a citizen with components for topics make something of the posts of a page.

        What a language model said of the page holds; without it the citizen thinks of each post.
        """
        citizen = self._agent(row).citizen
        for place, which in enumerate(page.tolist()):
            post = self._post_of(which)
            if read is None or place not in read.reads:
                delivered = Delivered(
                    post,
                    FEED,
                    is_broadcaster=self.media.is_broadcaster(int(self.media.posts.author[which])),
                    queue=len(page),
                    may_share=post.kind is not PostKind.AD,
                )
                citizen.receive(delivered)
            else:
                trust = self.media.trust_in(row, which)
                take_over(citizen, post, read.reads[place], trust=trust, at_min=minute)

    def _post_of(self, which: int) -> Post:
        """Return a post with the id of its author instead of the row."""
        post = self.media.posts[which]
        if post.author == NOBODY:
            return post
        return replace(post, author=int(self.media.persons[post.author]))

    def _write(self, minute: int) -> None:
        """Let those who are awake write of their own accord for an hour."""
        use = self.media.parameters.social.media.use
        awake = [
            row
            for row, agent in self._here()
            if agent.purpose not in UNAWARE
            and agent.persona.age >= use.from_age
            and agent.persona.outsider is None
        ]
        if awake:
            self.media.write_own(minute, lasts_min=HOUR_MIN, rows=np.array(awake))

    def _follow_citizens(self, minute: int) -> None:
        """Let the media know what citizens with components for topics feel and think by now."""
        for row, agent in self._here():
            for topic, view in views_of(agent.citizen, self.options.topics, at_min=minute).items():
                code = self.media.audience.code(topic)
                heard = topic in getattr(agent.citizen.components.awareness, "topics", ())
                if heard or self.media.audience.since_min[row, code] >= 0:
                    self.media.know(row, code, view, minute)

    def _here(self) -> list[tuple[int, CityAgent]]:
        """Return rows and citizens of all who live here, by row."""
        living = self._residents.by_id
        persons = self.media.persons.tolist()
        return [(row, living[one]) for row, one in enumerate(persons) if one in living]

    def _post_due(self, begin: int, end: int) -> None:
        while self._posted < len(self._posts) and self._posts[self._posted].minute < end:
            self._post(self._posts[self._posted], begin)
            self._posted += 1

    def _post(self, post: Post, minute: int) -> int:
        if not isinstance(post, Post):
            message = f"what is posted must be a Post, got {post!r:.80}"
            raise ConfigError(message)
        author = NOBODY
        if post.author != NOBODY:
            if post.author not in self.row_of:
                message = f"post by person {post.author}, who does not live in the city"
                raise DataError(message)
            author = self.row_of[post.author]
        new = self.media.publish(
            author=[author],
            minute=max(minute, int(self.media.posts.minute[-1:].max(initial=0))),
            topic=post.topic,
            stance=post.stance,
            intensity=post.intensity,
            kind=str(post.kind),
            is_true=-1 if post.is_true is None else int(post.is_true),
            label=post.label,
            category=post.category,
            texts=[post.text],
        )
        return int(new[0])


def _graph(options: SocialMedia, agents: Sequence[CityAgent], seed: int) -> FollowerGraph:
    if isinstance(options.graph, FollowerGraph):
        if options.graph.n != len(agents):
            message = (
                f"the graph has {options.graph.n} people, but {len(agents)} live in the city; give "
                "one with as many"
            )
            raise ConfigError(message)
        return options.graph
    if options.graph == "ties":
        ids = [agent.person for agent in agents]
        return FollowerGraph.from_ties({one.person: _known(one) for one in agents}, ids)
    rng = streams.rng(seed, 0, "media graph", 0)
    if options.graph == "preferential":
        return FollowerGraph.preferential(len(agents), following=options.following, rng=rng)
    groups = [agent.persona.life_stage() for agent in agents]
    return FollowerGraph.homophilous(
        np.array([str(one) for one in groups]),
        following=options.following,
        homophily=options.homophily,
        rng=rng,
    )


def _known(agent: CityAgent) -> list[int]:
    """Return the ids of those to whom a citizen has ties."""
    others = getattr(agent.citizen.components.ties, "others", ())
    return [int(one) for one in others]


def _ids(persons: Int) -> Any:  # noqa: ANN401 - a column of pandas
    import pandas as pd

    return pd.Series(persons, dtype="Int64").mask(persons == NOBODY)
