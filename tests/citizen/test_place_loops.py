"""The loop over persons chooses the places that the operations on columns choose."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from mesa_llm_city.citizen.place_columns import choose_places
from mesa_llm_city.city import Event
from mesa_llm_city.core import kernels
from mesa_llm_city.core.column_streams import ColumnStreams
from mesa_llm_city.core.streams import Reseeding
from tests.citizen.test_place_columns import DEFAULT, citizens, outings, streams, town, world
from tests.loops import FORMS, loops

CHANGES = {
    "as usual": DEFAULT,
    "a unit of distance, few areas": DEFAULT.with_("mobility.gravity.unit_m", 600.0).with_(
        "mobility.gravity.areas", 3
    ),
    "powers, reversed sign": DEFAULT.with_("mobility.gravity.attraction", 0.7)
    .with_("mobility.exploration.liking", 2.0)
    .with_("mobility.gravity", {"reversed_sign": True}),
    "few places say something": DEFAULT.with_("mind.beliefs.similar", 2)
    .with_("mind.beliefs.alike_from", 0.05)
    .with_("mobility.gravity.attraction", 0.0),
}


@pytest.mark.parametrize("compiles", FORMS)
@pytest.mark.parametrize("name", CHANGES)
def test_places_are_those_of_columns(name: str, *, compiles: bool) -> None:
    parameters = CHANGES[name]
    _, beliefs = citizens(parameters)
    going, city = outings(parameters), world(parameters)
    rng = np.random.default_rng(8)
    going = replace(
        going,
        wet=rng.random(len(going)) < 0.3,
        age=rng.integers(5, 95, len(going)),
        purpose=np.where(rng.random(len(going)) < 0.1, -1, going.purpose),
        origin=rng.integers(0, len(town().places), len(going)),
    )
    rows = rng.permutation(len(going))
    places = rng.choice(np.unique(beliefs.place[beliefs.place >= 0]), 3).tolist()
    for place, boost in zip(places, (0.0, 30.0, 2.0), strict=True):
        start = int(going.minute.min())
        fair = Event(name="fair", place=place, start_min=start, end_min=start + 1440, boost=boost)
        city.events.append(fair)
    later = (Reseeding(5, int(np.median(going.minute)), 9),)
    drawn = ColumnStreams(streams().seed, streams().persons, later)
    choose = partial(
        choose_places, city, going, beliefs, rows=rows, streams=drawn, parameters=parameters
    )
    with kernels.use(wanted=False):
        expected = choose()
    with loops(compiles=compiles):
        found = choose()
    assert found.tolist() == expected.tolist()
    assert len(np.unique(found)) > 15
