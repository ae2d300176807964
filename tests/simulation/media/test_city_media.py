"""Media in a city: people read in free time, newcomers and leavers, prompts, saves, seeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel

from mesa_llm_city import CityModel
from mesa_llm_city.citizen.components import opinion_components
from mesa_llm_city.core.asking import Question
from mesa_llm_city.core.errors import CityError, ConfigError, DataError, LLMReplyError
from mesa_llm_city.llm import LLM, ClientSpec
from mesa_llm_city.population import Persona
from mesa_llm_city.simulation.media import SocialMedia
from mesa_llm_city.simulation.saving import restored, snapshot
from mesa_llm_city.social.media import Ad, FollowerGraph, RandomOrder
from mesa_llm_city.social.post import Post
from tests.town import small_town, townspeople

RUMOUR = Post(
    id=0,
    author=-1,
    minute=420,
    topic="bridge",
    stance=0.9,
    intensity=0.9,
    is_true=False,
    text="The bridge is closed",
)


def media(**options: object) -> SocialMedia:
    """Return media with a rumour in the morning, where everybody may see everything."""
    usual = {"topics": ["bridge", "tram"], "recommender": "random", "posts": [RUMOUR]}
    return SocialMedia(**{**usual, **options})  # type: ignore[arg-type]


def model(people: int = 24, **options: object) -> CityModel:
    """Return a town of some people with media."""
    usual = {"media": media(), "rng": 7}
    return CityModel(small_town(), townspeople(people), **{**usual, **options})  # type: ignore[arg-type]


def step(one: CityModel, times: int) -> None:
    """Let a model live some steps."""
    for _ in range(times):
        one.step()


@cache
def lived() -> CityModel:
    """Return the town after a day; read it only."""
    one = model()
    one.run_days(1)
    return one


def test_people_read_in_free_time_and_their_day_still_has_24_hours() -> None:
    activities = lived().activities()
    lasts = (activities["end"] - activities["start"]).dt.total_seconds() / 3600
    assert lasts.groupby(activities["person"]).sum().to_numpy() == pytest.approx(24.0)
    reading = activities[activities["purpose"] == "media"]
    minutes = 60 * lasts[reading.index].sum() / 24
    assert 10 < minutes < 60
    ages = {one.id: one.age for one in lived().population}
    assert all(ages[person] >= 13 for person in reading["person"])


def test_whoever_was_shown_a_post_was_reading_at_home_then() -> None:
    activities, shown = lived().activities(), lived().exposures()
    assert len(shown) > 10
    for person, time in zip(shown["person"], shown["time"], strict=True):
        own = activities[activities["person"] == person]
        now = own[(own["start"] <= time + pd.Timedelta("4min")) & (own["end"] > time)]
        assert "media" in set(now["purpose"])


def test_the_rumour_is_posted_in_time_and_known_to_those_who_saw_it() -> None:
    posts, shown = lived().posts(), lived().exposures()
    (row,) = posts.index[posts["text"] == RUMOUR.text]
    assert str(posts["time"][row]).endswith("07:00:00")
    assert posts["person"].isna()[row]
    about = set(posts.index[posts["topic"] == "bridge"])
    saw = {
        person for person, post in zip(shown["person"], shown["post"], strict=True) if post in about
    }
    city = lived().media
    aware = np.flatnonzero(city.media.audience.aware("bridge"))
    assert {int(city.media.persons[one]) for one in aware} == saw
    assert len(saw) > 3


def test_a_copy_and_a_save_go_on_as_the_model_itself_does(tmp_path: Path) -> None:
    one = model(10, **{"social.media.writing.per_day": 9.0})
    step(one, 150)
    one.save(tmp_path / "kept")
    with pytest.raises(DataError):
        CityModel.load(tmp_path / "kept")
    with pytest.raises(DataError, match="give the same media="):
        CityModel.load(tmp_path / "kept", media=media(topics=["bridge", "tram", "park"]))
    others = (restored(snapshot(one)), CityModel.load(tmp_path / "kept", media=media()))
    for each in (one, *others):
        step(each, 60)
    assert len(one.exposures()) > 10
    assert [other.digest() for other in others] == [one.digest()] * 2


def test_what_becomes_of_a_post_later_does_not_change_what_had_happened_before() -> None:
    one = model(10, **{"social.media.writing.per_day": 9.0})
    step(one, 130)
    before, now = one.digest(), one.minute
    step(one, 80)
    assert one.posts()["views"].sum() > 5
    assert one.digest(until=now) == before


def test_another_seed_changes_what_is_to_come_and_not_what_was() -> None:
    one = model(10, **{"social.media.writing.per_day": 9.0})
    step(one, 144)
    other = restored(snapshot(one), seed=8)
    before = other.posts()
    for each in (one, other):
        step(each, 36)
    after = [each.posts()[["person", "topic", "time"]] for each in (one, other)]
    for table in after:
        pd.testing.assert_frame_equal(
            table.head(len(before)), before[["person", "topic", "time"]], check_categorical=False
        )
    assert not after[0].equals(after[1])


def test_a_newcomer_reads_and_who_leaves_does_not() -> None:
    one = model(10, media=media(graph="ties"))
    step(one, 60)
    host, gone = one.citizens[0], one.citizens[3]
    one.add(dataclasses.replace(host.persona, id=900, name="New"))
    gone.remove()
    step(one, 200)
    assert one.media.row_of[900] == 10
    assert len(one.media.media.graph.followees_of(10)) > 0
    shown = one.exposures()
    assert gone.person not in set(shown["person"][shown["time"] > "2024-04-01 05:00"])


def test_a_language_model_is_asked_at_most_three_times_a_day() -> None:
    llm = LLM(ClientSpec(backend="scripted", model="made-up"))
    one = model(6, media=media(asks=True), llm=llm, **{"social.media.writing.per_day": 9.0})
    estimate = one.cost_estimate()
    one.run_days(1)
    feeds = one.decisions().query("component == 'feed'")
    asked = feeds.groupby("person").size()
    assert asked.max() == 3
    assert estimate.calls.low <= asked.sum() <= estimate.calls.high
    assert set(feeds["source"]) == {"prompt"}
    assert "scripted" in set(one.posts()["text"])


def older(persona: Persona) -> float:
    """Return a stance by age."""
    return 0.5 if persona.age > 40 else -0.5


def test_graphs_stances_moderation_and_ads_are_options() -> None:
    one = model(
        media=media(
            graph="homophilous",
            following=8,
            stances={"bridge": older, "tram": 0.25},
            actions=["label"],
            ads=[Ad(topic="tram", text="Ride")],
            recommender=RandomOrder(),
        )
    )
    inner = one.media.media
    stances = {
        person: inner.audience.stance("bridge")[row] for person, row in one.media.row_of.items()
    }
    assert all(stances[each.id] == older(each) for each in one.population)
    assert set(inner.audience.stance("tram")) == {0.25}
    assert len(inner.graph) > 60
    assert inner.moderation is not None
    assert len(inner.board.posts) == 1
    assert len(model(media=media(graph="preferential", following=5)).media.media.graph) > 50


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topics": "bridge"}, "topics must be a list"),
        ({"graph": "web"}, "graph must be a FollowerGraph or one of ties"),
        ({"actions": ["scold"]}, "actions must be some of label"),
        ({"stances": {"park": 0.1}}, "stances: 'park' is none of the topics"),
        ({"recommender": object()}, "object lacks one"),
        ({"topics": None}, "topics must be a list of words, got None"),
        ({"topics": ["bridge", "bridge"]}, "topics must differ"),
        ({"posts": [1]}, r"posts must be a list of Post, got \[1\]"),
        ({"stances": {"bridge": float("nan")}}, "stance on bridge must be from -1 to 1, got nan"),
        ({"following": float("nan"), "asks": "no"}, "following must be .*; asks must be True"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        media(**options)


def test_a_model_without_media_or_a_language_model_says_so() -> None:
    with pytest.raises(ConfigError, match="there are no media here"):
        CityModel(small_town(), 3, rng=1).posts()
    with pytest.raises(ConfigError, match="asks=True"):
        model(media=media(asks=True))
    with pytest.raises(ConfigError, match="graph has 3 people, but 24 live"):
        model(media=media(graph=FollowerGraph(3)))
    with pytest.raises(DataError, match="post by person 999"):
        lived().media.post([dataclasses.replace(RUMOUR, author=999)])
    with pytest.raises(ConfigError, match="must be a Post, got 5"):
        lived().media.post([5])  # type: ignore[list-item]
    with pytest.raises(ConfigError, match="media must be a SocialMedia or None, got True"):
        model(media=True)
    with pytest.raises(ConfigError, match="shown to person 99, but there are 24"):
        model(media=media(ads=[Ad(topic="bridge", to=(99,))]))


@pytest.mark.parametrize("asks", [False, True])
def test_citizens_with_components_about_topics_make_of_feeds_what_these_say(*, asks: bool) -> None:
    llm = LLM(ClientSpec(backend="scripted", model="made-up")) if asks else None
    one = model(
        6,
        media=media(asks=asks),
        llm=llm,
        components=opinion_components(),
        **{"social.media.writing.per_day": 9.0, "social.sharing.later": 1.0},
    )
    step(one, 240)
    posts, shown, inner = one.posts(), one.exposures(), one.media.media
    assert len(shown) > 10
    for agent in one.citizens:
        parts, row = agent.citizen.components, one.media.row_of[agent.person]
        assert parts.awareness is not None
        assert parts.stance is not None
        saw = shown["post"][shown["person"] == agent.person]
        heard = {topic for topic in parts.awareness.topics if topic in inner.audience.topics}
        # What is not read in a feed is heard in conversations.
        assert set(posts["topic"][posts["post"].isin(saw)]) <= heard
        assert heard == {one for one in ("bridge", "tram") if inner.audience.aware(one)[row]}
        for topic in heard:
            view = inner.views([row], one.minute)[0][topic]
            assert view.stance == pytest.approx(parts.stance.value(topic))
            assert view.belief == pytest.approx(
                parts.awareness.belief(topic, at_min=one.minute), abs=0.02
            )
    assert (posts["kind"] != "post").sum() > 3


class _FailsOnce:
    """Answers like a scripted model, but not at the first full hour at which it is asked."""

    def __init__(self, *, fails: bool) -> None:
        self.llm = LLM(ClientSpec(backend="scripted", model="m"))
        self.fails = fails

    def answer_many(self, questions: Sequence[Question]) -> Sequence[BaseModel | CityError]:
        if self.fails and questions[0].minute is not None and questions[0].minute % 60 == 0:
            self.fails = False
            message = "broken"
            raise LLMReplyError(message)
        return self.llm.answer_many(questions)


def test_nobody_writes_twice_in_a_step_that_failed_and_was_saved(tmp_path: Path) -> None:
    digests = []
    for fails in (False, True):
        llm = _FailsOnce(fails=fails)
        given = {"social.media.writing.per_day": 24.0, "social.media.use.session_min": 60.0}
        one = model(12, media=media(asks=True), llm=llm, **given)
        while one.minute < 10 * 60:
            try:
                one.step()
            except LLMReplyError:
                one.save(tmp_path)
                one = CityModel.load(tmp_path, media=media(asks=True), llm=llm)
        assert not llm.fails
        digests.append(one.digest())
    assert digests[0] == digests[1]
