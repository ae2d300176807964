"""Media of many people: reading, sharing, channels, days, saving."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from mesa_llm_city.core.asking import run
from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.core.streams import rng
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social.media import (
    Ad,
    FeedReader,
    FollowerGraph,
    Media,
    Moderation,
    PageItem,
    PageRead,
    PostRead,
    Posts,
    RandomOrder,
    broadcast,
    one_to_one,
)
from mesa_llm_city.social.post import PostKind

EAGER = CityParameters().with_(
    {
        "social.sharing.broadcast": 1.0,
        "social.sharing.later": 0.9,
        "social.sharing.decay": 1.0,
        "social.media.use.round_min": 240,
    }
)


def a_town(people: int = 60, *, parameters: CityParameters = EAGER, **options: object) -> Media:
    """Return media of some people who follow each other, with two posts of person 0."""
    graph = FollowerGraph.preferential(people, following=6, rng=np.random.default_rng(2))
    media = Media(graph, topics=["a", "b"], seed=7, parameters=parameters, **options)  # type: ignore[arg-type]
    for topic in ("a", "b"):
        media.audience.begin(topic, np.linspace(-0.8, 0.8, people))
    media.publish(
        author=[0, 0], topic=["a", "b"], stance=[0.9, -0.9], intensity=0.8, is_true=[0, 1]
    )
    return media


def test_a_row_and_a_person_make_the_same_of_the_same_page() -> None:
    media = a_town()
    viewer, minute = 5, 600
    pages = np.array([[1, 0]])
    reader = FeedReader(EAGER, activity=float(media.activity[viewer]))
    for topic in ("a", "b"):
        reader.stance.begin(topic, float(media.audience.stance(topic)[viewer]))
    trust = 0.6 if media.graph.follows(viewer, 0) else 0.3
    page = [PageItem(media.posts[post], trust=trust) for post in (1, 0)]
    draws = rng(7, viewer, "media read", minute)
    read = run(reader.read(page, at_min=minute, rng=draws))
    reader.take(page, read, at_min=minute)
    # No author is a broadcaster for a person alone, so neither is here.
    media.parameters = EAGER.with_("social.sharing.broadcaster_share", 0.0)
    media.resize(media.persons)
    media.read(np.array([viewer]), pages, minute)
    for topic in ("a", "b"):
        view, row = reader.view(topic, at_min=minute), media.views([viewer], minute)[0][topic]
        assert row == pytest.approx(view)
    columns, _ = media.pending.take(10**6)
    shared = [one for one in read.reads.values() if one.kind is not None]
    assert sorted(columns["minute"].tolist()) == sorted(one.minute or 0 for one in shared)
    assert len(shared) > 0


def test_forwards_are_written_when_they_are_due_and_reach_followers() -> None:
    media = a_town()
    media.browse(np.arange(60), minute=480)
    due = media.pending.state()["minute"]
    assert len(due) > 5
    media.advance(int(due.max()))
    forwards = media.posts.kind == 1
    assert len(media.pending) == 0
    assert forwards.sum() > 3
    assert (media.posts.depth[forwards] == 1).all()
    assert (np.diff(media.posts.minute) >= 0).all()


def test_a_page_is_not_shown_twice() -> None:
    media = a_town(recommender=RandomOrder())
    first, second = media.browse([3, 4], minute=480), media.browse([3, 4], minute=481)
    assert (first >= 0).sum() == 4
    assert (second >= 0).sum() == 0
    assert media.posts.views.tolist() == [2, 2]


def test_what_is_removed_is_passed_on_no_more() -> None:
    sure = EAGER.with_(
        {"social.media.moderation.found": 1.0, "social.media.moderation.delay_min": 0}
    )
    media = a_town(
        parameters=sure, moderation=Moderation("remove", sure), recommender=RandomOrder()
    )
    media.browse(np.arange(60), minute=0)
    assert media.posts.removed_min.tolist() == [0, 0]
    media.pending.add(minute=5, author=3, parent=0, kind=1, topic=0, stance=0, intensity=0)
    media.advance(10)
    assert len(media.posts) == 2


def test_banned_people_write_nothing_and_cut_links_are_gone() -> None:
    sure = EAGER.with_(
        {
            "social.media.moderation.found": 1.0,
            "social.media.moderation.ban_after": 1,
            "social.media.writing.per_day": 50.0,
        }
    )
    media = a_town(parameters=sure, moderation=Moderation(["ban", "cut"], sure))
    before = len(media.graph.followers_of(0))
    seen = media.browse(np.arange(60), minute=30)
    media.advance(90)
    assert np.flatnonzero(media.banned).tolist() == [0]
    readers = {row for row, page in enumerate(seen) if page[0] >= 0}
    assert before > 0
    assert not readers & set(media.graph.followers_of(0).tolist())
    new = media.write_own(100, lasts_min=960)
    assert len(new) > 20
    assert 0 not in media.posts.author[new].tolist()


def test_people_write_about_what_interests_them_and_what_they_think() -> None:
    interests = np.tile([0.0, 1.0], (60, 1))
    talkative = EAGER.with_("social.media.writing.per_day", 50.0)
    media = a_town(parameters=talkative, interests=interests)
    new = media.write_own(100, lasts_min=960)
    assert set(media.posts.topic[new].tolist()) == {1}
    wrote = media.posts.author[new]
    apart = np.abs(media.posts.stance[new] - media.audience.stance("b")[wrote])
    assert apart.mean() < 0.15
    with pytest.raises(ConfigError, match=r"interests must be numbers in \[0, 1\]"):
        a_town(interests=[[0.0, 2.0]])


def test_a_message_by_a_channel_is_heard_at_once() -> None:
    media = a_town()
    media.deliver(one_to_one(media.posts, [0, 1], [9, 9]), 30, by="one_to_one")
    media.deliver(broadcast(media.posts, [0], media.graph), 40, by="broadcast")
    aware = np.flatnonzero(media.audience.aware("a")).tolist()
    assert aware == sorted({9, *media.graph.followers_of(0).tolist()})
    assert media.audience.aware("b").sum() == 1
    by = media.exposures.to_frame()["by"].value_counts()
    assert by["one_to_one"] == 2


def test_ads_are_read_but_not_shared() -> None:
    every = EAGER.with_("social.media.ads.every", 1)
    media = a_town(parameters=every, ads=[Ad(topic="b", stance=1.0)], recommender=RandomOrder())
    media.browse([5], minute=60)
    ads = media.exposures.to_frame()["post"].isin(media.board.posts)
    assert ads.sum() == 2
    assert not set(media.pending.state()["parent"].tolist()) & set(media.board.posts.tolist())


def test_answers_of_a_language_model_count_instead_of_the_rule() -> None:
    media = a_town()
    says = PostRead(0.9, 0.7, 0.2, PostKind.REPLY, "Never!")
    read = PageRead({0: says, 1: says._replace(kind=None)}, "because")
    media.read(np.array([5, 6]), np.array([[0, 1], [-1, -1]]), 600, answers={5: read})
    view = media.views([5], 600)[0]["a"]
    assert view == pytest.approx((0.9, 0.7, 0.2))
    media.advance(10**5)
    (reply,) = [one for one in media.posts if one.author == 5]
    assert (reply.kind, reply.text, reply.stance, reply.parent) == (
        PostKind.REPLY,
        "Never!",
        0.7,
        0,
    )


def test_a_day_is_the_same_for_the_same_seed_and_goes_on_after_a_save() -> None:
    lived = a_town(recommender=RandomOrder())
    lived.live_day(0)
    kept, copy = lived.state(), pickle.loads(pickle.dumps(lived))
    again = a_town(recommender=RandomOrder())
    again.restore(kept)
    for media in (lived, copy, again):
        media.live_day(1)
    for other in (copy, again):
        pd.testing.assert_frame_equal(other.posts.to_frame(), lived.posts.to_frame())
        pd.testing.assert_frame_equal(other.exposures.to_frame(), lived.exposures.to_frame())
        assert (other.audience.stances == lived.audience.stances).all()


def test_everybody_reads_as_many_posts_as_there_are_up_to_the_number_of_a_day() -> None:
    busy = CityParameters().with_(
        {"social.media.writing.per_day": 3.0, "social.media.use.round_min": 240}
    )
    media = a_town(200, parameters=busy, recommender=RandomOrder())
    media.live_day(0)
    media.live_day(1)
    counts = np.bincount(media.exposures.column("viewer"), minlength=200)
    assert counts.max() == 40
    assert counts.mean() > 35


def test_newcomers_have_rows_and_nobody_else_changes() -> None:
    media = a_town()
    media.browse(np.arange(60), minute=480)
    before = media.audience.stances.copy()
    media.resize([*range(60), 99])
    assert media.graph.n == media.audience.n == len(media.activity) == 61
    assert (media.audience.stances[:60] == before).all()
    media.graph = media.graph.with_edges([60], [0])
    assert media.browse([60], minute=490)[0, 0] == 1


def test_a_topic_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="no topic 'c'; topics are a, b"):
        a_town().publish(author=[0], topic="c")


class Counting(RandomOrder):
    """Counts what it has learnt from."""

    seen = 0

    def learn(self, posts: Posts, context: object) -> None:  # noqa: ARG002 - not needed
        """Count the posts."""
        self.seen += len(posts)

    def state(self) -> dict[str, int]:
        """Return the count."""
        return {"seen": self.seen}

    def restore(self, state: dict[str, int]) -> None:
        """Take over the count."""
        self.seen = state["seen"]


def test_a_recommender_learns_at_the_end_of_a_day_and_what_it_learnt_is_saved() -> None:
    media, again = a_town(recommender=Counting()), a_town(recommender=Counting())
    media.live_day(0)
    again.restore(media.state())
    for one in (media, again):
        assert isinstance(one.recommender, Counting)
        assert one.recommender.seen == len(media.posts)


def test_authors_and_viewers_who_are_nobody_are_told() -> None:
    media = a_town(9)
    with pytest.raises(ConfigError, match="author 9 does not exist; rows are 0 to 8"):
        media.publish(author=[9], topic="a")
    with pytest.raises(ConfigError, match="viewer -1 does not exist"):
        media.browse([-1], 600)
