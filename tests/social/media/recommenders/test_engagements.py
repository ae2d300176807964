"""What people engaged with: the log, and what is read from posts."""

from __future__ import annotations

import json

import numpy as np

from mesa_llm_city.social.media import Posts
from mesa_llm_city.social.media.recommenders import Engagements
from mesa_llm_city.social.media.recommenders.engagements import last_of_each


def test_forwards_and_replies_count_for_what_is_passed_on_or_answered() -> None:
    posts = Posts(["a"])
    posts.extend(author=[-1, 5], minute=[0, 10])  # an ad, and a post of person 5
    posts.extend(author=[6], minute=20, kind="forward", parent=[1])
    posts.extend(author=[7], minute=30, kind="reply", parent=[2])
    rows = Engagements().with_posts(posts)
    assert rows.tolist() == [[5, 6, 7], [1, 1, 1], [10, 20, 30]]


def test_choices_and_posts_are_in_the_order_of_time() -> None:
    posts, watched = Posts(["a"]), Engagements()
    posts.extend(author=[1, 1], minute=[0, 50])
    watched.add([1, 2], [0, 1], minute=[20, 60])
    assert watched.with_posts(posts)[2].tolist() == [0, 20, 50, 60]


def test_the_last_of_each_person_are_kept_in_the_order_of_time() -> None:
    rows = np.array([[2, 0, 2, 2, 0], [10, 11, 12, 13, 14], [1, 2, 3, 4, 5]])
    assert last_of_each(rows, 2).tolist() == [[0, 0, 2, 2], [11, 14, 12, 13], [2, 5, 3, 4]]
    assert last_of_each(rows[:, :0], 2).shape == (3, 0)


def test_a_log_is_restored_from_json() -> None:
    watched, again = Engagements(), Engagements()
    watched.add([1, 2], [3, 4], minute=5)
    watched.add([], [], minute=6)
    again.restore(json.loads(json.dumps(watched.state())))
    assert np.array_equal(again.rows, watched.rows)
    assert watched.counts(6).tolist() == [0, 0, 0, 1, 1, 0]
