"""The members as columns: how upset they are, what they have read, and whether they may write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.core.values import Float
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.community import Member
from mesa_llm_city.social.emotion import faded
from mesa_llm_city.social.media import Posts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["People"]

_NEVER = -1


class People:
    """Columns of the members of a community; a row is the number of the member.

    Parameters
    ----------
    members : sequence of Member
        The members.

    Attributes
    ----------
    posts_a_day : ndarray of float64, shape (n,)
        Mean number of posts and replies of each.
    moderates : ndarray of bool
        Who is a moderator.
    removed : ndarray of int64
        Number of their posts that were removed.
    banned, gone : ndarray of bool
        Who was banned, and who has left for good.
    attacks : ndarray of int64
        Hostile answers that have not been read yet.
    """

    _CHANGING = ("_upset", "_since", "_last_post", "removed", "banned", "gone", "attacks")

    def __init__(self, members: Sequence[Member]) -> None:
        n = len(members)
        self.posts_a_day = np.array([one.role.posts_a_day * one.activity for one in members])
        self.moderates = np.array([one.role.moderates for one in members])
        self.removed, self.attacks = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        self.banned, self.gone = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self._upset, self._since = np.zeros(n), np.zeros(n, dtype=np.int64)
        self._last_post = np.full(n, _NEVER, dtype=np.int64)

    @property
    def present(self) -> Any:  # noqa: ANN401 - booleans, shape (n,)
        """Who is neither banned nor gone."""
        return ~(self.banned | self.gone)

    @property
    def has_moderators(self) -> bool:
        """Whether there is a moderator who is present."""
        return bool((self.moderates & self.present).any())

    def upset_at(self, minute: int, parameters: CityParameters) -> Float:
        """Return how upset everybody is at a minute, from 0 to 1."""
        hours = (minute - self._since) / HOUR_MIN
        return faded(self._upset, hours, parameters.social.emotion.half_life_h)

    def read(
        self,
        who: Any,  # noqa: ANN401 - whole numbers, shape (m,)
        posts: Posts,
        page: Any,  # noqa: ANN401 - whole numbers
        minute: int,
        parameters: CityParameters,
    ) -> None:
        """Let visitors read what is new on the page; hostile posts upset them.

        With each the distance to the most upset shrinks by ``gain intensity relevance``
        (`social.emotion.roused`); relevance is 1 for an answer to the reader.

        Parameters
        ----------
        who : ndarray of int64, shape (m,)
            The visitors.
        posts : Posts
            All posts.
        page : ndarray of int64
            Those on the page, oldest first.
        minute : int
            The present minute, counted from midnight of the first day.
        parameters : CityParameters
            ``social.community`` and ``social.emotion``.
        """
        numbers, emotion = parameters.social.community, parameters.social.emotion
        hostile = posts.category[page] == posts.categories.code("hostility")
        new = page[np.newaxis, :] > self._last_post[who][:, np.newaxis]
        parent = posts.parent[page]
        answered = np.where(parent >= 0, posts.author[parent], _NEVER)
        is_own = answered[np.newaxis, :] == who[:, np.newaxis]
        others = posts.author[page][np.newaxis, :] != who[:, np.newaxis]
        relevance = np.where(is_own, 1.0, numbers.bystander)
        push = emotion.gain * posts.intensity[page] * hostile * relevance * new * others
        before = self.upset_at(minute, parameters)[who]
        self._upset[who] = 1.0 - (1.0 - before) * np.prod(1.0 - push, axis=1)
        self._since[who] = minute
        if len(page):
            posts.see(np.broadcast_to(page, new.shape)[new & others])
            self._last_post[who] = page[-1]

    def attack(self, person: int) -> None:
        """Note a hostile answer to a post of a member."""
        self.attacks[person] += 1

    def leave(self, who: Any, draws: Float, leaves: float) -> None:  # noqa: ANN401 - whole numbers
        """Let visitors leave for good, each with ``1 - (1 - leaves) ** attacks``.

        Parameters
        ----------
        who : ndarray of int64, shape (m,)
            The visitors.
        draws : ndarray of float64, shape (m,)
            Uniform numbers.
        leaves : float
            Probability with each hostile answer that was received.
        """
        likely = 1.0 - (1.0 - leaves) ** self.attacks[who]
        self.gone[who[draws < likely]] = True
        self.attacks[who] = 0

    def to_frame(self, members: Sequence[Member]) -> pd.DataFrame:
        """Return the members, one row each."""
        import pandas as pd

        return pd.DataFrame(
            {
                "member": np.arange(len(members)),
                "name": [one.name for one in members],
                "role": [one.role.name for one in members],
                "interest": [one.interest for one in members],
                "posts_a_day": self.posts_a_day,
                "removed": self.removed,
                "banned": self.banned,
                "gone": self.gone,
            }
        )

    def state(self) -> dict[str, Any]:
        """Return the columns that change over a run."""
        return {name: getattr(self, name).tolist() for name in self._CHANGING}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        for name in self._CHANGING:
            setattr(self, name, np.array(state[name], dtype=getattr(self, name).dtype))
