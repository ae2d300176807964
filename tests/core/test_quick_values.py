"""Values that are made quickly are frozen dataclasses in all else."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace

import pytest

from mesa_llm_city.core.quick_values import quickly_made


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    begin: int
    end: int = 10
    what: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    begin: int
    end: int = 10
    what: str | None = None


def test_fields_are_set_and_defaults_hold() -> None:
    assert asdict(Span(begin=3)) == asdict(Usual(begin=3))
    assert asdict(Span(begin=3, end=4, what="x")) == asdict(Usual(begin=3, end=4, what="x"))
    assert type(Span(begin=3)) is Span
    assert inspect.signature(Span) == inspect.signature(Usual)


def test_they_cannot_be_changed() -> None:
    span = Span(begin=3)
    with pytest.raises(FrozenInstanceError):
        span.begin = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del span.begin


def test_equal_ones_are_equal_and_hash_alike() -> None:
    assert Span(begin=3) == Span(begin=3, end=10)
    assert hash(Span(begin=3)) == hash(Span(begin=3, end=10))
    assert Span(begin=3) != Span(begin=4)


def test_copies_pickles_and_replacements_are_of_the_same_class() -> None:
    span = Span(begin=3, what="x")
    copies = [copy.copy(span), copy.deepcopy(span), pickle.loads(pickle.dumps(span))]
    assert copies == [span] * 3
    assert replace(span, end=20) == Span(begin=3, end=20, what="x")


def test_a_field_that_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(TypeError, match="begin"):
        Span()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="other"):
        Span(begin=1, other=2)  # type: ignore[call-arg]


def test_subclasses_with_and_without_fields_of_their_own_can_be_made() -> None:
    class Named(Span):
        pass

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Longer(Span):
        more: int = 0

    assert Named(begin=3).begin == 3
    assert type(Named(begin=3)) is Named
    assert Longer(begin=3, more=5).more == 5


def test_defaults_that_are_made_for_each_value_are_refused() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Listing:
        rows: list[int] = field(default_factory=list)

    with pytest.raises(TypeError, match="Listing makes defaults of rows"):
        quickly_made(Listing)
