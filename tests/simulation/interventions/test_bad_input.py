"""What cannot be done is refused when an intervention is given, in words that name the field."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.core.errors import CityError
from tests.motion import tiny_town

HUGE = 10**30


@cache
def town() -> CityModel:
    return tiny_town()


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"kind": "close", "place": 1, "start": HUGE}, "start lies more than 1,000 years"),
        ({"kind": "close", "place": 1, "end": HUGE}, "end lies more than 1,000 years"),
        ({"kind": "close", "place": 1, "minutes": HUGE}, "minutes must be"),
        ({"kind": "close", "place": 1, "grace_min": HUGE}, "grace_min must be"),
        ({"kind": "close", "link": [[math.nan, 1.0]]}, "link"),
        ({"kind": "close", "place": 1, "when": "travel > 1e999"}, "finite"),
        ({"kind": "event", "name": "fair", "place": []}, "place: give at least one place"),
        ({"kind": "event", "name": "fair", "place": 1, "boost": math.inf}, "boost must be"),
        ({"kind": "tell", "text": "x", "channel": 5}, "channel: must be words"),
        ({"kind": "tell", "text": "x", "channel": ["radio"]}, "channel: must be words"),
        ({"kind": "tell", "text": "x", "topic": 5}, "topic must be words"),
        ({"kind": "tell", "text": "x", "zone": []}, "zone: give at least one zone"),
        ({"kind": "tell", "text": "x", "place": 1, "radius_m": math.nan}, "radius_m must be"),
        ({"kind": "tell", "text": "x", "at": 100, "until": 50}, "until 50 is not after"),
        ({"kind": "tell", "text": "x", "until": HUGE}, "until lies more than"),
        ({"kind": "wake", "agents": [1.5]}, "agents: a list of people holds agents and ids"),
        ({"kind": "remove", "agents": [None]}, "agents: a list of people holds agents and ids"),
        ({"kind": "add", "households": 10**12}, "households must be"),
        ({"kind": "add", "people": 5}, "people must be a file, a data frame or rows"),
        ({"kind": "add", "people": [5]}, "people must be a file, a data frame or rows"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(what: dict[str, Any], field: str) -> None:
    model = town()
    with pytest.raises(CityError) as caught:
        model.intervene(what)
    assert field in str(caught.value)
    assert len(model.intervention_schedule) == 0


def test_closings_that_leave_no_street_together_do_not_end_a_run() -> None:
    model = tiny_town()
    streets = range(len(model.city.network or ()))
    with pytest.raises(CityError, match="link: no street would be left; close fewer"):
        model.close(link=list(streets))
    half = len(streets) // 2
    model.intervene(
        {"kind": "close", "link": list(streets[:half])},
        {"kind": "close", "link": list(streets[half:])},
    )
    model.step()
    assert len(model.world.closures.links) == len(streets)
    assert model.world.detours is None
