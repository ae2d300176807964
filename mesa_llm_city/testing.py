"""Checks that every component must pass; users run them over their own parts too."""

from __future__ import annotations

import copy
import json
import pickle
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np

from mesa_llm_city.core import streams
from mesa_llm_city.core.asking import Question, run
from mesa_llm_city.core.component import Component
from mesa_llm_city.core.errors import CityError

__all__ = ["check_component"]

C = TypeVar("C", bound=Component)
T = TypeVar("T")
Think: TypeAlias = Callable[[C, np.random.Generator], Coroutine[Any, Any, T]]


def check_component(
    make: Callable[[], C],
    think: Think[C, T],
    *,
    commit: Callable[[C, T], None] | None = None,
    inputs: Sequence[object] = (),
) -> None:
    """Check that a component keeps the promises of `component`.

    Parameters
    ----------
    make : callable
        Builds a fresh component.
    think : callable
        Takes a component and a random generator, returns one of its thoughts.
    commit : callable, optional
        Takes a component and the thought's value, and commits it.
    inputs : sequence, optional
        The values that `think` hands to the component; none may change.

    Raises
    ------
    AssertionError
        If a promise is broken; the message names it.

    Examples
    --------
    >>> from mesa_llm_city.mind import Needs
    >>> async def look(needs, rng):
    ...     return needs.dominant(at=6.0)
    >>> check_component(Needs, look, commit=lambda needs, _: needs.satisfy("hunger", 0.5, at=6.0))
    """
    _check_rules_ask_nothing(make(), think)
    _check_thought_changes_nothing(make(), think, inputs)
    _check_same_luck_same_value(make, think)
    _check_state_round_trip(make, think, commit)
    _check_pickles(make(), think)


def _luck() -> np.random.Generator:
    return streams.rng(7, 1, "check", 0)


def _expect(holds: object, message: str) -> None:
    # A plain `assert` would vanish under `python -O`, and the check with it.
    if not holds:
        raise AssertionError(message)


def _same(one: object, other: object) -> bool:
    return repr(_plain(one)) == repr(_plain(other))


def _plain(value: object) -> object:
    """Turn arrays, values and objects into nested lists that compare to the last bit."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, list | tuple | deque):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return [type(value).__name__, [_plain(getattr(value, f.name)) for f in fields(value)]]
    if hasattr(value, "__dict__") and not callable(value):
        return [type(value).__name__, _plain(vars(value))]
    return value


def _check_thought_changes_nothing(part: C, think: Think[C, T], inputs: Sequence[object]) -> None:
    state, given = copy.deepcopy(part.state()), copy.deepcopy(list(inputs))
    run(think(part, _luck()))
    _expect(_same(state, part.state()), f"a thought of {type(part).__name__} changed its state")
    _expect(_same(given, list(inputs)), f"a thought of {type(part).__name__} changed its inputs")


def _check_rules_ask_nothing(part: C, think: Think[C, T]) -> None:
    class Refuses:
        def answer_many(self, questions: Sequence[Question]) -> Sequence[CityError]:
            message = f"{type(part).__name__} asked {questions[0].purpose} under rules"
            raise AssertionError(message)

    run(think(part, _luck()), backend=Refuses())


def _check_same_luck_same_value(make: Callable[[], C], think: Think[C, T]) -> None:
    first, second = (run(think(make(), _luck())) for _ in range(2))
    _expect(_same(first, second), "the same luck led to another value")


def _check_state_round_trip(
    make: Callable[[], C],
    think: Think[C, T],
    commit: Callable[[C, T], None] | None,
) -> None:
    part, twin = make(), make()
    value = run(think(part, _luck()))
    if commit is not None:
        commit(part, value)
    twin.restore(json.loads(json.dumps(part.state())))
    name = type(part).__name__
    _expect(part.state() == twin.state(), f"{name} restores another state than it saved")
    after, after_twin = (run(think(one, _luck())) for one in (part, twin))
    _expect(_same(after, after_twin), f"{name} thinks otherwise once restored")


def _check_pickles(part: C, think: Think[C, T]) -> None:
    copied = pickle.loads(pickle.dumps(part))  # noqa: S301 - our own bytes
    values = (run(think(one, _luck())) for one in (part, copied))
    _expect(_same(*values), f"{type(part).__name__} thinks otherwise once pickled")
