"""Asking a language model what people make of pages of their feeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mesa_llm_city.core.asking import Thought, run_all
from mesa_llm_city.core.clock import DAY_MIN
from mesa_llm_city.core.errors import LLMError
from mesa_llm_city.core.values import DecisionSource, Int
from mesa_llm_city.prompts import rules_after
from mesa_llm_city.simulation.media.opinions import FEED, views_of
from mesa_llm_city.social.media import Media, PageItem, PageRead, TopicView, ask_page
from mesa_llm_city.social.media.feed_page import gist
from mesa_llm_city.social.post import NOBODY

if TYPE_CHECKING:
    # Agents tell when they read; only annotations close the circle.
    from mesa_llm_city.simulation.agent import CityAgent
    from mesa_llm_city.simulation.records import Records
    from mesa_llm_city.simulation.residents import Residents
    from mesa_llm_city.simulation.rounds import Rounds

__all__ = ["PageQuestions"]


class _Answered(NamedTuple):
    """What a thought comes to: a reading, None where the rule decides, and why."""

    read: PageRead | None
    choice: str
    reason: str


class PageQuestions:
    """Asks about pages, at most so many a day for each person as the parameters say.

    Parameters
    ----------
    media : Media
        The media that are read.
    residents : Residents
        Those who read.
    rounds : Rounds
        Whose language model is asked.
    records : Records
        Where it is written down who decided.
    names : mapping of int to str
        Names of people by id.
    """

    def __init__(
        self,
        media: Media,
        residents: Residents,
        *,
        rounds: Rounds,
        records: Records,
        names: Mapping[int, str],
    ) -> None:
        self._media, self._residents = media, residents
        self._rounds, self._records, self._names = rounds, records, names
        self._day, self._times = -1, Counter[int]()

    def ask(self, rows: Int, pages: Int, minute: int) -> dict[int, PageRead]:
        """Return what a language model has people make of their pages, by row.

        Parameters
        ----------
        rows : ndarray of int64, shape (v,)
            Rows of those who read.
        pages : ndarray of int64, shape (v, p)
            Their pages; -1 for no post.
        minute : int
            Now.

        Returns
        -------
        dict of int to PageRead
            Without those who have been asked about often enough today, and those for whom the
            rule decides after a failure.
        """
        if minute // DAY_MIN != self._day:
            self._day, self._times = minute // DAY_MIN, Counter()
        most = self._media.parameters.social.media.feed.calls_per_day
        asked = [
            place
            for place, row in enumerate(rows.tolist())
            if pages[place, 0] >= 0 and self._times[row] < most
        ]
        answered = self._answers(rows[asked], pages[asked], minute)
        # Counted after the answers, since a step without them is taken again.
        self._times.update(rows[asked].tolist())
        for row, one in zip(rows[asked].tolist(), answered, strict=True):
            source = DecisionSource.RULE if one.read is None else one.read.source
            person = int(self._media.persons[row])
            self._records.decisions.add((person, minute, FEED, str(source), one.choice, one.reason))
        found = zip(rows[asked].tolist(), answered, strict=True)
        return {row: one.read for row, one in found if one.read is not None}

    def state(self) -> dict[str, Any]:
        """Return who was asked about how often today."""
        return {"day": self._day, "times": [list(one) for one in self._times.items()]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self._day = int(state["day"])
        self._times = Counter({int(row): int(times) for row, times in state["times"]})

    def _answers(self, rows: Int, pages: Int, minute: int) -> Sequence[_Answered]:
        thoughts = [
            Thought(
                self._thought(row, page, view, minute),
                person=int(self._media.persons[row]),
                minute=minute,
            )
            for row, page, view in zip(
                rows.tolist(), pages, self._media.views(rows, minute), strict=True
            )
        ]
        with self._rounds.use.counted(self._rounds.llm):
            return run_all(thoughts, backend=self._rounds.llm)

    async def _thought(
        self, row: int, page: Int, views: Mapping[str, TopicView], minute: int
    ) -> _Answered:
        """Ask about a page (a thought)."""
        agent = self._agent(row)
        items = [self._item(row, post) for post in page.tolist() if post >= 0]
        own = views_of(agent.citizen, self._media.audience.topics, at_min=minute)
        try:
            read = await ask_page(
                items,
                {**views, **own},
                at_min=minute,
                persona=agent.persona,
                rng=agent.citizen.streams.at("feed order", step=minute),
            )
        except LLMError as error:
            return _Answered(None, "reads by rule", rules_after(error))
        shares = len([one for one in read.reads.values() if one.kind is not None])
        return _Answered(read, f"shares {shares} of {len(items)}", read.reason)

    def _agent(self, row: int) -> CityAgent:
        return self._residents.by_id[int(self._media.persons[row])]

    def _item(self, row: int, which: int) -> PageItem:
        media, posts = self._media, self._media.posts
        post, author, name = posts[which], int(posts.author[which]), ""
        if author != NOBODY:
            name = self._names.get(int(media.persons[author]), "")
        return PageItem(
            post=post,
            author=name,
            followed=author != NOBODY and bool(media.graph.follows(row, author)),
            shares=int(posts.forwards[posts.source[which]]),
            gist=gist(post, media.parameters),
        )
