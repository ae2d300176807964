"""Places are held out, and guesses are compared with what their person thinks of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import DataError
from mesa_llm_city.experiments.observed.ratings import Ratings, read_ratings
from mesa_llm_city.experiments.paper.beliefs import beliefs_family
from mesa_llm_city.experiments.paper.guesses import errors_of_guesses, held_out
from mesa_llm_city.experiments.validation.bootstrap import Bootstrap
from mesa_llm_city.parameters import CityParameters

PLACES = 10


def _ratings(*levels: float) -> Ratings:
    """Return ratings of ten cafes by each person, who finds all of them alike."""
    n = len(levels) * PLACES
    person = np.repeat(np.arange(len(levels)), PLACES)
    return Ratings(
        source=None,
        persons=len(levels),
        person=person,
        place=np.tile(np.arange(PLACES), len(levels)),
        minute=np.full(n, 600),
        values=np.repeat(np.array(levels)[person][:, None], 4, axis=1),
        kinds=("amenity=cafe",) * PLACES,
        purposes=("meal",) * PLACES,
        has_days=True,
    )


def test_a_share_of_the_places_of_each_person_is_held_out() -> None:
    out = held_out(_ratings(0.2, 0.9), seed=1)
    assert [int(out[:PLACES].sum()), int(out[PLACES:].sum())] == [3, 3]
    assert (out[:PLACES] != out[PLACES:]).any()
    assert (out == held_out(_ratings(0.2, 0.9), seed=1)).all()


def test_the_only_place_of_a_person_is_not_held_out() -> None:
    ratings = _ratings(0.2)
    one = Ratings(
        **{name: getattr(ratings, name) for name in Ratings.__slots__}
        | {
            "person": ratings.person[:1],
            "place": ratings.place[:1],
            "minute": ratings.minute[:1],
            "values": ratings.values[:1],
        }
    )
    assert not held_out(one, seed=1).any()
    assert beliefs_family(one, CityParameters(), Bootstrap(1, draws=3), seed=1).measures == ()


def test_naive_predictions_by_hand() -> None:
    errors = errors_of_guesses(_ratings(0.2, 0.9), CityParameters(), seed=1)
    ours, own, others, neutral = (errors.error[errors.person == 0, row] for row in range(4))
    # A person who finds all cafes alike knows the next one; the others find them better by 0.7.
    assert own == pytest.approx(0.0)
    assert others == pytest.approx(0.7)
    assert neutral == pytest.approx(0.3)
    assert (ours < neutral).all()


def test_errors_are_means_over_guesses_and_kinds() -> None:
    family = beliefs_family(_ratings(0.2, 0.9), CityParameters(), Bootstrap(2, draws=9), seed=1)
    assert [one.name for one in family.measures] == [
        "all places: mean absolute error",
        "restaurants: mean absolute error",
    ]
    whole = family.measures[0]
    assert whole.n == 6
    assert whole.naive["the neutral value for every place"] == pytest.approx((0.3 + 0.4) / 2)


HEAD = "person,place,category,day,price,atmosphere,satisfaction,convenience\n"


def test_a_table_of_ratings_is_read(tmp_path: Path) -> None:
    file = tmp_path / "beliefs.csv"
    file.write_text(f"{HEAD}b,x,cafe,2,1,1,1,1\nb,y,bar,1,0,0,0,0.4\na,x,cafe,1,0,0,0,0\n", "utf-8")
    ratings = read_ratings(file)
    assert ratings.person.tolist() == [0, 1, 1]
    assert [ratings.kinds[row] for row in ratings.place] == ["cafe", "bar", "cafe"]
    assert ratings.values[1].tolist() == [0.0, 0.0, 0.0, 0.4]
    assert ratings.days == 2


def test_ratings_beyond_the_scale_are_a_defect(tmp_path: Path) -> None:
    file = tmp_path / "beliefs.csv"
    file.write_text(f"{HEAD}b,x,cafe,2,5,1,1,1\nb,x,bar,1,0,0,0,0.4\n", "utf-8")
    with pytest.raises(DataError) as caught:
        read_ratings(file)
    assert "price" in str(caught.value)
    assert "another row has the same place with another category" in str(caught.value)
