"""Moderation: posts against the rules are labelled or removed, links cut, authors banned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import uniforms
from mesa_llm_city.core.values import Int
from mesa_llm_city.parameters import CityParameters, default_parameters
from mesa_llm_city.parameters.media import ModerationParameters
from mesa_llm_city.social.media.exposures import Exposures
from mesa_llm_city.social.media.posts import Posts
from mesa_llm_city.social.post import NOBODY

__all__ = ["ACTIONS", "Moderated", "Moderation", "is_harmful"]

ACTIONS = ("label", "remove", "cut", "ban")
"""What can be done: label a post, remove it, cut the links to those who saw it, or ban authors."""


class Moderated(NamedTuple):
    """What moderation has come to.

    Attributes
    ----------
    found : ndarray of int64
        Posts that were found to be against the rules.
    banned : ndarray of int64
        Rows of people who may write no more from now on.
    follower, followee : ndarray of int64
        Links that are cut.
    """

    found: Int
    banned: Int
    follower: Int
    followee: Int


class Moderation:
    """Looks at all posts some time after they were written, and acts on those it finds.

    A forward is found if its source is. Posts found count against whoever wrote or forwarded
    them; at ``ban_after`` of them the author is banned, if `actions` has ``"ban"``. ``"cut"``
    ends the links by which those who saw such a post follow its author. AgentSociety (Piao et al.
    2025, arXiv:2502.08691) compares banning with cutting, and refuses each flagged message in
    both; here refusing is ``"remove"``, and each action stands alone.

    Parameters
    ----------
    actions : iterable of str
        Some of `ACTIONS`.
    parameters : CityParameters, optional
        Reads ``social.media.moderation``.

    Attributes
    ----------
    actions : frozenset of str
        As given.
    strikes : dict of int to int
        Number of posts found of each author.

    Raises
    ------
    ConfigError
        If there is no such action.

    Examples
    --------
    >>> posts = Posts(["cure"])
    >>> _ = posts.extend(author=[0, 1], topic="cure", is_true=[0, 1])
    >>> sure = CityParameters().with_("social.media.moderation.found", 1.0)
    >>> done = Moderation(["remove"], sure).review(posts, Exposures(2), minute=60, seed=1)
    >>> done.found.tolist(), posts.removed_min.tolist()
    ([0], [60, -1])
    """

    __slots__ = ("_next", "actions", "parameters", "strikes")

    def __init__(
        self, actions: Iterable[str] | str, parameters: CityParameters | None = None
    ) -> None:
        names = frozenset([actions] if isinstance(actions, str) else actions)
        if unknown := sorted(names - set(ACTIONS)):
            message = f"moderation cannot {unknown[0]!r}; it can {', '.join(ACTIONS)}"
            raise ConfigError(message)
        tree = default_parameters() if parameters is None else parameters
        self.actions = names
        self.parameters: ModerationParameters = tree.social.media.moderation
        self.strikes: dict[int, int] = {}
        self._next = 0

    def review(self, posts: Posts, exposures: Exposures, *, minute: int, seed: int) -> Moderated:
        """Look at all posts that are due, and label or remove those that are found.

        Parameters
        ----------
        posts : Posts
            All posts; labels and removals are written into them.
        exposures : Exposures
            Who has seen what, for links to be cut.
        minute : int
            Now. Posts are due ``delay_min`` after they were written.
        seed : int
            Seed of the run.

        Returns
        -------
        Moderated
            Posts found, and who is banned and which links are cut for them.
        """
        due = posts.since(minute - round(self.parameters.delay_min) + 1)
        new = np.arange(self._next, due)
        self._next = max(due, self._next)
        found = new[self._finds(posts, new, seed)]
        if "label" in self.actions:
            posts.put_label(found, self.parameters.label)
        if "remove" in self.actions:
            posts.remove(found, minute=minute)
        banned = self._strike(posts.author[found])
        viewer, post = exposures.viewers_of(found) if "cut" in self.actions else (found[:0],) * 2
        author = posts.author[post]
        return Moderated(found, banned, viewer[author != NOBODY], author[author != NOBODY])

    def _finds(self, posts: Posts, new: Int, seed: int) -> NDArray[np.bool_]:
        source = posts.source[new]
        harmful = is_harmful(posts, source, self.parameters)
        draw = uniforms(seed, source, "media moderation", 0, 1)[:, 0]
        return draw < np.where(harmful, self.parameters.found, self.parameters.mistaken)

    def _strike(self, authors: Int) -> Int:
        """Count posts found against their authors, and return who is banned for them."""
        banned = []
        for author in authors[authors != NOBODY].tolist():
            self.strikes[author] = self.strikes.get(author, 0) + 1
            if "ban" in self.actions and self.strikes[author] == self.parameters.ban_after:
                banned.append(author)
        return np.array(banned, dtype=np.int64)

    def state(self) -> dict[str, Any]:
        """Return strikes, and how far posts have been looked at."""
        return {"strikes": [list(one) for one in self.strikes.items()], "next": self._next}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.strikes = {int(author): int(count) for author, count in state["strikes"]}
        self._next = int(state["next"])


def is_harmful(posts: Posts, which: Int, parameters: ModerationParameters) -> NDArray[np.bool_]:
    """Return which posts are against the rules: inflammatory, or not true; ads never are."""
    inflammatory = posts.intensity[which] >= parameters.harmful_from
    untrue = (posts.is_true[which] == 0) & parameters.false_is_harmful
    harmful = (inflammatory | untrue) & (posts.author[which] != NOBODY)
    return np.asarray(harmful, dtype=np.bool_)
