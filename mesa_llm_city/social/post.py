"""A post: what somebody says about a topic to one person, to a group, or to followers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from numbers import Integral, Real
from typing import Any

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.plain_text import encodable

__all__ = ["NOBODY", "NO_POST", "Post", "PostKind"]

NOBODY = -1
"""Author of a post without a person: of an institution, an advertiser or the platform."""

NO_POST = -1
"""Stands for no post: as the parent of an original, and for an empty place on a page."""


class PostKind(StrEnum):
    """What a post is."""

    POST = "post"
    FORWARD = "forward"
    REPLY = "reply"
    AD = "ad"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something said about a topic.

    Parameters
    ----------
    id : int
        Number of the post, from 0; -1 for what is only said, and not written anywhere.
    author : int
        Id of the person who says it; `NOBODY` for an institution or an advertiser.
    minute : int
        When, in minutes since midnight of the first day.
    topic : str
        What it is about. One topic is one story: what is told of it may be true or not.
    stance : float, default 0
        From -1 (against) to 1 (in favour).
    intensity : float, default 0
        How emotional it is, from 0 to 1.
    kind : PostKind or str, default "post"
        A post, a forward, a reply, an ad, or a correction, which says that the story of its
        topic is not true.
    parent : int, optional
        Id of the post that it forwards or answers; None for an original.
    root : int, optional
        Id of the original with which its cascade began; its own id for an original.
    depth : int, default 0
        Number of steps from the original.
    text : str
        What it says. It is data: prompts show it as quoted information.
    is_true : bool, optional
        Whether what it says is true; None if that is not known. It is not shown to people.
    label : str
        What the platform has written on it, such as ``"disputed"``; empty for nothing.
    category : str
        What sort of content it is, such as ``"politics"``; empty for none.

    Raises
    ------
    ConfigError
        Names every value that is outside its range.

    Examples
    --------
    >>> first = Post(id=0, author=3, minute=600, topic="bridge", stance=0.5, intensity=0.8)
    >>> second = first.shared(1, author=7, minute=640)
    >>> second.kind, second.parent, second.root, second.depth, second.stance
    (<PostKind.FORWARD: 'forward'>, 0, 0, 1, 0.5)
    >>> Post.from_json(second.to_json()) == second
    True
    """

    id: int
    author: int
    minute: int
    topic: str
    stance: float = 0.0
    intensity: float = 0.0
    kind: PostKind = PostKind.POST
    parent: int | None = None
    root: int | None = None
    depth: int = 0
    text: str = ""
    is_true: bool | None = None
    label: str = ""
    category: str = ""

    def __post_init__(self) -> None:
        """Check the values, and fill in what follows from others."""
        if defects := list(self._defects()):
            message = f"post {self.id}: {'; '.join(defects)}"
            raise ConfigError(message)
        object.__setattr__(self, "kind", PostKind(self.kind))
        for name in ("topic", "text", "label", "category"):
            # Half a character, as from a cut emoji, can be kept in no file.
            object.__setattr__(self, name, encodable(getattr(self, name)))
        if self.root is None:
            object.__setattr__(self, "root", self.id if self.parent is None else self.parent)

    def _defects(self) -> Iterator[str]:
        for name, least in (("stance", -1.0), ("intensity", 0.0)):
            value: object = getattr(self, name)
            if not isinstance(value, Real) or not least <= float(value) <= 1.0:
                yield f"{name} must be from {least:g} to 1, got {value!r:.80}"
        topic: object = self.topic
        if not isinstance(topic, str) or not topic:
            yield f"topic must be words, got {topic!r:.80}"
        yield from self._wrong_words()
        yield from self._wrong_numbers()
        if self.is_true is not None and not isinstance(self.is_true, bool):
            yield f"is_true must be True, False or None, got {self.is_true!r:.80}"
        if self.kind not in set(PostKind):
            yield f"kind must be one of {', '.join(PostKind)}, got {self.kind!r}"

    def _wrong_words(self) -> Iterator[str]:
        for name in ("text", "label", "category"):
            if not isinstance(words := getattr(self, name), str):
                yield f"{name} must be words, or '' for none, got {words!r:.80}"

    def _wrong_numbers(self) -> Iterator[str]:
        for name, low in (("id", NO_POST), ("author", NOBODY), ("minute", None), ("depth", 0)):
            number = getattr(self, name)
            if not isinstance(number, Integral):
                yield f"{name} must be a whole number, got {number!r:.80}"
            elif low is not None and number < low:
                yield f"{name} must be at least {low}, got {number}"

    @property
    def is_correction(self) -> bool:
        """Whether it says that the story of its topic is not true."""
        return self.kind is PostKind.CORRECTION

    @property
    def is_labelled(self) -> bool:
        """Whether the platform has written something on it."""
        return bool(self.label)

    def shared(
        self,
        id: int,  # noqa: A002 - the name of the field
        *,
        author: int,
        minute: int,
        kind: PostKind | str = PostKind.FORWARD,
        stance: float | None = None,
        intensity: float | None = None,
        text: str | None = None,
    ) -> Post:
        """Return the post that another person makes of it.

        A forward says the same, whatever is given, and stays a correction if it is one. A reply
        and a post of one's own keep the topic.

        Parameters
        ----------
        id : int
            Number of the new post.
        author, minute : int
            Who, and when.
        kind : PostKind or str, default "forward"
            A forward, a reply, or a post of one's own, which begins a cascade of its own.
        stance, intensity : float, optional
            Of a reply or post of one's own; that of this one by default.
        text : str, optional
            Of a reply or post of one's own; empty by default.

        Raises
        ------
        ConfigError
            If a value is outside its range.
        """
        if PostKind(kind) is PostKind.FORWARD:
            said = {"stance": self.stance, "intensity": self.intensity, "text": self.text}
            kind = PostKind.CORRECTION if self.is_correction else kind
        else:
            said = {
                "stance": self.stance if stance is None else stance,
                "intensity": self.intensity if intensity is None else intensity,
                "text": text or "",
            }
        is_own = PostKind(kind) is PostKind.POST
        return Post(
            id=id,
            author=author,
            minute=minute,
            topic=self.topic,
            kind=PostKind(kind),
            parent=None if is_own else self.id,
            root=None if is_own else self.root,
            depth=0 if is_own else self.depth + 1,
            is_true=self.is_true,
            label=self.label if kind in {PostKind.FORWARD, PostKind.CORRECTION} else "",
            category=self.category,
            **said,  # type: ignore[arg-type]
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self) | {"kind": str(self.kind)}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Post:
        """Return what `to_json` has written."""
        return cls(**{**state, "kind": PostKind(state["kind"])})
