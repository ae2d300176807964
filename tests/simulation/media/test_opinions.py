"""What a language model says about a page becomes what citizens feel, think and believe."""

from __future__ import annotations

import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.citizen.components import opinion_components
from mesa_llm_city.simulation.media.opinions import take_over, views_of
from mesa_llm_city.social.media import FeedReader, PageItem, PostRead
from mesa_llm_city.social.post import Post
from tests.town import small_town, townspeople


def test_a_citizen_and_a_reader_of_their_own_take_a_post_in_the_same_way() -> None:
    model = CityModel(small_town(), list(townspeople())[:3], rng=7, components=opinion_components())
    citizen, reader = model.citizens[0].citizen, FeedReader()
    post = Post(id=0, author=-1, minute=600, topic="park", stance=0.8, intensity=0.5)
    read = PostRead(emotion=0.6, stance=0.3, belief=0.7, kind=None)
    for minute in (600, 660):  # the second time the post agrees with what the person holds
        take_over(citizen, post, read, trust=0.9, at_min=minute)
        reader.take_post(PageItem(post, trust=0.9), read, at_min=minute)
    view = views_of(citizen, ["park"], at_min=660)["park"]
    assert (view.emotion, view.stance) == (0.6, 0.3)
    assert view.belief == pytest.approx(0.7)
    stance = citizen.components.stance
    assert stance is not None
    assert stance.certainty("park") == reader.stance.certainty("park") > 0.0
