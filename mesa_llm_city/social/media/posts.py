"""Posts of many people as growing columns: what was written, by whom, when and about what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.core.plain_text import encodable
from mesa_llm_city.core.values import Int
from mesa_llm_city.social.media.codes import Codes
from mesa_llm_city.social.media.post_columns import (
    COLUMNS,
    GIVEN,
    KIND_CODES,
    KINDS,
    WORDS,
    check_rows,
    kind_codes,
    length_of,
)
from mesa_llm_city.social.post import NO_POST, Post, PostKind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KINDS", "Posts"]

_FORWARD, _REPLY, _CORRECTION = (KIND_CODES[kind] for kind in ("forward", "reply", "correction"))
_SMALLEST = 256


class Posts:
    """All posts, one row each; the number of a row is the id of the post.

    Columns are arrays of which only the rows written so far are shown: read them, and change
    them by the methods. Authors are persons by the row that they have in a `FollowerGraph`.

    Parameters
    ----------
    topics : iterable of str, default ()
        Topics in the order of their codes; a new one gets the next code when it is written.

    Attributes
    ----------
    author : ndarray of int64, shape (n,)
        Row of whoever wrote it; `NOBODY` for an advertiser or the platform.
    minute : ndarray of int32
        When it was written.
    topic, label, category : ndarray of int32
        Places in `topics`, `labels` and `categories`; label 0 and category 0 are none.
    stance : ndarray of float64
        What it says of its topic, in [-1, 1].
    intensity : ndarray of float64
        How emotional it is, in [0, 1].
    kind : ndarray of int8
        Places in `KINDS`.
    parent, root : ndarray of int64
        What it forwards or answers, and the first post of that thread; itself for a first post.
    source : ndarray of int64
        The post whose words it shows: what it forwards, however often that was passed on.
    depth : ndarray of int32
        Number of steps from the first post of the thread.
    is_true : ndarray of int8
        1 true, 0 false, -1 where nothing can be said.
    forwards, replies, views : ndarray of int32
        How often its words were forwarded, answered and seen; counted at the source.
    removed_min : ndarray of int32
        Minute of its removal; -1 while it can be seen.

    Examples
    --------
    >>> posts = Posts(["vaccines"])
    >>> first = posts.extend(author=[4], minute=0, topic="vaccines", stance=0.8, intensity=0.2)
    >>> again = posts.extend(author=[7, 9], minute=30, kind="forward", parent=first[[0, 0]])
    >>> posts.depth.tolist(), posts.forwards.tolist(), posts.stance.tolist()
    ([0, 1, 1], [2, 0, 0], [0.8, 0.8, 0.8])
    """

    __slots__ = ("_columns", "_length", "_texts", "categories", "labels", "topics")

    def __init__(self, topics: Iterable[str] = ()) -> None:
        self.topics = Codes(topics)
        self.labels = Codes([""])
        self.categories = Codes([""])
        self._length = 0
        self._columns: dict[str, NDArray[Any]] = {
            name: np.empty(0, dtype=kind) for name, (kind, _) in COLUMNS.items()
        }
        self._texts: dict[int, str] = {}

    def __len__(self) -> int:
        """Return the number of posts."""
        return self._length

    def __getattr__(self, name: str) -> NDArray[Any]:
        """Return a column."""
        if name not in COLUMNS:
            raise AttributeError(name)
        return self._columns[name][: self._length]

    def __getitem__(self, post: int) -> Post:
        """Return one post with its words."""
        if not 0 <= post < self._length:
            message = f"there is no post {post}; there are {self._length}, numbered from 0"
            raise IndexError(message)
        row = {name: column[post].item() for name, column in self._columns.items()}
        truth = None if row["is_true"] < 0 else bool(row["is_true"])
        return Post(
            id=int(post),
            author=row["author"],
            minute=row["minute"],
            topic=self.topics[row["topic"]],
            stance=row["stance"],
            intensity=row["intensity"],
            kind=PostKind(KINDS[row["kind"]]),
            parent=None if row["parent"] < 0 else row["parent"],
            root=row["root"],
            depth=row["depth"],
            text=self.text(post),
            is_true=truth,
            label=self.labels[row["label"]],
            category=self.categories[row["category"]],
        )

    def __iter__(self) -> Iterator[Post]:
        """Iterate over the posts in the order in which they were written."""
        return (self[row] for row in range(self._length))

    def text(self, post: int) -> str:
        """Return the words of a post; those of its source if it is a forward without any."""
        own = self._texts.get(int(post), "")
        return own or self._texts.get(int(self.source[post]), "")

    def add(self, post: Post) -> int:
        """Write one post, and return its id; the id, root and depth it has are not used.

        Raises
        ------
        DataError
            If it answers a post that there is not.
        """
        new = self.extend(
            author=[post.author],
            minute=post.minute,
            topic=post.topic,
            stance=post.stance,
            intensity=post.intensity,
            kind=str(post.kind),
            parent=NO_POST if post.parent is None else post.parent,
            is_true=-1 if post.is_true is None else int(post.is_true),
            label=post.label,
            category=post.category,
            texts=[post.text],
        )
        return int(new[0])

    def extend(self, *, texts: Sequence[str] | None = None, **given: Any) -> Int:  # noqa: ANN401 - columns
        """Write many posts at once, and return their ids, shape (n,).

        Forwards and replies have the topic of what they answer, and forwards also its stance,
        intensity, truth, label and category, wherever these are not given. A forward of a
        correction is a correction.

        Parameters
        ----------
        texts : sequence of str, optional
            Their words; by default none.
        **given : array_like
            Columns by name, each a scalar or of shape (n,): `author`, `minute`, `topic`,
            `stance`, `intensity`, `kind`, `parent`, `is_true`, `label` and `category`.
            Topics, kinds, labels and categories are words or codes.

        Raises
        ------
        ConfigError
            If there is no such column, or lengths differ.
        DataError
            If a post answers one that there is not, a number is outside its range, or a post is
            older than one written before.
        """
        columns = self._read(given)
        n = length_of(columns, texts)
        new = np.arange(self._length, self._length + n, dtype=np.int64)
        rows = {name: np.broadcast_to(column, n) for name, column in columns.items()}
        parent = rows.get("parent", np.full(n, NO_POST, dtype=np.int64))
        check_rows(
            rows,
            parent,
            known=self._length,
            last_min=int(self.minute[-1:].max(initial=0)),
            words={name: len(self._words(name)) for name in WORDS},
        )
        self._grow(n)
        self._length += n
        for name, (_, default) in COLUMNS.items():
            self._columns[name][new] = rows.get(name, default)
        self._inherit(new, parent, given)
        self._count(new, parent)
        for post, text in zip(new.tolist(), texts or (), strict=False):
            if text:
                self._texts[post] = encodable(text)
        return new

    def remove(self, posts: ArrayLike, *, minute: int) -> None:
        """Hide posts, and what forwards them, from a minute on."""
        gone = np.zeros(self._length, dtype=bool)
        gone[np.asarray(posts, dtype=np.int64)] = True
        hidden = gone | gone[self.source]
        self.removed_min[hidden & (self.removed_min < 0)] = minute

    def put_label(self, posts: ArrayLike, label: str) -> None:
        """Put a label on posts, and on what forwards them."""
        marked = np.zeros(self._length, dtype=bool)
        marked[np.asarray(posts, dtype=np.int64)] = True
        self.label[marked | marked[self.source]] = self.labels.code(label)

    def see(self, posts: ArrayLike) -> None:
        """Count views of posts, at their sources; -1 is none."""
        shown = np.asarray(posts, dtype=np.int64).ravel()
        seen = self.source[shown[shown >= 0]]
        if len(seen):
            first = int(seen.min())
            counted = np.bincount(seen - first)
            self.views[first : first + len(counted)] += counted.astype(np.int32)

    def since(self, minute: int) -> int:
        """Return the first row written at `minute` or later; rows are in order of time."""
        return int(np.searchsorted(self.minute, minute))

    def to_frame(self) -> pd.DataFrame:
        """Return all posts, one row each, with words in place of codes."""
        import pandas as pd

        columns: dict[str, Any] = {"post": np.arange(self._length)}
        columns |= {name: getattr(self, name).copy() for name in COLUMNS}
        for name in WORDS:
            words = pd.Index(list(self._words(name)), dtype="str")
            columns[name] = pd.Categorical.from_codes(columns[name], categories=words)
        columns["kind"] = pd.Categorical.from_codes(columns["kind"], categories=pd.Index(KINDS))
        columns["text"] = [self._texts.get(row, "") for row in range(self._length)]
        return pd.DataFrame(columns)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, topics: Iterable[str] = ()) -> Posts:
        """Return the posts of a table as `to_frame` gives it.

        Parameters
        ----------
        frame : pandas.DataFrame
            The table.
        topics : iterable of str, default ()
            Topics that have the first codes.

        Raises
        ------
        DataError
            If columns are missing.
        """
        if missing := [name for name in ("post", "text", *COLUMNS) if name not in frame]:
            source = "the table of posts"
            raise DataError.listing(source, [f"no column {name!r}" for name in missing])
        posts, n = cls(topics), len(frame)
        for name in WORDS:
            words = posts._words(name)
            listed = frame[name].astype("category").cat
            codes = np.array([words.code(one) for one in listed.categories], dtype=np.int32)
            posts._columns[name] = codes[listed.codes.to_numpy()] if n else codes[:0]
        posts._columns["kind"] = np.array(
            [KIND_CODES[one] for one in frame["kind"].astype(str)], dtype=np.int8
        )
        for name, (kind, _) in COLUMNS.items():
            if name not in (*WORDS, "kind"):
                posts._columns[name] = frame[name].to_numpy(dtype=kind, copy=True)
        posts._length = n
        posts._texts = {row: text for row, text in enumerate(frame["text"].tolist()) if text}
        return posts

    def to_parquet(self, path: str | Path) -> None:
        """Write all posts to a file."""
        self.to_frame().to_parquet(path, index=False)

    @classmethod
    def from_parquet(cls, path: str | Path) -> Posts:
        """Read posts that `to_parquet` wrote."""
        import pandas as pd

        return cls.from_frame(pd.read_parquet(path))

    def _words(self, name: str) -> Codes:
        return {"topic": self.topics, "label": self.labels, "category": self.categories}[name]

    def _read(self, given: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
        if unknown := [name for name in given if name not in GIVEN]:
            message = f"posts have no column {unknown[0]!r} to write; they have {', '.join(GIVEN)}"
            raise ConfigError(message)
        return {name: self._column(name, value) for name, value in given.items()}

    def _column(self, name: str, value: Any) -> NDArray[Any]:  # noqa: ANN401 - a column
        if name in WORDS:
            return self._words(name).codes(value)
        if name == "kind":
            value = kind_codes(value)
        try:
            return np.asarray(value, dtype=GIVEN[name][0])
        except (TypeError, ValueError, OverflowError) as error:
            message = f"column {name!r} of posts: {error}"
            raise ConfigError(message) from error

    def _grow(self, n: int) -> None:
        room = len(self._columns["author"])
        if self._length + n <= room:
            return
        larger = max(_SMALLEST, 2 * room, self._length + n)
        for name, column in self._columns.items():
            grown = np.empty(larger, dtype=column.dtype)
            grown[: self._length] = column[: self._length]
            self._columns[name] = grown

    def _inherit(self, new: Int, parent: Int, given: Mapping[str, Any]) -> None:
        """Fill in what follows from the post that is forwarded or answered."""
        self.root[new] = self.source[new] = new
        has = parent >= 0
        child, of = new[has], parent[has]
        self.root[child] = self.root[of]
        self.depth[child] = self.depth[of] + 1
        self.topic[child] = self.topic[child] if "topic" in given else self.topic[of]
        passed = self.kind[child] != _REPLY
        child, of = child[passed], of[passed]
        self.source[child] = self.source[of]
        corrects = (self.kind[child] == _FORWARD) & (self.kind[of] == _CORRECTION)
        self.kind[child[corrects]] = _CORRECTION
        for name in ("stance", "intensity", "is_true", "label", "category"):
            if name not in given:
                getattr(self, name)[child] = getattr(self, name)[of]

    def _count(self, new: Int, parent: Int) -> None:
        answers, replies = parent >= 0, self.kind[new] == _REPLY
        np.add.at(self.replies, self.source[parent[answers & replies]], 1)
        np.add.at(self.forwards, self.source[parent[answers & ~replies]], 1)
