"""The same people as citizens and as rows, in two models that are told and closed the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mesa_llm_city import City, CityModel, Crowd, Population
from mesa_llm_city.core.message import Message
from mesa_llm_city.parameters import CityParameters
from mesa_llm_city.simulation.agent import CityAgent
from tests.crowd.living import knowing_as_many

LEFT_OUT = ("memory", "outsiders")


class WithoutSearch(CityModel):
    """A model whose citizens find refuges as a person without a model does."""

    def find_refuge(self, agent: CityAgent, message: Message, minute: int) -> None:
        """Leave it to `citizen.danger.refuge_of`."""


def side_by_side(
    happens: Callable[[CityModel], None],
    *,
    steps: int,
    at_step: int,
    people: int = 80,
    places: int = 300,
    parameters: CityParameters | None = None,
) -> tuple[CityModel, CityModel]:
    """Return a model with citizens and one with rows, after something has happened in both."""
    tree = knowing_as_many(parameters or CityParameters())
    city = City.synthetic(rng=3, places=places, parameters=tree)
    persons = Population.synthesize(people, city=city, rng=3, parameters=tree)
    citizens = WithoutSearch(city, persons, rng=3, without=LEFT_OUT)
    rows = CityModel(city, [], rng=3, crowd=Crowd(persons, tables=True))
    for model in (citizens, rows):
        for step in range(steps):
            if step == at_step:
                happens(model)
            model.step()
    return citizens, rows


def same_tables(models: tuple[CityModel, CityModel], *names: str) -> None:
    """Check that citizens and rows have written the same into tables."""
    citizens, rows = models
    for name in names:
        own, other = (
            plain(getattr(one, name).to_frame()) for one in (citizens.records, rows.crowd.records)
        )
        assert len(own) > 0
        pd.testing.assert_frame_equal(own, other, check_dtype=False, check_exact=True)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in the order of persons and times, with plain columns.

    Reasons are told by citizens alone. Who is told face to face depends on the order in which
    citizens act at one minute, while rows act together.
    """
    frame = frame.drop(columns=[one for one in ("reason", "channel") if one in frame])
    for name in frame.columns:
        is_number = pd.api.types.is_numeric_dtype(frame[name])
        frame[name] = frame[name].astype(np.float64 if is_number else str)
    keys = [name for name in ("person", "time", "start", "message") if name in frame]
    return frame.sort_values(keys, kind="stable", ignore_index=True)
