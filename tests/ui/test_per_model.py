"""What each model has one of."""

from __future__ import annotations

from itertools import count
from weakref import ref

from mesa_llm_city.ui.per_model import PerModel, forget


class _Model:
    """Anything that can be looked at."""


def test_each_model_has_one_that_is_made_once() -> None:
    numbers = count()
    things = PerModel(lambda: next(numbers))
    one, other = _Model(), _Model()
    assert [things.of(model) for model in (one, other, one, other)] == [0, 1, 0, 1]


def test_a_model_can_have_that_of_another_one() -> None:
    things: PerModel[list[int]] = PerModel(list)
    one, other = _Model(), _Model()
    things.share(one, things.of(other))
    assert things.of(one) is things.of(other)


def test_what_a_model_has_goes_with_it() -> None:
    things = PerModel(_Model)
    model = _Model()
    thing = ref(things.of(model))
    del model
    assert thing() is None


def test_what_a_model_has_can_be_let_go_while_the_model_stays() -> None:
    things = PerModel(_Model)
    model = _Model()
    thing = ref(things.of(model))
    forget(model)
    assert thing() is None
