"""Posts in columns: what is written, what follows from what it answers, and tables."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.social.media import Posts
from mesa_llm_city.social.post import Post, PostKind


def thread() -> Posts:
    """Return a post, a forward of it, a forward of that, and a reply to the last."""
    posts = Posts(["bridge"])
    posts.extend(
        author=[4],
        topic="bridge",
        stance=0.8,
        intensity=0.5,
        is_true=0,
        category="roads",
        texts=["It is closed"],
    )
    posts.extend(author=[7], minute=10, kind="forward", parent=0)
    posts.extend(author=[9], minute=20, kind="forward", parent=1)
    posts.extend(author=[2], minute=30, kind="reply", parent=2, stance=-0.5, texts=["It is not"])
    return posts


def test_a_forward_says_what_its_source_says() -> None:
    posts = thread()
    assert posts.source.tolist() == [0, 0, 0, 3]
    assert posts.root.tolist() == [0, 0, 0, 0]
    assert posts.depth.tolist() == [0, 1, 2, 3]
    assert posts.stance.tolist() == [0.8, 0.8, 0.8, -0.5]
    assert posts.is_true.tolist() == [0, 0, 0, -1]
    assert [posts.text(row) for row in range(4)] == ["It is closed"] * 3 + ["It is not"]
    assert posts[2].category == "roads"


def test_forwards_and_replies_are_counted_at_the_source() -> None:
    posts = thread()
    assert posts.forwards.tolist() == [2, 0, 0, 0]
    assert posts.replies.tolist() == [1, 0, 0, 0]
    posts.see([[0, 1], [2, -1]])
    assert posts.views.tolist() == [3, 0, 0, 0]


def test_a_forward_of_a_correction_is_a_correction_as_a_post_makes_it() -> None:
    posts = Posts(["cure"])
    posts.extend(author=[-1], topic="cure", kind="correction")
    posts.extend(author=[3], minute=5, kind="forward", parent=0)
    assert posts[1].kind is PostKind.CORRECTION
    assert posts[1] == posts[0].shared(1, author=3, minute=5)
    assert posts.forwards.tolist() == [1, 0]


def test_a_post_comes_back_as_it_was_written() -> None:
    post = Post(
        id=0, author=3, minute=7, topic="cure", stance=-0.25, intensity=0.5, text="No!", label="x"
    )
    posts = Posts()
    assert posts.add(post) == 0
    assert posts[0] == post
    assert list(posts) == [post]


def test_removing_a_post_hides_what_forwards_it_but_not_the_answers() -> None:
    posts = thread()
    posts.remove([0], minute=40)
    posts.remove([0], minute=50)
    assert posts.removed_min.tolist() == [40, 40, 40, -1]


def test_a_label_is_put_on_forwards_too_and_passed_on() -> None:
    posts = thread()
    posts.put_label([0], "disputed")
    posts.extend(author=[1], minute=60, kind="forward", parent=2)
    assert [posts[row].label for row in range(5)] == ["disputed"] * 3 + ["", "disputed"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"parent": 9}, "parent 9 is no post"),
        ({"stance": [1.5]}, r"stance must be in \[-1, 1\]"),
        ({"intensity": [float("nan")]}, r"intensity must be in \[0, 1\]"),
        ({"minute": 3}, "order of time"),
    ],
)
def test_posts_that_cannot_be_are_refused_and_leave_no_trace(
    given: dict[str, Any], told: str
) -> None:
    posts = thread()
    with pytest.raises(DataError, match=told):
        posts.extend(**{"author": [1], "minute": 40, **given})
    assert len(posts) == 4


def test_a_column_that_is_none_and_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ConfigError, match="no column 'mood'"):
        Posts().extend(author=[1], mood=1)
    with pytest.raises(ConfigError, match="different lengths"):
        Posts().extend(author=[1, 2], minute=[1, 2, 3])
    with pytest.raises(ConfigError, match="no kind of post 'shout'"):
        Posts().extend(author=[1], kind="shout")
    with pytest.raises(IndexError, match="there is no post 0"):
        Posts()[0]


def test_a_table_and_a_file_bring_everything_back(tmp_path: Path) -> None:
    posts = thread()
    posts.to_parquet(tmp_path / "posts.parquet")
    again = Posts.from_parquet(tmp_path / "posts.parquet")
    pd.testing.assert_frame_equal(again.to_frame(), posts.to_frame())
    assert list(again) == list(posts)
    again.extend(author=[1], minute=60, topic="tram")
    assert again.topics.code("tram") == 1
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)


def test_an_empty_table_comes_back_and_one_without_a_column_is_refused() -> None:
    assert len(Posts.from_frame(Posts().to_frame())) == 0
    with pytest.raises(DataError, match="no column 'depth'"):
        Posts.from_frame(thread().to_frame().drop(columns="depth"))


def test_many_posts_grow_the_columns_and_are_found_by_time() -> None:
    posts = Posts(["a"])
    for minute in range(40):
        posts.extend(author=np.arange(50), minute=minute, topic=0)
    assert len(posts) == 2000
    assert posts.since(39) == 1950
    assert posts.since(40) == 2000


@pytest.mark.parametrize("column", ["kind", "topic", "label", "category", "is_true"])
@pytest.mark.parametrize("code", [-2, 99])
def test_numbers_that_stand_for_nothing_are_refused(column: str, code: int) -> None:
    posts = Posts(["bridge"])
    columns: dict[str, Any] = {"author": [0], "topic": "bridge", column: code}
    with pytest.raises(DataError, match=f"{column} {code} is none"):
        posts.extend(**columns)
    assert len(posts) == 0


def test_what_is_no_number_and_half_a_character_are_told_or_replaced() -> None:
    posts = Posts(["bridge"])
    with pytest.raises(ConfigError, match="column 'minute' of posts"):
        posts.extend(author=[0], topic="bridge", minute=float("nan"))
    posts.extend(author=[0], topic="bridge", texts=["so \ud83c"])
    assert posts.text(0).encode() == b"so ?"
    assert posts.to_frame()["text"].tolist() == ["so ?"]
