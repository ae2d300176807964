"""Moderation, ads and channels."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.media import (
    Ad,
    AdBoard,
    Exposures,
    FollowerGraph,
    Groups,
    Moderation,
    Posts,
    broadcast,
    one_to_one,
)

SURE = CityParameters().with_("social.media.moderation.found", 1.0)


def heated(count: int = 3, *, minute: int = 0) -> Posts:
    """Return inflammatory posts of person 0, and a calm one of person 1."""
    posts = Posts(["a"])
    posts.extend(author=[0] * count, minute=minute, topic="a", intensity=0.9)
    posts.extend(author=[1], minute=minute, topic="a", intensity=0.1)
    return posts


def test_a_post_is_looked_at_once_after_the_delay() -> None:
    posts, moderation = heated(minute=10), Moderation("label", SURE)
    for minute, found in ((69, 0), (70, 3), (71, 0)):
        done = moderation.review(posts, Exposures(2), minute=minute, seed=1)
        assert len(done.found) == found
    assert [posts[row].label for row in range(4)] == ["disputed"] * 3 + [""]


def test_the_third_post_that_is_found_bans_its_author_once() -> None:
    posts, moderation = heated(4), Moderation(["remove", "ban"], SURE)
    done = moderation.review(posts, Exposures(2), minute=60, seed=1)
    assert done.banned.tolist() == [0]
    assert moderation.strikes == {0: 4}
    assert (posts.removed_min >= 0).tolist() == [True] * 4 + [False]
    again = Moderation(["remove", "ban"], SURE)
    again.restore(moderation.state())
    assert again.state() == moderation.state()
    assert len(again.review(posts, Exposures(2), minute=90, seed=1).found) == 0


def test_links_are_cut_from_those_who_saw_the_post() -> None:
    posts, exposures = heated(1), Exposures(4)
    exposures.record([2, 3], [[0], [1]], minute=5)
    done = Moderation("cut", SURE).review(posts, exposures, minute=60, seed=1)
    assert (done.follower.tolist(), done.followee.tolist()) == ([2], [0])
    assert posts.removed_min.max() == -1


def test_a_forward_is_found_if_its_source_is() -> None:
    half = CityParameters().with_("social.media.moderation.found", 0.5)
    posts = Posts(["a"])
    posts.extend(author=np.arange(200), topic="a", is_true=0)
    posts.extend(author=1, minute=1, kind="forward", parent=np.arange(200))
    done = Moderation("label", half).review(posts, Exposures(2), minute=99, seed=1)
    originals = set(done.found[done.found < 200].tolist())
    assert 70 < len(originals) < 130
    assert {one - 200 for one in done.found[done.found >= 200].tolist()} == originals


def test_an_action_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="moderation cannot 'scold'; it can label"):
        Moderation("scold")


def board(*ads: Ad) -> tuple[AdBoard, Posts]:
    """Return ads among ten posts, of three people."""
    posts = Posts(["a"])
    posts.extend(author=[0] * 10, topic="a")
    return AdBoard(ads, posts, n=3), posts


def test_an_ad_follows_each_so_many_posts_and_none_an_empty_place() -> None:
    ads, posts = board(Ad(topic="a", text="Buy"))
    pages = np.array([[0, 1, 2, 3], [4, -1, -1, -1]])
    placed = ads.placed(np.array([0, 1]), pages, every=2, draws=np.zeros((2, 4)))
    assert placed.tolist() == [[0, 1, 10, 2, 3, 10, -1, -1], [4] + [-1] * 7]
    assert (posts[10].label, str(posts[10].kind), posts[10].author) == ("sponsored", "ad", -1)


def test_ads_are_shown_to_whom_they_are_meant_for_and_by_weight() -> None:
    ads, _ = board(Ad(topic="a", to=(1,), weight=3.0), Ad(topic="a", to=(1, 2)))
    ads.grow(4)
    draws = np.random.default_rng(1).random((4, 3000))
    pages = np.zeros((4, 3000), dtype=np.int64)
    placed = ads.placed(np.arange(4), pages, every=1, draws=draws)
    counts = [np.bincount(row[row >= 10], minlength=12)[10:].tolist() for row in placed]
    assert counts[0] == counts[3] == [0, 0]
    assert counts[2] == [0, 3000]
    assert counts[1][0] == pytest.approx(2250, abs=100)


def test_without_ads_pages_stay_as_they_are() -> None:
    ads, _ = board()
    pages = np.array([[0, 1]])
    assert ads.placed(np.array([0]), pages, every=1, draws=np.zeros((1, 2))) is pages
    with pytest.raises(ConfigError, match="weight of an ad"):
        Ad(topic="a", weight=-1.0)


def test_a_broadcast_reaches_followers_and_an_announcement_everybody() -> None:
    graph = FollowerGraph(4, [1, 2], [0, 0])
    posts = Posts(["a"])
    posts.extend(author=[0, -1], topic="a")
    heard = broadcast(posts, [0, 1], graph)
    pairs = set(zip(heard.viewer.tolist(), heard.post.tolist(), strict=True))
    assert pairs == {(1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 1)}


def test_a_message_reaches_one_person_and_a_group_its_members() -> None:
    posts = Posts(["a"])
    posts.extend(author=[0, 2], topic="a")
    assert one_to_one(posts, [0, 1], [3, 2]).viewer.tolist() == [3]
    groups = Groups({"club": [0, 2, 3]})
    heard = groups.deliver(posts, [0, 1], "club")
    pairs = list(zip(heard.viewer.tolist(), heard.post.tolist(), strict=True))
    assert pairs == [(2, 0), (3, 0), (0, 1), (3, 1)]
    assert list(groups) == ["club"]
    with pytest.raises(ConfigError, match="no group 'clob'; groups are club; did you mean"):
        groups.members("clob")
