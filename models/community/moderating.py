"""What moderators do: when posts are due, what follows from a judgement, and notices to authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mesa_llm_city.models.community.people import People

from mesa_llm_city.core.clock import HOUR_MIN
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.community import CommunityRule, Judgement
from mesa_llm_city.social.media import Posts

__all__ = ["Moderation"]

_NOTICES = 3  # the last ones, which members keep in mind


class Moderation:
    """What moderators have done so far.

    Attributes
    ----------
    broken : dict of int to str
        Name of the rule that a post was found to break.
    reasons : dict of int to str
        Why a post was found to break a rule, in words of the moderator.
    notices : dict of int to list of str
        What a member was told, oldest first.
    strikes : collections.Counter
        Number of breaches by author and rule.
    """

    def __init__(self) -> None:
        self.broken: dict[int, str] = {}
        self.reasons: dict[int, str] = {}
        self.notices: dict[int, list[str]] = {}
        self.strikes: Counter[tuple[int, str]] = Counter()
        self._next = 0

    def due(self, posts: Posts, minute: int, parameters: CityParameters) -> list[int]:
        """Return the posts that moderators look at now, each once."""
        first = self._next
        delay_min = parameters.social.community.delay_h * HOUR_MIN
        self._next = max(first, posts.since(minute - delay_min + 1))
        return list(range(first, self._next))

    def act(self, post: int, judged: Judgement, posts: Posts, people: People, minute: int) -> None:
        """Do what the rule says that a post breaks; nothing if it breaks none.

        Parameters
        ----------
        post : int
            The post.
        judged : Judgement
            What moderators make of it.
        posts : Posts
            All posts.
        people : People
            Columns of the members.
        minute : int
            The present minute, counted from midnight of the first day.
        """
        rule = judged.rule
        if rule is None or rule.action == "none":
            return
        author = int(posts.author[post])
        self.broken[post], self.reasons[post] = rule.name, judged.reason
        self.strikes[author, rule.name] += 1
        if rule.action == "label":
            posts.put_label([post], f"against the rule: {rule.name}")
        else:
            posts.remove([post], minute=minute)
            people.removed[author] += 1
        if rule.action == "ban" and self.strikes[author, rule.name] >= rule.strikes:
            people.banned[author] = True
        self._tell(author, posts.text(post), rule)

    def _tell(self, author: int, text: str, rule: CommunityRule) -> None:
        done = "was labelled" if rule.action == "label" else "was removed"
        notices = self.notices.setdefault(author, [])
        notices.append(f"Your post {text!r} {done}: {rule.text}")
        del notices[:-_NOTICES]

    def state(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "broken": list(self.broken.items()),
            "reasons": list(self.reasons.items()),
            "notices": [(one, list(texts)) for one, texts in self.notices.items()],
            "strikes": [(*who, count) for who, count in self.strikes.items()],
            "next": self._next,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.broken = {int(post): str(rule) for post, rule in state["broken"]}
        self.reasons = {int(post): str(why) for post, why in state["reasons"]}
        self.notices = {int(one): list(texts) for one, texts in state["notices"]}
        self.strikes = Counter({(int(a), str(r)): int(n) for a, r, n in state["strikes"]})
        self._next = int(state["next"])
