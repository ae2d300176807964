"""Recommenders in media: they rank feeds, learn at the end of a day, and are saved."""

from __future__ import annotations

import numpy as np
import pytest

from mesa_llm_city.simulation.media import SocialMedia
from mesa_llm_city.social.media import FollowerGraph, Media
from mesa_llm_city.social.media.recommenders import RECOMMENDERS, make_recommender

N = 120


def media(name: str) -> Media:
    rng = np.random.default_rng(7)
    graph = FollowerGraph.preferential(N, following=6, rng=rng)
    made = make_recommender(name, random_slots=1)
    return Media(graph, topics=["taxes", "football"], recommender=made, seed=7)


@pytest.mark.parametrize("name", ["popularity", "similarity", "factorisation"])
def test_media_that_were_restored_go_on_as_they_would(name: str) -> None:
    one, again = media(name), media(name)
    one.live_day(0)
    again.restore(one.state())
    minute = 24 * 60 + 600
    viewers = np.arange(N)
    expected = one.feed(viewers, minute)
    assert (expected >= 0).any()
    assert np.array_equal(again.feed(viewers, minute), expected)
    assert set(one.exposures.to_frame()["by"]) == {f"{name} + 1 random"}


@pytest.mark.parametrize("name", list(RECOMMENDERS))
def test_the_media_of_a_city_take_any_recommender_by_its_name(name: str) -> None:
    assert SocialMedia(topics=["bridge"], recommender=name).made_recommender().name == name
