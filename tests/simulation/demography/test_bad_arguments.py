"""Who is no citizen, and what is no place, is refused by name before anything changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mesa_llm_city import CityModel
from mesa_llm_city.core.errors import CityError
from tests.motion import tiny_town


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda model: model.demography.birth(5), "a citizen of the model is wanted, got 5"),
        (lambda model: model.demography.change_job(None), "a citizen of the model is wanted"),
        (lambda model: model.demography.marry(model.citizens[0], "x"), "wanted, got 'x'"),
        (lambda model: model.demography.move_house(model.citizens[0], "x"), "places, got 'x'"),
        (lambda model: model.demography.start_school(model.citizens[0], "x"), "places, got 'x'"),
        (lambda model: model.move_out(None), "the id of a household, a citizen or several"),
        (lambda model: model.move_out([5]), "the id of a household, a citizen or several"),
        (lambda model: model.move_in(5), "personas must be persons"),
        (lambda model: model.demography.newcomers(10**12), "households must be a whole number"),
    ],
)
def test_what_is_no_citizen_or_place_is_refused(
    call: Callable[[CityModel], object], told: str
) -> None:
    model = tiny_town()
    before = model.digest()
    with pytest.raises(CityError) as caught:
        call(model)
    assert told in str(caught.value)
    assert model.digest() == before
