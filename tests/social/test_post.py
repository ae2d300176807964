"""Posts: their checks, what others make of them, and JSON."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.social import Post, PostKind


def bridge(**changes: object) -> Post:
    given = {"id": 4, "author": 3, "minute": 600, "topic": "bridge", "stance": -0.5}
    given |= {"intensity": 0.8, "text": "They close the bridge", "category": "traffic"}
    return Post(**{**given, **changes})  # type: ignore[arg-type]


def test_an_original_is_the_root_of_its_cascade() -> None:
    assert (bridge().root, bridge().parent, bridge().depth) == (4, None, 0)


def test_a_forward_says_the_same_one_step_deeper() -> None:
    once = bridge(label="disputed").shared(5, author=7, minute=640, stance=1.0, text="other")
    twice = once.shared(6, author=8, minute=700)
    assert (twice.kind, twice.parent, twice.root, twice.depth) == (PostKind.FORWARD, 5, 4, 2)
    assert (twice.stance, twice.intensity, twice.text) == (-0.5, 0.8, "They close the bridge")
    assert twice.label == "disputed"


def test_a_reply_has_words_of_its_own_and_stays_in_the_cascade() -> None:
    reply = bridge(label="disputed").shared(
        5, author=7, minute=640, kind="reply", stance=0.9, intensity=0.1, text="Good news"
    )
    assert (reply.root, reply.depth, reply.stance, reply.text) == (4, 1, 0.9, "Good news")
    assert reply.label == ""


def test_a_post_of_ones_own_begins_another_cascade() -> None:
    own = bridge().shared(5, author=7, minute=640, kind="post", text="I heard of it")
    assert (own.root, own.parent, own.depth, own.topic) == (5, None, 0, "bridge")


def test_a_correction_that_is_forwarded_corrects() -> None:
    denial = bridge(kind="correction")
    assert denial.shared(5, author=7, minute=640).is_correction
    assert not denial.shared(5, author=7, minute=640, kind="reply").is_correction


def test_all_defects_are_told_at_once() -> None:
    with pytest.raises(ConfigError, match=r"stance must be from -1 to 1, got 2.*topic.*kind must"):
        bridge(stance=2, topic="", kind="poem")
    with pytest.raises(ConfigError, match="intensity must be from 0 to 1, got nan"):
        bridge(intensity=float("nan"))


def test_it_survives_json_and_pickle() -> None:
    post = bridge(is_true=False, kind="ad", parent=1, root=0, depth=3)
    assert Post.from_json(json.loads(json.dumps(post.to_json()))) == post
    assert pickle.loads(pickle.dumps(post)) == post


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"stance": "for"}, "stance must be from -1 to 1, got 'for'"),
        ({"topic": 5}, "topic must be words, got 5"),
        ({"author": -5}, "author must be at least -1, got -5"),
        ({"author": 1.5, "minute": float("nan")}, "author must be a whole number, got 1.5; minute"),
        ({"text": None}, "text must be words"),
        ({"is_true": "yes"}, "is_true must be True, False or None, got 'yes'"),
    ],
)
def test_values_of_the_wrong_type_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Post(**{"id": 0, "author": 1, "minute": 0, "topic": "bridge", **wrong})


def test_half_a_character_is_replaced() -> None:
    post = bridge(text="so \ud83c", topic="\ud83c")
    assert (post.text, post.topic) == ("so ?", "?")
