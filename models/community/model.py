"""An online community lives by its rules: members post, answer, and are moderated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa_llm_city.models.community.changes import read_changes
from mesa_llm_city.models.community.moderating import Moderation
from mesa_llm_city.models.community.people import People

from mesa_llm_city.core.asking import Backend
from mesa_llm_city.core.clock import DAY_MIN, HOUR_MIN
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.option_checks import OptionChecks
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.society import SocietyModel
from mesa_llm_city.social.community import (
    CommunityDesign,
    ContributePrompt,
    Contribution,
    Contributor,
    ModeratePrompt,
    Moderator,
    SeenPost,
    Visit,
    members_of,
)
from mesa_llm_city.social.media import Posts
from mesa_llm_city.social.post import Post

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SHIPPED", "Community"]

SHIPPED = Path(__file__).with_name("commuters.toml")
"""The design that is used if none is given."""


class Community(SocietyModel):
    """A community in steps of an hour (options: see README).

    Parameters
    ----------
    design : str, Path or CommunityDesign, optional
        The design, or its TOML file; a community of commuters by default.
    members : int, optional
        Number of members, in place of that of the design.
    days : int, default 14
        Length of the run.
    changes : str or mapping of str to str, optional
        Actions of rules that change, such as ``"respect=off, no_ads=remove"``.
    change_day : int, default 0
        Day on which they change, 0 for the beginning.
    rng, seed, llm, prompts, parameters, **kwargs
        As for `SocietyModel`; prompts are ``"contribute"`` and ``"moderate"``.

    Attributes
    ----------
    design : CommunityDesign
        The design with the rules in force.
    people : People
        Columns of the members: upset, seen, removed, banned, gone.
    posts : Posts
        All posts; the category of a post is what it breaches.
    moderation : Moderation
        What moderators have done.

    Raises
    ------
    DataError
        If the design has defects; all of them are listed.

    Examples
    --------
    >>> model = Community(members=30, days=3, rng=7)
    >>> model.run_to_end()
    >>> model.written > 10, 0.0 <= model.breach_share <= 1.0
    (True, True)
    """

    PROMPTS = ("contribute", "moderate")
    STEP_MIN = HOUR_MIN
    REPORTED = (
        *("written", "breach_share", "hostile_share", "visible_breaches", "removed"),
        *("active", "upset", "gone", "banned"),
    )
    STATE = ("people", "posts", "moderation", "design", "changes")
    SHARED = ("members",)

    def __init__(
        self,
        design: str | Path | CommunityDesign | None = None,
        *,
        members: int | None = None,
        days: int = 14,
        changes: str | Mapping[str, str] | None = None,
        change_day: int = 0,
        rng: int | np.random.Generator | None = None,
        seed: int | None = None,
        llm: Backend | None = None,
        prompts: Iterable[str] | str = (),
        parameters: CityParameters | None = None,
        # Mesa's page looks for this name to know that more arguments are taken.
        **kwargs: object,
    ) -> None:
        checks = OptionChecks()
        checks.whole("days", days)
        checks.whole("change_day", change_day, least=0)
        checks.finish()
        super().__init__(
            length=days * DAY_MIN // self.STEP_MIN,
            rng=rng,
            seed=seed,
            llm=llm,
            prompts=prompts,
            parameters=parameters,
            keywords=kwargs,
        )
        self.design = _design(design, members)
        self.changes = {self._changed_from(change_day, days): read_changes(changes)}
        # Fails at once if it names no rule, not after days of a run.
        self.design.changed(read_changes(changes))
        self.members = members_of(self.design, seed=self.first_seed, parameters=self.parameters)
        self.people = People(self.members)
        self.posts = Posts([*self.design.topics, self.parameters.social.community.other_topic])
        self.moderation = Moderation()
        self.renew()

    def renew(self) -> None:
        """Make the components again, with the parameters as they are now."""
        self.contributor: Any = self.prompted(
            "contribute", Contributor(self.parameters), ContributePrompt(self.parameters)
        )
        self.moderator: Any = self.prompted(
            "moderate", Moderator(self.parameters), ModeratePrompt()
        )

    def live(self) -> None:
        """Let an hour pass: visits, contributions, and what moderators do."""
        for minute in [one for one in self.changes if one <= self.minute]:
            self.change_rules(self.changes.pop(minute))
        if (awake := _waking(self.minute, self.parameters)) > 0.0:
            self._visit_all(awake)
        self._moderate()

    def change_rules(self, changes: str | Mapping[str, str]) -> None:
        """Change rules from now on.

        Parameters
        ----------
        changes : str or mapping of str to str
            One of ``none``, ``label``, ``remove``, ``ban`` and ``off`` by the name of the rule.

        Raises
        ------
        ConfigError
            If there is no such rule or action.
        """
        self.design = self.design.changed(read_changes(changes))

    @property
    def written(self) -> int:
        """Number of posts and replies so far."""
        return len(self.posts)

    @property
    def breach_share(self) -> float:
        """Share of all posts that breach what some rule can forbid."""
        return _mean(self.posts.category > 0)

    @property
    def hostile_share(self) -> float:
        """Share of all posts that are hostile."""
        return _mean(self._is_hostile)

    @property
    def visible_breaches(self) -> float:
        """Share of breaches among the posts that visitors see now."""
        return _mean(self.posts.category[self._page()] > 0)

    @property
    def removed(self) -> int:
        """Number of posts removed so far."""
        return int(np.count_nonzero(self.posts.removed_min >= 0))

    @property
    def active(self) -> int:
        """Number of members who have written in the last seven days."""
        since = self.posts.since(self.minute - 7 * DAY_MIN)
        return len(np.unique(self.posts.author[since:]))

    @property
    def upset(self) -> float:
        """Mean of how upset members are, from 0 to 1."""
        return float(self.people.upset_at(self.minute, self.parameters).mean())

    @property
    def gone(self) -> int:
        """Number of members who have left for good."""
        return int(self.people.gone.sum())

    @property
    def banned(self) -> int:
        """Number of members who were banned."""
        return int(self.people.banned.sum())

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return posts (with author and what moderators did) and members."""
        posts = self.posts.to_frame()
        names = [member.name for member in self.members]
        posts["author_name"] = [names[row] for row in posts["author"]]
        posts["rule"] = [self.moderation.broken.get(row, "") for row in range(len(posts))]
        posts["reason"] = [self.moderation.reasons.get(row, "") for row in range(len(posts))]
        return {"posts": posts, "members": self.people.to_frame(self.members)}

    @property
    def _is_hostile(self) -> Any:  # noqa: ANN401 - booleans, shape (n,)
        return self.posts.category == self.posts.categories.code("hostility")

    def _changed_from(self, day: int, days: int) -> int:
        if not 0 <= day < days:
            message = f"change_day must be a day of the run, 0 to {days - 1}, got {day}"
            raise ConfigError(message)
        return day * DAY_MIN

    def _page(self) -> Any:  # noqa: ANN401 - whole numbers, shape (n,)
        """Return the newest posts that can be seen, oldest first."""
        size = self.parameters.social.community.page
        # Removed posts are few: a window of some pages nearly always holds enough of the others.
        visible = np.flatnonzero(self.posts.removed_min < 0)
        return visible[-size:]

    def _visit_all(self, awake: float) -> None:
        """Let those who visit in this hour read, write, and leave for good if they were attacked.

        Parameters
        ----------
        awake : float
            Share of the visits of a day that this hour has.
        """
        comes, writes, leaves = self.uniforms("visit", len(self.members), 3).T
        numbers, page = self.parameters.social.community, self._page()
        upset = self.people.upset_at(self.minute, self.parameters)
        rate = numbers.visits_a_day * awake * (1.0 - numbers.chill * upset)
        who = np.flatnonzero((comes < rate) & self.people.present)
        self.people.read(who, self.posts, page, self.minute, self.parameters)
        # Who has something to say does so on one of the visits of a day.
        likely = self.people.posts_a_day[who] / numbers.visits_a_day
        self._write(who[writes[who] < likely].tolist(), page)
        self.people.leave(who, leaves[who], numbers.leaves)

    def _write(self, people: list[int], page: Any) -> None:  # noqa: ANN401 - whole numbers
        if not people:
            return
        shown = [self.posts[post] for post in page.tolist()]
        visits = [self._visit(person, shown) for person in people]
        thoughts = [
            self.contributor.contribute(visit, rng=self.stream("contribute", person))
            for person, visit in zip(people, visits, strict=True)
        ]
        written: list[Contribution] = self.decide(people, thoughts)
        for person, one in zip(people, written, strict=True):
            if one.kind is not None:
                self._put(person, one)

    def _visit(self, person: int, shown: list[Post]) -> Visit:
        mine = {int(post) for post in np.flatnonzero(self.posts.author == person)}
        page = tuple(
            SeenPost(post, self.members[post.author].name, post.parent in mine) for post in shown
        )
        return Visit(
            self.design,
            self.members[person],
            page,
            float(self.people.upset_at(self.minute, self.parameters)[person]),
            int(self.people.removed[person]),
            tuple(self.moderation.notices.get(person, [])),
            self.minute,
        )

    def _put(self, person: int, one: Contribution) -> None:
        self.posts.extend(
            author=[person],
            minute=self.minute,
            topic=one.topic,
            intensity=one.intensity,
            kind=str(one.kind),
            parent=-1 if one.parent is None else one.parent,
            category=one.breach,
            texts=[one.text],
        )
        if one.parent is not None and one.breach == "hostility":
            self.people.attack(int(self.posts.author[one.parent]))

    def _moderate(self) -> None:
        """Let moderators look at the posts that are due, if there are moderators and rules."""
        due = self.moderation.due(self.posts, self.minute, self.parameters)
        if not due or not self.people.has_moderators or not self.design.rules:
            return
        thoughts = [self._judged(post) for post in due]
        for post, one in zip(due, self.decide(due, thoughts), strict=True):
            self.moderation.act(post, one, self.posts, self.people, self.minute)

    def _judged(self, post: int) -> Any:  # noqa: ANN401 - a coroutine
        row = self.posts[post]
        answers = "" if row.parent is None else self.posts.text(row.parent)
        return self.moderator.judge(
            row,
            self.design,
            author=self.members[row.author].name,
            answers=answers,
            rng=self.stream("judge", post),
        )


def _design(given: str | Path | CommunityDesign | None, members: int | None) -> CommunityDesign:
    design = given if isinstance(given, CommunityDesign) else CommunityDesign.read(given or SHIPPED)
    if members is None:
        return design
    return CommunityDesign.from_dict({**dict(design), "members": members})


def _waking(minute: int, parameters: CityParameters) -> float:
    """Return the share of a day's visits that an hour has: none by night."""
    sharing, hour = parameters.social.sharing, minute % DAY_MIN / HOUR_MIN
    is_awake = sharing.wakes_h <= hour < sharing.sleeps_h
    return 1.0 / (sharing.sleeps_h - sharing.wakes_h) if is_awake else 0.0


def _mean(values: Any) -> float:  # noqa: ANN401 - an array
    return float(np.mean(values)) if len(values) else 0.0
