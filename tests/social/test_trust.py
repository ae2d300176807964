"""Trust in sources of messages."""

from __future__ import annotations

import pytest

from mesa_llm_city.core.errors import ConfigError
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.social import channel_of, source_trust, trust_by_name

SOCIAL = CityParameters().social


def test_trust_differs_between_persons_and_stays_within_bounds() -> None:
    trust = source_trust(0.75, [-2.0, 0.0, 3.0], channel=0.05, spread=0.15)
    assert trust.tolist() == pytest.approx([0.5, 0.8, 1.0])


def test_authorities_are_trusted_more_than_strangers_and_others_in_between() -> None:
    found = [trust_by_name(one, SOCIAL.trust) for one in ("authorities", "my aunt", "strangers")]
    assert found == [0.75, 0.5, 0.3]


def test_a_source_of_the_users_own_is_a_parameter() -> None:
    own = CityParameters(social={"trust": {"sources": {"mayor": 0.9}}})
    assert trust_by_name("mayor", own.social.trust) == 0.9


def test_an_unknown_channel_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="no channel 'radios'; the channels are radio, phone"):
        channel_of("radios", SOCIAL.messages)
